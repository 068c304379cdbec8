"""The hours of a visit, if the inspector of the visitor's district has them count."""

from __future__ import annotations

from contextlib import suppress

from django.urls import reverse

from circo.errors import Refusal
from circo.hours import actions as hours
from circo.hours.rules import Category, Mode
from networks.models import Visit
from networks.visits import queries


def source_of(visit: Visit) -> str:
    return f"networks.visit:{visit.pk}"


def credit(visit: Visit) -> None:
    """Propose the hours of a visit that was held, once; nothing where visits do not count."""
    settings = queries.settings_for(visit.visitor)
    if not settings.hours_count:
        return
    with suppress(Refusal):  # a school year that is not opened yet: the visit was held all the same
        hours.credit(
            person=visit.visitor,
            on=visit.day,
            minutes=settings.minutes,
            category=Category.TRAINING_FORMATION,
            mode=Mode.IN_PERSON,
            source=source_of(visit),
            label=f"Visite de classe, {visit.site.school.name}",
            by=visit.site.host,
            path=reverse("networks:visit_page", args=[visit.pk]),
        )


def withdraw(visit: Visit) -> None:
    """Take back the hours of a visit that did not take place."""
    hours.withdraw(person=visit.visitor, source=source_of(visit), by=visit.site.host)
