"""Drafts for the tests: as an action keeps them, and as a page does."""

from __future__ import annotations

import re

from django.http import QueryDict
from django.urls import reverse

from circo.drafts import actions
from circo.drafts.tickets import Ticket
from circo.models import FormDraft, Person

TICKETS = re.compile(r'name="brouillon" value="([^"]+)"')


def ticket_of(person: Person, place: str, *names: str, **fields) -> Ticket:
    """What a page would give that person for a form of these fields, in all of which one writes."""
    given = {"person_id": person.pk, "place": place, "base": "", "path": "/"} | fields
    return Ticket(**given, names=dict.fromkeys(names, True))


def begin(person: Person, place: str, **typed: str) -> FormDraft | None:
    """Keep what that person has typed there."""
    data = QueryDict(mutable=True)
    data.update(typed)
    return actions.keep(ticket=ticket_of(person, place, *typed), typed=data, by=person)


def ticket_in(response, number: int = 0) -> dict[str, str]:
    """The hidden field of a form of a page, the first one if nothing is said."""
    return {"brouillon": TICKETS.findall(response.content.decode())[number]}


def keep(client, response, typed: dict, number: int = 0):
    """Ask what the script of that page asks while one types."""
    return client.post(reverse("drafts:draft_keep", args=[ticket_in(response, number)["brouillon"]]), typed)
