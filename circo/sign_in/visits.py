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

from circo.models import Person, Posting
from circo.models.people import SECOND_FACTORS
from circo.rules import SECOND_FACTOR_ROLES
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
    ids = {str(store.get(SESSION_KEY)) for store in stores.values()}
    known = Person.objects.filter(pk__in=[one for one in ids if one.isdecimal()], is_active=True).order_by()
    people = {str(person.pk): person for person in known}
    strict = _asked_for_a_second_factor(people.values())
    sure = _with_second_factor(strict)
    found = {}
    for key, store in stores.items():
        person = people.get(str(store.get(SESSION_KEY)))
        if person is None or not sessions.proves(store, person):
            continue
        if sessions.has_ended(store, now, idles=person.pk in strict):
            continue
        if person.pk not in strict or person.pk in sure or _is_vouched(store, person):
            found[key] = person
    return found


@lru_cache(maxsize=4096)
def _decoded(data: str) -> dict[str, Any]:
    """What a row of a session says; the same row says the same, and its seal is costly to check. Never written to."""
    return SessionStore().decode(data)


def _asked_for_a_second_factor(people: Iterable[Person]) -> set[int]:
    """The same as `Person.needs_second_factor`, for all of them at once."""
    held = Posting.objects.in_force(timezone.localdate()).filter(role__in=SECOND_FACTOR_ROLES)
    of_role = held.filter(person__in=[person.pk for person in people]).order_by().values_list("person_id", flat=True)
    return {person.pk for person in people if person.is_superuser} | set(of_role)


def _with_second_factor(person_ids: set[int]) -> set[int]:
    if not person_ids:
        return set()
    held = Authenticator.objects.filter(user__in=person_ids, type__in=SECOND_FACTORS)
    return set(held.order_by().values_list("user_id", flat=True))


def _is_vouched(store: SessionStore, person: Person) -> bool:
    request = HttpRequest()
    request.session, request.user = store, person
    return proconnect.vouches_for(request)
