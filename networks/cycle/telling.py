"""What people are told of the wishes."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from circo import dates, notices
from circo.models import Person
from networks.cycle.queries import plan
from networks.groups.telling import KIND
from networks.models import Membership, WishCampaign


def tell_that_wishes_open(campaign: WishCampaign) -> None:
    day = dates.day_in_words(campaign.closes_on, campaign.opened_at.date())
    _tell(plan.asked(campaign), f"wishes-{campaign.pk}", f"Dites votre vœu pour l’an prochain, avant le {day} au soir")


def remind(campaign: WishCampaign, today: date) -> int:
    """Remind those who have not answered, and return how many people are told."""
    day = dates.day_in_words(campaign.closes_on, today)
    title = f"Votre vœu pour l’an prochain n’est pas encore donné\u00a0: répondez avant le {day} au soir"
    return _tell(plan.asked(campaign).filter(wish__isnull=True), f"wishes-{campaign.pk}-{today}", title)


def _tell(rows: QuerySet[Membership], key: str, title: str) -> int:
    people = Person.objects.filter(pk__in=rows.order_by().values("person_id"), is_active=True)
    found = list(people.order_by("pk"))
    notices.tell_many(found, kind=KIND.name, key=key, title=title, path=reverse("networks:my_years"))
    return len(found)
