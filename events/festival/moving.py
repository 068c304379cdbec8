"""The place or the hours of what is on the programme move: whoever booked or helps is told where and when now."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from events.festival import rules
from events.festival.locking import edited
from events.festival.mails import send_link
from events.festival.rules import BookingState, FestivalState, Moment
from events.festival.telling import tell_helpers
from events.models import AnimationSession, SeatBooking
from events.models.festival import AnimationSessionQuerySet

BEGUN = "Cette séance a commencé\u00a0: ajoutez-en plutôt une autre."


@transaction.atomic
def move_session(*, session: AnimationSession, moment: Moment, by: Person) -> AnimationSession:
    """Give a session other hours: seats stay, and whoever booked or helps is told. The same hours change nothing.

    Raises: Refusal if one may not change it, it has begun, or the new hours are outside the festival, past, or those
            of another session.
    """
    animation = edited(session.animation, by)
    held = AnimationSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if held.moment == moment:
        return held
    if held.starts_at <= timezone.now():
        raise Refusal(BEGUN)
    rules.check_moment(moment, animation.festival.span)
    others = animation.sessions.exclude(pk=held.pk)
    if rules.crossing(moment, ((other.moment, animation.title) for other in others)):
        raise Refusal("Cette animation a déjà une séance à cette heure.")
    is_other_day = held.on != moment.on
    held.on, held.starts, held.ends = moment.on, moment.starts, moment.ends
    if held.starts_at <= timezone.now():
        raise Refusal("Cette heure est passée.")
    held.save(update_fields=["on", "starts", "ends"])
    if is_other_day:
        held.bookings.update(reminded_at=None)  # the day before is another one
    tell_moved(AnimationSession.objects.filter(pk=held.pk), by=by)
    return held


def note_change(sessions: AnimationSessionQuerySet) -> None:
    """Let the calendars that follow these sessions know that they changed."""
    sessions.update(sequence=F("sequence") + 1, changed_at=timezone.now())


def tell_moved(sessions: AnimationSessionQuerySet, *, by: Person) -> None:
    """Tell visitors and volunteers where and when these sessions are now: those to come, of a programme shown.

    Told a moment ago, they are told again a little later, once, whatever has moved meanwhile (`tell_late`).
    """
    note_change(sessions)
    sessions.filter(told_at__gt=timezone.now() - rules.TOLD_AGAIN_AFTER).update(is_untold=True)
    for session in _coming(sessions.filter(is_untold=False)):
        _tell(session, by)


def tell_late() -> int:
    """Tell what has moved again since it was told. Return of how many sessions. Safe to run twice."""
    due = AnimationSession.objects.filter(is_untold=True, told_at__lte=timezone.now() - rules.TOLD_AGAIN_AFTER)
    told = 0
    for pk in list(due.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            if due.filter(pk=pk).update(is_untold=False):
                for session in _coming(AnimationSession.objects.filter(pk=pk)):
                    _tell(session)
                    told += 1
    return told


def _coming(sessions: AnimationSessionQuerySet) -> list[AnimationSession]:
    shown = sessions.retained().filter(animation__festival__state=FestivalState.PUBLISHED)
    rows, now = shown.select_related("animation__festival").order_by("pk"), timezone.now()
    return [one for one in rows if one.starts_at > now]


def _tell(session: AnimationSession, by: Person | None = None) -> None:
    now = timezone.now()
    AnimationSession.objects.filter(pk=session.pk).update(told_at=now)
    concerned = SeatBooking.objects.live().filter(session=session)
    concerned = concerned.exclude(state=BookingState.HELD, held_until__lte=now)
    for booking in concerned.select_related("session__animation__festival").order_by("pk"):
        send_link(booking, moved=True)
    tell_helpers(session, by)
