"""What a person is told of the own hours, and what waits for those who sign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse

from circo import notices
from circo.access import Permission
from circo.hours import queries, rules
from circo.hours.rules import Move
from circo.models import HourEntry, Notice, Person
from circo.registries import Todo

REFUSED = notices.NoticeKind(
    "hours-refused", "Heures non retenues", "Quand des heures que vous avez faites ne sont pas retenues, et pourquoi."
)


def tell_refused(entries: Iterable[HourEntry]) -> None:
    """Tell each person which hours were refused, and why; the words stay on the portal."""
    for entry in entries:
        if entry.person is not None and entry.refused_at is not None:
            notices.tell(
                person=entry.person,
                kind=REFUSED.name,
                key=f"{entry.pk}-{entry.refused_at.timestamp():.0f}",
                title="Des heures n’ont pas été retenues",
                text=f"{entry.label}, {rules.in_words(entry.minutes)}\u00a0: {entry.reason}",
                path=reverse("hours:entry_page", args=[entry.pk]),
            )


def untell_refused(entries: Iterable[HourEntry]) -> None:
    """Take back the news of a refusal that was undone before anybody read it."""
    for entry in entries:
        told = Notice.objects.filter(person=entry.person, kind=REFUSED.name, key__startswith=f"{entry.pk}-")
        told.filter(read_at__isnull=True, mailed_at__isnull=True).delete()


def todos(person: Person) -> Sequence[Todo]:
    """The hours that wait for this person's signature: an inspector validates, advisers confirm."""
    reach = person.reach()
    if reach.can(Permission.VALIDATE_HOURS):
        return _todo(person, Move.VALIDATE, "valider", "CONFIRMED")
    if reach.can(Permission.CONFIRM_HOURS):
        return _todo(person, Move.CONFIRM, "confirmer", "PROPOSED")
    return ()


def _todo(person: Person, move: Move, verb: str, state: str) -> Sequence[Todo]:
    waiting = queries.waiting_for(person, move)
    if not waiting.minutes:
        return ()
    return (
        Todo(
            title=f"Heures à {verb}\u00a0: {rules.in_words(waiting.minutes)}",
            detail=f"{waiting.people} personne{'s' if waiting.people > 1 else ''}",
            url=reverse("hours:entry_list", query={"etat": state}),
            icon="clock",
        ),
    )
