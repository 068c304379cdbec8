"""What a hand does to a draft: look at the rules, write who takes a class, keep what undoes it, put things back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from events.models import AssignedHalfDay, CoverAssignment, CoverEdit, CoverNeed, CoverPlan
from events.plans import problems, queries, rules


def need_in(plan: CoverPlan, pk: int) -> CoverNeed:
    """One class of a plan.

    Raises: Refusal if the plan has it no longer.
    """
    found = queries.needs_of(plan).filter(pk=pk).first()
    if found is None:
        raise Refusal("Cette classe n’est pas, ou plus, dans ce plan.")
    return found


@dataclass(frozen=True)
class Held:
    """Who takes a class before a change."""

    row: CoverAssignment | None

    @property
    def who(self) -> Person | None:
        return self.row.substitute if self.row else None

    @property
    def is_locked(self) -> bool:
        return self.row is not None and self.row.is_locked

    @property
    def mark(self) -> str:
        return rules.mark_of(self.row.substitute_id if self.row else None, is_locked=self.is_locked)


def held(plan: CoverPlan, need: CoverNeed) -> Held:
    return Held(plan.assignments.filter(need=need).select_related("substitute", "need__school").first())


def refuse_if_changed(need: CoverNeed, now: Held, seen: str) -> None:
    """Refuse to write over what somebody else has just done; `seen` is empty for who looked at nothing.

    Raises: Changed, in words.
    """
    if seen and seen != now.mark:
        said = f"{now.who}, verrouillé" if now.who and now.is_locked else str(now.who or "personne")
        raise rules.Changed(f"{need} vient d’être changée par quelqu’un d’autre\u00a0: à présent, {said}.")


# --- Giving and taking ------------------------------------------------------------------------------------------------
def checked(plan: CoverPlan, need: CoverNeed, substitute_pk: int) -> CoverAssignment:
    """The assignment that one asks for, locked and not written yet.

    Raises: Refusal with the name of the rule that it would break.
    """
    situation = problems.situation_of(plan, [need])
    broken = situation.broken_rule(need, substitute_pk)
    if broken is not None:
        raise Refusal(f"Impossible\u00a0: {broken}.")
    who = situation.members[str(substitute_pk)].person
    for other in taken_with(plan, need, substitute_pk):
        raise Refusal(f"Impossible\u00a0: {who} prend déjà {other.need} à ce moment-là.")
    metres, is_estimate, cents = situation.cost_of(need, who.pk)
    return CoverAssignment(
        plan=plan, need=need, substitute=who, is_locked=True, metres=metres, is_estimate=is_estimate, cents=cents
    )


def taken_with(plan: CoverPlan, need: CoverNeed, substitute_pk: int) -> list[CoverAssignment]:
    """The other classes of a plan that somebody takes at the moment of this one."""
    busy = AssignedHalfDay.objects.filter(
        plan=plan, substitute_id=substitute_pk, day=need.day.on, half__in=need.halves
    ).exclude(assignment__need=need)
    rows = CoverAssignment.objects.filter(pk__in=busy.order_by().values("assignment_id"))
    return list(rows.select_related("need__school", "need__day", "substitute").order_by("pk"))


def leave(plan: CoverPlan, substitute_pk: int, need_pks: Collection[int]) -> list[tuple[CoverNeed, Held]]:
    """Take these classes off somebody, and say how they were.

    Raises: Changed if they take one of them no longer.
    """
    found = []
    for pk in sorted(need_pks):
        need = need_in(plan, pk)
        before = held(plan, need)
        if before.row is None or before.row.substitute_id != substitute_pk:
            refuse_if_changed(need, before, rules.mark_of(substitute_pk, is_locked=not before.is_locked))
        else:
            before.row.delete()
            found.append((need, before))
    return found


def take(row: CoverAssignment) -> None:
    """Write who takes a class.

    Raises: Refusal if somebody else was quicker.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            AssignedHalfDay.objects.bulk_create(row.held_half_days())
    except IntegrityError as error:
        raise Refusal(f"{row.substitute} vient d’être donné à une autre classe au même moment.") from error


# --- Undoing ----------------------------------------------------------------------------------------------------------
def record(
    plan: CoverPlan, need: CoverNeed, before: Held, said: str, by: Person, gesture: CoverEdit | None = None
) -> CoverEdit:
    """Keep what undoes a change; `gesture` is the change that it came with."""
    return CoverEdit.objects.create(
        plan=plan,
        need=need,
        before=before.who,
        was_locked=before.is_locked,
        words=said[: rules.WORD_MAX],
        gesture=gesture,
        by=by,
    )


def refuse_if_built_upon(plan: CoverPlan, edits: Collection[CoverEdit]) -> None:
    """Undo nothing on which a later change stands.

    Raises: Refusal with the later change.
    """
    for edit in edits:
        later = plan.edits.filter(undone_at=None, need_id=edit.need_id, pk__gt=max(one.pk for one in edits)).first()
        if later is not None:
            whose = f" par {later.by}" if later.by else ""
            raise Refusal(
                f"Cette classe a encore été changée depuis{whose} ({later.words})\u00a0: annulez d’abord ce changement."
            )


def put_back(plan: CoverPlan, edits: Collection[CoverEdit]) -> None:
    """Bring back how classes were before these changes, all of them or none.

    Raises: Refusal if that is impossible now.
    """
    needs = {edit.pk: need_in(plan, edit.need_id) for edit in edits}
    now = {edit.pk: held(plan, needs[edit.pk]) for edit in edits}
    for edit in edits:
        row = now[edit.pk].row
        if row is not None and row.substitute_id != edit.before_id:
            row.delete()
    for edit in edits:
        row = now[edit.pk].row
        if edit.before_id is None:
            continue
        if row is not None and row.substitute_id == edit.before_id:
            row.is_locked = edit.was_locked
            row.save(update_fields=["is_locked"])
        else:
            given = checked(plan, needs[edit.pk], edit.before_id)
            given.is_locked = edit.was_locked
            take(given)
    CoverEdit.objects.filter(pk__in=[edit.pk for edit in edits]).update(undone_at=timezone.now())
