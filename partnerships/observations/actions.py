"""Verbs of cross-observations: ask for a proposal, publish it, say yes, exchange, say no, and take all that back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from circo import jobs
from circo.access import Permission
from circo.errors import Refusal
from circo.models import District, Person
from circo.rules import HALF_DAYS
from networks.visits.queries import starts_at
from partnerships.models import CrossingLine, CrossingPlan, ObservationWish, PeerObservation
from partnerships.observations import ending, holding, queries, rules, telling, visiting
from partnerships.observations.rules import MOVES, Actor, CrossingKind, ObservationState, Verb

NOT_YOURS = "Cette observation est celle d’autres personnes."
FULL = "Cette classe a déjà tous les visiteurs qu’elle peut recevoir à ce moment-là."


# --- What one would like to see ---------------------------------------------------------------------------------------
@transaction.atomic
def wish(*, practices: Sequence[str], limit_min: int, half_days: Collection[str] = (), by: Person) -> ObservationWish:
    """Say what one would like to see, how far one goes, and when one may come though nobody holds one’s class."""
    week = [code for code in HALF_DAYS if code in half_days]
    written = {"practices": list(practices), "limit_min": limit_min, "half_days": week}
    return ObservationWish.objects.update_or_create(person=by, defaults=written)[0]


# --- Proposals --------------------------------------------------------------------------------------------------------
@transaction.atomic
def prepare(
    *,
    district: District,
    first_day: date,
    last_day: date,
    by: Person,
    kind: CrossingKind = CrossingKind.FREED,
) -> CrossingPlan:
    """Ask for a proposal for the half-days of a district between two days, and have it computed.

    Raises: Refusal for a district that is not one's own, or days that cannot be.
    """
    if district.pk not in by.reach().district_ids_for(Permission.MANAGE_GROUPS):
        raise Refusal("Vous ne préparez pas les observations de cette circonscription.")
    if last_day < first_day:
        raise Refusal("Le dernier jour vient après le premier.")
    if last_day < timezone.localdate():
        raise Refusal("Ces jours sont passés.")
    if last_day - first_day > timedelta(days=rules.WINDOW_DAYS):
        raise Refusal(f"Une proposition couvre au plus {rules.WINDOW_DAYS}\u00a0jours.")
    plan = CrossingPlan.objects.create(
        district=district, kind=kind, first_day=first_day, last_day=last_day, created_by=by
    )
    return ask_to_solve(plan=plan, by=by)


def _may(plan: CrossingPlan, by: Person) -> None:
    if not CrossingPlan.objects.editable_by(by).filter(pk=plan.pk).exists():
        raise Refusal("Cette proposition concerne une autre circonscription.")


@transaction.atomic
def ask_to_solve(*, plan: CrossingPlan, by: Person) -> CrossingPlan:
    """Have a proposal computed by a worker; the page shows how far it is."""
    _may(plan, by)
    held = CrossingPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    held.stop_asked_at, held.failure = None, ""
    held.save(update_fields=["stop_asked_at", "failure"])
    jobs.ask(queries.SOLVE, str(held.pk))
    return held


def give_up(subject_id: str, reason: str) -> None:
    """The computing stopped, and nobody tries again: say why. What was proposed before is still there."""
    CrossingPlan.objects.filter(pk=subject_id).update(failure=reason[:300], stop_asked_at=None)


def stop(*, plan: CrossingPlan, by: Person) -> CrossingPlan:
    """Ask the worker to stop: the best found so far is kept."""
    _may(plan, by)
    CrossingPlan.objects.filter(pk=plan.pk, stop_asked_at=None).update(stop_asked_at=timezone.now())
    return plan


@dataclass(frozen=True)
class Published:
    """What became of the lines that were to be published: `left`, each with its reason."""

    done: tuple[PeerObservation, ...]
    left: tuple[tuple[CrossingLine, str], ...]


@transaction.atomic
def publish(*, plan: CrossingPlan, by: Person, line_ids: Collection[int] | None = None) -> Published:
    """Publish a proposal, whole or some of its lines: the two people of each are told. What can no longer be stays a
    line, with the reason.

    Raises: Refusal for another district’s, or without a line.
    """
    _may(plan, by)
    rows = plan.lines.all() if line_ids is None else plan.lines.filter(pk__in=line_ids)
    people = rows.order_by().values_list("observer_id", "host_id")
    holding.hold_people({pk for pair in people for pk in pair})
    CrossingPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    lines = list(rows.select_related("observer", "host", "school__district", "site__school", "plan__created_by"))
    if not lines:
        raise Refusal("Choisissez au moins une ligne.")
    done: list[PeerObservation] = []
    left: list[tuple[CrossingLine, str]] = []
    for line in lines:
        try:
            done.append(_publish_line(line))
        except Refusal as refusal:
            left.append((line, str(refusal)))
        else:
            line.delete()
    for one in done:
        telling.published(one)
    return Published(tuple(done), tuple(left))


def _publish_line(line: CrossingLine) -> PeerObservation:
    made = PeerObservation(
        observer=line.observer,
        host=line.host,
        school=line.school,
        site=line.site,
        day=line.day,
        half=line.half,
        plan=line.plan,
    )
    _sit(made)
    return made


def _sit(observation: PeerObservation) -> None:
    """Write that an observation stands as a proposal, on a free seat. Its two people are held.

    Raises: Refusal where it can no longer be, or where somebody else was quicker.
    """
    there = PeerObservation.objects.seated().on(observation.half_day)
    if there.filter(observer_id=observation.observer_id).exclude(pk=observation.pk).exists():
        raise Refusal(f"{observation.observer} observe déjà quelqu’un à ce moment-là.")
    if wrong := visiting.wrong_with(observation):
        raise Refusal(wrong)
    observation.seat = queries.seat_in(observation)
    if observation.seat is None:
        raise Refusal(FULL)
    observation.state = ObservationState.PROPOSED.value
    try:
        with transaction.atomic():
            observation.save()
    except IntegrityError as error:
        raise Refusal(FULL) from error


# --- Yes and no -------------------------------------------------------------------------------------------------------
def _moved(observation: PeerObservation, verb: Verb, by: Person) -> PeerObservation:
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
    held = _moved(observation, Verb.ACCEPT, by)
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
    held = _moved(observation, Verb.REOPEN, by)
    _check_coming(held)
    visit, held.visit = held.visit, None
    ending.go(held, Verb.REOPEN)
    telling.reopened(held, was_expected=visiting.end(visit))
    return held


def _check_coming(held: PeerObservation) -> None:
    if starts_at(held.half_day) <= timezone.now():
        raise Refusal("Cette demi-journée est passée.")


def _check_in_time(held: PeerObservation) -> None:
    if queries.is_late(held):
        raise Refusal(rules.TOO_LATE)


@transaction.atomic
def decline(*, observation: PeerObservation, by: Person, word: str = "") -> PeerObservation:
    """Say no; the word is for the team alone.

    Raises: Refusal for anybody but the two.
    """
    held = _moved(observation, Verb.DECLINE, by)
    _check_in_time(held)
    held.word, held.ended_by = word.strip()[: rules.WORD_MAX], by
    ending.go(held, Verb.DECLINE)
    telling.declined(held, by)
    return held


@transaction.atomic
def restore(*, observation: PeerObservation, by: Person) -> PeerObservation:
    """Take one's no back, or what the team called off, if it can still be.

    Raises: Refusal where it cannot.
    """
    held = _moved(observation, Verb.RESTORE, by)
    held.word, held.ended_by, held.visit = "", None, None
    held.sequence += 1
    _sit(held)
    telling.restored(held, by)
    return held


@transaction.atomic
def cancel(*, observation: PeerObservation, by: Person) -> PeerObservation:
    """Call off an observation, as the team of its district."""
    held = _moved(observation, Verb.CANCEL, by)
    _check_coming(held)
    ending.withdraw(held, "La circonscription l’a retirée.", by)
    return held


# --- Exchanges --------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask_swap(*, observation: PeerObservation, other: PeerObservation, by: Person) -> PeerObservation:
    """Ask a colleague to exchange the classes that one goes to.

    Raises: Refusal where they cannot be exchanged.
    """
    held = _moved(observation, Verb.SWAP, by)
    _check_in_time(held)
    if other.pk not in {one.pk for one in queries.partners(held)}:
        raise Refusal("Cette observation ne peut pas s’échanger avec la vôtre.")
    held.swap_with = other
    held.sequence += 1
    held.save(update_fields=["swap_with", "sequence"])
    telling.swap_asked(held, other)
    return held


@transaction.atomic
def take_swap_back(*, observation: PeerObservation, by: Person) -> PeerObservation:
    """Ask no longer for an exchange."""
    held = _moved(observation, Verb.SWAP, by)
    held.swap_with = None
    held.save(update_fields=["swap_with"])
    return held


@transaction.atomic
def refuse_swap(*, observation: PeerObservation, asked_by: PeerObservation, by: Person) -> PeerObservation:
    """Keep one's own class; nothing else changes."""
    held, other = _both(observation, asked_by, by)
    other.swap_with = None
    other.save(update_fields=["swap_with"])
    telling.swap_refused(other, held)
    return held


@transaction.atomic
def agree_to_swap(*, observation: PeerObservation, asked_by: PeerObservation, by: Person) -> PeerObservation:
    """Exchange the classes of two observers: both have said yes, so both visits stand. Return one's new one.

    Raises: Refusal where one of them can no longer be.
    """
    held, other = _both(observation, asked_by, by)
    seats = held.seat, other.seat
    for one in (held, other):
        ending.go(one, Verb.SWAP)
    mine = _exchanged(held, other, seats[1])
    theirs = _exchanged(other, held, seats[0])
    telling.swapped(mine, other, by)
    telling.swapped(theirs, held, by)
    return mine


def _both(
    observation: PeerObservation, asked_by: PeerObservation, by: Person
) -> tuple[PeerObservation, PeerObservation]:
    """Hold two observations between which an exchange is asked for.

    Raises: Refusal if it no longer is.
    """
    holding.hold_people({pk for one in (observation, asked_by) for pk in (one.observer_id, one.host_id)})
    for pk in sorted((observation.pk, asked_by.pk)):
        holding.row_of(pk)
    held, other = queries.observations().get(pk=observation.pk), queries.observations().get(pk=asked_by.pk)
    if Actor.OBSERVER not in queries.actors(held, by):
        raise Refusal(NOT_YOURS)
    _check_in_time(held)
    for one in (held, other):
        MOVES[Verb.SWAP].check(one.state)
    if other.swap_with_id != held.pk:
        raise Refusal("Cet échange ne vous est plus proposé.")
    return held, other


def _exchanged(former: PeerObservation, other: PeerObservation, seat: int | None) -> PeerObservation:
    """The observer of one goes to the class of the other, on its seat."""
    made = PeerObservation(
        observer=former.observer,
        host=other.host,
        school=other.school,
        site=other.site,
        day=former.day,
        half=former.half,
        plan=former.plan,
        replaces=former,
        seat=seat,
    )
    if wrong := visiting.wrong_with(made):
        raise Refusal(wrong)
    made.visit = visiting.begin(made, "")
    made.state = ObservationState.ACCEPTED.value
    made.save()
    return made


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
