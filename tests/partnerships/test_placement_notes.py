"""Absences and what replaces them, visits of the tutor, reviews, and the log that is a student's alone."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.urls import reverse

from circo.errors import Refusal
from circo.models import Notice
from circo.registries import holdings, todos_of
from circo.rules import Role
from partnerships.models import LogEntry, PlacementDay, PlacementReview, TutorVisit
from partnerships.placements.actions import booking, life, missing, notes
from partnerships.placements.queries import agenda
from partnerships.placements.rules import MissedBy
from tests.partnerships.placed import DAYS, NOW, SHARE, standing
from tests.world import post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
SECRET = "Je doute de tout"


# --- Absences ---------------------------------------------------------------------------------------------------------
def test_what_is_missed_is_replaced_once_and_taken_back(stage):
    placement = stage.published(*DAYS[:3])
    missing.miss(placement=placement, half_day=DAYS[0], why=MissedBy.HOST, by=stage.host)
    assert standing(placement) == [DAYS[1].code, DAYS[2].code]
    assert Notice.objects.filter(person=stage.by, title__contains="absence de l’enseignant").exists()
    missing.replace(placement=placement, half_day=DAYS[0], to=DAYS[6], by=stage.by)
    assert standing(placement)[-1] == DAYS[6].code
    with pytest.raises(Refusal, match="déjà remplacé"):
        missing.replace(placement=placement, half_day=DAYS[0], to=DAYS[7], by=stage.by)
    with pytest.raises(Refusal, match="rien à reprendre"):
        booking.put_back(placement=placement, half_days=[DAYS[0]], by=stage.by)
    missing.miss(placement=placement, half_day=DAYS[1], why=MissedBy.STUDENT, by=stage.ines.person, student=stage.ines)
    booking.put_back(placement=placement, half_days=[DAYS[1]], by=stage.by)
    assert len(standing(placement)) == 3


def test_one_of_a_pair_misses_and_alone_makes_up_for_it(stage):
    pair = stage.pair()
    placement = stage.published(*DAYS[:2], who=pair)
    missing.miss(placement=placement, half_day=DAYS[0], why=MissedBy.STUDENT, by=stage.by, student=pair[1])
    assert len(standing(placement)) == 3
    assert placement.seats.filter(day=DAYS[0].day, half=DAYS[0].half).count() == 1
    missing.replace(placement=placement, half_day=DAYS[0], to=DAYS[8], by=stage.by)
    made = PlacementDay.objects.get(replaces__isnull=False)
    assert (made.student, made.half_day) == (pair[1], DAYS[8])
    with pytest.raises(Refusal, match="n’est pas attendu"):
        missing.miss(placement=placement, half_day=DAYS[8], why=MissedBy.STUDENT, by=stage.by, student=pair[0])


def test_an_observation_missed_is_made_up_for_after_the_next_kind(stage):
    stage.hold(*DAYS[:2])
    placement = stage.published(DAYS[2], kind=SHARE)
    missing.miss(placement=placement, half_day=DAYS[0], why=MissedBy.HOST, by=stage.by)
    missing.replace(placement=placement, half_day=DAYS[0], to=DAYS[5], by=stage.by)
    assert standing(placement) == [DAYS[1].code, DAYS[2].code, DAYS[5].code]


def test_who_says_that_it_does_not_take_place(stage, world):
    pair = stage.pair()
    placement = stage.published(*DAYS[:2], who=pair)
    for by, why, student in (
        (world.bruno, MissedBy.HOST, None),
        (world.inspector, MissedBy.HOST, None),
        (pair[0].person, MissedBy.HOST, None),
        (pair[0].person, MissedBy.HOST, pair[0]),
        (pair[0].person, MissedBy.STUDENT, pair[1]),
        (pair[0].person, MissedBy.STUDENT, None),
    ):
        with pytest.raises(Refusal, match="à vous de noter"):
            missing.miss(placement=placement, half_day=DAYS[0], why=why, by=by, student=student)
    post(world.bruno, Role.HEAD_TEACHER, stage.offer.school)
    missing.miss(placement=placement, half_day=DAYS[0], why=MissedBy.HOST, by=world.bruno)
    assert len(standing(placement)) == 2


# --- Visits -----------------------------------------------------------------------------------------------------------
def test_a_tutor_comes_when_students_are_there(stage):
    placement = stage.published(*DAYS[:2])
    with pytest.raises(Refusal, match="qui suit ce stage"):
        notes.plan_visit(placement=placement, half_day=DAYS[0], by=stage.by)
    life.follow(placement=placement, tutor=stage.by, by=stage.by)
    with pytest.raises(Refusal, match="Personne n’est en stage"):
        notes.plan_visit(placement=placement, half_day=DAYS[5], by=stage.by)
    visit = notes.plan_visit(placement=placement, half_day=DAYS[0], by=stage.by)
    with pytest.raises(Refusal, match="déjà prévue"):
        notes.plan_visit(placement=placement, half_day=DAYS[0], by=stage.by)
    told = set(Notice.objects.filter(title__contains="vient voir").values_list("person_id", flat=True))
    assert told == {stage.host.pk, stage.ines.person_id}
    mine = [one.title for one in agenda.events_of(stage.by, NOW.date())]
    assert mine == ["Visite de stage"]
    notes.call_visit_off(visit=visit, by=stage.by)
    notes.call_visit_off(visit=visit, by=stage.by)
    assert Notice.objects.filter(title__contains="ne vient pas", person=stage.host).count() == 1
    assert [one.cancelled for one in agenda.events_of(stage.by, NOW.date())] == [True]
    assert notes.plan_visit(placement=placement, half_day=DAYS[0], by=stage.by) != visit
    assert TutorVisit.objects.count() == 2


# --- Calendars and to-dos ---------------------------------------------------------------------------------------------
def test_calendars_show_what_is_public_and_what_is_called_off(stage, world):
    placement = life.confirm(placement=stage.hold(*DAYS[:2]), by=stage.by)
    assert list(agenda.events_of(stage.ines.person, NOW.date())) == []
    life.publish(placement=placement, by=stage.by)
    mine = list(agenda.events_of(stage.ines.person, NOW.date()))
    assert [one.title for one in mine] == ["Stage chez Amina Petit\u00a0: observation"] * 2
    assert [one.title for one in agenda.events_of(stage.host, NOW.date())] == [
        "Inès Garreau\u00a0: observation dans ma classe"
    ] * 2
    booking.move(placement=placement, half_day=DAYS[0], to=DAYS[4], by=stage.by)
    moved = {one.uid: one for one in agenda.events_of(stage.ines.person, NOW.date())}
    assert moved.keys() == {one.uid for one in mine}
    assert all(moved[one.uid].sequence > one.sequence for one in mine)
    booking.free(placement=placement, half_days=[DAYS[4]], by=stage.by)
    assert sorted(one.cancelled for one in agenda.events_of(stage.host, NOW.date())) == [False, True]


def test_what_waits_is_on_the_home_page_of_whom_it_concerns(stage, world):
    post(world.bruno, Role.HEAD_TEACHER, stage.offer.school)
    stage.derogation()
    placement = life.confirm(placement=stage.whole(), by=stage.by)
    for person in (stage.host, world.bruno):
        assert "Nommer l’adulte référent sur place" in [one.title for one in todos_of(person)]
    life.name_adult(placement=placement, half_days=DAYS[4:6], adult=stage.adult(), by=world.bruno)
    assert "Nommer l’adulte référent sur place" not in [one.title for one in todos_of(stage.host)]
    life.publish(placement=placement, by=stage.by)
    with time_machine.travel(NOW + timedelta(days=80)):
        assert "Terminer le stage d’Inès Garreau" in [one.title for one in todos_of(stage.by)]
        life.end(placement=placement, by=stage.by)
        assert "Écrire le bilan du stage d’Inès Garreau" in [one.title for one in todos_of(stage.host)]


# --- Reviews ----------------------------------------------------------------------------------------------------------
def test_a_review_is_a_draft_until_given_and_then_the_students(stage, world):
    placement = stage.published(*DAYS[:2])
    of = placement.students.get()
    with pytest.raises(Refusal, match="enseignant·e de la classe"):
        notes.write_review(of=of, strengths="La voix", next_steps="", by=world.bruno)
    with pytest.raises(Refusal, match="ce qui est acquis"):
        notes.write_review(of=of, strengths=" ", next_steps="", by=stage.host)
    review = notes.write_review(of=of, strengths="La voix", next_steps="Le tableau", by=stage.host)
    with pytest.raises(Refusal, match="une fois le stage terminé"):
        notes.give_review(review=review, by=stage.host)
    seen = PlacementReview.objects.visible_to
    assert not seen(stage.ines.person).exists()
    assert not seen(stage.by).exists()
    with time_machine.travel(NOW + timedelta(days=80)):
        life.end(placement=placement, by=stage.by)
        with pytest.raises(Refusal, match="quelqu’un d’autre"):
            notes.give_review(review=review, by=stage.by)
        notes.give_review(review=review, by=stage.host)
        of.refresh_from_db()
        with pytest.raises(Refusal, match="ne change plus"):
            notes.write_review(of=type(of).objects.get(pk=of.pk), strengths="Rien", next_steps="", by=stage.host)
    assert seen(stage.ines.person).get() == review
    assert seen(stage.by).get() == review
    for other in (world.inspector, world.bruno, world.partner_coordinator_there):
        assert not seen(other).exists()


# --- The log ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def logged(stage):
    placement = stage.published(*DAYS[:2])
    life.follow(placement=placement, tutor=stage.by, by=stage.by)
    entry = notes.write_log(of=placement.students.get(), day=DAYS[0].day, text=SECRET, by=stage.ines.person)
    return placement, entry


def test_the_log_is_nobody_elses_whatever_their_role(stage, world, logged, sign_in):
    placement, entry = logged
    post(world.bruno, Role.HEAD_TEACHER, stage.offer.school)
    others = [stage.host, stage.by, world.bruno, world.inspector, world.departement, world.superuser, world.adviser]
    page = reverse("partnerships:placement_page", args=[placement.pk])
    for other in others:
        assert not LogEntry.objects.visible_to(other).exists()
        client = sign_in(other)
        assert SECRET not in client.get(page).content.decode()
        for name, key in (("log_page", entry.of_id), ("log_edit", entry.pk)):
            assert client.get(reverse(f"partnerships:{name}", args=[key])).status_code == 404
        with pytest.raises(Refusal, match="quelqu’un d’autre"):
            notes.write_log(of=entry.of, day=DAYS[0].day, text="Autre", by=other, entry=entry)
        with pytest.raises(Refusal, match="quelqu’un d’autre"):
            notes.remove_log(entry=entry, by=other)
    assert not [model for model in apps.get_models() if model.__name__ == "HistoricalLogEntry"]
    assert not Notice.objects.filter(text__contains=SECRET).exists()


def test_the_log_is_exported_to_its_owner_alone(stage, logged):
    def told(person) -> str:
        return str([list(one.rows(person).values_list(*one.fields.values())) for one in holdings()])

    assert SECRET in told(stage.ines.person)
    assert SECRET not in told(stage.host)
    assert SECRET not in told(stage.by)


@pytest.mark.parametrize("whom", ["host", "tutor"])
def test_a_page_of_the_log_is_shared_with_whom_one_wishes(stage, world, logged, sign_in, whom):
    placement, entry = logged
    reader, not_reader = (stage.host, stage.by) if whom == "host" else (stage.by, stage.host)
    url = reverse("partnerships:log_update", args=[entry.pk])
    typed = {"day": f"{entry.day}", "text": SECRET, f"is_for_{whom}": "on"}
    mine = sign_in(stage.ines.person)
    assert mine.post(url, typed).status_code == 302
    page = reverse("partnerships:placement_page", args=[placement.pk])
    assert SECRET in sign_in(reader).get(page).content.decode()
    assert SECRET not in sign_in(not_reader).get(page).content.decode()
    assert SECRET not in sign_in(world.inspector).get(page).content.decode()
    mine = sign_in(stage.ines.person)
    mine.post(reverse("partnerships:log_remove", args=[entry.pk]))
    assert SECRET not in sign_in(reader).get(page).content.decode()
    mine = sign_in(stage.ines.person)
    mine.post(reverse("partnerships:log_restore", args=[entry.pk]))
    assert SECRET in mine.get(reverse("partnerships:log_page", args=[entry.of_id])).content.decode()


def test_bad_input_of_the_log_loses_nothing(stage, logged, sign_in):
    _, entry = logged
    client = sign_in(stage.ines.person)
    answer = client.post(reverse("partnerships:log_write", args=[entry.of_id]), {"day": "hier", "text": "Gardé"})
    assert answer.status_code == 422
    assert "Gardé" in answer.content.decode()
    assert "Écrivez un jour" in answer.content.decode()
