"""What one says of a day."""

from __future__ import annotations

from typing import Any

from django import forms

from events.evaluation import rules


def _words(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=rules.WORDS_MAX,
        help_text="Lu par l’équipe de circonscription, sans votre nom. Pas de nom d’élève ni de collègue.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "C’est un peu long\u00a0: gardez l’essentiel."},
    )


class EvaluationForm(forms.Form):
    """A few scales, and words."""

    keeps = _words("Ce que je retiens")
    next_time = _words("Pour la prochaine fois")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, question in rules.QUESTIONS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=question,
                required=False,
                coerce=int,
                empty_value=None,
                choices=[(str(value), words.capitalize()) for value, words in rules.SCALE.items()],
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": "Choisissez sur l’échelle."},
            )
        self.order_fields([*rules.QUESTIONS, "keeps", "next_time"])

    def scales(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in rules.QUESTIONS if self.cleaned_data[name] is not None}

    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("keeps", "next_time")}
