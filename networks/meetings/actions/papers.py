"""Minutes and documents of a meeting: written by the circle of the group."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from networks.meetings import keeping, rules
from networks.models import Meeting, MeetingDocument

NOT_YOURS = "Seul le groupe écrit dans ses rencontres."


class Overtaken(Refusal):
    """Somebody has written since one opened the page."""


@transaction.atomic
def write_minutes(*, meeting: Meeting, text: str, revision: int, by: Person) -> Meeting:
    """Write the minutes over the revision that one has read.

    Raises: Refusal if one is not of the group; Overtaken if somebody wrote meanwhile.
    """
    held = _of_circle(meeting, by)
    if held.minutes_revision != revision and held.minutes != text:
        raise Overtaken(
            "Quelqu’un a écrit ce compte rendu pendant que vous l’écriviez. Votre texte est ci-dessous, le sien "
            "sur la page de la rencontre\u00a0: réunissez-les, puis enregistrez de nouveau."
        )
    held.minutes = text
    held.minutes_revision += 1
    held.save(update_fields=["minutes", "minutes_revision", "updated_at"])
    return held


@transaction.atomic
def attach(*, meeting: Meeting, file: UploadedFile, by: Person) -> MeetingDocument:
    """Attach a document to a meeting of one's group.

    Raises: Refusal if one is not of the group, it holds enough of them, or such a document may not be attached.
    """
    held = _of_circle(meeting, by)
    if held.documents.filter(removed_at=None).count() >= rules.DOCUMENTS_MAX:
        raise Refusal(f"Une rencontre porte {rules.DOCUMENTS_MAX}\u00a0documents au plus.")
    return keeping.keep(held, file, by)


@transaction.atomic
def remove_document(*, document: MeetingDocument, by: Person) -> None:
    """Take a document away; `restore_document` puts it back.

    Raises: Refusal if one neither attached it nor organises the meeting.
    """
    held = _document(document, by)
    held.removed_at = held.removed_at or timezone.now()
    held.save(update_fields=["removed_at"])


@transaction.atomic
def restore_document(*, document: MeetingDocument, by: Person) -> None:
    """Put a document back.

    Raises: Refusal if one neither attached it nor organises the meeting.
    """
    held = _document(document, by)
    held.removed_at = None
    held.save(update_fields=["removed_at"])


def _of_circle(meeting: Meeting, by: Person) -> Meeting:
    held = Meeting.objects.attended_by(by).filter(pk=meeting.pk).select_for_update(of=("self",)).first()
    if held is None:
        raise Refusal(NOT_YOURS)
    return held


def _document(document: MeetingDocument, by: Person) -> MeetingDocument:
    rows = MeetingDocument.objects.editable_by(by).select_for_update(of=("self",))
    held = rows.filter(pk=document.pk).first()
    if held is None:
        raise Refusal("Seules la personne qui l’a joint et celles qui organisent peuvent le retirer.")
    return held
