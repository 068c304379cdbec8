"""What the papers of placements keep of a person."""

from __future__ import annotations

from django.db.models import Q

from circo.registries import Holding
from partnerships.models import DaySignature

HOLDINGS = (
    Holding(
        "Les demi-journées de stage que j’ai signées",
        lambda person: DaySignature.objects.filter(
            Q(day__person=person, student_at__isnull=False) | Q(host_by=person)
        ).order_by("day__day", "day__half", "pk"),
        {
            "jour": "day__day",
            "demi-journée": "day__half",
            "école": "day__offer__school__name",
            "signée par l’étudiant·e le": "student_at",
            "signée dans la classe le": "host_at",
        },
    ),
)
