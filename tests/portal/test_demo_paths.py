"""The training paths of the demonstration: one to take, begun by one, finished by another; one in preparation."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo.models import HourEntry, Person
from circo.portal.demo import paths
from circo.portal.demo.accounts import DOMAIN
from circo.portal.demo.plan import plan
from circo.portal.demo.writing import write
from networks.models import MutualisationGroup
from tests.videos.films import film_of
from trainings.models import Enrolment, PathVersion, Step
from trainings.paths.rules import StepKind, VersionState


@pytest.mark.django_db
def test_a_path_is_published_begun_and_finished(client):
    with time_machine.travel(datetime.fromisoformat("2026-11-26T10:00+01:00"), tick=True):
        write(plan(size="tiny", today=timezone.localdate()))
        paths.write()
        assert set(PathVersion.objects.values_list("state", flat=True)) == {VersionState.PUBLISHED, VersionState.DRAFT}
        amina, bruno = (Person.objects.get(email=f"{name}@{DOMAIN}") for name in ("amina", "bruno"))
        assert Enrolment.objects.get(person=bruno).completed_at
        assert HourEntry.objects.filter(person=bruno, label__startswith="Parcours").count() == 1
        client.force_login(amina)
        path = Enrolment.objects.get(person=amina).path_id
        page = client.get(reverse("trainings:path_show", args=[path])).content.decode()
        assert "Continuer" in page
        assert "voit ce que vous avez fait" in page
        assert "Salle 2" in page
        assert "Trois secondes de silence" in page


@pytest.mark.django_db
def test_a_film_of_the_demonstration_is_shown_in_it():
    """It is not prepared yet: a worker does that once it runs."""
    with time_machine.travel(datetime.fromisoformat("2026-11-26T10:00+01:00"), tick=True):
        write(plan(size="tiny", today=timezone.localdate()))
        paths.write()
        amina = Person.objects.get(email=f"amina@{DOMAIN}")
        paths.show(film_of(amina, MutualisationGroup.objects.of_member(amina).first()))
        step = Step.objects.get(kind=StepKind.WATCH)
        assert step.questions.get().excerpt == step.excerpts.get()
