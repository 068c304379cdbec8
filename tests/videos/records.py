"""Complete and incomplete records for the tests' films, with invented initials."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from circo.models import Person
from networks.models import MutualisationGroup
from videos.consents.rules import Answer, Audience
from videos.models import Agreement, Recorded, RecordingProject, Scan


def project_of(author: Person, group: MutualisationGroup, **fields) -> RecordingProject:
    """A project whose list of people is declared whole."""
    today = timezone.localdate()
    fields = {
        "title": "Dictée négociée",
        "purpose": "Étudier entre collègues une séance de dictée négociée.",
        "place": "Salle de classe",
        "recorded_from": today,
        "recorded_until": today,
        "audience": Audience.DISTRICT,
        "ends_on": today + timedelta(days=200),
        "declared_at": timezone.now(),
    } | fields
    return RecordingProject.objects.create(author=author, group=group, **fields)


def pupil(project: RecordingProject, label: str = "A. B.", *answers: Answer, assented: bool = True) -> Recorded:
    """A pupil and the answers of the holders of parental authority: both agreed, unless said otherwise."""
    one = Recorded.objects.create(project=project, pupil=True, label=label, assented=assented)
    return _answered(one, answers or (Answer.AGREED, Answer.AGREED))


def adult(project: RecordingProject, label: str = "Noé Martin", answer: Answer = Answer.AGREED) -> Recorded:
    return _answered(Recorded.objects.create(project=project, pupil=False, label=label), (answer,))


def _answered(one: Recorded, answers: tuple[Answer, ...]) -> Recorded:
    scan = Scan.objects.create(recorded=one, kind=Scan.Kind.PDF, size_bytes=1)
    for number, answer in enumerate(answers, start=1):
        agreed = answer == Answer.AGREED
        signed = {"signed_on": timezone.localdate(), "scan": scan} if agreed else {}
        Agreement.objects.create(recorded=one, number=number, answer=answer, **signed)
    return one


def record_of(author: Person, group: MutualisationGroup) -> RecordingProject:
    """The complete record that protects the films of this author for this group: one, made when first asked for."""
    known = RecordingProject.objects.filter(author=author, group=group).first()
    if known is None:
        known = project_of(author, group)
        pupil(known)
        adult(known)
    return known
