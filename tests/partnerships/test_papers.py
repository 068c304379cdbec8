"""The papers of placements: what an agreement holds, who reads a calendar, who signs, what a year came to."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from circo import french, jobs
from circo.calendar.rules import HalfDay
from circo.documents import batches
from circo.errors import Refusal
from circo.models import Job, LetterBatch, Person
from circo.rules import Role
from partnerships.agreements.rules import AgreementState
from partnerships.models import DaySignature, PlacementDay, PlacementReview
from partnerships.papers import actions, printing, queries, rules
from partnerships.placements.actions import booking, life, missing
from partnerships.placements.queries import agenda, openings
from partnerships.placements.rules import MissedBy
from tests.documents import text_of
from tests.imports import spaced
from tests.partnerships.partner import TERMS, agreement_of, status_of, terms_of
from tests.partnerships.placed import DAYS, HOLD, NOW, SEE, Stage
from tests.world import person, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(world):
    with time_machine.travel(NOW, tick=True):
        yield Stage(world)


@pytest.fixture
def public(stage):
    """Inès, two half-days to observe, public."""
    return openings.placements().get(pk=stage.published(*DAYS[:2], kind=SEE).pk)


def url(name: str, *args) -> str:
    return reverse(f"partnerships:{name}", args=args)


def head_of(stage) -> Person:
    """The head teacher of the school of the class."""
    made = person("direction.stage@ecole.test", "Paule", "Direction")
    post(made, Role.HEAD_TEACHER, stage.offer.school)
    return made


def read(letter) -> str:
    return spaced(text_of(letter.pdf()))


def work() -> LetterBatch:
    """Run the waiting batch, and return it."""
    for pk in Job.objects.filter(kind=batches.KIND).order_by("pk").values_list("pk", flat=True):
        jobs.run(pk)
    return LetterBatch.objects.get()


# --- Rules ------------------------------------------------------------------------------------------------------------
@given(
    st.lists(
        st.builds(HalfDay, st.dates(date(2026, 9, 1), date(2027, 7, 1)), st.sampled_from(("AM", "PM"))),
        max_size=40,
    )
)
def test_each_half_day_is_on_the_sheet_of_its_week_once(half_days):
    found = rules.weeks(half_days)
    assert [one for week in found for one in week] == sorted(set(half_days))
    assert all(len({one.day.isocalendar()[:2] for one in week}) == 1 for week in found)


def test_one_signs_the_day_itself_and_the_month_after():
    half_day = DAYS[0]
    allowed = [rules.may_sign(half_day, half_day.day + timedelta(days=days)) for days in (-1, 0, 30, 31)]
    assert allowed == [False, True, True, False]


# --- Agreements -------------------------------------------------------------------------------------------------------
def test_an_agreement_holds_what_the_law_asks(stage, public):
    terms_of(stage.cohort.programme)
    [letter] = printing.agreements([public])
    text = read(letter)
    for said in (
        "Convention de stage",
        "Inès Garreau",
        "450 heures",
        "sa directrice",
        "Odile Référente",
        "Amina",
        "Parler à une classe",
        "le 11 janvier 2027",
        "2 demi-journées : 2 d’observation",
        "Mutuelle 123",
        "Les examens.",
    ):
        assert said in text, said
    assert "Journées en responsabilité" not in text


def test_a_pair_has_two_agreements_and_days_of_responsibility_say_their_basis(stage):
    terms_of(stage.cohort.programme)
    stage.derogation()
    adult = stage.adult()
    who = stage.pair()
    placement = stage.whole(who)
    PlacementDay.objects.filter(placement=placement, kind=HOLD).update(adult=adult, basis="Dérogation 2026-14")
    letters = printing.agreements([openings.placements().get(pk=placement.pk)])
    assert [letter.student for letter in letters] == [str(one.person) for one in who]
    assert "Dérogation 2026-14. Adulte référent sur place : Rose Sur-Place." in spaced(letters[1].legal_basis)


def test_without_its_text_no_agreement_is_made(public):
    with pytest.raises(Refusal, match="Écrivez d’abord ce que disent les conventions"):
        printing.agreements([public])


def test_a_coordinator_writes_the_text_then_has_a_cohort_printed(stage, public, sign_in):
    client = sign_in(stage.by)
    cohort_url = reverse("partnerships:cohort_page", args=[stage.cohort.pk])
    ask_url = reverse("partnerships:agreements_paper", args=[stage.cohort.pk])
    write_url = reverse("partnerships:terms_edit", args=[stage.cohort.programme_id])
    one_url = reverse("partnerships:placement_page", args=[public.pk])
    paper = reverse("partnerships:placement_agreement", args=[public.pk])
    for page in (cohort_url, one_url):
        assert write_url in client.get(page).content.decode(), "where it is missing, one is led to write it"
    for who in (stage.ines.person, stage.host):
        read = sign_in(who).get(one_url).content.decode()
        assert write_url not in read
        assert paper not in read, "there is nothing to print yet"
    client = sign_in(stage.by)
    refused = client.post(ask_url, follow=True)
    assert refused.redirect_chain[-1][0] == cohort_url
    assert "Écrivez d’abord" in refused.content.decode()
    edit_url = reverse("partnerships:terms_update", args=[stage.cohort.programme_id])
    wrong = client.post(edit_url, TERMS | {"yearly_hours": "beaucoup", "skills": ""})
    assert wrong.status_code == 422
    assert "Écrivez un nombre d’heures." in wrong.content.decode()
    assert "Mutuelle 123" in wrong.content.decode()  # nothing typed is lost
    assert client.post(edit_url, TERMS).status_code == 302
    assert paper in client.get(one_url).content.decode()
    assert client.post(ask_url).status_code == 302
    batch = work()
    assert "Inès" not in batch.title
    with default_storage.open(batch.pdf) as file:
        assert "Inès Garreau" in text_of(file.read())


def test_those_whom_it_concerns_read_the_agreement_and_nobody_else(world, stage, public, client):
    terms_of(stage.cohort.programme)
    url = reverse("partnerships:placement_agreement", args=[public.pk])
    for who, status in (
        (stage.ines.person, 200),
        (stage.host, 200),
        (stage.by, 200),
        (world.chloe, 404),
        (world.partner_coordinator_there, 404),
        (world.inspector_there, 404),
    ):
        client.force_login(who)
        assert client.get(url).status_code == status, who


def test_a_held_placement_gives_no_paper(stage, client):
    terms_of(stage.cohort.programme)
    placement = stage.hold(*DAYS[:1])
    client.force_login(stage.by)
    assert client.get(reverse("partnerships:placement_agreement", args=[placement.pk])).status_code == 404


# --- Calendars --------------------------------------------------------------------------------------------------------
def test_student_class_and_school_read_their_own_calendar(world, stage, public, client):
    for who, title in (
        (stage.ines.person, "Mes stages"),
        (stage.host, "Dans ma classe"),
        (head_of(stage), "Dans mon école"),
    ):
        found = queries.own_calendar(who)
        assert [part for part, _ in found] == [title], who
        text = read(printing.calendar("Calendrier", found))
        assert "lundi 11 janvier 2027, matin" in text
    client.force_login(world.chloe)
    assert "Inès" not in text_of(client.get(reverse("partnerships:own_calendar")).content)


def test_a_calendar_has_a_column_of_adults_where_one_is_named(stage):
    watching = stage.hold(*DAYS[:2])
    assert "Adulte référent" not in read(printing.calendar("Calendrier", [("Inès", [watching])]))
    paul = stage.student("Paul", status=status_of(stage.ground, " seul"))
    held = stage.whole(who=[paul])
    held.days.update(adult=stage.adult())
    text = read(printing.calendar("Calendrier", [("Paul", [held])]))
    assert "Adulte référent" in text
    assert "Rose Sur-Place" in text


def test_the_file_for_an_agenda_holds_each_half_day_once(stage, client):
    stage.published(*DAYS[:2], who=stage.pair())
    client.force_login(stage.by)
    body = client.get(reverse("partnerships:cohort_ical", args=[stage.cohort.pk])).content
    events = list(Calendar.from_ical(body).walk("VEVENT"))
    assert len(events) == len({str(one["UID"]) for one in events}) == 2
    assert "Léa Garreau et Marc Garreau" in str(events[0]["SUMMARY"])
    client.force_login(stage.host)
    assert len(Calendar.from_ical(client.get(reverse("partnerships:own_ical")).content).walk("VEVENT")) == 2


# --- Signatures -------------------------------------------------------------------------------------------------------
def test_the_student_signs_then_the_class_and_each_takes_back_ones_own(world, stage, public, client):
    row = public.days.get(day=DAYS[0].day, half=DAYS[0].half)
    page, sign = reverse("partnerships:signing", args=[public.pk]), reverse("partnerships:day_sign", args=[row.pk])
    with time_machine.travel(NOW + timedelta(days=46, hours=9)):
        client.force_login(stage.ines.person)
        assert "J’y étais" in client.get(page).content.decode()
        answer = client.post(sign, follow=True)
        assert "C’est signé." in answer.content.decode()
        client.force_login(stage.host)
        client.post(sign)
        found = DaySignature.objects.get(day=row)
        assert found.student_at
        assert (found.host_at is not None, found.host_by) == (True, stage.host)
        undo = client.post(sign, {"retirer": "1"}, follow=True)
        assert "Signature retirée." in undo.content.decode()
        found.refresh_from_db()
        assert (found.student_at is not None, found.host_at) == (True, None)
        client.force_login(stage.ines.person)
        client.post(sign, {"retirer": "1"})
        assert not DaySignature.objects.exists()


@pytest.mark.parametrize(("days", "may"), [(45, False), (46, True), (76, True), (77, False)])
def test_one_signs_neither_before_nor_long_after(stage, public, days, may):
    row = public.days.get(day=DAYS[0].day, half=DAYS[0].half)
    with time_machine.travel(NOW + timedelta(days=days, hours=9)):
        assert any(one.may_student for one in queries.to_sign(public, stage.ines.person, timezone.localdate())) is may
        if may:
            assert actions.sign(day=row, by=stage.ines.person)
        else:
            with pytest.raises(Refusal, match="le jour même, ou dans le mois"):
                actions.sign(day=row, by=stage.ines.person)


def test_nobody_signs_for_another(world, stage, public):
    row = public.days.first()
    with time_machine.travel(NOW + timedelta(days=46, hours=9)):
        for other in (stage.by, world.chloe, world.inspector):
            with pytest.raises(Refusal, match="pas la vôtre"):
                actions.sign(day=row, by=other)
        row.freed_at = timezone.now()
        row.save()
        with pytest.raises(Refusal, match="n’a pas eu lieu"):
            actions.sign(day=row, by=stage.ines.person)


def test_sheets_are_one_a_week(stage):
    placement = openings.placements().get(pk=stage.published(DAYS[0], DAYS[1], DAYS[8], kind=SEE).pk)
    sheets = printing.sheets(placement)
    assert [len(sheet.slots) for sheet in sheets] == [2, 1]
    assert "Inès Garreau" in read(sheets[0])


# --- Reviews and balances ---------------------------------------------------------------------------------------------
def test_a_review_prints_for_the_student_and_a_form_for_who_has_none(world, stage, public, client):
    of = public.students.get()
    PlacementReview.objects.create(of=of, author=stage.host, strengths="La voix porte", given_at=timezone.now())
    url = reverse("partnerships:placement_review_paper", args=[public.pk])
    client.force_login(stage.ines.person)
    assert "La voix porte" in text_of(client.get(url).content)
    client.force_login(head_of(stage))  # sees the placement, not the review
    text = text_of(client.get(url).content)
    assert "La voix porte" not in text
    assert "Ce qui est acquis" in text


def test_the_balance_of_a_year_counts_what_is_public(world, stage, client, django_assert_num_queries):
    stage.derogation()
    adult = stage.adult()
    placement = stage.whole(stage.pair())
    PlacementDay.objects.filter(placement=placement, kind=HOLD).update(adult=adult)
    year = stage.offer.school_year
    assert queries.balances(stage.by, year) == []  # held: nobody knows
    life.publish(placement=life.confirm(placement=placement, by=stage.by), by=stage.by)
    placement.visits.create(tutor=stage.by, day=DAYS[0].day, half="AM")
    placement.visits.create(tutor=stage.by, day=DAYS[1].day, half="PM", cancelled_at=timezone.now())
    with django_assert_num_queries(5):
        [found] = queries.balances(stage.by, year)
    assert (found.name, found.by_kind) == (stage.cohort.name, (4, 4, 4))
    assert (found.students, found.classes, found.schools, found.freed, found.tutor_visits) == (2, 1, 1, 2, 1)
    assert found.observed == 0
    [of_team] = queries.balances(world.inspector, year)
    assert (of_team.name, of_team.by_kind) == (world.here.district.name, (4, 4, 4))
    assert queries.balances(world.inspector_there, year) == []
    client.force_login(stage.by)
    table = client.get(reverse("partnerships:balance_table")).content.decode("utf-8-sig")
    assert f'"{stage.cohort.name}";"4";"4";"4";"2";"1";"1";"2";"0";"1"' in table
    assert stage.cohort.name in text_of(client.get(reverse("partnerships:balance_paper")).content)


def test_the_yearly_agreement_prints_with_those_who_sign(world, client):
    agreement = agreement_of(world.here)
    agreement.signatures.create(capacity="Présidente de l’université", name="Alix Durand")
    client.force_login(world.inspector)
    text = spaced(text_of(client.get(reverse("partnerships:agreement_paper", args=[agreement.pk])).content))
    assert "Des stages dans les écoles." in text
    assert "Alix Durand" in text


def test_each_of_a_pair_reads_one_s_own_agreement(stage, sign_in):
    pair = stage.pair()
    placement = stage.published(*DAYS[:2], who=pair)
    terms_of(stage.cohort.programme)
    for one, other in (pair, pair[::-1]):
        client = sign_in(one.person)
        page = client.get(url("placement_page", placement.pk)).content.decode()
        assert f"Convention {french.of(one.person)}" in page
        assert f"Convention {french.of(other.person)}" not in page
        ranks = {of.student_id: of.rank for of in placement.students.all()}
        answer = client.get(url("placement_agreement", placement.pk), {"rang": ranks[other.pk]})
        assert f"-{ranks[one.pk]}.pdf" in answer["Content-Disposition"]
    both = sign_in(stage.by).get(url("placement_page", placement.pk)).content.decode()
    assert all(f"Convention {french.of(one.person)}" in both for one in pair)


# --- Agreements that come back ----------------------------------------------------------------------------------------
def test_an_agreement_comes_back_signed_and_the_note_is_taken_back(stage, sign_in):
    placement, client = stage.hold(*DAYS[:2]), sign_in(stage.by)
    one = placement.students.get()
    page, note = url("placement_page", placement.pk), url("agreement_note", one.pk)
    client.post(note)
    one.refresh_from_db()
    assert one.agreement_signed_on is None, "class and school do not know of it yet"
    life.confirm(placement=placement, by=stage.by)
    lacking = url("placement_list") + "?manque=convention"
    assert "Convention à faire signer" in client.get(lacking).content.decode()
    assert "n’est pas revenue signée" in client.get(page).content.decode()
    answer = client.post(note, follow=True).content.decode()
    one.refresh_from_db()
    assert one.agreement_signed_on == NOW.date()
    assert "est revenue signée le" in answer
    assert f'action="{note}"' in answer, "it can be taken back"
    assert placement.title not in client.get(lacking).content.decode()
    client.post(note, {"retirer": "1"})
    one.refresh_from_db()
    assert one.agreement_signed_on is None


def test_an_agreement_is_to_be_signed_again_once_the_half_days_change(stage, sign_in):
    placement = life.confirm(placement=stage.hold(*DAYS[:2]), by=stage.by)
    client, page = sign_in(stage.by), url("placement_page", placement.pk)
    client.post(url("agreement_note", placement.students.get().pk))
    assert "a changé depuis" not in client.get(page).content.decode()
    booking.move(placement=placement, half_day=DAYS[1], to=DAYS[4], by=stage.by)
    answer = client.get(page).content.decode()
    assert "a changé depuis" in answer
    assert "Noter qu’elle est revenue signée" in answer


def test_a_half_day_that_was_missed_asks_for_no_other_agreement(stage, sign_in):
    placement = stage.published(*DAYS[:2])
    client, page = sign_in(stage.by), url("placement_page", placement.pk)
    client.post(url("agreement_note", placement.students.get().pk))
    missing.miss(placement=placement, half_day=DAYS[0], why=MissedBy.STUDENT, by=stage.by)
    assert "a changé depuis" not in client.get(page).content.decode()


def test_only_who_coordinates_notes_it_and_is_asked_to(stage, sign_in, world):
    placement = stage.published(*DAYS[:2])
    one = placement.students.get()
    for other in (stage.host, stage.ines.person, world.inspector, world.partner_coordinator_there):
        assert sign_in(other).post(url("agreement_note", one.pk)).status_code == 404
    with time_machine.travel(NOW + timedelta(days=40), tick=True):  # the first half-day is near
        yearly = "Faire signer la convention avec le département"
        assert [todo.title for todo in agenda.todos(stage.by)] == ["Faire signer une convention", yearly]
        agreement_of(stage.ground, state=AgreementState.SIGNED)
        assert [todo.title for todo in agenda.todos(stage.by)] == ["Faire signer une convention"]
        actions.note_agreement(of=one, by=stage.by)
        assert agenda.todos(stage.by) == []
    assert agenda.todos(stage.by) == []


@pytest.mark.parametrize("done", ["libere", "libere_", "convention_x", "convention_a/b", "absence_2026", "remplace_é"])
def test_an_address_changed_by_hand_still_opens_the_page(stage, sign_in, done):
    placement = stage.published(*DAYS[:2])
    page = url("placement_page", placement.pk)
    assert sign_in(stage.by).get(page, {"fait": done}).status_code == 200
