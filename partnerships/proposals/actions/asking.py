"""Verbs of proposals: ask for one, stop it, ask again with what one keeps and what one rules out, accept, take back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.models import Institution, Person
from partnerships.models import Cohort, PlacementProposal, ProposalApart, ProposalLine
from partnerships.placements.checking import NOT_YOURS
from partnerships.proposals import queries, rules
from partnerships.proposals.actions import taking
from partnerships.proposals.rules import LineState, Needs


@dataclass(frozen=True)
class Asked:
    """Between which days, both included, and how many half-days of each kind."""

    first: date
    last: date
    needs: Needs


# --- Computing --------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask(*, cohorts: Sequence[Cohort], asked: Asked, by: Person) -> PlacementProposal:
    """Have a proposal computed for some cohorts of one institution and year.

    Raises: Refusal for cohorts that do not go together, dates that are over, or while another is being computed.
    """
    keys = sorted({one.pk for one in cohorts})
    found = list(Cohort.objects.editable_by(by).filter(pk__in=keys).order_by("pk"))
    if not keys or len(found) != len(keys):
        raise Refusal("Choisissez au moins une promotion que vous coordonnez.")
    if len({(one.institution_id, one.school_year_id) for one in found}) > 1:
        raise Refusal("Les promotions d’une proposition sont d’un même institut et d’une même année.")
    return _begin(asked, found, by, institution_id=found[0].institution_id)


@transaction.atomic
def ask_again(*, proposal: PlacementProposal, keeps_classes: bool, by: Person) -> PlacementProposal:
    """The same question anew: lines that one keeps stay, classes that one ruled out stay out. Those accepted are
    placements by now, which no proposal moves.

    Raises: Refusal as `ask`.
    """
    if not proposal.is_ready:
        raise Refusal("Cette proposition n’est pas calculée.")
    asked = Asked(proposal.first_on, proposal.last_on, proposal.needs)
    cohorts = list(proposal.cohorts.order_by("pk"))
    made = _begin(
        asked, cohorts, by, institution_id=proposal.institution_id, follows=proposal, keeps_classes=keeps_classes
    )
    aparts = proposal.aparts.values_list("student_id", "offer_id")
    ProposalApart.objects.bulk_create(ProposalApart(proposal=made, student_id=a, offer_id=b) for a, b in aparts)
    return made


def _begin(
    asked: Asked, cohorts: Sequence[Cohort], by: Person, *, institution_id: int, **more: Any
) -> PlacementProposal:
    rules.check_asked(asked.first, asked.last, timezone.localdate(), asked.needs)
    Institution.objects.select_for_update(of=("self",), no_key=True).get(pk=institution_id)
    if queries.is_computing(institution_id):
        raise Refusal("Une proposition se calcule déjà pour votre institut\u00a0: attendez-la, ou arrêtez-la.")
    observation, accompanied, responsibility = asked.needs
    made = PlacementProposal.objects.create(
        institution_id=institution_id,
        first_on=asked.first,
        last_on=asked.last,
        observation=observation,
        accompanied=accompanied,
        responsibility=responsibility,
        asked_by=by,
        **more,
    )
    made.cohorts.set(cohorts)
    jobs.ask(queries.PROPOSE, str(made.pk))
    return made


def give_up(subject_id: str, reason: str) -> None:
    """Say why there is no proposal."""
    PlacementProposal.objects.filter(pk=subject_id).update(failure=reason[: rules.SAID_MAX], stop_asked_at=None)


def stop(*, proposal: PlacementProposal, by: Person) -> PlacementProposal:
    """Ask the worker to stop: the best found so far is kept, and says what is not proved."""
    mine = PlacementProposal.objects.editable_by(by).filter(pk=proposal.pk, stop_asked_at=None)
    mine.update(stop_asked_at=timezone.now())
    return proposal


# --- What the next one keeps and rules out ----------------------------------------------------------------------------
@transaction.atomic
def keep(*, line: ProposalLine, is_kept: bool, by: Person) -> ProposalLine:
    """Keep a line as it is at the next computing, or no longer."""
    row = taking.held(line, by)
    if row.offer is None or not row.is_open:
        raise Refusal("On garde une ligne proposée, avec sa classe.")
    row.is_kept = is_kept
    row.save(update_fields=["is_kept"])
    if is_kept:
        row.proposal.aparts.filter(student=row.student, offer=row.offer).delete()
    return row


@transaction.atomic
def rule_out(*, line: ProposalLine, by: Person) -> ProposalApart:
    """Never this class for these students, from the next computing on."""
    row = taking.held(line, by)
    if row.offer is None or not row.is_open:
        raise Refusal("On écarte la classe d’une ligne proposée.")
    row.is_kept = False
    row.save(update_fields=["is_kept"])
    return ProposalApart.objects.get_or_create(proposal=row.proposal, student=row.student, offer=row.offer)[0]


@transaction.atomic
def allow(*, apart: ProposalApart, by: Person) -> None:
    """This class again."""
    ProposalApart.objects.editable_by(by).filter(pk=apart.pk).delete()


# --- Accepting all, and taking all back -------------------------------------------------------------------------------
@transaction.atomic
def accept_all(*, proposal: PlacementProposal, by: Person) -> int:
    """Have every line with a class written by a worker, but for those that one ruled out. Return how many."""
    rows = _mine(proposal, by).filter(state=LineState.OPEN, offer__isnull=False)
    out = {(one, other) for one, other in proposal.aparts.values_list("student_id", "offer_id")}
    keys = [row.pk for row in rows.order_by("pk") if (row.student_id, row.offer_id) not in out]
    return _have_done(proposal, keys, LineState.ACCEPTING, by)


@transaction.atomic
def undo_all(*, proposal: PlacementProposal, by: Person) -> int:
    """Have every accepted line taken back by a worker. Return how many."""
    keys = list(_mine(proposal, by).filter(state=LineState.ACCEPTED).order_by("pk").values_list("pk", flat=True))
    return _have_done(proposal, keys, LineState.UNDOING, by)


def _mine(proposal: PlacementProposal, by: Person) -> QuerySet[ProposalLine]:
    rows = ProposalLine.objects.editable_by(by).filter(proposal=proposal)
    if not PlacementProposal.objects.editable_by(by).filter(pk=proposal.pk).exists():
        raise Refusal(NOT_YOURS)
    return rows


def _have_done(proposal: PlacementProposal, keys: Sequence[int], state: LineState, by: Person) -> int:
    if not keys:
        raise Refusal("Il n’y a plus de ligne à accepter." if state is LineState.ACCEPTING else "Rien n’est accepté.")
    was = LineState.OPEN if state is LineState.ACCEPTING else LineState.ACCEPTED
    asked = ProposalLine.objects.filter(pk__in=keys, state=was)
    count = asked.update(state=state.value, said="", settled_by=by, settled_at=timezone.now())
    jobs.ask(queries.WRITE, str(proposal.pk))
    return count


def give_back(subject_id: str, reason: str) -> None:
    """The worker stopped for good: what it had not done is as it was."""
    lines = ProposalLine.objects.filter(proposal_id=int(subject_id))
    said = reason[: rules.SAID_MAX]
    lines.filter(state=LineState.ACCEPTING).update(state=LineState.OPEN.value, said=said)
    lines.filter(state=LineState.UNDOING).update(state=LineState.ACCEPTED.value, said=said)
