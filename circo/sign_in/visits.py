"""Whose visits some sessions are, many at once: the rules of every page, in as many queries for all as for one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from circo.models import Person
from circo.models.people import SECOND_FACTORS, with_reach
from circo.sign_in import proconnect, sessions


def visitors_of(session_keys: Iterable[str]) -> dict[str, Person]:
    """Those of these sessions that stand at this moment, each with its person: their age, their second factor, an open
    account. A handful of queries, however many there are.

    Source: docs/decisions/0022-salons.md
    """
    now, stores = timezone.now(), {}
    keys = {key for key in session_keys if key}
    for row in Session.objects.filter(session_key__in=keys, expire_date__gt=now).order_by():
        store = SessionStore(row.session_key)
        store._session_cache = _decoded(row.session_data)
        stores[row.session_key] = store
    people = _people({str(store.get(SESSION_KEY)) for store in stores.values()})
    sure = _with_second_factor(people.values())
    found = {}
    for key, store in stores.items():
        person = people.get(str(store.get(SESSION_KEY)))
        if person is None or not sessions.proves(store, person) or sessions.is_over(store, person, now):
            continue
        if person.pk in sure or not person.needs_second_factor() or _is_vouched(store, person):
            found[key] = person
    return found


@lru_cache(maxsize=4096)
def _decoded(data: str) -> dict[str, Any]:
    """What a row of a session says; the same row says the same, and its seal is costly to check. Never written to."""
    return SessionStore().decode(data)


def _people(ids: Iterable[str]) -> dict[str, Person]:
    known = Person.objects.filter(pk__in=[one for one in ids if one.isdecimal()], is_active=True).order_by()
    return {str(person.pk): person for person in with_reach(known)}


def _with_second_factor(people: Iterable[Person]) -> set[int]:
    asked = [person.pk for person in people if person.needs_second_factor()]
    if not asked:
        return set()
    held = Authenticator.objects.filter(user__in=asked, type__in=SECOND_FACTORS)
    return set(held.order_by().values_list("user_id", flat=True))


def _is_vouched(store: SessionStore, person: Person) -> bool:
    request = HttpRequest()
    request.session, request.user = store, person
    return proconnect.vouches_for(request)
