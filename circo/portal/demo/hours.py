"""The hours of the demonstration: what four teachers did since September, in every state; all invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from circo.hours import actions
from circo.hours.rules import Category, LogCategory, Mode, Move
from circo.models import Derogation, HourEntry, Person, Posting, SelfPacedRules
from circo.portal.demo.accounts import DOMAIN

FORMATION, ANIMATION = Category.TRAINING_FORMATION, Category.TRAINING_ANIMATION


@dataclass(frozen=True)
class Session:
    """Something that several did on one day, and how far its signatures are."""

    days: int  # after the first of September
    label: str
    minutes: int
    category: Category
    mode: Mode
    people: Sequence[str]  # the names before the @
    moves: Sequence[Move] = ()
    reason: str = ""


SESSIONS = (
    Session(
        9,
        "Animation de rentrée : l’oral au cycle 2",
        180,
        ANIMATION,
        Mode.IN_PERSON,
        ("amina", "bruno", "chloe", "directrice"),
        (Move.CONFIRM, Move.VALIDATE),
    ),
    Session(
        30,
        "Parcours : comprendre une consigne",
        120,
        FORMATION,
        Mode.SELF_PACED,
        ("amina", "chloe"),
        (Move.CONFIRM, Move.VALIDATE),
    ),
    Session(
        44, "Visioconférence : lire une image", 90, FORMATION, Mode.SYNCHRONOUS, ("amina", "bruno"), (Move.CONFIRM,)
    ),
    Session(51, "Rencontre du groupe de lecture", 180, FORMATION, Mode.IN_PERSON, ("amina", "bruno", "formateur")),
    Session(
        52,
        "Conférence au musée",
        120,
        ANIMATION,
        Mode.IN_PERSON,
        ("bruno",),
        (Move.REFUSE,),
        "Cette conférence était ouverte à tous, hors du plan de la circonscription.",
    ),
    Session(58, "Visite d’une classe relais", 90, FORMATION, Mode.IN_PERSON, ("bruno", "directrice")),
)
LOG = (
    (12, 60, LogCategory.APC, "Groupe de lecture : 4 élèves"),
    (14, 60, LogCategory.APC, ""),
    (20, 90, LogCategory.TEAM, "Équipe éducative"),
    (36, 105, LogCategory.COUNCIL, "Premier conseil d’école"),
)


def fill(first_day: date) -> None:
    """Write these hours, as far as their days have come, and the log of the first teacher."""
    people = {person.email.removesuffix(f"@{DOMAIN}"): person for person in Person.objects.all()}
    today = timezone.localdate()
    for derogation in Derogation.objects.filter(starts_on__gte=first_day):
        SelfPacedRules.objects.create(district=derogation.district, derogation=derogation, cap_minutes=540)
    Posting.objects.filter(person=people["chloe"]).update(share_percent=80)
    for number, session in enumerate(SESSIONS, start=1):
        if first_day + timedelta(days=session.days) <= today:
            _session(number, session, first_day + timedelta(days=session.days), people)
    for days, minutes, category, text in LOG:
        actions.note(
            on=first_day + timedelta(days=days), minutes=minutes, category=category, text=text, by=people["amina"]
        )


def _session(number: int, session: Session, day: date, people: dict[str, Person]) -> None:
    entries = [
        actions.credit(
            person=people[name],
            on=day,
            minutes=session.minutes,
            category=session.category,
            mode=session.mode,
            source=f"demo.session:{number}",
            label=session.label,
            by=people["conseillere"],
        )
        for name in session.people
    ]
    ids = [entry.pk for entry in entries if entry is not None]
    at = timezone.make_aware(datetime.combine(day, time(18)))
    HourEntry.objects.filter(pk__in=ids).update(proposed_at=at)
    for move in session.moves:
        signer = people["inspectrice" if move is Move.VALIDATE else "conseillere"]
        actions.move(ids=ids, move=move, by=signer, reason=session.reason)
