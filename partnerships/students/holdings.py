"""What the placements keep of a student."""

from __future__ import annotations

from circo.models import Person
from circo.registries import Holding
from partnerships.models import Student
from partnerships.students import pairs

HOLDINGS = (
    Holding(
        "Mes promotions, et mes vœux de stage",
        lambda person: Student.objects.filter(person=person).order_by("pk"),
        {
            "institut": "cohort__institution__name",
            "promotion": "cohort__name",
            "formation": "cohort__programme__name",
            "année": "cohort__school_year__first_day",
            "statut": "status__name",
            "commune où j’habite": "home__name",
            "moyen de transport": "transport",
            "niveaux souhaités": "levels",
            "pratiques à voir": "practices",
            "parti·e le": "left_at",
        },
    ),
)


def erase(person: Person) -> None:
    """Erase the history of a student's rows: the rows go with the account. Whoever was in a pair goes alone."""
    for student in Student.objects.filter(person=person).order_by("pk"):
        pairs.undo(student)
    Student.history.filter(person=person).delete()
