"""What visits keep of a person: one's open classes, one's visits made and received, one's reports.

A report belongs to a pair, and goes with the first of the two that is erased: see docs/decisions/0024-visits.md.
"""

from __future__ import annotations

from django.db.models import Q

from circo.models import Person
from circo.registries import Holding
from networks.models import ObservationSite, Visit, VisitReport
from networks.models.visits import received_by
from networks.visits import telling

_VISIT = {
    "lieu": "site__title",
    "école": "site__school__name",
    "jour": "day",
    "demi-journée": "half",
    "état": "state",
    "demandée le": "asked_at",
}

HOLDINGS = (
    Holding(
        "Mes classes ouvertes",
        lambda person: ObservationSite.objects.filter(host=person).order_by("pk"),
        {
            "ce que l’on peut voir": "title",
            "école": "school__name",
            "niveaux": "levels",
            "pratiques": "practices",
            "places": "seats",
            "semaine": "week",
            "dates": "dates",
            "conditions": "conditions",
            "à préparer": "to_prepare",
            "état": "state",
            "mot de la direction": "head_word",
        },
    ),
    Holding(
        "Mes visites",
        lambda person: Visit.objects.filter(visitor=person).order_by("day", "pk"),
        _VISIT | {"ce que je viens regarder": "focus", "mon remerciement": "thanks"},
    ),
    Holding(
        "Les visites dans ma classe",
        lambda person: Visit.objects.filter(received_by(person)).order_by("day", "pk"),
        _VISIT | {"ce que l’on vient regarder": "focus", "le remerciement reçu": "thanks"},
        note="Le nom de qui est venu est le sien : il est sur la page de chaque visite.",
    ),
    Holding(
        "Mes comptes rendus de visite",
        lambda person: VisitReport.objects.filter(visit__visitor=person).order_by("pk"),
        {
            "jour": "visit__day",
            "contexte": "context",
            "faits": "facts",
            "ce que je retiens": "keeps",
            "mes questions": "questions",
            "la suite": "next_step",
            "ce que l’hôte ajoute": "answer",
            "donné à lire le": "given_at",
        },
    ),
    Holding(
        "Les comptes rendus de ma classe",
        lambda person: VisitReport.objects.filter(visit__site__host=person, given_at__isnull=False).order_by("pk"),
        {
            "jour": "visit__day",
            "contexte": "context",
            "faits": "facts",
            "ce que mon collègue retient": "keeps",
            "ses questions": "questions",
            "la suite": "next_step",
            "ce que j’ajoute": "answer",
        },
    ),
)


def erase(person: Person) -> None:
    """Erase a person's sites and visits, with the reports of both sides: who stays is told that they are gone."""
    mine = Q(visit__visitor=person) | Q(visit__site__host=person)
    for report in VisitReport.objects.filter(mine, given_at__isnull=False).select_related(
        "visit__site__host", "visit__visitor"
    ):
        visit = report.visit
        other = visit.site.host if visit.visitor_id == person.pk else visit.visitor
        telling.report_gone(other, visit.day)
    Visit.objects.filter(Q(site__host=person) | Q(visitor=person)).delete()
    ObservationSite.objects.filter(host=person).delete()
    Visit.objects.filter(ended_by=person).update(word="", ended_by=None)
