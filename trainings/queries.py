"""The whole content of a version, read in a constant number of queries."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from trainings.models import Module, PathVersion, Step, StepExcerpt


def steps_whole() -> QuerySet[Step]:
    """Steps with all that they hold: five queries, whatever their number."""
    films = StepExcerpt.objects.select_related("film")
    return Step.objects.select_related("grid", "salon").prefetch_related(
        Prefetch("excerpts", films), "questions", "documents"
    )


def modules_whole(version: PathVersion) -> list[Module]:
    """The modules of a version with their statements, needs and steps: nine queries, whatever their number."""
    return list(version.modules.prefetch_related("needs", "statements", Prefetch("steps", steps_whole())))
