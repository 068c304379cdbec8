"""Questions of a file between its reading and what the author decides: they wait in the author's own page, signed."""

from __future__ import annotations

from collections.abc import Sequence

from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from circo.errors import Refusal
from circo.models import Person
from trainings.models import Step
from trainings.packages import gift, moodle_xml
from trainings.packages.rules import LeftOut
from trainings.quizzes.rules import Choice, Question, QuestionKind

LIFE_S = 24 * 3600
OLD = "Cette page date\u00a0: envoyez le fichier de nouveau."


def read(file: UploadedFile) -> tuple[list[Question], list[LeftOut]]:
    """Read a file of questions, whichever of the two it is. Raises: Refusal if it is none, too big, or hostile."""
    if (file.size or 0) > gift.BYTES_MAX:
        raise Refusal(gift.TOO_BIG)
    content = file.read()
    is_xml = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"
    return moodle_xml.read(content) if is_xml else gift.read(content)


def _salt(step: Step, person: Person) -> str:
    return f"trainings.questions:{step.pk}:{person.pk}"


def sealed(questions: Sequence[Question], step: Step, person: Person) -> str:
    """Write questions so that this person, and nobody else, may add them to this step within a day."""
    rows = [
        [one.kind, one.text, [[each.text, each.is_right, each.feedback] for each in one.choices], one.feedback]
        for one in questions
    ]
    return signing.dumps(rows, salt=_salt(step, person), compress=True)


def opened(sealed: str, step: Step, person: Person) -> list[Question]:
    """Read again what `sealed` wrote. Raises: Refusal for anything else, or too late."""
    try:
        rows = signing.loads(sealed, salt=_salt(step, person), max_age=LIFE_S)
    except signing.BadSignature as error:
        raise Refusal(OLD) from error
    return [
        Question(QuestionKind(kind), text, tuple(Choice(*choice) for choice in choices), feedback)
        for kind, text, choices, feedback in rows
    ]
