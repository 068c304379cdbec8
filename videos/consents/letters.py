"""The paper that a family, or an adult, reads and signs: the words of the recording project, as an accessible PDF.

Under a public task it is only read.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from circo.dates import day_in_words
from circo.documents.letters import LegalBasis, Nature, RecordingConsent
from videos import queries
from videos.consents.rules import Basis
from videos.models import Recorded, RecordingProject


def consent_form(recorded: Recorded, *, link: str) -> RecordingConsent:
    """Fill the form of one person, a row of `queries.recorded_page`; `link` is where one withdraws by oneself."""
    project, today = recorded.project, timezone.localdate()
    decision = project.decision
    informs = project.basis(today) == Basis.PUBLIC_TASK
    school, class_name = queries.class_of(project.author)
    return RecordingConsent(
        project=project.title,
        purpose=project.purpose,
        filmed_by=str(project.author),
        school=school,
        class_name=class_name,
        place=project.place,
        dates=days(project),
        audience=project.audience_in_words,
        kept_until=project.ends_on,
        natures=natures(project),
        legal_basis=LegalBasis.PUBLIC_TASK if informs else LegalBasis.CONSENT,
        decision=f"{decision.reference} ({decision.officer})" if informs and decision else "",
        withdraw_to=project.author.email,
        withdraw_link=link,
        reference=f"{str(project.pk)[:8]}-{recorded.pk}",
        return_to=str(project.author),
        return_by=project.recorded_from if project.recorded_from > today else None,
        for_adult=not recorded.pupil,
        pupil=recorded.label if recorded.pupil else "",
        adult="" if recorded.pupil else recorded.label,
        holders=("",) * len(recorded.agreements.all()),
    )


def withdrawal_path(recorded: Recorded) -> str:
    """Where whoever holds the form of a row of `queries.recorded_page` takes an agreement back."""
    return reverse("videos:withdrawal", args=[recorded.agreements.all()[0].key])


def days(project: RecordingProject) -> str:
    """Say when the class is filmed."""
    first, last = (day_in_words(day, project.recorded_from) for day in (project.recorded_from, project.recorded_until))
    return f"le {first} {project.recorded_from.year}" if first == last else f"entre le {first} et le {last}"


def natures(project: RecordingProject) -> tuple[Nature, ...]:
    """Say what is recorded."""
    kinds = ((project.image, Nature.IMAGE), (project.voice, Nature.VOICE), (project.productions, Nature.WORK))
    return tuple(nature for recorded, nature in kinds if recorded)
