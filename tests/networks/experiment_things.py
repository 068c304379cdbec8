"""Experiments for the tests, and what the sweeps open of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from circo.models import Person
from networks.models import Experiment, ExperimentMove, Indicator, MutualisationGroup
from tests.house.supplying import Scene, Supplied


def experiment_of(group: MutualisationGroup, referent: Person | None = None, mark: str = "", **fields) -> Experiment:
    """An idea that has all it needs to run."""
    fields = {"title": f"Lire à deux voix{mark}", "question": f"Lit-on mieux à deux ?{mark}"} | fields
    made = Experiment.objects.create(group=group, referent=referent, finding=f"On lit mot à mot{mark}", **fields)
    made.classes.create(school=group.network.district.school_set.order_by("pk")[0], levels=["CE1"], pupil_count=24)
    indicator_of(made, f"Mots lus{mark}", before=38, unit=f"mots{mark}")
    return made


def indicator_of(
    experiment: Experiment, name: str, *, before=None, after=None, unit: str = "mots", **fields
) -> Indicator:
    today = timezone.localdate()
    return experiment.indicators.create(
        name=name,
        unit=unit,
        before=None if before is None else Decimal(str(before)),
        before_on=None if before is None else today - timedelta(days=60),
        after=None if after is None else Decimal(str(after)),
        after_on=None if after is None else today,
        **fields,
    )


def supply(scene: Scene) -> Supplied:
    made = experiment_of(scene.ground.group, scene.teacher, scene.mark)
    step = made.steps.create(title=f"Premiers binômes{scene.mark}", due_on=timezone.localdate())
    gone = made.steps.create(title=f"Oubliée{scene.mark}", due_on=timezone.localdate(), removed_at=timezone.now())
    made.entries.create(author=scene.teacher, on=timezone.localdate(), text=f"Ils s’écoutent{scene.mark}")
    indicator_of(made, f"Livres lus{scene.mark}").points.create(value=3, on=timezone.localdate())
    reviewed = experiment_of(
        scene.ground.group,
        scene.teacher,
        scene.mark,
        state="REVIEWED",
        outcome=f"On lit mieux{scene.mark}",
        title=f"Écrire chaque jour{scene.mark}",
    )
    ExperimentMove.objects.create(
        experiment=reviewed, source="RUNNING", target="REVIEWED", by=scene.teacher, why=f"C’est fini{scene.mark}"
    )
    one, part = {"pk": made.pk}, {"pk": made.pk, "kind": "etapes"}
    held = part | {"part_id": step.pk}
    return Supplied(
        urls={
            "networks:experiment_new": {"group_id": scene.ground.group.pk},
            "networks:experiment_create": {"group_id": scene.ground.group.pk},
            "networks:experiment_page": one,
            "networks:experiment_edit": one,
            "networks:experiment_update": one,
            "networks:experiment_move": one | {"name": "lancer"},
            "networks:experiment_sheet": one,
            "networks:experiment_review": {"pk": reviewed.pk},
            "networks:experiment_part_new": part,
            "networks:experiment_part_add": part,
            **{f"networks:experiment_part_{verb}": held for verb in ("edit", "update", "remove")},
            "networks:experiment_part_restore": part | {"part_id": gone.pk},
        },
        admin={"experiment": reviewed},
    )
