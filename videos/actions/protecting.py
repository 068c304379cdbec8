"""Put a film under a recording project, and say who may see it."""

from __future__ import annotations

from circo.errors import Refusal
from videos import queries
from videos.consents.rules import AUDIENCE_LABELS, Audience
from videos.models import Film, RecordingProject


def protect(film: Film, project: RecordingProject, audience: Audience = Audience.GROUP) -> None:
    """Write on `film`, without saving it, its project and the circle that its author wishes.

    Raises: Refusal if the project is not the author's, or if the families agreed to less.
    """
    if project.author_id != film.author_id:
        raise Refusal("Choisissez l’un de vos projets de captation.")
    if audience > project.audience:
        agreed = AUDIENCE_LABELS[Audience(project.audience)]
        raise Refusal(f"Les familles ont donné leur accord pour {agreed}, pas au-delà.")
    if not queries.covers(project, film.group):
        raise Refusal(f"Le projet «\u00a0{project}\u00a0» a été présenté aux familles pour un autre groupe.")
    film.project, film.audience = project, audience
