"""A proposal of the demonstration, computed and ready to be accepted, for after the placements that are booked."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.models import Person
from circo.portal.demo.accounts import DOMAIN
from partnerships.models import Cohort
from partnerships.proposals import queries, solving
from partnerships.proposals.actions import asking
from partnerships.proposals.actions.asking import Asked

AFTER, LONG = timedelta(weeks=11), timedelta(weeks=8)
NEEDS = (8, 4, 0)


def write() -> None:
    """Ask for one, and compute it here: the workers start later. Late in a school year there is no room for it."""
    coordinator = Person.objects.get(email=f"institut@{DOMAIN}")
    cohort = Cohort.objects.editable_by(coordinator).select_related("school_year").earliest("pk")
    first = timezone.localdate() + AFTER
    last = min(first + LONG, cohort.school_year.last_day)
    with suppress(Refusal), transaction.atomic():
        proposal = asking.ask(cohorts=[cohort], asked=Asked(first, last, NEEDS), by=coordinator)
        jobs.forget(queries.PROPOSE, str(proposal.pk))
        solving.at_once(proposal)
