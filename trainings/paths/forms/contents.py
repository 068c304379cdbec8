"""What an author puts in a step: a document, a question, a part of a film."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from circo.rules import worded
from trainings.models import Question, StepExcerpt
from trainings.paths import rules
from trainings.paths.actions.contents import ExcerptText, QuestionText
from trainings.quizzes import rules as quizzes
from trainings.quizzes.rules import Choice, QuestionKind
from videos.forms.excerpts import PartForm, title_field
from videos.forms.moments import TimecodeField

ALT_MAX = 300
ROWS_MIN, ROWS_MORE = 4, 2  # of choices: shown at first, and beyond those that are written
OF_QUESTION = ("at_s", "text", "kind", "feedback")


class DocumentForm(forms.Form):
    file = forms.FileField(
        label="Joindre un document ou une image",
        help_text="PDF, image, ODT ou DOCX, 10\u00a0Mo au plus. Aucun antivirus ne l’analyse ici\u00a0: ne joignez que "
        "vos propres documents, sans nom d’élève.",
        error_messages={"required": "Choisissez un document.", "empty": "Ce document est vide."},
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.odt,.docx"}),
    )
    alt = forms.CharField(
        label="Pour une image\u00a0: ce qu’elle montre",
        max_length=ALT_MAX,
        required=False,
        help_text="C’est ce qu’entend une personne qui ne la voit pas.",
        error_messages={"max_length": "Raccourcissez ce texte."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class QuestionForm(forms.Form):
    """One question, with a row for each answer that it may have."""

    at_s = TimecodeField(
        label="Le film s’arrête à",
        help_text="Minutes et secondes du film, par exemple 1:05.",
        error_messages={"required": "Dites à quel moment, par exemple 1:05."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "size": 8, "maxlength": 12, "data-prendre": "Le film s’arrête à"}
        ),
    )
    text = forms.CharField(
        label="Question",
        max_length=quizzes.TEXT_MAX,
        error_messages={"required": "Écrivez la question.", "max_length": "Raccourcissez cette question."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    kind = forms.ChoiceField(
        label="Comment on y répond",
        choices=worded(quizzes.KIND_LABELS),
        initial=QuestionKind.SINGLE.value,
        help_text="Dans l’ordre\u00a0: écrivez les réponses dans le bon ordre, elles seront mêlées. "
        "Réponse courte\u00a0: chaque ligne est une façon d’écrire qui est acceptée.",
        error_messages={"required": "Dites comment on y répond.", "invalid_choice": "Choisissez dans la liste."},
        widget=forms.RadioSelect,
    )
    feedback = forms.CharField(
        label="Ce qu’il y a à comprendre",
        max_length=quizzes.FEEDBACK_MAX,
        required=False,
        help_text="On le lit une fois que l’on a répondu, quelle que soit la réponse.",
        error_messages={"max_length": "Raccourcissez ce texte."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        question: Question | None = None,
        excerpt: StepExcerpt | None = None,
        names: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        """`names`: of what was kept of its draft, that may have more rows."""
        known = list(question.choices) if question else []
        if question:
            rows: dict[str, Any] = {}
            for rank, choice in enumerate(known):
                rows |= zip(_names(rank), choice, strict=True)
            kwargs.setdefault("initial", rows | {name: getattr(question, name) for name in OF_QUESTION})
        super().__init__(data, **kwargs)
        if excerpt is None:
            del self.fields["at_s"]
        typed = 1 + max((_rank(name) for name in [*(data or ()), *names]), default=-1)
        count = max(ROWS_MIN, len(known) + ROWS_MORE, typed + (ROWS_MORE if data and "plus" in data else 0))
        self.rows = range(min(count, quizzes.CHOICES_MAX))
        for rank in self.rows:
            self.fields.update(_choice_fields(rank))
        self.order_fields(["at_s", "text", "kind", *(name for rank in self.rows for name in _names(rank)), "feedback"])

    @property
    def has_room(self) -> bool:
        return len(self.rows) < quizzes.CHOICES_MAX

    @property
    def said(self) -> QuestionText:
        given, kind = self.cleaned_data, QuestionKind(self.cleaned_data["kind"])
        choosing = kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
        typed = [[given[name] for name in _names(rank)] for rank in self.rows]
        choices = [Choice(text, choosing and right, feedback) for text, right, feedback in typed if text.strip()]
        return QuestionText(kind, given["text"], choices, given["feedback"], given.get("at_s"))


def _names(rank: int) -> tuple[str, str, str]:
    return f"choice_{rank}", f"right_{rank}", f"said_{rank}"


def _rank(name: str) -> int:
    """The row that a field is of; -1 for none."""
    found = re.fullmatch(r"choice_(\d{1,3})", name)
    return min(int(found[1]), quizzes.CHOICES_MAX - 1) if found else -1


def _choice_fields(rank: int) -> dict[str, forms.Field]:
    text, right, said = _names(rank)
    plain = forms.TextInput(attrs={"autocomplete": "off"})
    return {
        text: forms.CharField(
            label=f"Réponse {rank + 1}",
            max_length=quizzes.CHOICE_MAX,
            required=False,
            error_messages={"max_length": "Raccourcissez cette réponse."},
            widget=plain,
        ),
        right: forms.BooleanField(label=f"La réponse {rank + 1} est juste", required=False),
        said: forms.CharField(
            label=f"Ce que l’on dit à qui choisit la réponse {rank + 1}",
            max_length=quizzes.FEEDBACK_MAX,
            required=False,
            error_messages={"max_length": "Raccourcissez ce texte."},
            widget=plain,
        ),
    }


class ExcerptForm(PartForm):
    """Which part of a film one sees."""

    title = title_field(rules.TITLE_MAX)

    @property
    def said(self) -> ExcerptText:
        return ExcerptText(**{name: self.cleaned_data[name] for name in ("title", "in_s", "out_s")})
