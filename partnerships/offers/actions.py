"""Verbs of the vivier: a teacher proposes a class, the head teacher agrees, the team opens it to the institutions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from circo.dates import planned_in_words
from circo.errors import Refusal
from circo.models import Institution, Person, School, SchoolYear
from circo.rules import HALF_DAYS, levels_in_order
from networks.visits.queries import heads_of, hosting_schools
from networks.visits.rules import Practice
from partnerships.models import HostOffer, OfferMove
from partnerships.offers import queries, rules, telling
from partnerships.offers.rules import MOVES, OfferState, Verb

NOT_YOURS = "Cette classe n’est pas, ou plus, de celles dont vous décidez."
MEMBERS_ALONE = (
    "Ce sont les membres des groupes des réseaux, relais ou volontaires, qui proposent leur classe. Parlez-en à votre "
    "conseillère ou à votre conseiller pédagogique."
)
PAST = "Cette année scolaire est passée."


@dataclass(frozen=True)
class OfferText:
    """All that a teacher says of the class offered."""

    levels: Sequence[str]
    seats: int
    week: Sequence[str] = ()
    periods: Sequence[int] = ()
    dates: Sequence[str] = ()
    but: Sequence[str] = ()
    practices: Sequence[str] = ()
    conditions: str = ""


def _check(text: OfferText, school: School) -> None:
    most = queries.limits([school.district_id])[school.district_id].seats_most
    if not text.levels:
        raise Refusal("Dites le niveau de votre classe.")
    if not 1 <= text.seats <= most:
        raise Refusal(f"Votre circonscription prévoit au plus {most}\u00a0étudiant{'s' if most > 1 else ''} à la fois.")
    if not text.week and not text.dates:
        raise Refusal("Choisissez au moins une demi-journée de la semaine, ou une date.")


def _write(offer: HostOffer, text: OfferText) -> None:
    offer.levels = levels_in_order(text.levels)
    offer.practices = [one.value for one in Practice if one.value in set(text.practices)]
    offer.seats = text.seats
    offer.week = [code for code in HALF_DAYS if code in set(text.week)]
    offer.periods = sorted(set(text.periods))
    offer.dates = sorted(set(text.dates))[: rules.DATES_MAX]
    offer.but = sorted(set(text.but))[: rules.DATES_MAX]
    offer.conditions = text.conditions.strip()


@transaction.atomic
def propose(*, school: School | None, school_year: SchoolYear | None, text: OfferText, by: Person) -> HostOffer:
    """Propose one's class for a school year. Where one heads the school, it agrees by that.

    Raises: Refusal for who teaches elsewhere, is of no group, or has already proposed that class.
    """
    if school is None or not hosting_schools(by).filter(pk=school.pk).exists():
        raise Refusal("Choisissez l’école où vous enseignez.")
    if not queries.may_offer(by):
        raise Refusal(MEMBERS_ALONE)
    if school_year is None or school_year not in queries.years():
        raise Refusal(PAST)
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)  # two tabs at once: one by one
    if by.host_offers.filter(school=school, school_year=school_year).exists():
        raise Refusal("Vous avez déjà proposé cette classe\u00a0: complétez votre proposition.")
    _check(text, school)
    offer = HostOffer(person=by, school=school, school_year=school_year)
    _write(offer, text)
    if heads_of(school.pk).filter(pk=by.pk).exists():
        offer.state = OfferState.AGREED
    offer.save()
    move = OfferMove.objects.create(offer=offer, target=offer.state, by=by)
    if offer.state == OfferState.PROPOSED:
        telling.proposed(offer, move)
    return offer


def locked(offer: HostOffer) -> HostOffer:
    """Hold an offer, and read it again."""
    return queries.offers().select_for_update(of=("self",)).get(pk=offer.pk)


@transaction.atomic
def edit(*, offer: HostOffer, text: OfferText, by: Person) -> HostOffer:
    """Correct what one says of one's own class.

    Raises: Refusal if it is not one's own or is over, for more students than what was agreed, or to take away a
        half-day on which students are to come.
    """
    held = locked(offer)
    if held.person_id != by.pk:
        raise Refusal(NOT_YOURS)
    if held.state not in rules.EDITED:
        raise Refusal("Proposez de nouveau cette classe, puis corrigez-la.")
    _check(text, held.school)
    if held.state != OfferState.PROPOSED and text.seats > held.seats:
        students = f"{held.seats}\u00a0étudiant{'s' if held.seats > 1 else ''}"
        raise Refusal(
            f"L’accord vaut pour {students} à la fois. Pour en accueillir plus, retirez votre proposition, proposez-la "
            "de nouveau, puis corrigez-la."
        )
    former = queries.expected_half_days(held)
    _write(held, text)
    if lost := sorted(former - queries.expected_half_days(held)):
        when = planned_in_words(lost[0], timezone.localdate())
        raise Refusal(
            f"L’institut prévoit des étudiants dans cette classe, {when}. Gardez cette demi-journée, ou voyez avec lui "
            "d’abord."
        )
    held.save()
    return held


@transaction.atomic
def move(
    *, offer: HostOffer, verb: Verb, by: Person, reason: str = "", institutions: Collection[Institution] = ()
) -> HostOffer:
    """Do one verb of the table; to open, say to which institutions. Who is concerned is told.

    Raises: Refusal if that person may not, if the state does not have it, without the reason or the institution asked
        for, for a school year that is past, or to take a class away from students who are to come.
    """
    held = locked(offer)
    _move(held, verb, by, reason.strip(), institutions)
    if verb is Verb.OPEN:
        telling.opened([held], institutions, f"{held.pk}-{held.moves.count()}")
    return held


def _move(held: HostOffer, verb: Verb, by: Person, reason: str, institutions: Collection[Institution]) -> None:
    rule = MOVES[verb]
    if rule.actor not in queries.actors(held, by):
        raise Refusal(NOT_YOURS)
    target = rule.check(held.state)
    if held.school_year not in queries.years():
        raise Refusal(PAST)
    if rule.asks_reason and not reason:
        raise Refusal("Dites pourquoi\u00a0: la personne qui propose sa classe le lira.")
    if verb is Verb.OPEN:
        _open_to(held, institutions)
    _go(held, target, verb.value, by, reason if rule.asks_reason else "")


def _open_to(held: HostOffer, institutions: Collection[Institution]) -> None:
    known = set(queries.institutions_for({held.school.district.departement_id}))
    if not institutions or not set(institutions) <= known:
        raise Refusal("Choisissez à quel institut ouvrir cette classe.")
    held.institutions.set(institutions)


def _check_nobody_comes(held: HostOffer, target: OfferState) -> None:
    """Refuse to take a class away from students who are to come: to close it keeps them, and lets in nobody else."""
    if held.state in rules.KEPT_OPEN and target not in rules.KEPT_OPEN and queries.expects_students(held):
        raise Refusal(
            "L’institut prévoit des étudiants dans cette classe. Elle peut se fermer à tous les autres\u00a0; pour "
            "ceux-là, voyez avec l’institut."
        )


def _go(held: HostOffer, target: OfferState, verb: str, by: Person, reason: str) -> None:
    _check_nobody_comes(held, target)
    line = OfferMove(offer=held, verb=verb, source=held.state, target=target, by=by, reason=reason)
    held.state = target
    held.save(update_fields=["state", "updated_at"])
    line.save()
    if verb:
        telling.moved(held, line)
    else:
        telling.undone(held, line)


@transaction.atomic
def open_many(*, offers: Sequence[HostOffer], institutions: Collection[Institution], by: Person) -> list[HostOffer]:
    """Open several classes at once; those that somebody else has opened or taken back meanwhile are left out.

    Raises: Refusal if none of them waits, or without an institution.
    """
    if not institutions:
        raise Refusal("Choisissez à quel institut ouvrir ces classes.")
    pks = [offer.pk for offer in offers]
    rows = queries.offers().select_for_update(of=("self",)).filter(pk__in=pks, state=OfferState.AGREED).order_by("pk")
    held = list(rows)
    if not held:
        raise Refusal("Aucune de ces classes n’attend plus d’être ouverte.")
    for offer in held:
        _move(offer, Verb.OPEN, by, "", institutions)
    telling.opened(held, institutions, f"{held[0].pk}-{held[0].moves.count()}-{len(held)}")
    return held


def undoable(offer: HostOffer, by: Person) -> OfferMove | None:
    """The last move of an offer, if this person made it and it may be taken back."""
    last = offer.moves.first()
    mine = last is not None and last.by_id == by.pk and last.verb and last.target == offer.state
    return last if mine else None


@transaction.atomic
def undo(*, offer: HostOffer, by: Person) -> HostOffer:
    """Take back one's last move: the class is again as it was before it.

    Raises: Refusal if somebody else has moved it since, or may no longer.
    """
    held = locked(offer)
    last = undoable(held, by)
    if last is None or MOVES[Verb(last.verb)].actor not in queries.actors(held, by):
        raise Refusal("Ce geste ne s’annule plus\u00a0: quelque chose a changé depuis.")
    _go(held, OfferState(last.source), "", by, "")
    return held
