"""The records that protect the films of the demonstration, with invented initials and a paper that says so."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from circo.models import Person
from networks.models import MutualisationGroup
from videos import actions
from videos.consents import rules
from videos.consents.rules import Audience
from videos.models import RecordingProject

PUPILS = ("A. B.", "C. D.", "E. F. G.")
KEPT_FOR = timedelta(days=180)


def record_for(author: Person, group: MutualisationGroup) -> RecordingProject:
    """Make the complete record of one author for one group, by the acts of a teacher."""
    today = timezone.localdate()
    values = {
        "title": "Projet de démonstration",
        "purpose": "Montrer comment un film est protégé. Les initiales sont inventées, personne n’est filmé.",
        "place": "Salle de démonstration",
        "recorded_from": today,
        "recorded_until": today,
        "group": group,
        "audience": Audience.NETWORK,
        "ends_on": rules.expires_on(today, [today + KEPT_FOR]),
    }
    project = actions.create_project(values=values, by=author)
    for pupil in actions.add_pupils(project=project, labels=PUPILS, holders=2, by=author):
        paper = SimpleUploadedFile("papier.jpg", _paper(pupil.label))
        actions.agree(recorded=pupil, numbers=[1, 2], signed_on=today, file=paper, assented=True, by=author)
    return actions.declare_whole(project=project, by=author)


def _paper(label: str) -> bytes:
    """A picture of a paper that nobody signed, and that says so."""
    picture, file = Image.new("RGB", (600, 400), "white"), BytesIO()
    ImageDraw.Draw(picture).text((40, 180), f"Formulaire de demonstration : {label}", fill="black", font_size=24)
    picture.save(file, "JPEG")
    return file.getvalue()
