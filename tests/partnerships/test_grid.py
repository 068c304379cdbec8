"""The grid of a coordinator: what each half-day is, and each gesture with what takes it back."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlparse

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import CalendarChange, Person
from circo.rules import Role
from partnerships.cohorts.rules import DayKind
from partnerships.grid import asking, queries, rules
from partnerships.grid.rules import Facts, Look
from partnerships.models import ClassSeat, HostingRules, HostOffer, Placement, PlacementDay, UniversityPeriod
from partnerships.offers import actions as offers
from partnerships.offers.rules import OfferState, Verb
from partnerships.placements.rules import ALL_SEATS, PlacementState
from tests.partnerships.partner import cohort_of, offer_of
from tests.partnerships.placed import DAYS, NOW, Stage, standing
from tests.world import person, post

GRID = reverse("partnerships:grid_page")


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(stage, sign_in):
    return sign_in(stage.by)


def query_of(stage: Stage, who=None, kind: DayKind = DayKind.OBSERVATION, **more) -> str:
    who = who or f"e{stage.ines.pk}"
    return "&".join(
        f"{name}={value}" for name, value in ({"du": "2027-01-11", "qui": who, "sorte": kind.value} | more).items()
    )


def send(desk, name: str, pk: int, query: str, here: str = "grille", **typed):
    url = reverse(f"partnerships:grid_{name}", args=[pk])
    return desk.post(url, {"filtre": query, "retour": here} | typed)


def undo(desk, answer):
    """Follow the answer, and press « Annuler »."""
    done = desk.get(answer.url).context["done"]
    filtre = urlparse(answer.url).query
    fields = {"filtre": filtre, "retour": "grille"} | (done.fields or {})
    return desk.post(reverse(done.undo, args=[done.pk]), fields)


# --- Rules ------------------------------------------------------------------------------------------------------------
WORDS = st.sampled_from(["", "Férié"])
FACTS = st.builds(
    Facts,
    is_over=st.booleans(),
    is_offered=st.booleans(),
    closure=WORDS,
    away=WORDS,
    taken=st.sets(st.integers(min_value=1, max_value=ALL_SEATS)),
    seats=st.integers(min_value=1, max_value=ALL_SEATS),
    limit=WORDS,
    elsewhere=WORDS,
)


@given(FACTS, st.sampled_from(list(DayKind)), st.integers(min_value=1, max_value=2))
def test_a_half_day_is_bookable_exactly_when_nothing_is_against_it(facts, kind, count):
    found = rules.verdict(facts, kind, count)
    holds = kind is DayKind.RESPONSIBILITY
    free = [number for number in range(1, facts.seats + 1) if number not in facts.taken]
    room = (not facts.taken and count <= facts.seats) if holds else len(free) >= count
    against = facts.is_over or not facts.is_offered or facts.closure or facts.limit or facts.elsewhere
    assert found.is_bookable == (room and not against and (holds or not facts.away))
    assert found.words


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 1, 1)))
def test_four_weeks_begin_on_a_monday_and_have_nine_half_days_each(day):
    first = rules.monday_of(day)
    found = rules.columns(first)
    assert first.weekday() == 0
    assert abs((first - day).days) < 7
    assert len(found) == 9 * rules.WEEKS == len(set(found))
    assert found == sorted(found)


def test_initials_have_room_in_a_cell():
    assert [rules.initials(name) for name in ("Inès Garreau", "Jean-Luc Le Goff", "")] == ["IG", "JG", ""]


# --- What is shown ----------------------------------------------------------------------------------------------------
def slot(stage: Stage, half_day: HalfDay, kind: DayKind = DayKind.OBSERVATION, offer=None):
    offer = queries.classes(stage.cohort, half_day.day, half_day.day).get(pk=(offer or stage.offer).pk)
    board = queries.board([offer], [half_day], cohort=stage.cohort, students=[stage.ines], kind=kind)
    return board.slot(offer, half_day)


def test_each_half_day_says_what_it_is(stage):
    assert slot(stage, DAYS[0]).verdict.words == "2\u00a0places libres"
    CalendarChange.objects.create(school=stage.offer.school, starts_on=DAYS[0].day, ends_on=DAYS[0].day, reason="Neige")
    assert slot(stage, DAYS[0]).verdict.words == "Neige"
    assert slot(stage, HalfDay(date(2027, 1, 13), "AM")).verdict.look is Look.CLOSED
    stage.host.postings.update(half_days=["MON_AM"])
    assert slot(stage, DAYS[2]).verdict.look is Look.AWAY
    assert slot(stage, DAYS[2], DayKind.RESPONSIBILITY).verdict.is_bookable, "that is what they come for"
    UniversityPeriod.objects.create(cohort=stage.cohort, label="Oral", starts_on=DAYS[8].day, ends_on=DAYS[8].day)
    assert "À l’université" in slot(stage, DAYS[8]).verdict.words


def test_who_is_there_is_named_for_ones_own_students_alone(stage, world):
    stage.hold(DAYS[0])
    mine = slot(stage, DAYS[0])
    assert (mine.mark, mine.there[0].names) == ("IG", "Inès Garreau")
    other = cohort_of(world.there)
    board = queries.board([stage.offer], [DAYS[0]], cohort=other)
    theirs = board.slot(stage.offer, DAYS[0])
    assert (theirs.mark, theirs.there[0].names) == ("●", "un autre institut")


def test_limits_of_class_and_school_are_said(stage):
    said = HostingRules.objects.create(district=stage.ground.district, class_year_most=1)
    stage.hold(DAYS[0], who=[stage.student("Zoé")])
    assert "déjà ses 1\u00a0étudiants de l’année" in slot(stage, DAYS[2]).verdict.words
    said.class_year_most, said.school_period_most = 6, 1
    said.save()
    assert "de la période" in slot(stage, DAYS[2]).verdict.words
    assert "de la période" in slot(stage, DAYS[2], offer=stage.other_class()).verdict.words


def test_the_grid_shows_all_classes_and_links_for_who_has_no_script(stage, desk):
    stage.hold(DAYS[0])
    page = desk.get(f"{GRID}?{query_of(stage)}").content.decode()
    assert "Amina Petit" in page
    assert "<td class=o>IG" in page
    assert reverse("partnerships:grid_class", args=[stage.offer.pk]) in page
    assert reverse("partnerships:grid_day", args=["2027-01-11"]) in page


def test_who_has_no_cohort_is_led_to_the_cohorts(world, sign_in):
    assert "Aucune promotion" in sign_in(world.partner_coordinator).get(GRID).content.decode()


def test_the_cell_opens_beside_the_grid(stage, desk):
    url = reverse("partnerships:grid_cell", args=[stage.offer.pk, DAYS[0].code])
    answer = desk.get(f"{url}?{query_of(stage)}", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert "Réserver" in page
    assert "lundi 11 janvier, matin" in page.lower()


@pytest.mark.parametrize("code", ["2027-01-11", "2027-01-11_NO", "demain_AM"])
def test_a_moment_that_is_none_is_not_there(stage, desk, code):
    assert desk.get(reverse("partnerships:grid_cell", args=[stage.offer.pk, code])).status_code == 404


def test_a_day_shows_its_classes_and_a_sunday_is_not_there(stage, desk):
    page = desk.get(f"{reverse('partnerships:grid_day', args=['2027-01-11'])}?{query_of(stage)}").content.decode()
    assert "Amina Petit" in page
    assert "Après-midi" in page
    assert desk.get(reverse("partnerships:grid_day", args=["2027-01-10"])).status_code == 404


# --- Gestures ---------------------------------------------------------------------------------------------------------
def test_a_half_day_is_held_and_let_go_again(stage, desk):
    answer = send(desk, "hold", stage.offer.pk, query_of(stage), moments=DAYS[0].code)
    placement = Placement.objects.get()
    assert standing(placement) == [DAYS[0].code]
    assert "C’est réservé." in desk.get(answer.url).content.decode()
    undo(desk, answer)
    assert not PlacementDay.objects.standing().exists()
    assert not ClassSeat.objects.exists()


def test_several_half_days_are_held_by_ticking_them(stage, desk):
    here = f"classe-{stage.offer.pk}"
    codes = [one.code for one in DAYS[:4]]
    answer = send(desk, "hold", stage.offer.pk, query_of(stage), here, moments=codes)
    assert answer.url.startswith(reverse("partnerships:grid_class", args=[stage.offer.pk]))
    assert standing(Placement.objects.get()) == codes
    undo(desk, answer)
    assert not PlacementDay.objects.standing().exists()


def test_nobody_chosen_is_said(stage, desk):
    answer = send(desk, "hold", stage.offer.pk, "du=2027-01-11", moments=DAYS[0].code)
    assert answer.status_code == 422
    assert "Choisissez d’abord qui placer" in answer.content.decode()


def test_what_is_let_go_comes_back(stage, desk):
    placement = stage.hold(*DAYS[:2])
    answer = send(desk, "free", placement.pk, query_of(stage), moments=DAYS[0].code)
    assert standing(placement) == [DAYS[1].code]
    undo(desk, answer)
    assert sorted(standing(placement)) == [one.code for one in DAYS[:2]]
    answer = send(desk, "free", placement.pk, query_of(stage), moments=[one.code for one in DAYS[:2]])
    assert Placement.objects.get().state == PlacementState.CANCELLED
    undo(desk, answer)
    assert Placement.objects.get().state == PlacementState.HELD
    assert len(standing(placement)) == 2


def test_a_confirmation_is_taken_back(stage, desk):
    placement = stage.hold(DAYS[0])
    answer = send(desk, "confirm", placement.pk, query_of(stage))
    assert Placement.objects.get().state == PlacementState.CONFIRMED
    undo(desk, answer)
    assert Placement.objects.get().state == PlacementState.HELD


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_half_day_moves_and_moves_back(stage, desk, elsewhere):
    placement = stage.hold(DAYS[0])
    target = stage.other_class() if elsewhere else stage.offer
    query = f"du=2027-01-11&deplace={placement.pk}_{DAYS[0].code}"
    page = desk.get(f"{GRID}?{query}").content.decode()
    assert "Vous déplacez" in page
    answer = send(desk, "move", placement.pk, query, classe=target.pk, vers=DAYS[4].code)
    row = PlacementDay.objects.standing().get()
    assert (row.offer, row.half_day) == (target, DAYS[4])
    undo(desk, answer)
    row = PlacementDay.objects.standing().get()
    assert (row.offer, row.half_day, row.placement) == (stage.offer, DAYS[0], placement)
    assert ClassSeat.objects.count() == 1


def test_the_same_moment_in_another_class_is_free_for_who_moves(stage, desk):
    placement, other = stage.hold(DAYS[0]), stage.other_class()
    query = f"du=2027-01-11&deplace={placement.pk}_{DAYS[0].code}"
    url = reverse("partnerships:grid_cell", args=[other.pk, DAYS[0].code])
    assert "Déplacer ici" in desk.get(f"{url}?{query}").content.decode()


def test_a_move_of_what_is_gone_says_so(stage, desk):
    placement = stage.hold(DAYS[0], DAYS[1])
    query = f"du=2027-01-11&deplace={placement.pk}_{DAYS[5].code}"
    answer = send(desk, "move", placement.pk, query, classe=stage.offer.pk, vers=DAYS[4].code)
    assert answer.status_code == 422
    assert "n’est plus là" in answer.content.decode()


# --- Two hands on the last seat ---------------------------------------------------------------------------------------
def full(stage: Stage) -> HostOffer:
    """The seats of a half-day are gone; another class of the same level is free then."""
    HostOffer.objects.update(seats=1)
    other = stage.other_class(levels=["CE1"])
    stage.hold(DAYS[0], who=[stage.student("Zoé")])
    return other


def test_who_comes_second_is_told_and_offered_the_nearest(stage, desk):
    other = full(stage)
    answer = send(desk, "hold", stage.offer.pk, query_of(stage), moments=DAYS[0].code)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Il n’y a plus de place dans la classe d’Amina Petit" in page
    found = answer.context["alternatives"]
    assert [one.offer for one in found] == [stage.offer] * 3 + [other]
    assert found[0].half_day == DAYS[1], "the afternoon of the same day"
    assert found[-1].half_day == DAYS[0]
    send(desk, "hold", other.pk, query_of(stage), moments=DAYS[0].code)
    assert PlacementDay.objects.standing().filter(person=stage.ines.person, offer=other).exists()


def test_what_was_ticked_beside_it_is_not_lost(stage, desk):
    full(stage)
    here = f"classe-{stage.offer.pk}"
    codes = [one.code for one in DAYS[:3]]
    answer = send(desk, "hold", stage.offer.pk, query_of(stage), here, moments=codes)
    assert answer.status_code == 409
    assert answer.context["ticked"] == set(codes)
    assert answer.context["rest"] == codes[1:]
    assert not PlacementDay.objects.standing().filter(person=stage.ines.person).exists(), "all or none"
    other = answer.context["alternatives"][-1].offer
    away = send(desk, "hold", other.pk, query_of(stage), here, moments=codes[0], coche=codes[1:])
    assert parse_qs(urlparse(away.url).query)["coche"] == codes[1:]
    assert desk.get(away.url).context["ticked"] == set(codes[1:])


def test_an_undo_that_somebody_overtook_is_refused_in_words(stage, desk):
    HostOffer.objects.update(seats=1)
    placement = stage.hold(DAYS[0])
    answer = send(desk, "free", placement.pk, query_of(stage), moments=DAYS[0].code)
    stage.hold(DAYS[0], who=[stage.student("Zoé")])
    late = undo(desk, answer)
    assert late.status_code == 409
    assert "Il n’y a plus de place" in late.content.decode()


# --- Whose grid it is -------------------------------------------------------------------------------------------------
def test_another_institution_neither_sees_nor_moves_it(stage, world, sign_in):
    cohort_of(world.there)
    placement = stage.hold(DAYS[0])
    elsewhere = sign_in(world.partner_coordinator_there)
    assert elsewhere.get(reverse("partnerships:grid_class", args=[stage.offer.pk])).status_code == 404
    for name in ("free", "put_back", "move", "move_back", "confirm"):
        assert send(elsewhere, name, placement.pk, "", moments=DAYS[0].code).status_code == 404
    assert "Amina" not in elsewhere.get(GRID).content.decode()


def test_a_class_that_closed_stays_where_ones_students_are(stage, desk):
    stage.hold(DAYS[0])
    HostOffer.objects.update(state=OfferState.CLOSED)
    assert "Amina Petit" in desk.get(f"{GRID}?{query_of(stage)}").content.decode()
    later = query_of(stage, du="2027-03-08")
    assert "Amina Petit" not in desk.get(f"{GRID}?{later}").content.decode()


def test_an_address_full_of_nonsense_shows_the_grid(stage, desk):
    typed = "du=hier&qui=b0&sorte=PLIER&deplace=1_x&niveau=XX&fait=rien&stage=x"
    assert desk.get(f"{GRID}?{typed}").status_code == 200
    assert "Aucune promotion" in desk.get(f"{GRID}?promo=999999").content.decode()
    assert asking.read(stage.by, {"promo": "999999"}) is None


def test_a_class_where_students_are_to_come_closes_but_is_not_taken_away(stage):
    stage.hold(DAYS[0])
    with pytest.raises(Refusal, match="prévoit des étudiants"):
        offers.move(offer=stage.offer, verb=Verb.WITHDRAW, by=stage.host)
    assert offers.move(offer=stage.offer, verb=Verb.CLOSE, by=stage.host).state == OfferState.CLOSED


# --- Size -------------------------------------------------------------------------------------------------------------
def many(stage: Stage, count: int) -> None:
    for _ in range(count):
        host: Person = person(f"hote{Person.objects.count()}@ecole.test", "Marie-Charlotte", "Delamarre")
        post(host, Role.TEACHER, stage.offer.school)
        offer_of(host, seats=2)


@pytest.mark.parametrize("name", ["grid_page", "grid_day"])
def test_one_class_or_four_cost_the_same(stage, desk, name, django_assert_max_num_queries):
    url = reverse(f"partnerships:{name}", args=["2027-01-11"] if name == "grid_day" else [])
    counts = []
    for more in (0, 3):
        many(stage, more)
        desk.get(f"{url}?{query_of(stage)}")
        with django_assert_max_num_queries(36) as seen:
            desk.get(f"{url}?{query_of(stage)}")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_120_classes_over_four_weeks_stay_under_100_kb(stage, desk):
    many(stage, 119)
    HostingRules.objects.create(district=stage.ground.district, class_year_most=60, school_period_most=60)
    for number in range(0, 20, 2):
        stage.hold(DAYS[number], who=stage.pair(f"Léa{number}", f"Marc{number}"), offer=HostOffer.objects.last())
    page = desk.get(f"{GRID}?{query_of(stage)}")
    assert len(page.context["page"].rows) == 120
    assert len(page.content) < 100_000
