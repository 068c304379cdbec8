"""What is kept of a person's hours, given back and erased.

Validated hours are the district's record of what it was given: they stay, of nobody, so that a statement already sent
keeps its sums (docs/decisions/0020-hours.md).
"""

from __future__ import annotations

from circo.hours.rules import State
from circo.models import HourEntry, HoursQuota, Person, ServiceLogEntry
from circo.registries import Holding

_PEOPLE = ("proposed_by", "confirmed_by", "validated_by", "refused_by")

HOLDINGS = (
    Holding(
        "Mes heures",
        lambda person: HourEntry.objects.filter(person=person).order_by("on", "pk"),
        {
            "le": "on",
            "intitulé": "label",
            "minutes": "minutes",
            "au titre de": "category",
            "forme": "mode",
            "état": "state",
            "raison du refus": "reason",
            "confirmées le": "confirmed_at",
            "validées le": "validated_at",
            "refusées le": "refused_at",
        },
    ),
    Holding(
        "Les heures que je dois",
        lambda person: HoursQuota.objects.filter(person=person).order_by("school_year", "pk"),
        {"année": "school_year__first_day", "minutes": "minutes"},
    ),
    Holding(
        "Mon carnet des 108 heures",
        lambda person: ServiceLogEntry.objects.filter(owner=person).kept().order_by("on", "pk"),
        {"le": "on", "minutes": "minutes", "au titre de": "category", "note": "note"},
    ),
)


def erase(person: Person) -> None:
    """Erase a person's hours but those that were validated, which name nobody from then on."""
    own = HourEntry.objects.filter(person=person)
    HourEntry.history.filter(id__in=own.values("pk")).delete()
    own.exclude(state=State.VALIDATED).delete()
    own.update(person=None, source="", path="", label="Heures d’une personne partie")
    HoursQuota.objects.filter(person=person).delete()
    HourEntry.history.filter(person_id=person.pk).delete()
    HoursQuota.history.filter(person_id=person.pk).delete()
    for name in _PEOPLE:  # the signatures under the hours of others: the keys go by themselves, not those of history
        HourEntry.history.filter(**{name: person.pk}).update(**{name: None})
