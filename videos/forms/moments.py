"""A comment at one second of a film."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from videos import rules
from videos.models import Film, MomentKind


class TimecodeField(forms.Field):
    """A place in a film, typed as people read it."""

    def to_python(self, value: Any) -> float | None:
        if value in self.empty_values:
            return None
        try:
            return rules.seconds_of(value)
        except ValueError:
            raise ValidationError(
                "Écrivez le moment comme sur le lecteur\u00a0: 0:03, ou 1:02:03 après une heure.", code="timecode"
            ) from None

    def prepare_value(self, value: Any) -> Any:
        return rules.timecode(value) if isinstance(value, int | float) else value


class MomentForm(forms.Form):
    """A comment at one second of a film."""

    at_s = TimecodeField(
        label="Moment du film",
        help_text="Minutes et secondes, par exemple 0:03.",
        error_messages={"required": "Indiquez le moment du film, par exemple 0:03."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 8, "maxlength": 12}),
    )
    kind = forms.ChoiceField(
        label="C’est",
        choices=MomentKind,
        initial=MomentKind.FACT,
        error_messages={"required": "Dites ce que c’est.", "invalid_choice": "Choisissez l’une des quatre sortes."},
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="Commentaire",
        max_length=rules.MOMENT_MAX,
        help_text="Décrivez ce que vous voyez avant d’évaluer.",
        error_messages={"required": "Écrivez votre commentaire."},
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, film: Film, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.film = film

    def clean_at_s(self) -> float:
        at_s: float = self.cleaned_data["at_s"]
        if self.film.duration_s is not None and at_s > self.film.duration_s:
            raise ValidationError(
                f"Le film dure {self.film.duration}\u00a0: choisissez un moment avant la fin.", code="after"
            )
        return at_s
