"""Put a film under a recording project, and say who may see it."""

from __future__ import annotations

from django.db import transaction

from circo.errors import Refusal
from circo.models import Person
from videos import announcing, queries
from videos.captions import rules as captions
from videos.consents.rules import AUDIENCE_LABELS, Audience
from videos.models import Absence, Film, RecordingProject


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
    if captions.needed(audience) and queries.captions_missing(film):
        raise Refusal("Avant d’ouvrir un film au-delà de votre groupe, ajoutez-lui des sous-titres et montrez-les.")
    film.project, film.audience = project, audience


@transaction.atomic
def share(*, film: Film, project: RecordingProject | None, audience: Audience, by: Person) -> Film:
    """Put a film under a recording project, and wish for it a circle. It is shown once its record is complete.

    Raises: Refusal if the film or the project is not one's own, or if the families agreed to less.
    """
    film = Film.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=film.pk).first() or film
    if film.author_id != by.pk:
        raise Refusal("Seule la personne qui a déposé un film dit qui peut le voir.")
    if project is None:
        film.project, film.audience = None, min(audience, Audience.GROUP)
    else:
        if project.pk != film.project_id:
            Absence.objects.filter(film=film).delete()  # said of the people of another list
        protect(film, project, audience)
    film.save(update_fields=["project", "audience"])
    announcing.take_back(film)
    announcing.announce(film)
    return film
