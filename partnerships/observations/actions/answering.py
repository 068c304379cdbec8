"""Say yes, say no, call off, and take all that back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from networks.visits.queries import starts_at
from partnerships.models import PeerObservation
from partnerships.observations import ending, holding, queries, rules, seating, telling, visiting
from partnerships.observations.rules import MOVES, Verb

NOT_YOURS = "Cette observation est celle d’autres personnes."


def moved(observation: PeerObservation, verb: Verb, by: Person) -> PeerObservation:
    """Hold an observation on which one does a verb.

    Raises: Refusal for who may not, or from another state.
    """
    held = holding.held(observation)
    who = queries.actors(held, by)
    if not who:
        raise Refusal(NOT_YOURS)
    MOVES[verb].check(held.state)
    if verb is Verb.REOPEN and queries.is_agreed(held):
        raise Refusal("Votre collègue a confirmé\u00a0: annulez la visite sur sa page, avec un mot.")
    if verb not in rules.verbs_for(held.state, who, ended_by_me=held.ended_by_id == by.pk):
        raise Refusal("Ce n’est pas à vous de le dire.")
    return held


@transaction.atomic
def accept(*, observation: PeerObservation, by: Person, focus: str = "") -> PeerObservation:
    """Say yes: a visit stands, with what one comes to look at; the host and the head teacher are told. At a site, it
    is asked for.

    Raises: Refusal if it can no longer take place.
    """
    held = moved(observation, Verb.ACCEPT, by)
    if wrong := visiting.wrong_with(held):
        raise Refusal(wrong)
    ending.go(held, Verb.ACCEPT)  # first: what is accepted takes nobody by itself, and the visit may be asked for
    held.visit = visiting.begin(held, focus)
    held.save(update_fields=["visit"])
    telling.accepted(held)
    return held


@transaction.atomic
def reopen(*, observation: PeerObservation, by: Person) -> PeerObservation:
    """Take one's yes back: it is a proposal again.

    Raises: Refusal once the half-day has begun.
    """
    held = moved(observation, Verb.REOPEN, by)
    _check_coming(held)
    visit, held.visit = held.visit, None
    ending.go(held, Verb.REOPEN)
    telling.reopened(held, was_expected=visiting.end(visit))
    return held


def _check_coming(held: PeerObservation) -> None:
    if starts_at(held.half_day) <= timezone.now():
        raise Refusal("Cette demi-journée est passée.")


def check_in_time(held: PeerObservation) -> None:
    if queries.is_late(held):
        raise Refusal(rules.TOO_LATE)


@transaction.atomic
def decline(*, observation: PeerObservation, by: Person, word: str = "") -> PeerObservation:
    """Say no; the word is for the team alone.

    Raises: Refusal for anybody but the two.
    """
    held = moved(observation, Verb.DECLINE, by)
    check_in_time(held)
    held.word, held.ended_by = word.strip()[: rules.WORD_MAX], by
    ending.go(held, Verb.DECLINE)
    telling.declined(held, by)
    return held


@transaction.atomic
def restore(*, observation: PeerObservation, by: Person) -> PeerObservation:
    """Take one's no back, or what the team called off, if it can still be.

    Raises: Refusal where it cannot.
    """
    held = moved(observation, Verb.RESTORE, by)
    held.word, held.ended_by, held.visit = "", None, None
    held.sequence += 1
    seating.sit(held)
    telling.restored(held, by)
    return held


@transaction.atomic
def cancel(*, observation: PeerObservation, by: Person) -> PeerObservation:
    """Call off an observation, as the team of its district."""
    held = moved(observation, Verb.CANCEL, by)
    _check_coming(held)
    ending.withdraw(held, "La circonscription l’a retirée.", by)
    return held


def move(*, observation: PeerObservation, verb: Verb, by: Person, text: str = "") -> PeerObservation:
    """Do one verb of the table; `text` is what one comes to look at, or why one says no.

    Raises: Refusal as each of them does.
    """
    if verb is Verb.ACCEPT:
        return accept(observation=observation, focus=text, by=by)
    if verb is Verb.DECLINE:
        return decline(observation=observation, word=text, by=by)
    step = {Verb.REOPEN: reopen, Verb.RESTORE: restore, Verb.CANCEL: cancel}[verb]
    return step(observation=observation, by=by)
