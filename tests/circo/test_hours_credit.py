"""What the apps above credit: once a source, corrected while nobody confirmed, of the district of that day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.hours import actions
from circo.hours.rules import SIGNATURES, State
from circo.models import HourEntry, HoursQuota, Posting, SchoolYear
from circo.rules import Role
from tests.circo.hours import credit, entry_of, first_day
from tests.world import post


def test_hours_are_proposed_once_a_source(world):
    first = credit(world.amina)
    again = credit(world.amina)
    assert first == again
    assert HourEntry.objects.get().history.count() == 1, "nothing changed, nothing written"
    assert (first.state, first.minutes, first.district) == (State.PROPOSED, 180, world.here.district)
    assert first.school_year == world.year
    credit(world.bruno)
    assert HourEntry.objects.count() == 2, "the same meeting, another person"


def test_crediting_again_corrects_what_nobody_confirmed(world):
    credit(world.amina)
    assert credit(world.amina, minutes=120, by=world.adviser).minutes == 120
    entry = HourEntry.objects.get()
    assert (entry.minutes, entry.proposed_by) == (120, world.amina)
    assert entry.history.count() == 2


@pytest.mark.parametrize("state", [State.CONFIRMED, State.VALIDATED, State.REFUSED])
def test_crediting_again_leaves_what_somebody_decided(world, state):
    entry_of(world.amina, world.inspector, state)
    assert credit(world.amina, minutes=120).minutes == 180


@pytest.mark.parametrize("nothing", [{"minutes": 0}, {"on": first_day() - timedelta(days=40)}])
def test_nothing_to_count_gives_nothing_and_takes_back_what_was_proposed(world, nothing):
    credit(world.amina)
    assert credit(world.amina, **nothing) is None
    assert not HourEntry.objects.exists()


@pytest.mark.parametrize("name", ["adviser", "inspector", "secretary", "student", "partner_coordinator", "superuser"])
def test_those_who_owe_no_hours_are_credited_none(world, name):
    assert credit(getattr(world, name)) is None


def test_the_district_is_that_of_the_posting_of_the_day(world):
    today = timezone.localdate()
    Posting.objects.filter(person=world.amina).update(ends_on=today - timedelta(days=10))
    post(world.amina, Role.TEACHER, world.there.schools[0], starts_on=today - timedelta(days=9))
    assert credit(world.amina, on=today).district == world.there.district
    before = credit(world.amina, on=today - timedelta(days=10), source="tests.meeting:2")
    assert before.district == world.here.district


def test_a_trainer_is_credited_by_the_school_first(world):
    post(world.trainer, Role.TEACHER, world.there.schools[0], starts_on=timezone.localdate())
    assert credit(world.trainer).district == world.there.district
    assert credit(world.head_teacher).district == world.here.district


def test_a_year_that_is_not_opened_is_refused(world):
    later = SchoolYear.objects.get().last_day + timedelta(days=30)
    with pytest.raises(Refusal, match="pas encore ouverte"):
        credit(world.amina, on=later)


@pytest.mark.parametrize("minutes", [-15, 10, 31 * 60])
def test_the_database_keeps_quarters(world, minutes):
    with pytest.raises(IntegrityError), transaction.atomic():
        credit(world.amina, minutes=minutes)


@pytest.mark.parametrize("name", SIGNATURES)
@pytest.mark.parametrize("state", list(State))
def test_the_database_keeps_the_signatures_of_each_state(world, state, name):
    entry = entry_of(world.amina, world.inspector, state)
    wrong = None if getattr(entry, f"{name}_at") else timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        HourEntry.objects.filter(pk=entry.pk).update(**{f"{name}_at": wrong})


@pytest.mark.parametrize("name", SIGNATURES)
def test_the_database_lets_nobody_sign_their_own(world, name):
    state = {"confirmed": State.CONFIRMED, "validated": State.VALIDATED, "refused": State.REFUSED}[name]
    entry = entry_of(world.amina, world.inspector, state)
    with pytest.raises(IntegrityError), transaction.atomic():
        HourEntry.objects.filter(pk=entry.pk).update(**{f"{name}_by": world.amina})


def test_the_database_keeps_a_reason_with_a_refusal_alone(world):
    refused = entry_of(world.amina, world.inspector, State.REFUSED)
    proposed = credit(world.bruno)
    for entry, reason in ((refused, ""), (proposed, "Non")):
        with pytest.raises(IntegrityError), transaction.atomic():
            HourEntry.objects.filter(pk=entry.pk).update(reason=reason)


def test_only_validated_hours_may_be_of_nobody(world):
    proposed = credit(world.amina)
    with pytest.raises(IntegrityError), transaction.atomic():
        HourEntry.objects.filter(pk=proposed.pk).update(person=None)
    validated = entry_of(world.bruno, world.inspector, State.VALIDATED)
    assert HourEntry.objects.filter(pk=validated.pk).update(person=None) == 1


@pytest.mark.parametrize("minutes", [10, 19 * 60])
def test_the_database_keeps_a_quota_in_bounds(world, minutes):
    with pytest.raises(IntegrityError), transaction.atomic():
        HoursQuota.objects.create(person=world.amina, school_year=world.year, minutes=minutes)


# --- Withdrawing ------------------------------------------------------------------------------------------------------
def test_what_was_proposed_is_withdrawn(world):
    credit(world.amina)
    actions.withdraw(person=world.amina, source="tests.meeting:1", by=world.adviser)
    actions.withdraw(person=world.amina, source="tests.meeting:1", by=world.adviser)
    assert not HourEntry.objects.exists()


def test_what_was_refused_stays_refused(world):
    entry_of(world.amina, world.adviser, State.REFUSED)
    actions.withdraw(person=world.amina, source="tests.meeting:1", by=world.amina)
    assert HourEntry.objects.get().state == State.REFUSED
    assert credit(world.amina).state == State.REFUSED, "leaving and coming back does not ask again"


@pytest.mark.parametrize("name", ["amina", "bruno", "secretary", "adviser_there"])
def test_confirmed_hours_are_withdrawn_by_those_who_confirm_alone(world, name):
    entry_of(world.amina, world.adviser, State.CONFIRMED)
    with pytest.raises(Refusal, match="déjà confirmées"):
        actions.withdraw(person=world.amina, source="tests.meeting:1", by=getattr(world, name))
    actions.withdraw(person=world.amina, source="tests.meeting:1", by=world.adviser)
    assert not HourEntry.objects.exists()


def test_validated_hours_are_withdrawn_by_nobody(world):
    entry_of(world.amina, world.inspector, State.VALIDATED)
    with pytest.raises(Refusal, match="déjà validées"):
        actions.withdraw(person=world.amina, source="tests.meeting:1", by=world.inspector)
