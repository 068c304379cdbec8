"""Documents of meetings, known by their content, stored under names of ours, pictures made again; what is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from django.utils import timezone

from circo.attaching import reading
from circo.attaching.rules import shown_name
from circo.errors import Refusal
from circo.models import Person
from networks.models import Meeting, MeetingDocument, PollOption

GROUP_BYTES_MAX = 1024**3  # of all the documents of a group
NAME_MAX = 100
KEPT_FOR = timedelta(days=2)  # a removed document, before its file goes


def key_of(document: MeetingDocument) -> str:
    """The name, for Django's storage, of a document."""
    return f"meetings/{document.meeting_id}/{document.pk}.{document.kind}"


def keep(meeting: Meeting, file: UploadedFile, by: Person) -> MeetingDocument:
    """Store one document.

    Raises: Refusal if it is too big, alone or with the others of the group, or of none of the kinds that may be
            attached.
    """
    size_bytes = reading.checked_size(file)
    of_group = MeetingDocument.objects.filter(meeting__group=meeting.group_id)
    if (of_group.aggregate(bytes=Sum("size_bytes"))["bytes"] or 0) + size_bytes > GROUP_BYTES_MAX:
        raise Refusal("Les documents des rencontres du groupe occupent toute la place prévue. Retirez-en.")
    kind, content = reading.read(file)
    name = f"{shown_name(PurePath(file.name or '').stem)[:NAME_MAX] or 'document'}.{kind}"
    document = MeetingDocument(meeting=meeting, kind=kind, name=name, size_bytes=len(content), attached_by=by)
    default_storage.save(key_of(document), ContentFile(content))
    document.save(force_insert=True)
    return document


def clean() -> None:
    """Delete the documents that were removed some days ago, and their files."""
    for document in MeetingDocument.objects.filter(removed_at__lt=timezone.now() - KEPT_FOR).order_by("removed_at"):
        key = key_of(document)
        document.delete()
        default_storage.delete(key)


def forget_passed(before: datetime) -> None:
    """Delete the moments of polls that were over before that instant, with who could come then. Safe to run twice."""
    PollOption.objects.filter(ends_at__lt=before).delete()
