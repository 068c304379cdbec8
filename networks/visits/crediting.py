"""The hours of a visit, if the inspector of the visitor's district has them count."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from django.urls import reverse

from circo.errors import Refusal
from circo.hours import actions as hours
from circo.hours.recounting import Asked, Claim, Recounter
from circo.hours.rules import Category, Mode
from networks.models import Visit, VisitSettings
from networks.visits import queries, rules


def source_of(visit: Visit) -> str:
    return f"networks.visit:{visit.pk}"


def claim_of(visit: Visit, settings: VisitSettings) -> Claim:
    """What a visit gives to its visitor, once it was held, where visits count."""
    counts = settings.hours_count and visit.state in rules.DONE
    return Claim(
        person=visit.visitor,
        on=visit.day,
        minutes=settings.minutes if counts else 0,
        category=Category.TRAINING_FORMATION,
        mode=Mode.IN_PERSON,
        source=source_of(visit),
        label=f"Visite de classe, {visit.site.school.name}",
        path=reverse("networks:visit_page", args=[visit.pk]),
    )


def claims(asked: Asked) -> Iterable[Claim]:
    """What the visits of these days give to these people. Two queries."""
    settings = queries.settings_of(asked.district_id)
    rows = Visit.objects.filter(visitor_id__in=asked.person_ids, day__range=asked.days, state__in=rules.DONE)
    return [claim_of(one, settings) for one in rows.select_related("visitor", "site__school").order_by("pk")]


RECOUNTER = Recounter("networks.visit", "Visites de classe", claims)


def credit(visit: Visit) -> None:
    """Propose the hours of a visit that was held, once; nothing where visits do not count."""
    settings = queries.settings_for(visit.visitor)
    if settings.hours_count:
        with suppress(Refusal):  # a school year that is not opened yet: the visit was held all the same
            hours.credit(by=visit.site.host, **vars(claim_of(visit, settings)))


def withdraw(visit: Visit) -> None:
    """Take back the hours of a visit that did not take place."""
    hours.withdraw(person=visit.visitor, source=source_of(visit), by=visit.site.host)
