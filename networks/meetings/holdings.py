"""What meetings keep of a person."""

from __future__ import annotations

from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction

from circo.models import Person
from circo.registries import Holding
from networks.meetings import keeping
from networks.models import Attendance, Meeting, MeetingDocument, PollAnswer

HOLDINGS = (
    Holding(
        "Les rencontres que j’ai proposées",
        lambda person: Meeting.objects.filter(organiser=person).order_by("pk"),
        {"groupe": "group__name", "titre": "title", "de": "starts_at", "à": "ends_at", "état": "state"},
    ),
    Holding(
        "Mes présences aux rencontres",
        lambda person: Attendance.objects.filter(person=person).order_by("pk"),
        {
            "groupe": "meeting__group__name",
            "rencontre": "meeting__title",
            "de": "meeting__starts_at",
            "présence": "presence",
            "minutes": "minutes",
            "su par": "way",
            "confirmé le": "confirmed_at",
        },
    ),
    Holding(
        "Mes réponses aux dates de rencontre",
        lambda person: PollAnswer.objects.filter(person=person).order_by("pk"),
        {
            "groupe": "option__meeting__group__name",
            "rencontre": "option__meeting__title",
            "moment": "option__starts_at",
            "réponse": "choice",
        },
    ),
    Holding(
        "Les documents que j’ai joints à des rencontres",
        lambda person: MeetingDocument.objects.filter(attached_by=person).order_by("pk"),
        {"rencontre": "meeting__title", "nom": "name", "joint le": "created_at", "retiré le": "removed_at"},
        note="Les fichiers eux-mêmes se prennent sur la page de la rencontre.",
    ),
)


def erase(person: Person) -> None:
    """Erase the documents that a person attached; meetings and minutes are the group's, and name nobody any more."""
    for document in MeetingDocument.objects.filter(attached_by=person).order_by("pk"):
        transaction.on_commit(partial(default_storage.delete, keeping.key_of(document)))
        document.delete()
    Meeting.objects.filter(organiser=person).update(organiser=None)
