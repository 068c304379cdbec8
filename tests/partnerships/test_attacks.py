"""What somebody hostile, late or hurried tries on placements: each was a fault once, or would be the worst of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Notice, School, SchoolYear
from circo.personal.erasing import erase
from circo.rules import Role
from partnerships.grid import queries as grid
from partnerships.models import ClassSeat, HostingRules, Placement, PlacementDay, SchoolPlace
from partnerships.observations.rules import ObservationState
from partnerships.offers import actions as offers
from partnerships.offers.actions import OfferText
from partnerships.offers.rules import Verb as OfferVerb
from partnerships.papers import printing
from partnerships.papers import queries as papers
from partnerships.placements.actions import booking, life, missing, notes
from partnerships.placements.queries import agenda, openings
from partnerships.placements.rules import MissedBy
from partnerships.students import actions as students
from tests.partnerships.observed import WHEN, Crossing
from tests.partnerships.partner import student_in, terms_of
from tests.partnerships.placed import DAYS, HOLD, NOW, SEE, Stage, standing
from tests.world import World, person, post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def stage(world: World) -> Stage:
    return Stage(world)


def gone(stage: Stage, on: date) -> None:
    """The teacher leaves the school after a day."""
    stage.host.postings.update(ends_on=on)


# --- Who left ---------------------------------------------------------------------------------------------------------
def test_nobody_goes_to_a_class_whose_teacher_has_left(stage):
    gone(stage, DAYS[0].day)
    stage.hold(DAYS[0])
    with pytest.raises(Refusal):
        stage.hold(DAYS[2])
    board = grid.board([stage.offer], DAYS[:4], cohort=stage.cohort)
    assert [one.verdict.is_bookable for one in board.slots(stage.offer)] == [True, True, False, False]
    assert all(
        one.half_day.day <= DAYS[0].day for one in openings.alternatives(stage.offer, DAYS[2], SEE, [stage.ines])
    )


def test_what_was_booked_before_the_teacher_left_is_not_made_public(stage):
    placement = life.confirm(placement=stage.hold(DAYS[2]), by=stage.by)
    gone(stage, DAYS[0].day)
    with pytest.raises(Refusal):
        life.publish(placement=placement, by=stage.by)


def test_a_student_who_is_expected_in_a_class_does_not_leave_unseen(stage):
    stage.published(DAYS[0])
    with pytest.raises(Refusal):
        students.leave(student=stage.ines, by=stage.by)


def test_leaving_while_booked_page(stage, client):
    placement = stage.published(DAYS[0])
    client.force_login(stage.by)
    answer = client.post(reverse("partnerships:student_leave", args=[stage.ines.pk]), follow=True)
    assert answer.status_code == 200
    stage.ines.refresh_from_db()
    assert stage.ines.left_at is None
    assert standing(placement)


def test_who_left_is_not_published(stage):
    placement = life.confirm(placement=stage.hold(DAYS[0]), by=stage.by)
    stage.ines.left_at = timezone.now()
    stage.ines.save()
    with pytest.raises(Refusal):
        life.publish(placement=placement, by=stage.by)


def test_a_withdrawn_class_takes_nobody_back(stage):
    placement = stage.hold(DAYS[0])
    life.cancel(placement=placement, reason="", by=stage.by)
    offers.move(offer=stage.offer, verb=OfferVerb.WITHDRAW, by=stage.host)
    with pytest.raises(Refusal):
        life.restore(placement=placement, by=stage.by)
    assert not standing(placement)


def test_a_withdrawn_class_replaces_nothing(stage):
    placement = stage.published(DAYS[0])
    missing.miss(placement=placement, half_day=DAYS[0], why=MissedBy.HOST, by=stage.host)
    offers.move(offer=stage.offer, verb=OfferVerb.WITHDRAW, by=stage.host)
    with pytest.raises(Refusal):
        missing.replace(placement=placement, half_day=DAYS[0], to=DAYS[1], by=stage.by)


# --- By what right ----------------------------------------------------------------------------------------------------
@pytest.fixture
def held(stage) -> Placement:
    stage.derogation()
    stage.cohort.programme.before_responsibility = 0
    stage.cohort.programme.save()
    placement = stage.hold(DAYS[4], kind=HOLD)
    life.name_adult(placement=placement, half_days=[DAYS[4]], adult=stage.adult(), by=stage.by)
    return life.publish(placement=life.confirm(placement=placement, by=stage.by), by=stage.by)


def test_an_adult_who_left_the_school_is_said_to_be_missing(stage, held):
    adult = held.days.get().adult
    assert not agenda.unfounded().exists()
    adult.postings.update(ends_on=timezone.localdate())
    assert agenda.unfounded().exists()
    assert agenda.without_adult().exists()


def test_an_adult_whose_account_is_closed_is_said_to_be_missing(stage, held):
    adult = held.days.get().adult
    adult.is_active = False
    adult.save()
    assert agenda.unfounded().exists()
    assert agenda.without_adult().exists()


def test_the_adult_reads_what_one_answers_for(stage, held, client):
    adult = held.days.get().adult
    client.force_login(adult)
    assert client.get(reverse("partnerships:placement_page", args=[held.pk])).status_code == 200


def test_a_new_derogation_founds_what_had_lost_its_basis(stage, held):
    row = held.days.get()
    row.derogation.ends_on = DAYS[0].day
    row.derogation.save()
    assert agenda.unfounded().exists()


def test_a_teacher_who_goes_to_see_a_colleague_is_not_named_to_stay(world):
    crossing = Crossing(world)
    crossing.observation()
    with pytest.raises(Refusal, match="Observation croisée"):
        life.name_adult(placement=crossing.placement, half_days=[WHEN], adult=crossing.amina, by=crossing.by)


def test_nobody_outside_hears_of_what_is_merely_held(stage):
    stage.cohort.programme.before_responsibility = 0
    stage.cohort.programme.save()
    placement = stage.hold(DAYS[4], kind=HOLD)
    adult = stage.adult()
    life.name_adult(placement=placement, half_days=[DAYS[4]], adult=adult, by=stage.by)
    assert not adult.notices.exists()
    assert not Placement.objects.visible_to(adult).exists()


def test_the_adult_is_told_when_it_is_public_and_when_it_is_called_off(stage, held):
    adult = held.days.get().adult
    assert adult.notices.filter(title__contains="stage dans la classe").exists()
    life.cancel(placement=held, reason="Grippe", by=stage.by)
    assert adult.notices.filter(title__contains="annulé").exists()


# --- Limits that are lowered ------------------------------------------------------------------------------------------
def test_an_absence_is_noted_though_the_class_now_opens_fewer_seats(stage):
    stage.offer.seats = 3
    stage.offer.save()
    HostingRules.objects.create(district=stage.ground.district, seats_most=3)
    stage.hold(DAYS[0])
    lea, marc = stage.pair()
    placement = stage.published(DAYS[0], who=[lea, marc])
    stage.offer.seats = 1
    stage.offer.save()
    missing.miss(placement=placement, half_day=DAYS[0], why=MissedBy.STUDENT, student=marc, by=stage.by)
    assert standing(placement) == [DAYS[0].code]
    assert ClassSeat.objects.count() == 2


# --- What goes with an account ----------------------------------------------------------------------------------------
def test_an_erased_student_frees_nobody_any_more(world):
    crossing = Crossing(world)
    observation = crossing.observation()
    who = crossing.placement.students.get().student.person
    erase(who, by=world.superuser)
    observation.refresh_from_db()
    assert observation.state == ObservationState.CANCELLED
    assert not ClassSeat.objects.exists()
    assert crossing.amina.notices.filter(title__contains="n’a plus lieu").exists()
    said = [text for row in Notice.objects.values_list("title", "text") for text in row]
    assert not [text for text in said if str(who) in text]


def test_an_erased_teacher_leaves_no_place_taken(stage):
    placement = stage.published(DAYS[0])
    erase(stage.host, by=stage.world.superuser)
    assert not Placement.objects.filter(pk=placement.pk).exists()
    assert not SchoolPlace.objects.exists()
    assert not PlacementDay.objects.exists()
    assert stage.ines.person.notices.filter(title__contains="n’a plus lieu").exists()


def test_who_is_left_of_a_pair_goes_alone(stage):
    lea, marc = stage.pair()
    placement = stage.published(DAYS[0], who=[lea, marc])
    erase(marc.person, by=stage.world.superuser)
    assert standing(placement) == [DAYS[0].code]
    assert ClassSeat.objects.count() == 1
    lea.refresh_from_db()
    stage.hold(DAYS[1], who=[lea])


# --- The log ----------------------------------------------------------------------------------------------------------
def test_a_page_shared_with_a_tutor_is_not_read_by_the_next(stage):
    placement = stage.published(DAYS[0])
    tutor = person("tutrice@univ.test", "Odile", "Tutrice")
    post(tutor, Role.PARTNER_COORDINATOR, stage.ground.institution)
    life.follow(placement=placement, tutor=tutor, by=stage.by)
    of = placement.students.get()
    entry = notes.write_log(of=of, day=DAYS[0].day, text="Pour Odile", by=stage.ines.person, is_for_tutor=True)
    assert type(entry).objects.visible_to(tutor).exists()
    life.follow(placement=placement, tutor=stage.by, by=stage.by)
    assert not type(entry).objects.visible_to(stage.by).exists()


def test_a_former_tutor_reads_nothing_any_more(stage):
    placement = stage.published(DAYS[0])
    tutor = person("tutrice@univ.test", "Odile", "Tutrice")
    post(tutor, Role.PARTNER_COORDINATOR, stage.ground.institution)
    life.follow(placement=placement, tutor=tutor, by=stage.by)
    of = placement.students.get()
    entry = notes.write_log(of=of, day=DAYS[0].day, text="Pour Odile", by=stage.ines.person, is_for_tutor=True)
    tutor.postings.update(ends_on=timezone.localdate() - timedelta(days=1))
    tutor = type(tutor).objects.get(pk=tutor.pk)
    assert not Placement.objects.visible_to(tutor).exists()
    assert not type(entry).objects.visible_to(tutor).exists()


def test_an_erased_name_stands_in_no_sentence(stage):
    placement = stage.published(DAYS[0])
    missing.miss(placement=placement, half_day=DAYS[0], why=MissedBy.HOST, by=stage.by)
    name = str(stage.ines.person)
    assert Notice.objects.filter(title__contains=name).exists()
    Notice.objects.create(person=stage.by, kind="placements", key="x", title=f"Stage de {name}", text=f"Chez {name}.")
    erase(stage.ines.person, by=stage.world.superuser)
    said = [text for row in Notice.objects.values_list("title", "text") for text in row]
    assert not [text for text in said if name in text]
    assert Notice.objects.get(key="x").title == "Stage d’une personne partie"
    assert Notice.objects.get(key="x").text == "Chez une personne partie."


# --- Who is not to be placed ------------------------------------------------------------------------------------------
def test_nobody_goes_to_their_own_class(stage):
    own = student_in(stage.cohort, stage.status, stage.host)
    with pytest.raises(Refusal, match="propre classe"):
        stage.hold(DAYS[0], who=[own])


def test_a_closed_account_goes_nowhere(stage):
    placement = life.confirm(placement=stage.hold(DAYS[0]), by=stage.by)
    stage.ines.person.is_active = False
    stage.ines.person.save()
    with pytest.raises(Refusal, match="fermé"):
        life.publish(placement=placement, by=stage.by)
    with pytest.raises(Refusal, match="fermé"):
        stage.hold(DAYS[1])


def test_another_institution_is_not_told_where_a_student_goes(world):
    here, there = Stage(world), Stage(world, ground=world.there)
    here.published(DAYS[0])
    same = student_in(there.cohort, there.status, here.ines.person)
    with pytest.raises(Refusal) as refused:
        there.hold(DAYS[0], who=[same])
    assert str(here.host) not in str(refused.value)
    assert here.offer.school.name not in str(refused.value)


# --- What took place stays counted ------------------------------------------------------------------------------------
def test_half_days_that_took_place_count_though_the_rest_is_called_off(stage):
    placement = stage.published(DAYS[0], DAYS[2])
    with time_machine.travel(NOW.replace(year=2027, month=1, day=11, hour=18), tick=False):
        life.cancel(placement=placement, reason="Maladie", by=stage.by)
        found = papers.balances(stage.by, stage.cohort.school_year)
    assert [one.half_days for one in found] == [1]


def test_one_placement_without_half_days_does_not_keep_all_agreements_back(stage):
    terms_of(stage.cohort.programme)
    empty = stage.published(DAYS[0])
    missing.miss(placement=empty, half_day=DAYS[0], why=MissedBy.HOST, by=stage.by)
    stage.published(DAYS[1], who=[stage.student("Paul")])
    letters = printing.agreements(list(papers.of_cohort(stage.cohort)))
    assert [one.student for one in letters] == ["Paul Garreau"]
    with pytest.raises(Refusal, match="plus de demi-journée"):
        printing.agreements([empty])


def test_a_cohort_does_not_change_of_year_under_its_placements(stage, client):
    stage.hold(DAYS[0])
    first = stage.cohort.school_year.last_day + timedelta(days=30)
    later = SchoolYear.objects.create(first_day=first, last_day=first + timedelta(days=300))
    client.force_login(stage.by)
    typed = {"name": "Groupe A", "programme": stage.cohort.programme_id, "school_year": later.pk}
    answer = client.post(reverse("partnerships:cohort_update", args=[stage.cohort.pk]), typed)
    stage.cohort.refresh_from_db()
    assert (answer.status_code, stage.cohort.school_year_id == later.pk) == (422, False)


def test_what_lost_its_basis_waits_for_who_publishes(stage, held):
    row = held.days.get()
    assert not [one for one in agenda.todos(stage.by) if "fondement" in one.title]
    row.derogation.ends_on = DAYS[0].day
    row.derogation.save()
    for who in (stage.by, stage.world.inspector):
        assert [one for one in agenda.todos(who) if "fondement" in one.title], who
    assert not [one for one in agenda.todos(stage.world.inspector_there) if "fondement" in one.title]


# --- The tutor comes where students are -------------------------------------------------------------------------------
@pytest.fixture
def followed(stage) -> Placement:
    placement = stage.published(DAYS[0], DAYS[2])
    life.follow(placement=placement, tutor=stage.by, by=stage.by)
    notes.plan_visit(placement=placement, half_day=DAYS[0], by=stage.by)
    return placement


def visits(placement: Placement) -> int:
    return placement.visits.filter(cancelled_at=None).count()


def test_a_tutor_is_not_sent_to_a_class_where_nobody_is(stage, followed):
    booking.free(placement=followed, half_days=[DAYS[0]], by=stage.by)
    assert visits(followed) == 0
    booking.put_back(placement=followed, half_days=[DAYS[0]], by=stage.by)
    assert visits(followed) == 1
    life.cancel(placement=followed, reason="Maladie", by=stage.by)
    assert visits(followed) == 0
    life.restore(placement=followed, by=stage.by)
    assert visits(followed) == 1


def test_who_follows_no_longer_comes_no_longer(stage, followed):
    life.follow(placement=followed, tutor=None, by=stage.by)
    assert visits(followed) == 0
    assert stage.host.notices.filter(title__contains="ne vient pas").exists()


def test_a_calendar_says_nothing_of_what_was_given_up_before(stage):
    placement = stage.hold(DAYS[0], DAYS[2])
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        booking.free(placement=placement, half_days=[DAYS[0]], by=stage.by)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        life.publish(placement=life.confirm(placement=placement, by=stage.by), by=stage.by)
    for who in (stage.ines.person, stage.host):
        assert len(list(agenda.events_of(who, NOW.date()))) == 1


# --- Who has no business there ----------------------------------------------------------------------------------------
OUTSIDERS = (
    "other_student",
    "other_head",
    "colleague",
    "former_coordinator",
    "partner_coordinator_there",
    "adviser_there",
)
SECRET = "Je doute de moi"


def outsider(stage: Stage, name: str):
    if name == "other_student":
        return stage.student("Paul").person
    if name == "colleague":
        return stage.adult()
    if name == "other_head":
        school = School.objects.filter(district=stage.ground.district).exclude(pk=stage.offer.school_id).first()
        made = person("direction@ecole.test", "Odile", "Ailleurs")
        post(made, Role.HEAD_TEACHER, school)
        return made
    if name == "former_coordinator":
        made = person("avant@univ.test", "Yann", "Avant")
        post(made, Role.PARTNER_COORDINATOR, stage.ground.institution, ends_on=NOW.date() - timedelta(days=1))
        return made
    return stage.world.people[name]


@pytest.fixture
def written(stage) -> Placement:
    placement = stage.published(DAYS[0])
    terms_of(stage.cohort.programme)
    of = placement.students.get()
    notes.write_log(of=of, day=DAYS[0].day, text=SECRET, by=stage.ines.person)
    notes.write_review(of=of, strengths="La voix", next_steps="", by=stage.host)
    return placement


def addresses(placement: Placement) -> list[str]:
    day, of = placement.days.get(), placement.students.get()
    one, of_day = {"pk": placement.pk}, {"pk": placement.pk, "code": day.half_day.code}
    named = [
        *((name, one) for name in ("placement_page", "placement_adult", "placement_tutor", "visit_plan", "signing")),
        *((f"placement_{name}", one) for name in ("agreement", "calendar", "sheets", "review_paper")),
        *((f"placement_{name}", of_day) for name in ("free", "put_back", "absence", "miss")),
        *(("placement_move", one | {"verb": verb}) for verb in ("publier", "annuler", "terminer")),
        *(("placement_shift", of_day | {"verb": verb}) for verb in ("deplacer", "remplacer")),
        *((name, {"pk": of.pk}) for name in ("review_edit", "review_write", "log_page", "log_write")),
        *((f"log_{name}", {"pk": of.log.get().pk}) for name in ("edit", "update", "remove", "restore")),
        ("day_sign", {"pk": day.pk}),
    ]
    return [reverse(f"partnerships:{name}", kwargs=holes) for name, holes in named]


@pytest.mark.parametrize("name", OUTSIDERS)
def test_whoever_has_no_business_there_finds_nothing(stage, written, client, name):
    client.force_login(outsider(stage, name))
    for url in addresses(written):
        statuses = {client.get(url).status_code, client.post(url).status_code}
        assert statuses <= {404, 405}, url
        assert 404 in statuses, url
    written.refresh_from_db()
    assert (written.state, standing(written)) == ("PUBLISHED", [DAYS[0].code])
    pages = ("placement_list", "mine", "hosting", "own_ical", "observation_list")
    seen = "".join(client.get(reverse(f"partnerships:{page}")).content.decode() for page in pages)
    assert "Garreau" not in seen.replace("Paul Garreau", "")


def test_nobody_but_the_student_reads_the_log(stage, written, client):
    tutor = stage.by
    life.follow(placement=written, tutor=tutor, by=stage.by)
    head = stage.world.head_teacher
    of, entry = written.students.get(), written.students.get().log.get()
    for who in (stage.by, stage.host, head, stage.world.inspector, stage.world.adviser, stage.world.superuser):
        client.force_login(who)
        for url in (
            reverse("partnerships:placement_page", args=[written.pk]),
            reverse("partnerships:placement_review_paper", args=[written.pk]),
            reverse("partnerships:log_page", args=[of.pk]),
            reverse("partnerships:log_edit", args=[entry.pk]),
            reverse("portal:search", query={"mots": SECRET}),
        ):
            assert SECRET not in client.get(url).content.decode(errors="replace").replace(f'value="{SECRET}"', "")
    assert SECRET not in "".join(f"{row.title}{row.text}" for row in Notice.objects.all())
    client.force_login(stage.ines.person)
    assert SECRET in client.get(reverse("partnerships:log_page", args=[of.pk])).content.decode()


def test_one_of_a_pair_reads_no_log_of_the_other(stage, client):
    lea, marc = stage.pair()
    placement = stage.published(DAYS[0], who=[lea, marc])
    of = placement.students.get(student=lea)
    entry = notes.write_log(of=of, day=DAYS[0].day, text=SECRET, by=lea.person)
    review = notes.write_review(of=of, strengths="La voix de Léa", next_steps="", by=stage.host)
    with time_machine.travel(NOW.replace(year=2027, month=2), tick=False):
        life.end(placement=placement, by=stage.by)
        notes.give_review(review=review, by=stage.host)
        client.force_login(marc.person)
        page = client.get(reverse("partnerships:placement_page", args=[placement.pk])).content.decode()
        assert SECRET not in page
        assert "La voix de Léa" not in page
        for name, pk in (("log_page", of.pk), ("log_edit", entry.pk), ("review_edit", of.pk)):
            assert client.get(reverse(f"partnerships:{name}", args=[pk])).status_code == 404


def test_days_that_the_university_takes_back_are_said(stage, client):
    stage.published(DAYS[0], DAYS[1])
    client.force_login(stage.by)
    day = DAYS[0].day.isoformat()
    typed = {"label": "Examens", "starts_on": day, "ends_on": day}
    answer = client.post(reverse("partnerships:period_add", args=[stage.cohort.pk]), typed, follow=True)
    assert "2\u00a0demi-journées de stage" in answer.content.decode()


# --- What is typed ----------------------------------------------------------------------------------------------------
def test_a_name_is_neither_a_formula_nor_a_line_of_a_calendar(stage, client):
    stage.cohort.name = "=HYPERLINK(1)"
    stage.cohort.save()
    stage.ines.person.first_name = "Inès\r\nEND:VEVENT\r\nX-EVIL"
    stage.ines.person.save()
    stage.published(DAYS[0])
    client.force_login(stage.by)
    table = client.get(reverse("partnerships:balance_table")).content.decode("utf-8-sig")
    assert not [line for line in table.splitlines() if line.lstrip('"').startswith(("=", "+", "@", "-"))]
    told = client.get(reverse("partnerships:cohort_ical", args=[stage.cohort.pk])).content.decode()
    assert not [line for line in told.splitlines() if line.startswith(("X-EVIL", "END:VEVENT X"))]
    assert told.count("END:VEVENT\r\n") == told.count("BEGIN:VEVENT\r\n") == 1


@pytest.mark.parametrize("verb", ["grid_hold", "grid_free", "grid_move"])
@pytest.mark.parametrize(
    "code", ["2027-01-11", "9999-12-31_PM", "0001-01-01_AM", "2026-12-25_AM", "2027-01-10_AM", "\x00"]
)
def test_forged_half_days_book_nothing(stage, client, verb, code):
    placement = stage.hold(DAYS[0])
    client.force_login(stage.by)
    query = f"promo={stage.cohort.pk}&qui=e{stage.ines.pk}&sorte=RESPONSIBILITY&deplace={placement.pk}_{DAYS[0].code}"
    pk = stage.offer.pk if verb == "grid_hold" else placement.pk
    typed = {"filtre": query, "moments": code, "vers": code, "classe": stage.offer.pk, "retour": "grille"}
    answer = client.post(reverse(f"partnerships:{verb}", args=[pk]), typed)
    assert answer.status_code in {404, 409, 422}
    assert standing(placement) == [DAYS[0].code]
    assert Placement.objects.count() == 1


# --- What a school takes back -----------------------------------------------------------------------------------------
def test_a_half_day_on_which_students_come_is_not_taken_off_the_class(stage):
    stage.published(DAYS[0])
    kept = [code for code in stage.offer.week if code != "MON_AM"]
    said = {"levels": ["CE1"], "seats": 2}
    with pytest.raises(Refusal, match="lundi 11 janvier"):
        offers.edit(offer=stage.offer, text=OfferText(week=kept, **said), by=stage.host)
    with pytest.raises(Refusal, match="lundi 11 janvier"):
        offers.edit(offer=stage.offer, text=OfferText(week=stage.offer.week, but=[DAYS[0].code], **said), by=stage.host)
    stage.offer.refresh_from_db()
    assert ("MON_AM" in stage.offer.week, stage.offer.but) == (True, [])
    offers.edit(offer=stage.offer, text=OfferText(week=["MON_AM"], **said), by=stage.host)


def test_what_replaces_a_held_half_day_keeps_its_adult(stage, held):
    adult = held.days.get().adult
    missing.miss(placement=held, half_day=DAYS[4], why=MissedBy.STUDENT, by=stage.by)
    missing.replace(placement=held, half_day=DAYS[4], to=DAYS[6], by=stage.by)
    assert held.days.standing().get().adult == adult


def test_an_adult_who_left_the_school_reads_nothing_any_more(stage, held):
    adult = held.days.get().adult
    assert Placement.objects.visible_to(adult).exists()
    adult.postings.update(ends_on=NOW.date() - timedelta(days=1))
    assert not Placement.objects.visible_to(adult).exists()
