"""What was taken out of a draft comes back; and what the pages of the workshop share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from circo.access import Permission, requires
from circo.refusals import refusals_above
from circo.rules import number_in
from trainings.models import LearningPath, PathVersion, RemovedPart
from trainings.paths.actions import drafts

type Crumbs = list[tuple[str, str]]


def parents(version: PathVersion | None = None) -> Crumbs:
    """The workshop, and the path in which one is."""
    found = [("Atelier des parcours", reverse("trainings:path_list"))]
    if version is not None:
        found.append((version.title, reverse("trainings:path_page", args=[version.path_id])))
    return found


def path_of(request: HttpRequest, pk: int) -> LearningPath:
    """A path of one's team, with its district and what it was adapted from; else 404."""
    related = ("district", "adapted_from__path__district")
    return get_object_or_404(LearningPath.objects.editable_by(request.user).select_related(*related), pk=pk)


def place_asked(request: HttpRequest, among: Sequence[Any], row: Any) -> int:
    """The place that a button or a drag asks for, from 0."""
    if (place := number_in(request.POST.get("place"))) is not None:
        return place
    return among.index(row) + (1 if request.POST.get("sens") == "bas" else -1)


def removed_part(request: HttpRequest) -> RemovedPart | None:
    """What the page says to have just been taken out."""
    number = number_in(request.GET.get("retire"))
    return RemovedPart.objects.restorable_by(request.user).filter(pk=number).first() if number else None


@requires(Permission.WRITE_PATHS)
@require_POST
def part_restore(request: HttpRequest, pk: int) -> HttpResponse:
    part = get_object_or_404(RemovedPart.objects.restorable_by(request.user).select_related("version"), pk=pk)
    where = reverse("trainings:step_edit", args=[part.step_id]) if part.step_id else ""
    with refusals_above(request):
        drafts.bring_back(part=part, by=request.user)
    return redirect(where or reverse("trainings:path_page", args=[part.version.path_id]))
