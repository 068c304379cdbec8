"""The presences of a learner at the dates of sessions. They go with the account."""

from __future__ import annotations

from circo.registries import Holding
from trainings.models import SessionPresence

HOLDINGS = (
    Holding(
        "Mes présences aux rencontres de mes parcours",
        lambda person: SessionPresence.objects.filter(enrolment__person=person).order_by("pk"),
        {
            "session": "date__session__title",
            "de": "date__starts_at",
            "à": "date__ends_at",
            "dit le": "said_at",
            "noté le": "noted_at",
        },
    ),
)
