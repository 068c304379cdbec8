from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import QuerySet

from circo.models import Person, Posting, School


def team_of_school(person: Person, school: School, on: date) -> QuerySet[Posting]:
    """Who works in a school on that day, as far as `person` may see it."""
    rows = Posting.objects.visible_to(person).in_force(on).filter(school=school).select_related("person")
    return rows.order_by("person__last_name", "person__first_name", "pk").fetch_mode(models.FETCH_RAISE)


def postings_of(person: Person, whose: Person) -> QuerySet[Posting]:
    """The postings of somebody, the newest first, as far as `person` may see them."""
    places = ("school", "district", "departement", "institution")
    rows = Posting.objects.visible_to(person).filter(person=whose).select_related(*places)
    return rows.order_by("-starts_on", "pk").fetch_mode(models.FETCH_RAISE)
