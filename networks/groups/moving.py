"""How a move is written: on a locked row, with its line in the log, and a word to whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from networks.groups import rules, telling
from networks.groups.rules import INVITATION_DAYS, Hand, State, Verb
from networks.models import Membership, MembershipMove


def locked(membership: Membership) -> Membership:
    """The row as it stands now, nobody else writing it until the transaction ends."""
    rows = Membership.objects.select_for_update(of=("self",))
    return rows.select_related("group__network__district", "group__adviser", "person", "school_year").get(
        pk=membership.pk
    )


def log(membership: Membership, verb: Verb, source: State, *, by: Person | None, why: str = "") -> MembershipMove:
    """Write the line of a move that was just made. The database refuses one that the table does not hold."""
    return MembershipMove.objects.create(
        membership=membership,
        verb=verb.value,
        from_stage=source.stage,
        from_standing=source.standing,
        to_stage=membership.stage,
        to_standing=membership.standing,
        by=by,
        why=why.strip(),
    )


def apply(
    membership: Membership, verb: Verb, hands: Iterable[Hand], *, by: Person | None, why: str, on: date | None = None
) -> Membership:
    """Make a move on a locked row, log it, and tell whom it concerns."""
    source = membership.state
    if says := rules.refusal(verb, source, hands):
        raise Refusal(says)
    target = rules.the_move(verb, source).target
    membership.stage, membership.standing = target.stage, target.standing
    membership.left_on = (on or timezone.localdate()) if target.standing in rules.ENDED else None
    membership.save()
    telling.tell(membership, log(membership, verb, source, by=by, why=why), hands)
    return membership


def is_too_old(membership: Membership) -> bool:
    """Tell whether the last invitation of a membership was sent longer ago than it holds."""
    last = membership.moves.filter(verb=Verb.INVITE).order_by("-at").first()
    return last is not None and last.at < timezone.now() - timedelta(days=INVITATION_DAYS)
