"""What passed long ago is forgotten: polls of dates, what was called off. What took place stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from networks import tasks
from networks.meetings.rules import Choice, MeetingState
from networks.models import Booking, Meeting, PollAnswer, PollOption, Visit, VisitReport
from networks.visits.rules import SEATED, VisitState
from tests.networks.meetings import begun
from tests.networks.places import place_of
from tests.networks.visits_things import report_of, site_of, visit_of

pytestmark = pytest.mark.django_db
OLD, YOUNG = timedelta(days=31), timedelta(days=29)


@pytest.fixture(autouse=True)
def _thirty_days(settings):
    settings.PASSED_KEPT_DAYS = 30


def forget() -> None:
    for _ in range(2):  # twice does no harm
        tasks.forget_passed()


def test_polls_are_forgotten_with_their_answers_and_meetings_stay(world):
    now, kept = timezone.now(), {}
    for age in (OLD, YOUNG):
        poll = Meeting.objects.create(group=world.here.group, title="Une date", state=MeetingState.POLLING)
        option = PollOption.objects.create(meeting=poll, starts_at=now - age - timedelta(hours=2), ends_at=now - age)
        kept[age] = PollAnswer.objects.create(option=option, person=world.amina, choice=Choice.YES)
    forget()
    assert list(PollAnswer.objects.all()) == [kept[YOUNG]]
    assert PollOption.objects.count() == 1
    assert Meeting.objects.count() == 2


def test_cancelled_bookings_are_forgotten_and_no_other(world):
    place, now = place_of(world.here.district), timezone.now()

    def booking(age, cancelled_at) -> Booking:
        return Booking.objects.create(
            place=place,
            starts_at=now - age - timedelta(hours=2),
            ends_at=now - age,
            purpose="Lire ensemble",
            people=4,
            booked_by=world.amina,
            cancelled_at=cancelled_at,
        )

    gone = booking(OLD, now - OLD)
    meeting = begun(world.here.group, world.amina, booking=gone)
    kept = [booking(OLD, None), booking(OLD, now - YOUNG), booking(YOUNG, now - YOUNG), booking(-YOUNG, now - OLD)]
    forget()
    assert set(Booking.objects.all()) == set(kept)
    meeting.refresh_from_db()
    assert meeting.booking is None


@pytest.mark.parametrize("state", list(VisitState))
def test_visits_that_came_to_nothing_are_forgotten_and_no_other(world, state):
    site, today = site_of(world.amina), timezone.localdate()
    seated = {} if state in SEATED else {"seat": None}
    old = visit_of(site, world.chloe, today - OLD, state=state, **seated)
    young = visit_of(site, world.chloe, today - YOUNG, state=state, **seated)
    report_of(old)
    forget()
    nothing = state in (VisitState.DECLINED, VisitState.CANCELLED, VisitState.LAPSED)
    assert set(Visit.objects.all()) == ({young} if nothing else {old, young})
    assert VisitReport.objects.count() == (0 if nothing else 1)
