"""Verbs of a programme being written: its moments, its workshops."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from events.days import actions as days
from events.models import SharingDay, Slot, Workshop, WorkshopSession
from events.programme import rules, seating
from events.programme.rules import Moment, SlotKind

SAME_TITLE = "Un atelier de la journée porte déjà ce titre."


@dataclass(frozen=True)
class WantedSlot:
    starts: time
    ends: time
    title: str
    kind: SlotKind = SlotKind.TOGETHER
    where: str = ""


@dataclass(frozen=True)
class WantedWorkshop:
    title: str
    words: str = ""
    facilitators: Collection[Person] = ()
    others: str = ""
    materials: str = ""


@transaction.atomic
def put_slot(*, day: SharingDay, wanted: WantedSlot, by: Person, slot: Slot | None = None, seen: str = "") -> Slot:
    """Add a moment to the programme, or change one. `seen`: the mark of what one saw of it.

    Raises: Refusal if one does not prepare the day, it is over, the moment crosses another or is outside the day, or
            workshops are held in a moment that would have none; Changed if somebody has changed it meanwhile.
    """
    held = prepared(day, by)
    if slot is not None:  # another may have written it since it was read
        slot = Slot.objects.filter(day=held, pk=slot.pk).first()
        if slot is None:
            raise Refusal("Ce moment a été retiré entre-temps\u00a0: ajoutez-le de nouveau.")
        rules.check_seen(seen, slot.mark, slot.in_words)
    others = Slot.objects.filter(day=held).exclude(pk=slot.pk if slot else 0).order_by("starts")
    rules.check_moment(Moment(wanted.starts, wanted.ends, wanted.title), held.hours, [other.moment for other in others])
    if slot is None and others.count() >= rules.SLOTS_MAX:
        raise Refusal(f"Une journée compte au plus {rules.SLOTS_MAX}\u00a0moments.")
    if slot is not None and wanted.kind is not SlotKind.WORKSHOPS and slot.sessions.standing().exists():
        raise Refusal("Des ateliers ont lieu à ce moment\u00a0: retirez-les d’abord.")
    written = slot or Slot(day=held)
    written.starts, written.ends, written.title = wanted.starts, wanted.ends, wanted.title.strip()
    written.kind, written.where = wanted.kind.value, wanted.where.strip()
    written.save()
    days.touch(held)
    return written


@transaction.atomic
def remove_slot(*, slot: Slot, by: Person) -> None:
    """Take a moment out of the programme. `put_slot` puts it back.

    Raises: Refusal if one does not prepare the day, it is over, or workshops are held in it.
    """
    held = prepared(slot.day, by)
    if slot.sessions.standing().exists():
        raise Refusal("Des ateliers ont lieu à ce moment\u00a0: retirez-les d’abord.")
    slot.delete()
    days.touch(held)


@transaction.atomic
def put_workshop(
    *, day: SharingDay, wanted: WantedWorkshop, by: Person, workshop: Workshop | None = None, seen: str = ""
) -> Workshop:
    """Add a workshop to those of a day, or change one. `seen`: the mark of what one saw of it.

    Raises: Refusal if one does not prepare the day, it is over, another has that title, or somebody would lead two
            workshops at once; Changed if somebody has changed it meanwhile.
    """
    held = prepared(day, by)
    if workshop is None and held.workshops.count() >= rules.WORKSHOPS_MAX:
        raise Refusal(f"Une journée compte au plus {rules.WORKSHOPS_MAX}\u00a0ateliers.")
    standing = held.workshops.filter(removed_at=None)
    if workshop is not None:  # another may have written it since it was read
        workshop = standing.filter(pk=workshop.pk).first()
        if workshop is None:
            raise Refusal("Cet atelier a été retiré entre-temps\u00a0: remettez-le d’abord.")
        rules.check_seen(seen, workshop.mark, workshop.in_words)
    if standing.filter(title=wanted.title.strip()).exclude(pk=workshop.pk if workshop else 0).exists():
        raise Refusal(SAME_TITLE)
    written = workshop or Workshop(day=held)
    written.title, written.words = wanted.title.strip(), wanted.words.strip()
    written.others, written.materials = wanted.others.strip(), wanted.materials.strip()
    written.save()
    written.facilitators.set(wanted.facilitators)
    days.touch(held)
    for session in written.sessions.standing().select_related("slot").order_by("pk"):
        check_leaders(written, session.slot_id)
        seating.free_leaders(seating.locked(session.slot))
    return written


@transaction.atomic
def remove_workshop(*, workshop: Workshop, by: Person) -> None:
    """Take a workshop out. `restore_workshop` puts it back.

    Raises: Refusal if one does not prepare the day, it is over, or the workshop is in the programme.
    """
    prepared(workshop.day, by)
    if workshop.sessions.standing().exists():
        raise Refusal("Cet atelier est au programme\u00a0: retirez d’abord ses séances.")
    workshop.removed_at = timezone.now()
    workshop.save(update_fields=["removed_at"])


@transaction.atomic
def restore_workshop(*, workshop: Workshop, by: Person) -> None:
    """Put back a workshop that was taken out.

    Raises: Refusal if one does not prepare the day, it is over, or another has its title meanwhile.
    """
    held = prepared(workshop.day, by)
    if held.workshops.filter(title=workshop.title, removed_at=None).exists():
        raise Refusal(SAME_TITLE)
    workshop.removed_at = None
    workshop.save(update_fields=["removed_at"])


def prepared(day: SharingDay, by: Person) -> SharingDay:
    """Lock a day that one prepares and that is still open.

    Raises: Refusal.
    """
    held = days.prepared(day, by)
    days.check_open(held)
    return held


def check_leaders(workshop: Workshop, slot_id: int) -> None:
    """Refuse that somebody leads two workshops at a moment.

    Raises: Refusal.
    """
    busy = WorkshopSession.objects.standing().filter(
        slot=slot_id, workshop__facilitators__in=workshop.facilitators.all()
    )
    other = busy.exclude(workshop=workshop).select_related("workshop").order_by("pk").first()
    if other is not None:
        raise Refusal(f"Quelqu’un anime déjà «\u00a0{other.workshop}\u00a0» à ce moment.")
