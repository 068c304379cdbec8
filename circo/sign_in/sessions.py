"""How long a visit may last, and how all visits of a person end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, logout, update_session_auth_hash
from django.contrib.auth.signals import user_logged_in
from django.db.models import F
from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from circo.models import Person
from circo.sign_in.rules import SEEN_EVERY, session_is_over

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"


class SessionAgeMiddleware:
    """End a visit after its time: 12 h for all, 60 min without a request for those who need a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._check(request, timezone.now())
        elif SESSION_KEY in request.session:
            request.session.flush()  # of a closed account: it must not live again if the account reopens
        return self.get_response(request)

    @staticmethod
    def _check(request: HttpRequest, now: datetime) -> None:
        if is_over(request.session, request.user, now):
            logout(request)
            messages.info(request, "Votre session a pris fin. Connectez-vous de nouveau pour continuer.")
        elif request.user.needs_second_factor() and now - _instant(request.session, SEEN_AT) >= SEEN_EVERY:
            request.session[SEEN_AT] = now.timestamp()


def is_over(session: SessionBase, person: Person, now: datetime) -> bool:
    """Tell whether a visit has lasted too long for this person."""
    return has_ended(session, now, idles=person.needs_second_factor())


def has_ended(session: SessionBase, now: datetime, *, idles: bool) -> bool:
    """Tell whether a visit has lasted too long; `idles`: it may not sleep either."""
    signed_in_at, seen_at = _instant(session, SIGNED_IN_AT), _instant(session, SEEN_AT)
    return session_is_over(now, signed_in_at=signed_in_at, seen_at=seen_at, idles=idles)


def visitor_of(session: SessionBase) -> Person | None:
    """Whose session this is, if it still stands. Reads only: where no answer can carry a new cookie, none is made."""
    person = Person.objects.filter(pk=session.get(SESSION_KEY), is_active=True).first()
    return person if person is not None and proves(session, person) else None


def proves(session: SessionBase, person: Person) -> bool:
    """Tell whether a session was opened with the password that this person has today, and not ended since."""
    proofs = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    held = session.get(HASH_SESSION_KEY, "")
    return any(constant_time_compare(held, proof) for proof in proofs)


def _instant(session: SessionBase, name: str) -> datetime:
    """Read an instant of the session; one that is missing is very old."""
    return datetime.fromtimestamp(session.get(name, 0), tz=timezone.get_default_timezone())


def end_sessions(person: Person, *, but: HttpRequest | None = None) -> None:
    """End all visits of this person, in all browsers; the one of the request `but` goes on, under a new key."""
    Person.objects.filter(pk=person.pk).update(sessions_epoch=F("sessions_epoch") + 1)
    person.refresh_from_db(fields=["sessions_epoch"])
    spared = but is not None and but.user.is_authenticated and but.user.pk == person.pk
    if spared:
        but.user.sessions_epoch = person.sessions_epoch
        update_session_auth_hash(but, but.user)
        UserSession.objects.create_from_request(but)
    known = UserSession.objects.filter(user=person).order_by("pk")
    for session in known.exclude(session_key=but.session.session_key) if spared else known:
        session.end()


def _note_arrival(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = timezone.now().timestamp()


def _end_others(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    end_sessions(user, but=request)


def _end_those_of_a_closed_account(sender: Any, instance: Person, created: bool, raw: bool, **kwargs: Any) -> None:
    if not created and not raw and not instance.is_active:
        end_sessions(instance)


def listen() -> None:
    """Hear what Django and allauth tell of a person's account; called once, in `AppConfig.ready()`."""
    user_logged_in.connect(_note_arrival)
    post_save.connect(_end_those_of_a_closed_account, sender=Person)
    for changed in (
        password_changed,
        password_set,
        password_reset,
        email_changed,
        authenticator_added,
        authenticator_removed,
        authenticator_reset,
    ):
        changed.connect(_end_others)
