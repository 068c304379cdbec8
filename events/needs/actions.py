"""Verbs of needs: compute them again, rank one, share its pupils out, write a word for who takes the class."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from circo.access import Permission
from circo.errors import Refusal
from circo.models import Person
from events.days.rules import DayState
from events.models import CoverNeed, SharingDay
from events.needs import queries, rules
from events.needs.queries import Difference, Facts
from events.needs.rules import Priority, Wanted


def _check(day: SharingDay, by: Person) -> None:
    if day.district_id not in by.reach().district_ids_for(Permission.PLAN_COVER):
        raise Refusal("Vous ne préparez pas les remplacements de cette circonscription.")
    if day.state in (DayState.CLOSED, DayState.CANCELLED):
        raise Refusal("Cette journée est close ou annulée\u00a0: ses besoins ne changent plus.")


@transaction.atomic
def compute(*, day: SharingDay, by: Person) -> Difference:
    """Write what a day asks for now; twice is as once. What people typed stays, a need that is no more is withdrawn.

    Raises: Refusal if `by` may not, or if the day is over.
    """
    day = SharingDay.objects.select_for_update(of=("self",)).select_related("district__departement").get(pk=day.pk)
    _check(day, by)
    facts, rows = queries.facts_of(day), queries.written(day)
    done = queries.difference(facts, rows)
    now = {one.school_class.key: one for one in facts.wanted}
    for key, one in now.items():
        need = rows.get(key)
        if need is None:
            _create(facts, one)
        elif need.withdrawn_at is not None or queries.is_changed(need, one):
            _update(need, facts, one)
    gone = [need.pk for key, need in rows.items() if key not in now and need.withdrawn_at is None]
    CoverNeed.objects.filter(pk__in=gone).update(withdrawn_at=timezone.now())
    return done


def _create(facts: Facts, one: Wanted) -> None:
    priority, reason = _priority(facts, one)
    need = CoverNeed.objects.create(
        day=facts.day,
        class_key=one.school_class.key,
        priority=priority,
        reason=reason,
        **queries.computed(one),
    )
    need.people.set(one.people)


def _update(need: CoverNeed, facts: Facts, one: Wanted) -> None:
    for name, value in queries.computed(one).items():
        setattr(need, name, value)
    if need.edited_by_id is None:
        need.priority, need.reason = _priority(facts, one)
    need.computed_at, need.withdrawn_at = timezone.now(), None
    need.save()
    need.people.set(one.people)


def _priority(facts: Facts, one: Wanted) -> tuple[Priority, str]:
    school = facts.schools[one.school_class.school_id]
    return rules.priority_of(facts.class_count(school.pk), school.priority_status)


@transaction.atomic
def rank(*, need: CoverNeed, priority: Priority, note: str, is_shared_out: bool, by: Person) -> CoverNeed:
    """Say which rank a need has, or that its pupils are shared out in the school: kept when all is computed again."""
    _check(need.day, by)
    if need.priority != priority:
        need.priority, need.reason, need.edited_by = priority.value, f"choisi par {by}"[:120], by
    need.note, need.is_shared_out = note.strip(), is_shared_out
    need.save(update_fields=["priority", "reason", "edited_by", "note", "is_shared_out"])
    return need


@transaction.atomic
def write_note(*, need: CoverNeed, text: str, by: Person) -> CoverNeed:
    """Write what whoever takes the class should know: by the teacher who leaves it.

    Raises: Refusal for anybody else.
    """
    if not need.people.filter(pk=by.pk).exists():
        raise Refusal("Ce mot est écrit par la personne dont c’est la classe.")
    need.class_note = text.strip()
    need.save(update_fields=["class_note"])
    return need
