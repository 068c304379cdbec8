"""What an author may put in a step: what they see of the platform, and what the step already holds."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from circo.models import Person
from networks.models import Salon
from trainings.models import Step
from videos.models import Grid, Observation, ObservationRound
from videos.queries import grids_to_use


def grids(person: Person, step: Step | None) -> QuerySet[Grid]:
    """The last version of each grid that this person sees, and the one of the step."""
    seen = grids_to_use(person).order_by().values("pk")
    return Grid.objects.filter(Q(pk__in=seen) | Q(pk=step.grid_id if step else None)).order_by("title", "pk")


def looks(person: Person, step: Step | None) -> QuerySet[Observation]:
    """One's own finished looks, and the one of the step. Whoever noted them alone gives them to be read."""
    rounds = ObservationRound.objects.visible_to(person).order_by().values("pk")
    own = Q(observer=person.pk, finished_at__isnull=False, round__in=rounds)
    rows = Observation.objects.filter(own | Q(pk=step.expert_id if step else None))
    return rows.select_related("round__grid", "round__film", "observer").order_by("-finished_at", "-pk")


def salons(person: Person, step: Step | None) -> QuerySet[Salon]:
    """The open salons that this person enters, and the one of the step."""
    entered = Salon.objects.writable_by(person).order_by().values("pk")
    return Salon.objects.filter(Q(pk__in=entered) | Q(pk=step.salon_id if step else None)).order_by("title", "pk")
