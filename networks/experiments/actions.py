"""Write experiments, and lead their life from one state to another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from circo import notices
from circo.errors import Refusal
from circo.mentions import clean
from circo.models import Person
from networks.experiments import queries, rules
from networks.models import (
    DiaryEntry,
    Experiment,
    ExperimentClass,
    ExperimentMove,
    ExperimentStep,
    Indicator,
    IndicatorPoint,
    MutualisationGroup,
)

type AnyPart = ExperimentClass | ExperimentStep | Indicator | IndicatorPoint | DiaryEntry

NOT_YOURS = "Cette expérimentation est celle d’un autre groupe."
CLOSED = "Cette expérimentation ne s’écrit plus\u00a0: rouvrez-la, ou reprenez-la, pour la changer."


def _held(experiment_id: int, by: Person) -> Experiment:
    rows = Experiment.objects.editable_by(by).select_for_update(of=("self",)).select_related("group__network")
    held = rows.filter(pk=experiment_id).first()
    if held is None:
        raise Refusal(NOT_YOURS)
    return held


def _open(experiment_id: int, by: Person) -> Experiment:
    held = _held(experiment_id, by)
    if not held.is_open:
        raise Refusal(CLOSED)
    return held


def _check_whole(experiment: Experiment) -> None:
    """Refuse a change that would take from a running experiment what it cannot run without."""
    lacks = queries.page_of(experiment).lacks(experiment.state)
    if lacks:
        raise Refusal(f"L’expérimentation est en cours. {rules.sentence_of(lacks)}")


@transaction.atomic
def propose(*, group: MutualisationGroup, texts: Mapping[str, Any], by: Person) -> Experiment:
    """Propose an experiment to one's group; who proposes it is its referent, as long as no other is chosen.

    Raises: Refusal if the group is not one's own, or for a referent or a derogation of elsewhere.
    """
    held = queries.groups_to_write_in(by).filter(pk=group.pk).first()
    if held is None:
        raise Refusal("Ce groupe n’est pas le vôtre.")
    made = Experiment(group=held)
    _write(made, texts)
    if made.referent is None and queries.members_of(held.pk).filter(pk=by.pk).exists():
        made.referent = by
    made.save()
    return made


def _write(experiment: Experiment, texts: Mapping[str, Any]) -> None:
    former = experiment.referent_id
    for name in rules.TEXTS:
        if name in texts:
            value = texts[name]
            setattr(experiment, name, value.strip() if isinstance(value, str) else value)
    if not experiment.title:
        raise Refusal("Donnez un titre à cette expérimentation.")
    chosen = experiment.referent_id
    if chosen not in (None, former) and not queries.members_of(experiment.group_id).filter(pk=chosen).exists():
        raise Refusal("Choisissez la personne référente parmi les membres du groupe.")
    if experiment.derogation and experiment.derogation.district_id != experiment.group.network.district_id:
        raise Refusal("Choisissez une dérogation de la circonscription.")
    experiment.asks_derogation = experiment.asks_derogation or experiment.derogation is not None


@transaction.atomic
def write(*, experiment: Experiment, texts: Mapping[str, Any], by: Person, seen: datetime | None = None) -> Experiment:
    """Change what an experiment says. `seen` is when the texts that `by` had on the screen were written.

    Raises: Refusal if it is not of one's group, is closed, was changed by somebody else meanwhile, or would lack what
            it cannot run without.
    """
    held = _open(experiment.pk, by)
    if seen is not None and held.updated_at > seen:
        raise Refusal(
            "Quelqu’un du groupe a changé ce texte pendant que vous écriviez. Le vôtre est gardé ici\u00a0: "
            "comparez-le avec la page ouverte dans un autre onglet, puis enregistrez à nouveau."
        )
    _write(held, texts)
    _check_whole(held)
    held.updated_at = held.touched_at = timezone.now()
    held.save()
    return held


# --- Parts: classes, steps, indicators, values, diary ---------------------------------------------------------------
@transaction.atomic
def add(*, experiment: Experiment, part: AnyPart, by: Person) -> AnyPart:
    """Add a new part, not saved yet, to an experiment of one's group.

    Raises: Refusal if it is not of one's group, is closed, or holds enough of such parts.
    """
    held = _open(experiment.pk, by)
    if isinstance(part, IndicatorPoint):
        if part.indicator.experiment_id != held.pk:
            raise Refusal(NOT_YOURS)
        siblings: QuerySet[Any] = IndicatorPoint.objects.filter(indicator__experiment=held)
    else:
        part.experiment = held
        siblings = type(part)._default_manager.filter(experiment=held)
    if isinstance(part, DiaryEntry):
        part.author = by
    most = rules.ENTRIES_MAX if isinstance(part, DiaryEntry) else rules.PARTS_MAX
    if siblings.filter(removed_at=None).count() >= most:
        raise Refusal("Cette expérimentation en compte déjà beaucoup. Retirez-en avant d’en ajouter.")
    _check_part(part, held)
    part.save(force_insert=True)
    _note_change(held)
    return part


def _check_part(part: AnyPart, experiment: Experiment) -> None:
    if isinstance(part, ExperimentClass):
        known = queries.schools_of_members(experiment.group_id).filter(pk=part.school_id).exists()
        if not known and not ExperimentClass.objects.filter(pk=part.pk, school_id=part.school_id).exists():
            raise Refusal("Choisissez l’école d’un membre du groupe.")
    if isinstance(part, IndicatorPoint) and part.indicator.removed_at is not None:
        raise Refusal("Cet indicateur vient d’être retiré.")


def _note_change(experiment: Experiment) -> None:
    """An experiment that lives stands first in its list; its own texts keep the instant they were written."""
    Experiment.objects.filter(pk=experiment.pk).update(touched_at=timezone.now())


def _experiment_of(part: AnyPart) -> int:
    return part.indicator.experiment_id if isinstance(part, IndicatorPoint) else part.experiment_id


def _owned[Row: AnyPart](part: Row, by: Person, *, removed: bool = False) -> tuple[Row, Experiment]:
    """Lock the experiment, then read one part of it anew."""
    held = _open(_experiment_of(part), by)
    objects: Any = type(part)._default_manager
    rows = objects.restorable_by(by) if removed else objects.editable_by(by)
    fresh = rows.filter(pk=part.pk).first()
    if fresh is None:
        raise Refusal("Ce n’est plus là." if not removed else "Il est trop tard pour le remettre.")
    return fresh, held


@transaction.atomic
def change(*, part: AnyPart, values: Mapping[str, Any], by: Person) -> None:
    """Write other values into a part.

    Raises: Refusal if it is not for `by`, is gone, or if a running experiment cannot do without it as it was.
    """
    fresh, held = _owned(part, by)
    for name, value in values.items():
        setattr(fresh, name, value)
    _check_part(fresh, held)
    fresh.save()
    _check_whole(held)
    _note_change(held)


@transaction.atomic
def remove(*, part: AnyPart, by: Person) -> None:
    """Take a part away; `restore` puts it back for some minutes.

    Raises: Refusal if it is not for `by`, is gone, or if a running experiment cannot do without it.
    """
    fresh, held = _owned(part, by)
    fresh.removed_at = timezone.now()
    fresh.save(update_fields=["removed_at"])
    _check_whole(held)


@transaction.atomic
def restore(*, part: AnyPart, by: Person) -> None:
    """Put a part back.

    Raises: Refusal if it is not for `by`, or if it was too long ago.
    """
    fresh, _ = _owned(part, by, removed=True)
    fresh.removed_at = None
    fresh.save(update_fields=["removed_at"])


# --- Life -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def move(*, experiment: Experiment, name: str, by: Person, why: str = "") -> ExperimentMove:
    """Make one move of the table, log it, and tell the other members.

    Raises: Refusal if `by` does not lead the experiment, if its state has no such move, if the move asks why and nobody
            says it, or in a sentence that lists all that is missing.
    """
    held = _held(experiment.pk, by)
    if not Experiment.objects.movable_by(by).filter(pk=held.pk).exists():
        raise Refusal("La personne référente et celle qui anime le groupe font avancer cette expérimentation.")
    wanted = rules.MOVE_NAMED[name]
    if refusal := rules.refusal_of(wanted, held.state):
        raise Refusal(refusal)
    why = clean(why)
    if wanted.asks_why and not why:
        raise Refusal("Dites pourquoi, en quelques mots.")
    if lacks := queries.page_of(held).lacks(wanted.target):
        raise Refusal(rules.sentence_of(lacks))
    held.state = wanted.target
    held.touched_at = timezone.now()
    held.save(update_fields=["state", "touched_at"])
    logged = held.moves.create(source=wanted.source, target=wanted.target, by=by, why=why[: rules.WHY_MAX])
    _tell(held, logged, wanted, by)
    return logged


def _tell(experiment: Experiment, logged: ExperimentMove, made: rules.Move, by: Person) -> None:
    people = queries.members_of(experiment.group_id).exclude(pk=by.pk)
    notices.tell_many(
        people,
        kind=queries.MOVED,
        key=f"move-{logged.pk}",
        title=f"{made.done} dans le groupe {experiment.group.name}",
        text=experiment.title,
        path=queries.address(experiment),
    )
