"""What is read in a practice before others see it: what keeps it from being shown, and what is worth a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from circo.rules import school_year_bounds
from networks.experiments import rules as experiments
from trainings.models import PathVersion, Showcase
from trainings.paths.queries.protection import film_states
from trainings.paths.rules import Opening, VersionState
from trainings.showcase import rules
from trainings.showcase.queries.parts import films_of
from trainings.showcase.rules import Reach
from videos.consents.rules import AUDIENCE_LABELS, Audience


@dataclass(frozen=True)
class Problem:
    """One thing to see to before others read it. `is_blocking`: it is not published with it."""

    text: str
    url: str = ""
    is_blocking: bool = True


def problems(showcase: Showcase, wanted: Reach, answers: Sequence[str]) -> list[Problem]:
    """List what keeps a practice from being shown that far, and what is worth a look. Some eight queries."""
    found = []
    if rules.agreed(answers) < wanted:
        found.append(
            Problem(f"Tous ses auteurs n’ont pas dit oui pour «\u00a0{rules.REACH_LABELS[wanted]}\u00a0».", "#accords")
        )
    found += _of_films(showcase, wanted)
    found += _of_path(showcase, wanted)
    if showcase.experiment and showcase.experiment.state != experiments.State.REVIEWED:
        found.append(
            Problem("Le bilan de l’expérimentation n’est pas fait\u00a0: ses relevés ne sont pas montrés.", "", False)
        )
    return found


def _of_films(showcase: Showcase, wanted: Reach) -> list[Problem]:
    found = []
    until = school_year_bounds(timezone.localdate())[1]
    for state in film_states(films_of(showcase.sheet)).values():
        said = f"«\u00a0{state.film}\u00a0»"
        url = "#accords"  # its author alone opens the page that protects it, and is named there
        if not state.is_shared:
            found.append(Problem(f"Personne d’autre que son auteur ne voit {said} aujourd’hui.", url))
            continue
        audience = Audience(state.film.audience)
        if audience < Audience.DISTRICT:
            words = f"{said} se voit dans ce cercle\u00a0: {AUDIENCE_LABELS[audience]}. "
            words += "Qui l’a déposé peut l’ouvrir à la circonscription."
            found.append(Problem(words, url))
        elif wanted is Reach.DEPARTEMENT:
            words = f"Les familles ont accepté que {said} se voie dans la circonscription\u00a0: ailleurs, on lira la "
            found.append(Problem(f"{words}fiche sans le film.", url, is_blocking=False))
        if not state.has_captions:
            found.append(Problem(f"{said} n’a pas de sous-titres.", url, is_blocking=False))
        if state.expires_on and state.expires_on < until:
            found.append(
                Problem(f"Les accords de {said} finissent avant l’année\u00a0: il se fermera alors.", url, False)
            )
    return found


def _of_path(showcase: Showcase, wanted: Reach) -> list[Problem]:
    if showcase.path is None:
        return []
    url = reverse("trainings:path_show", args=[showcase.path.pk])
    published = PathVersion.objects.filter(path=showcase.path, state=VersionState.PUBLISHED).exists()
    if not published or showcase.path.removed_at is not None:
        return [Problem("Le parcours joint n’est pas, ou plus, publié.", url)]
    if wanted is Reach.DEPARTEMENT and showcase.path.opening == Opening.DISTRICT:
        return [Problem("Le parcours joint n’est ouvert qu’à la circonscription.", url, is_blocking=False)]
    return []
