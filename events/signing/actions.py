"""Verbs of presences: sign, note a list, declare a day held, the hours that it gives once, the certificates."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone

from circo.calendar.rules import Half
from circo.documents import actions as documents
from circo.documents.rules import weekday
from circo.errors import Refusal
from circo.hours import actions as hours
from circo.models import Person
from events.convening.rules import CALLED, ConvocationState
from events.days import actions as days
from events.days import rules as day_rules
from events.days.rules import DayState
from events.days.telling import CERTIFIED, tell
from events.models import Convocation, Presence, SharingDay
from events.signing import attending, queries, rules
from events.signing.claiming import claim_of
from events.signing.rules import Stay, Way

NOT_CALLED = "Vous n’êtes pas sur la liste de cette journée. Adressez-vous à l’accueil."
NOT_YET = "Cette journée n’a pas encore commencé."


@transaction.atomic
def sign(*, day: SharingDay, half: Half, ticket: str, by: Person) -> Presence:
    """Sign a half-day with the ticket of the code that was on its screen. Signing twice changes nothing.

    Raises: Refusal if one is not called, the ticket is not one's own or too old, or it is not the hours of that half.
    """
    held = _called(day, by)
    attending.scanned(held.day, half).check_ticket(ticket, by)
    if held.day.state not in day_rules.ON_GOING:
        raise day_rules.LIFE.refusal(DayState(held.day.state))
    if not rules.is_signed_now(*held.day.at(half), timezone.localtime()):
        raise Refusal("On signe pendant la demi-journée. Si vous y étiez, dites-le à l’accueil.")
    defaults = {"way": Way.SCAN, "recorded_by": by}
    one, made = Presence.objects.get_or_create(convocation=held, half=half, defaults=defaults)
    if made:
        _void([held.pk])
    if made and held.day.state == DayState.HELD:
        _credit_all(held.day, [held], by)
    return one


@transaction.atomic
def record(
    *, day: SharingDay, half: Half, shown: Collection[int], present: Collection[int], way: Way, by: Person
) -> int:
    """Write the list of a half-day: of the convocations shown, those present; the others of them were not.

    What is known of the others stays. Return how many presences changed.
    Raises: Refusal if one does not prepare the day, it has not begun or is closed, or hours that would go are
            confirmed: then nothing is written.
    """
    held = _begun(day, by)
    listed = {one.pk: one for one in queries.called(held).filter(pk__in=shown).select_related("person").order_by("pk")}
    known = set(
        Presence.objects.filter(convocation__in=listed, half=half).order_by().values_list("convocation_id", flat=True)
    )
    wanted = {pk for pk in present if pk in listed}
    gone, come = (set(listed) & known) - wanted, wanted - known
    Presence.objects.filter(convocation__in=gone, half=half).delete()
    now = timezone.now()
    Presence.objects.bulk_create(
        Presence(convocation_id=pk, half=half, way=way, recorded_by=by, recorded_at=now) for pk in sorted(come)
    )
    _void(gone | come)
    if held.state == DayState.HELD:
        _credit_all(held, [listed[pk] for pk in sorted(gone | come)], by)
    return len(gone | come)


@transaction.atomic
def add(*, day: SharingDay, person: Person, half: Half, by: Person) -> Convocation:
    """Note that somebody came without being called: they are on the list from now on, present that half-day.

    Raises: Refusal as `record`, or if one does not see that person.
    """
    held = _begun(day, by)
    if not Person.objects.visible_to(by).filter(pk=person.pk, is_active=True).exists():
        raise Refusal("Cette personne n’est pas de votre circonscription.")
    one, _ = Convocation.objects.get_or_create(day=held, person=person, defaults={"is_guest": True})
    if not one.is_called:
        one.state, one.withdrawn_at = ConvocationState.SENT, None
        one.sent_at, one.sent_by = one.sent_at or timezone.now(), one.sent_by or by
        one.answer = one.reason = one.word = ""
        one.save()
        documents.call_on(Convocation.objects.filter(pk=one.pk).documents())
    defaults = {"way": Way.LIST, "recorded_by": by}
    _, made = Presence.objects.get_or_create(convocation=one, half=half, defaults=defaults)
    if made:
        _void([one.pk])
    if held.state == DayState.HELD:
        _credit_all(held, [one], by)
    return one


@transaction.atomic
def note_stay(*, convocation: Convocation, half: Half, stay: Stay | None, by: Person) -> None:
    """Note when somebody arrived or left; no stay: they were not there.

    Raises: Refusal as `record`, or for hours that the half-day does not hold.
    """
    day = _begun(convocation.day, by)
    held = queries.called(day).select_related("person").filter(pk=convocation.pk).first()
    if held is None:
        raise Refusal("Cette personne n’est pas sur la liste.")
    if stay is None:
        held.presences.filter(half=half).delete()
    else:
        rules.check_stay(stay, day.hours.of(half))
        Presence.objects.update_or_create(
            convocation=held,
            half=half,
            defaults={"arrived_at": stay.arrived_at, "left_at": stay.left_at, "recorded_by": by},
            create_defaults={
                "arrived_at": stay.arrived_at,
                "left_at": stay.left_at,
                "recorded_by": by,
                "way": Way.LIST,
            },
        )
    _void([held.pk])
    if day.state == DayState.HELD:
        _credit_all(day, [held], by)


@transaction.atomic
def hold(*, day: SharingDay, by: Person) -> SharingDay:
    """Declare that a day was held: the hours of those who were there are proposed, once, if it counts.

    Raises: Refusal if one does not prepare it, or it has not begun.
    """
    held = _begun(day, by)
    if held.state != DayState.HELD:
        days.move(held, DayState.HELD, by)
        _credit_all(held, list(queries.called(held).select_related("person").order_by("pk")), by)
    return held


@transaction.atomic
def unhold(*, day: SharingDay, by: Person) -> SharingDay:
    """Take back that a day was held: its hours go.

    Raises: Refusal if one does not prepare it, it is closed, or some of its hours are confirmed or validated.
    """
    held = days.prepared(day, by)
    days.move(held, DayState.PUBLISHED, by)
    for one in queries.called(held).select_related("person").order_by("pk"):
        hours.withdraw(person=one.person, source=held.source, by=by)
    _void(queries.called(held).order_by("pk").values_list("pk", flat=True))
    return held


@transaction.atomic
def close(*, day: SharingDay, by: Person) -> SharingDay:
    """Close a day: its presences no longer change.

    Raises: Refusal if one does not prepare it, or it was not held.
    """
    return days.move(days.prepared(day, by), DayState.CLOSED, by)


@transaction.atomic
def reopen(*, day: SharingDay, by: Person) -> SharingDay:
    """Open a closed day again: its presences may be corrected.

    Raises: Refusal if one does not prepare it, or it is not closed.
    """
    held = days.prepared(day, by)
    if held.state != DayState.CLOSED:
        raise Refusal("Cette journée n’est pas close.")
    return days.move(held, DayState.HELD, by)


@transaction.atomic
def certify(*, day: SharingDay, by: Person) -> int:
    """Issue a certificate of presence to each who came and has none, and tell them; return to how many.

    Raises: Refusal if one does not convene in that district, or the day was not held.
    """
    rows = SharingDay.objects.sendable_by(by).select_related("district").select_for_update(of=("self",))
    held = rows.filter(pk=day.pk).first()
    if held is None:
        raise Refusal("L’inspection et le secrétariat délivrent les attestations.")
    if held.state not in (DayState.HELD, DayState.CLOSED):
        raise Refusal("Dites d’abord que la journée a eu lieu\u00a0: les attestations disent qui était là.")
    came = Presence.objects.filter(convocation__day=held).order_by().values("convocation_id")
    waiting = list(queries.called(held).filter(pk__in=came, certificate=None).select_related("person").order_by("pk"))
    for one in waiting:
        one.certificate = documents.issue(
            kind="Attestation de présence",
            recipient=str(one.person),
            subject=f"{held.title}, {weekday(held.on)}"[:200],
            by=by,
            district=held.district,
            person=one.person,
        )
    Convocation.objects.bulk_update(waiting, ["certificate"], batch_size=200)
    key = f"certified-{waiting[0].certificate_id}" if waiting else ""
    tell([one.person for one in waiting], held, CERTIFIED, "Votre attestation de présence est prête", key)
    return len(waiting)


def _void(convocation_ids: Collection[int]) -> None:
    """Declare that the certificates of these no longer hold: they say what was known of a presence that changed."""
    rows = Convocation.objects.filter(pk__in=convocation_ids, certificate__isnull=False)
    if rows.exists():
        documents.call_off(rows.certificates())
        rows.update(certificate=None)


def _called(day: SharingDay, by: Person) -> Convocation:
    """One's convocation, its day locked: who signs while the day is declared held is counted all the same.

    Raises: Refusal.
    """
    locked = SharingDay.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=day.pk).first()
    rows = Convocation.objects.of(by).filter(day=day.pk, state__in=CALLED).select_related("person")
    held = rows.first()
    if held is None or locked is None:
        raise Refusal(NOT_CALLED)
    held.day = locked
    return held


def _begun(day: SharingDay, by: Person) -> SharingDay:
    """Lock a day whose presences may be noted.

    Raises: Refusal.
    """
    held = days.prepared(day, by)
    if held.state not in day_rules.ON_GOING:
        raise day_rules.LIFE.refusal(DayState(held.state))
    if timezone.localtime() < held.at("AM")[0] - rules.SCAN_MARGIN:
        raise Refusal(NOT_YET)
    return held


def _credit_all(day: SharingDay, convocations: Collection[Convocation], by: Person) -> None:
    """Have the hours of these people say what is known of their presence.

    Raises: Refusal if hours that would go are confirmed or validated.
    """
    if not day.counts:
        return
    known = queries.presences_of(day)
    for one in convocations:
        signed = known.get(one.pk, {}).values()
        _settle(day, one, {presence.half_day: presence.stay for presence in signed}, by)


def _settle(day: SharingDay, convocation: Convocation, stays: Mapping[Half, Stay], by: Person) -> None:
    if not stays:
        hours.withdraw(person=convocation.person, source=day.source, by=by)
        return
    convocation.day = day
    hours.credit(by=by, **vars(claim_of(convocation, stays)))
