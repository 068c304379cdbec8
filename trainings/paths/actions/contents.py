"""What a step of a draft holds: documents, questions, excerpts of films."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from circo.attaching import reading
from circo.attaching.rules import Kind
from circo.errors import Refusal
from circo.models import Person
from trainings import documents
from trainings.models import Question, RemovedPart, Step, StepDocument, StepExcerpt
from trainings.paths import rules
from trainings.paths.actions import drafts
from trainings.paths.actions.steps import held
from trainings.quizzes import rules as quizzes
from trainings.quizzes.rules import Choice, QuestionKind
from videos.models import Film

type Ranked = Question | StepExcerpt


# --- Documents --------------------------------------------------------------------------------------------------------
@transaction.atomic
def attach(*, step: Step, file: UploadedFile, alt: str, by: Person) -> StepDocument:
    """Attach a document to a step of a draft.

    Raises: Refusal if the draft is published, if the step holds enough of them, for a picture without words in its
        place, or for a document that may not be attached.
    """
    found = held(step, by)
    if found.documents.count() >= rules.DOCUMENTS_MAX:
        raise Refusal(f"Une étape porte {rules.DOCUMENTS_MAX}\u00a0documents au plus.")
    reading.checked_size(file)
    made = documents.keep(step=found, name=file.name or "", content=file.read(), alt=alt)
    if made.kind == Kind.PICTURE and not made.alt:
        raise Refusal("Dites ce que montre cette image\u00a0: c’est ce qu’entend une personne qui ne la voit pas.")
    return made


@transaction.atomic
def describe_picture(*, document: StepDocument, alt: str, by: Person) -> StepDocument:
    """Say otherwise what a picture shows.

    Raises: Refusal if the draft is published, or without words.
    """
    found = held(document.step, by).documents.filter(pk=document.pk).first()
    if found is None or not alt.strip():
        raise Refusal("Dites ce que montre cette image.")
    found.alt = alt.strip()
    found.save(update_fields=["alt"])
    return found


# --- Questions --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class QuestionText:
    """One question as its author writes it; in an excerpt, `at_s` is the second of the film at which it is asked."""

    kind: QuestionKind
    text: str
    choices: Sequence[Choice] = ()
    feedback: str = ""
    at_s: float | None = None

    @property
    def rule(self) -> quizzes.Question:
        return quizzes.Question(self.kind, self.text, self.choices, self.feedback)


@transaction.atomic
def ask(*, step: Step, excerpt: StepExcerpt | None, text: QuestionText, by: Person) -> Question:
    """Add a question to a quiz, or at a second of an excerpt.

    Raises: Refusal if the draft is published, if there are enough of them, for a question that nobody could answer
        rightly, or for a second that the excerpt does not show.
    """
    found = held(step, by)
    if found.questions.count() >= quizzes.QUESTIONS_MAX:
        raise Refusal(f"Au plus {quizzes.QUESTIONS_MAX}\u00a0questions par étape\u00a0: faites-en deux.")
    if excerpt is not None:
        excerpt = found.excerpts.filter(pk=excerpt.pk).first()
        if excerpt is None:
            raise Refusal("Cet extrait n’est plus dans cette étape.")
    question = Question(step=found, excerpt=excerpt, rank=drafts.last_rank(found.questions.all()) + 1)
    return _asked(question, text)


@transaction.atomic
def ask_otherwise(*, question: Question, text: QuestionText, by: Person) -> Question:
    """Change a question of a draft.

    Raises: Refusal as `ask`.
    """
    step = held(question.step, by)
    found = step.questions.select_related("excerpt").filter(pk=question.pk).first()
    if found is None:
        raise Refusal("Cette question n’est plus dans cette étape.")
    return _asked(found, text)


def _asked(question: Question, text: QuestionText) -> Question:
    if fault := quizzes.fault_of(text.rule):
        raise Refusal(fault)
    excerpt = question.excerpt
    if excerpt and (text.at_s is None or not excerpt.in_s <= text.at_s <= excerpt.out_s):
        raise Refusal(f"Placez cette question dans l’extrait, {excerpt.part}.")
    question.kind, question.text, question.feedback = text.kind, text.text.strip(), text.feedback.strip()
    question.choices = [[one.text.strip(), one.is_right, one.feedback.strip()] for one in text.choices]
    question.at_s = text.at_s if excerpt else None
    question.save()
    return question


# --- Excerpts ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ExcerptText:
    """A part of a film; in seconds of the film."""

    title: str
    in_s: float
    out_s: float


@transaction.atomic
def show(*, step: Step, film: Film, text: ExcerptText, by: Person) -> StepExcerpt:
    """Add a part of a film to a step.

    Raises: Refusal if the draft is published, if there are enough of them, for a film that this person does not see,
        or for a part that is not in it.
    """
    found = held(step, by)
    if found.excerpts.count() >= rules.EXCERPTS_MAX:
        raise Refusal(f"Au plus {rules.EXCERPTS_MAX}\u00a0extraits par étape\u00a0: faites-en deux.")
    excerpt = StepExcerpt(step=found, film=_seen(film, by), rank=drafts.last_rank(found.excerpts.all()) + 1)
    return _cut(excerpt, text)


@transaction.atomic
def cut_otherwise(*, excerpt: StepExcerpt, text: ExcerptText, by: Person) -> StepExcerpt:
    """Show another part of the same film, or call it otherwise.

    Raises: Refusal as `show`, or if a question would be asked outside the new part.
    """
    step = held(excerpt.step, by)
    found = step.excerpts.select_related("film").filter(pk=excerpt.pk).first()
    if found is None:
        raise Refusal("Cet extrait n’est plus dans cette étape.")
    if found.questions.exclude(at_s__gte=text.in_s, at_s__lte=text.out_s).exists():
        raise Refusal("Une question serait posée hors de l’extrait\u00a0: déplacez-la d’abord.")
    return _cut(found, text)


@transaction.atomic
def show_instead(*, excerpt: StepExcerpt, film: Film, text: ExcerptText, by: Person) -> StepExcerpt:
    """Show another film where one was; its stops stay, and the check says which are outside.

    Raises: Refusal as `show`.
    """
    step = held(excerpt.step, by)
    found = step.excerpts.filter(pk=excerpt.pk).first()
    if found is None:
        raise Refusal("Cet extrait n’est plus dans cette étape.")
    found.film = _seen(film, by)
    return _cut(found, text)


def _seen(film: Film, by: Person) -> Film:
    found = Film.objects.visible_to(by).watchable().filter(pk=film.pk).first()
    if found is None:
        raise Refusal("Choisissez un film que vous voyez.")
    return found


def _cut(excerpt: StepExcerpt, text: ExcerptText) -> StepExcerpt:
    duration_s = (excerpt.film.duration_s or 0) if excerpt.film else 0
    if not text.title.strip():
        raise Refusal("Donnez un titre à cet extrait.")
    if not 0 <= text.in_s < text.out_s <= duration_s + 1:  # the last second of a film is often a part of one
        raise Refusal("La fin se place après le début, et avant la fin du film.")
    excerpt.title, excerpt.in_s, excerpt.out_s = text.title.strip(), text.in_s, text.out_s
    excerpt.save()
    return excerpt


# --- In order, and out ------------------------------------------------------------------------------------------------
@transaction.atomic
def move(*, part: Ranked, place: int, by: Person) -> None:
    """Put a question or an excerpt at a place, from 0, among its neighbours.

    Raises: Refusal if the draft is published, or no longer holds it.
    """
    step = held(part.step, by)
    rows = list(step.questions.filter(excerpt=None) if isinstance(part, Question) else step.excerpts.all())
    if part not in rows:
        raise Refusal("Ce morceau n’est plus dans cette étape.")
    drafts.put_in_order(rules.moved(rows, rows[rows.index(part)], place))


@transaction.atomic
def remove(*, part: Ranked | StepDocument, by: Person) -> RemovedPart:
    """Take a part out of a step of a draft; `drafts.bring_back` brings it back for some minutes.

    Raises: Refusal if the draft is published, or no longer holds it.
    """
    held(part.step, by)
    found = type(part).objects.select_related("step__module__version").filter(pk=str(part.pk)).first()
    if found is None:
        raise Refusal("Ce morceau n’est plus dans cette étape.")
    return drafts.take_out(found)
