"""Bookings by hand: what may be, what is refused in words, and what comes back."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import CalendarChange, Notice
from circo.rules import Role
from partnerships.models import (
    ClassPlace,
    ClassSeat,
    HostingRules,
    Placement,
    PlacementDay,
    SchoolPlace,
    UniversityPeriod,
)
from partnerships.offers.rules import OfferState
from partnerships.placements import rules
from partnerships.placements.actions import booking, life
from partnerships.placements.queries import agenda, openings
from partnerships.placements.rules import PlacementState
from partnerships.placements.seating import Taken
from tests.partnerships.partner import cohort_of
from tests.partnerships.placed import DAYS, HOLD, NOW, SEE, SHARE, Stage, standing
from tests.world import post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]


def seats(placement) -> int:
    return ClassSeat.objects.filter(placement=placement).count()


# --- Hold -------------------------------------------------------------------------------------------------------------
def test_a_seat_is_held_for_each_half_day_and_what_is_held_grows(stage):
    one = stage.hold(*DAYS[:2])
    other = stage.hold(DAYS[2], kind=SHARE)
    assert one == other
    assert (one.state, standing(one)) == (PlacementState.HELD, [day.code for day in DAYS[:3]])
    assert seats(one) == 3
    assert ClassPlace.objects.count() == SchoolPlace.objects.count() == 1


def test_a_pair_takes_two_seats_and_goes_together(stage):
    pair = stage.pair()
    placement = stage.hold(DAYS[0], who=pair)
    assert standing(placement) == [DAYS[0].code] * 2
    assert seats(placement) == 2
    with pytest.raises(Refusal, match="les deux vont ensemble"):
        stage.hold(DAYS[1], who=pair[:1])
    with pytest.raises(Refusal, match="en binôme vont ensemble"):
        stage.hold(DAYS[1], who=[pair[0], stage.ines])
    with pytest.raises(Refusal, match="qui va dans cette classe"):
        stage.hold(DAYS[1], who=[])


def test_who_holds_a_class_is_alone_with_it(stage):
    other = stage.student("Paul")
    stage.whole()
    for kind, day in ((SEE, DAYS[4]), (HOLD, DAYS[5])):
        with pytest.raises(Taken, match="D’autres tiennent déjà la classe"):
            stage.hold(day, kind=kind, who=[other])
    placement = Placement.objects.get()
    stage.hold(DAYS[8], who=[other])
    with pytest.raises(Taken, match="sans autre étudiant"):
        booking.move(placement=placement, half_day=DAYS[5], to=DAYS[8], by=stage.by)


def test_a_full_class_refuses_and_offers_the_nearest_others(stage):
    stage.hold(DAYS[2], who=stage.pair())
    other = stage.other_class(levels=["CE1"])
    far = stage.other_class(school=stage.ground.schools[1])
    with pytest.raises(Taken, match="plus de place") as told:
        stage.hold(DAYS[2])
    assert told.value.half_day == DAYS[2]
    found = openings.alternatives(stage.offer, DAYS[2], SEE, [stage.ines])
    here = [one.half_day for one in found if one.offer == stage.offer]
    assert here == [DAYS[1], DAYS[3], DAYS[0]]
    assert [one.offer for one in found if one.half_day == DAYS[2]] == [other, far]
    assert "mardi 12 janvier 2027, après-midi, chez" in found[1].words


def test_one_seat_is_not_two(stage):
    stage.hold(DAYS[2])
    with pytest.raises(Taken, match="Il ne reste qu’une place"):
        stage.hold(DAYS[2], who=stage.pair())


def test_nearest_others_leave_out_when_students_are_away(stage):
    UniversityPeriod.objects.create(cohort=stage.cohort, label="Cours", starts_on=DAYS[1].day, ends_on=DAYS[1].day)
    stage.hold(DAYS[4])
    found = {one.half_day for one in openings.alternatives(stage.offer, DAYS[2], SEE, [stage.ines])}
    assert not found & {DAYS[0], DAYS[1], DAYS[4]}
    assert found
    assert openings.alternatives(stage.offer, HalfDay(date(2026, 9, 14), "AM"), SEE, [stage.ines]) == []


@pytest.mark.parametrize(
    ("half_day", "reason"),
    [
        (HalfDay(date(2026, 11, 26), "AM"), "passée"),
        (HalfDay(date(2026, 11, 3), "AM"), "passée"),
        (HalfDay(date(2026, 12, 21), "AM"), "Noël"),
        (HalfDay(date(2027, 5, 6), "AM"), "Ascension"),
        (HalfDay(date(2027, 1, 13), "AM"), "Pas de classe|n’est pas proposée|mercredi|école"),
        (HalfDay(date(2027, 9, 6), "AM"), "n’est pas proposée"),
    ],
)
def test_half_days_that_are_over_or_closed_are_refused(stage, half_day, reason):
    with pytest.raises(Refusal, match=reason):
        stage.hold(half_day)
    assert not Placement.objects.exists()


def test_a_closed_week_refuses_a_booking_and_a_move(stage):
    placement = stage.hold(DAYS[0])
    closed = DAYS[8]
    CalendarChange.objects.create(
        school=stage.offer.school, kind="CLOSED", starts_on=closed.day, ends_on=closed.day, reason="Travaux"
    )
    for refused in (
        lambda: stage.hold(closed),
        lambda: booking.move(placement=placement, half_day=DAYS[0], to=closed, by=stage.by),
    ):
        with pytest.raises(Refusal, match="Travaux"):
            refused()
    assert standing(placement) == [DAYS[0].code]
    assert seats(placement) == 1


def test_the_university_and_what_takes_people_refuse(stage, monkeypatch):
    UniversityPeriod.objects.create(cohort=stage.cohort, label="Partiels", starts_on=DAYS[0].day, ends_on=DAYS[0].day)
    with pytest.raises(Refusal, match="Partiels"):
        stage.hold(DAYS[1])
    posting = stage.host.postings.get()
    posting.half_days = ["MON_AM", "MON_PM"]
    posting.save()
    with pytest.raises(Refusal, match="Ne travaille pas"):
        stage.hold(DAYS[2])
    assert stage.hold(DAYS[8])


def test_a_student_is_in_one_class_at_a_time_whatever_the_cohort(stage):
    stage.hold(DAYS[0])
    with pytest.raises(Taken, match="Inès Garreau est déjà en stage"):
        stage.hold(DAYS[0], offer=stage.other_class())
    again = cohort_of(stage.ground, " B", programme=stage.cohort.programme)
    same = stage.ines.person.studies.create(cohort=again, status=stage.status)
    with pytest.raises(Taken, match="déjà en stage"):
        stage.hold(DAYS[0], who=[same], offer=stage.other_class())


def test_a_class_must_be_open_to_that_institution_for_that_year(stage):
    for fields in ({"state": OfferState.CLOSED}, {"institutions": []}):
        with pytest.raises(Refusal, match="n’est pas ouverte à vos étudiants"):
            stage.hold(DAYS[0], offer=stage.other_class(**fields))
    stage.ines.left_at = NOW
    stage.ines.save()
    with pytest.raises(Refusal, match="n’est plus dans la promotion"):
        stage.hold(DAYS[0])


def test_limits_of_class_and_school_hold(stage):
    HostingRules.objects.create(district=stage.ground.district, class_year_most=2, school_period_most=3)
    names = [stage.student(f"Zoé{number}") for number in range(4)]
    first = stage.hold(DAYS[0], who=[names[0]])
    stage.hold(DAYS[1], who=[names[1]])
    with pytest.raises(Taken, match="au plus 2\u00a0étudiants dans l’année"):
        stage.hold(DAYS[2], who=[names[2]])
    other = stage.other_class()
    stage.hold(DAYS[2], who=[names[2]], offer=other)
    with pytest.raises(Taken, match="au plus 3\u00a0étudiants dans une période"):
        stage.hold(DAYS[3], who=[names[3]], offer=other)
    booking.free(placement=first, half_days=[DAYS[0]], by=stage.by)
    assert stage.hold(DAYS[3], who=[names[3]], offer=other)


def test_the_order_of_kinds_is_kept(stage):
    with pytest.raises(Refusal, match="il manque à Inès Garreau 2\u00a0demi-journées d’observation"):
        stage.hold(DAYS[0], kind=SHARE)
    with pytest.raises(Refusal, match="il manque à Inès Garreau 2\u00a0demi-journées de pratique"):
        stage.hold(DAYS[0], kind=HOLD)
    placement = stage.whole()
    with pytest.raises(Refusal, match="Avant la pratique accompagnée"):
        booking.free(placement=placement, half_days=[DAYS[0]], by=stage.by)
    with pytest.raises(Refusal, match="Avant la"):
        booking.move(placement=placement, half_day=DAYS[0], to=DAYS[9], by=stage.by)
    with pytest.raises(Refusal, match="déjà plus loin"):
        stage.hold(DAYS[9])
    assert len(standing(placement)) == 6


def test_a_course_without_responsibility_has_none(world):
    stage = Stage(world, kinds=["OBSERVATION", "ACCOMPANIED"])
    stage.hold(*DAYS[:2])
    stage.hold(*DAYS[2:4], kind=SHARE)
    with pytest.raises(Refusal, match="ne prévoit pas de demi-journée de responsabilité"):
        stage.hold(DAYS[4], kind=HOLD)


def test_another_institution_books_nothing(stage, world):
    with pytest.raises(Refusal, match="que vous coordonnez"):
        booking.hold(
            offer=stage.offer,
            students=[stage.ines],
            kind=SEE,
            half_days=DAYS[:1],
            by=world.partner_coordinator_there,
        )
    placement = stage.hold(DAYS[0])
    for refused in (
        lambda by: booking.move(placement=placement, half_day=DAYS[0], to=DAYS[1], by=by),
        lambda by: booking.free(placement=placement, half_days=[DAYS[0]], by=by),
        lambda by: life.confirm(placement=placement, by=by),
        lambda by: life.cancel(placement=placement, reason="", by=by),
        lambda by: life.publish(placement=placement, by=by),
    ):
        for by in (world.partner_coordinator_there, world.amina, stage.ines.person):
            with pytest.raises(Refusal):
                refused(by)


def test_nothing_or_too_much_at_once_is_refused(stage):
    many = [HalfDay(DAYS[0].day + timedelta(days=number), "AM") for number in range(rules.DAYS_AT_ONCE + 1)]
    for half_days in ([], many):
        with pytest.raises(Refusal, match="Choisissez de 1 à"):
            booking.hold(offer=stage.offer, students=[stage.ines], kind=SEE, half_days=half_days, by=stage.by)


# --- Move, give up, take back -----------------------------------------------------------------------------------------
def test_a_half_day_moves_with_its_seat(stage):
    placement = stage.hold(*DAYS[:2])
    booking.move(placement=placement, half_day=DAYS[0], to=DAYS[5], by=stage.by)
    assert standing(placement) == [DAYS[1].code, DAYS[5].code]
    assert seats(placement) == 2
    assert PlacementDay.objects.count() == 2
    same = booking.move(placement=placement, half_day=DAYS[1], to=DAYS[1], by=stage.by)
    assert same == placement


def test_a_half_day_moves_to_another_class(stage):
    placement, other = stage.hold(*DAYS[:2]), stage.other_class()
    target = booking.move(placement=placement, half_day=DAYS[0], to=DAYS[0], offer=other, by=stage.by)
    assert (target.offer, standing(target), standing(placement)) == (other, [DAYS[0].code], [DAYS[1].code])
    again = booking.move(placement=placement, half_day=DAYS[1], to=DAYS[3], offer=other, by=stage.by)
    assert again == target
    placement.refresh_from_db()
    assert placement.state == PlacementState.CANCELLED
    assert "Déplacé chez" in placement.reason
    assert ClassPlace.objects.get().offer == other
    assert seats(placement) == 0


def test_what_is_given_up_comes_back(stage):
    placement = stage.hold(*DAYS[:2])
    booking.free(placement=placement, half_days=[DAYS[0]], by=stage.by)
    assert (standing(placement), seats(placement)) == ([DAYS[1].code], 1)
    booking.put_back(placement=placement, half_days=[DAYS[0]], by=stage.by)
    assert (len(standing(placement)), seats(placement)) == (2, 2)
    with pytest.raises(Refusal, match="rien à reprendre"):
        booking.put_back(placement=placement, half_days=[DAYS[0]], by=stage.by)


def test_what_somebody_else_has_taken_does_not_come_back(stage):
    placement = stage.hold(*DAYS[:2])
    booking.free(placement=placement, half_days=[DAYS[0]], by=stage.by)
    stage.hold(DAYS[0], who=stage.pair())
    with pytest.raises(Taken, match="plus de place"):
        booking.put_back(placement=placement, half_days=[DAYS[0]], by=stage.by)


def test_without_a_half_day_left_it_is_cancelled_and_that_is_undone(stage):
    placement = stage.hold(DAYS[0])
    booking.free(placement=placement, half_days=[DAYS[0]], by=stage.by)
    placement.refresh_from_db()
    assert placement.state == PlacementState.CANCELLED
    for refused in (
        lambda: booking.put_back(placement=placement, half_days=[DAYS[0]], by=stage.by),
        lambda: booking.free(placement=placement, half_days=[DAYS[0]], by=stage.by),
        lambda: life.name_adult(placement=placement, half_days=[DAYS[0]], adult=stage.host, by=stage.by),
        lambda: life.follow(placement=placement, tutor=None, by=stage.by),
    ):
        with pytest.raises(Refusal, match="annulé, ou terminé"):
            refused()
    life.restore(placement=placement, by=stage.by)
    assert (Placement.objects.get().state, seats(placement)) == (PlacementState.HELD, 1)


def test_a_half_day_that_has_begun_neither_moves_nor_goes(stage):
    placement = stage.hold(*DAYS[:2])
    with time_machine.travel(NOW + timedelta(days=46, hours=1)):
        for refused in (
            lambda: booking.move(placement=placement, half_day=DAYS[0], to=DAYS[5], by=stage.by),
            lambda: booking.free(placement=placement, half_days=[DAYS[0]], by=stage.by),
        ):
            with pytest.raises(Refusal, match="Notez plutôt une absence"):
                refused()


def test_a_half_day_of_nothing_is_refused(stage):
    placement = stage.hold(DAYS[0])
    with pytest.raises(Refusal, match="rien, ou plus rien"):
        booking.move(placement=placement, half_day=DAYS[3], to=DAYS[5], by=stage.by)
    with pytest.raises(Refusal, match="au moins une"):
        booking.free(placement=placement, half_days=[], by=stage.by)


# --- Busy and freed ---------------------------------------------------------------------------------------------------
def test_students_are_busy_and_teachers_freed_once_it_is_public(stage):
    stage.derogation()
    placement = stage.whole()
    first, last = DAYS[0].day, DAYS[-1].day
    busy = calendar.busy([stage.ines.person_id, stage.host.pk], first, last)
    assert [one.half_day for one in busy[stage.ines.person_id]] == DAYS[:6]
    assert not busy[stage.host.pk]
    assert agenda.freed(first, last) == []
    adult = stage.adult()
    life.confirm(placement=placement, by=stage.by)
    life.name_adult(placement=placement, half_days=DAYS[4:5], adult=adult, by=stage.by)
    life.name_adult(placement=placement, half_days=DAYS[5:6], adult=stage.host, by=stage.by)
    life.publish(placement=placement, by=stage.by)
    assert agenda.freed(first, last) == [(stage.host.pk, stage.offer.pk, DAYS[4])]
    assert agenda.freed(first, last, offer_ids=[]) == []


# --- The database has the last word -----------------------------------------------------------------------------------
def test_the_database_refuses_a_second_seat_and_a_second_class(stage):
    placement = stage.hold(DAYS[0])
    row, seat = placement.days.get(), placement.seats.get()
    other = stage.other_class()
    for again in (
        lambda: PlacementDay.objects.create(
            placement=placement,
            student=row.student,
            person=row.person,
            offer=other,
            day=row.day,
            half=row.half,
            kind=row.kind,
        ),
        lambda: ClassSeat.objects.create(
            placement=placement, offer=stage.offer, day=seat.day, half=seat.half, number=seat.number
        ),
        lambda: ClassSeat.objects.create(
            placement=placement, offer=stage.offer, day=seat.day, half=seat.half, number=rules.ALL_SEATS + 1
        ),
        lambda: ClassPlace.objects.create(offer=stage.offer, person=stage.host, number=1),
        lambda: PlacementDay.objects.filter(pk=row.pk).update(missed_by="HOST"),
        lambda: Placement.objects.filter(pk=placement.pk).update(state="CANCELLED"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            again()


# --- Publish ----------------------------------------------------------------------------------------------------------
def test_publishing_tells_whom_it_concerns_and_nobody_before(stage, world):
    post(world.bruno, Role.HEAD_TEACHER, stage.offer.school)
    placement = stage.hold(*DAYS[:2])
    life.confirm(placement=placement, by=stage.by)
    assert not Notice.objects.filter(kind="placements").exists()
    life.publish(placement=placement, by=stage.by)
    told = {one.person: one.title for one in Notice.objects.filter(kind="placements").select_related("person")}
    assert "Votre stage est publié" in told[stage.ines.person]
    assert "stage dans votre classe" in told[stage.host]
    assert world.bruno in told


@pytest.mark.parametrize("what", ["adult", "basis", "ended", "status"])
def test_nobody_holds_a_class_without_a_basis_and_an_adult(stage, what):
    if what == "ended":
        stage.derogation(last=DAYS[4].day - timedelta(days=1))
    elif what == "adult":
        stage.derogation()
    elif what == "status":
        stage.derogation(allows_students_alone=False)
    placement = life.confirm(placement=stage.whole(), by=stage.by)
    if what != "adult":
        life.name_adult(placement=placement, half_days=DAYS[4:6], adult=stage.adult(), by=stage.by)
    expected = "Nommez l’adulte" if what == "adult" else "Rien ne permet à Inès Garreau de tenir la classe"
    with pytest.raises(Refusal, match=expected):
        life.publish(placement=placement, by=stage.by)
    placement.refresh_from_db()
    assert placement.state == PlacementState.CONFIRMED


def test_the_basis_is_written_as_it_stands(stage):
    allowed = stage.derogation()
    placement = life.confirm(placement=stage.whole(), by=stage.by)
    life.name_adult(placement=placement, half_days=DAYS[4:6], adult=stage.adult(), by=stage.by)
    life.publish(placement=placement, by=stage.by)
    held = placement.days.filter(kind=HOLD)
    assert {row.basis for row in held} == {"Dérogation 2026-14, Recteur"}
    assert not agenda.unfounded().exists()
    allowed.ends_on = DAYS[4].day - timedelta(days=1)
    allowed.save()
    assert agenda.unfounded().count() == 2
    status = stage.status
    status.may_be_alone, status.legal_text = True, "Contrat d’alternance"
    status.save()
    assert not agenda.unfounded().exists()


def test_a_status_that_may_be_alone_needs_no_derogation(stage):
    status = stage.status
    status.may_be_alone, status.legal_text = True, "Contrat d’alternance"
    status.save()
    placement = life.confirm(placement=stage.whole(), by=stage.by)
    life.name_adult(placement=placement, half_days=DAYS[4:6], adult=stage.adult(), by=stage.by)
    life.publish(placement=placement, by=stage.by)
    assert placement.days.filter(kind=HOLD).first().basis == "Alternant\u00a0: Contrat d’alternance"


def test_an_adult_is_of_the_school_and_there(stage, world):
    placement = stage.whole()
    adult = stage.adult()
    posting = adult.postings.get()
    for wrong, reason in ((stage.ines.person, "n’est pas de l’école"), (world.chloe, "n’est pas de l’école")):
        if wrong.postings.filter(school=stage.offer.school).exists():
            continue
        with pytest.raises(Refusal, match=reason):
            life.name_adult(placement=placement, half_days=DAYS[4:5], adult=wrong, by=stage.by)
    posting.half_days = ["MON_AM"]
    posting.save()
    with pytest.raises(Refusal, match="n’est pas dans l’école"):
        life.name_adult(placement=placement, half_days=DAYS[4:5], adult=adult, by=stage.by)
    with pytest.raises(Refusal, match="où la classe est tenue"):
        life.name_adult(placement=placement, half_days=DAYS[:1], adult=stage.host, by=stage.by)


def test_who_names_an_adult(stage, world):
    adult = stage.adult()
    placement = stage.whole()
    for by in (stage.ines.person, world.inspector, world.partner_coordinator_there, stage.host):
        with pytest.raises(Refusal, match="C’est à l’école, ou à l’institut"):
            life.name_adult(placement=placement, half_days=DAYS[4:5], adult=adult, by=by)
    life.confirm(placement=placement, by=stage.by)
    life.name_adult(placement=placement, half_days=DAYS[4:5], adult=adult, by=stage.host)
    assert placement.days.get(day=DAYS[4].day, half=DAYS[4].half).adult == adult
    assert "adulte référent" in Notice.objects.get(person=adult).title


def test_the_inspector_publishes_what_comes_to_the_district(stage, world):
    placement = life.confirm(placement=stage.hold(*DAYS[:2]), by=stage.by)
    with pytest.raises(Refusal, match="que vous publiez"):
        life.publish(placement=placement, by=world.inspector_there)
    assert life.publish(placement=placement, by=world.inspector).state == PlacementState.PUBLISHED


def test_publishing_looks_again(stage):
    placement = life.confirm(placement=stage.hold(*DAYS[:2]), by=stage.by)
    UniversityPeriod.objects.create(cohort=stage.cohort, label="Partiels", starts_on=DAYS[0].day, ends_on=DAYS[0].day)
    with pytest.raises(Refusal, match="Partiels"):
        life.publish(placement=placement, by=stage.by)
    with time_machine.travel(NOW + timedelta(days=80)), pytest.raises(Refusal, match="plus de demi-journée à venir"):
        life.publish(placement=placement, by=stage.by)


def test_several_are_published_and_the_others_say_why(stage):
    good = life.confirm(placement=stage.hold(*DAYS[:2]), by=stage.by)
    alone = stage.student("Paul")
    bad = life.confirm(placement=stage.whole(who=[alone]), by=stage.by)
    held = stage.hold(DAYS[8], who=[stage.student("Zoé")])
    batch = life.move_all(placements=[good, bad, held], verb=rules.Verb.PUBLISH, by=stage.by)
    assert batch.done == (good,)
    assert [(one, reason[:7]) for one, reason in batch.left] == [(bad, "Nommez "), (held, "On publ")]


def test_a_public_half_day_moves_only_where_it_could_be_published(stage):
    stage.derogation(last=DAYS[7].day)
    adult = stage.adult()
    placement = life.confirm(placement=stage.whole(), by=stage.by)
    life.name_adult(placement=placement, half_days=DAYS[4:6], adult=adult, by=stage.by)
    life.publish(placement=placement, by=stage.by)
    with pytest.raises(Refusal, match="Rien ne permet"):
        booking.move(placement=placement, half_day=DAYS[5], to=DAYS[9], by=stage.by)
    posting = adult.postings.get()
    posting.half_days = [code for code in posting.half_days or stage.offer.week if not code.startswith("FRI")]
    posting.save()
    with pytest.raises(Refusal, match="Nommez l’adulte"):
        booking.move(placement=placement, half_day=DAYS[5], to=DAYS[7], by=stage.by)
    booking.move(placement=placement, half_day=DAYS[5], to=DAYS[7], adult=stage.host, by=stage.by)
    moved = placement.days.get(day=DAYS[7].day, half=DAYS[7].half)
    assert (moved.adult, moved.basis[:10]) == (stage.host, "Dérogation")
    told = Notice.objects.filter(person=stage.ines.person, title__contains="passe à")
    assert told.count() == 1


# --- Cancel, restore, end ---------------------------------------------------------------------------------------------
def test_a_public_placement_is_cancelled_with_a_reason_and_restored_as_it_was(stage):
    placement = stage.published(*DAYS[:2])
    with pytest.raises(Refusal, match="Dites pourquoi"):
        life.cancel(placement=placement, reason=" ", by=stage.by)
    life.cancel(placement=placement, reason="L’école ferme", by=stage.by)
    assert (standing(placement), seats(placement), SchoolPlace.objects.count()) == ([], 0, 0)
    assert Notice.objects.filter(title__contains="est annulé").count() == 2
    life.restore(placement=placement, by=stage.by)
    assert Placement.objects.get().state == PlacementState.PUBLISHED
    assert (len(standing(placement)), seats(placement)) == (2, 2)


def test_what_was_given_up_before_is_not_restored(stage):
    placement = stage.hold(*DAYS[:3])
    booking.free(placement=placement, half_days=[DAYS[2]], by=stage.by)
    life.cancel(placement=placement, reason="", by=stage.by)
    life.restore(placement=placement, by=stage.by)
    assert standing(placement) == [DAYS[0].code, DAYS[1].code]


def test_a_placement_ends_once_it_is_over_and_that_is_undone(stage):
    placement = stage.published(*DAYS[:2])
    with pytest.raises(Refusal, match="encore des demi-journées à venir"):
        life.end(placement=placement, by=stage.by)
    with time_machine.travel(NOW + timedelta(days=80)):
        with pytest.raises(Refusal, match="terminez ce stage plutôt"):
            life.cancel(placement=placement, reason="trop tard", by=stage.by)
        assert life.end(placement=placement, by=stage.by).state == PlacementState.ENDED
        assert life.resume(placement=placement, by=stage.by).state == PlacementState.PUBLISHED


def test_a_confirmation_is_taken_back(stage):
    placement = life.confirm(placement=stage.hold(DAYS[0]), by=stage.by)
    assert placement in Placement.objects.visible_to(stage.host)
    life.reopen(placement=placement, by=stage.by)
    assert placement not in Placement.objects.visible_to(stage.host)


def test_a_tutor_works_at_the_institution(stage, world):
    placement = stage.hold(DAYS[0])
    with pytest.raises(Refusal, match="travaille à l’institut"):
        life.follow(placement=placement, tutor=world.amina, by=stage.by)
    assert life.follow(placement=placement, tutor=stage.by, by=stage.by).tutor == stage.by
    assert life.follow(placement=placement, tutor=None, by=stage.by).tutor is None


# --- Who sees what ----------------------------------------------------------------------------------------------------
def test_each_sees_a_placement_in_its_time(stage, world):
    post(world.bruno, Role.HEAD_TEACHER, stage.offer.school)
    sees = {"student": stage.ines.person, "host": stage.host, "head": world.bruno, "inspector": world.inspector}
    sees |= {"coordinator": stage.by, "other": world.partner_coordinator_there, "far": world.inspector_there}

    def seen():
        return {name for name, person in sees.items() if Placement.objects.visible_to(person).exists()}

    placement = stage.hold(*DAYS[:2])
    assert seen() == {"coordinator"}
    life.confirm(placement=placement, by=stage.by)
    assert seen() == {"coordinator", "host", "head", "inspector"}
    life.publish(placement=placement, by=stage.by)
    assert seen() == {"coordinator", "host", "head", "inspector", "student"}
    life.cancel(placement=placement, reason="Non", by=stage.by)
    assert seen() == {"coordinator", "host", "head", "inspector", "student"}
