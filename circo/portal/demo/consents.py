"""The records that protect the films of the demonstration, with invented initials and a paper that says so."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from circo.models import Person
from networks.models import MutualisationGroup
from videos.consents import rules
from videos.consents.rules import Answer, Audience
from videos.models import Agreement, Recorded, RecordingProject, Scan

PUPILS = ("A. B.", "C. D.", "E. F. G.")
KEPT_FOR = timedelta(days=180)


def record_for(author: Person, group: MutualisationGroup) -> RecordingProject:
    """The complete record of one author for one group."""
    today = timezone.localdate()
    project = RecordingProject.objects.create(
        author=author,
        group=group,
        title="Projet de démonstration",
        purpose="Montrer comment un film est protégé. Les initiales sont inventées, personne n’est filmé.",
        place="Salle de démonstration",
        recorded_from=today,
        recorded_until=today,
        audience=Audience.GROUP,
        ends_on=rules.expires_on(today, [today + KEPT_FOR]),
        declared_at=timezone.now(),
    )
    for label in PUPILS:
        _pupil(project, label, today)
    return project


def _pupil(project: RecordingProject, label: str, today: date) -> None:
    pupil = Recorded.objects.create(project=project, pupil=True, label=label, assented=True)
    paper = Scan.objects.create(recorded=pupil, kind=Scan.Kind.PDF, size_bytes=1)
    for number in (1, 2):
        Agreement.objects.create(
            recorded=pupil, number=number, answer=Answer.AGREED, signed_on=today, scan=paper, answered_by=project.author
        )
