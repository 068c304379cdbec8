"""What one says of a film: a comment, a reply."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from circo.errors import Refusal
from circo.models import Person
from videos import queries, rules
from videos.discussion import rules as words
from videos.models import Film, MomentCircle, MomentKind


class TimecodeField(forms.Field):
    """A place in a film, typed as people read it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "size": 8, "maxlength": 12}))
        super().__init__(**kwargs)

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


class WordsField(forms.CharField):
    """What one says: no more than may be published, and nothing that nobody sees."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3, "data-words": ""}))
        super().__init__(error_messages={"required": "Écrivez votre commentaire."}, **kwargs)

    def clean(self, value: Any) -> str:
        try:
            return words.checked(super().clean(value))
        except Refusal as refusal:
            raise ValidationError(str(refusal), code="words") from None


class MomentForm(forms.Form):
    """A comment at one second of a film, or on a passage of it."""

    text = WordsField(label="Commentaire", help_text="Décrivez ce que vous voyez avant d’évaluer.")
    kind = forms.ChoiceField(
        label="C’est",
        choices=MomentKind,
        initial=MomentKind.FACT,
        error_messages={"required": "Dites ce que c’est.", "invalid_choice": "Choisissez l’une des quatre sortes."},
        widget=forms.RadioSelect,
    )
    at_s = TimecodeField(
        label="Moment du film",
        help_text="Minutes et secondes, par exemple 0:03. Avec une fin, le commentaire porte sur tout le passage.",
        error_messages={"required": "Indiquez le moment du film, par exemple 0:03."},
    )
    ends_at_s = TimecodeField(
        label="Fin du passage",
        required=False,
    )
    circle = forms.ChoiceField(
        label="Lu par",
        initial=MomentCircle.GROUP,
        error_messages={
            "required": "Choisissez qui lit ce commentaire.",
            "invalid_choice": "Choisissez qui lit ce commentaire parmi les cercles qui voient le film.",
        },
    )

    def __init__(self, *args: Any, film: Film, person: Person, held: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.film = film
        self.fields["circle"].choices = queries.circle_choices(film, person, held=held)

    def _in_film(self, name: str) -> float | None:
        second: float | None = self.cleaned_data[name]
        if second is not None and self.film.duration_s is not None and second > self.film.duration_s:
            raise ValidationError(
                f"Le film dure {self.film.duration}\u00a0: choisissez un moment avant la fin.", code="after"
            )
        return second

    def clean_at_s(self) -> float | None:
        return self._in_film("at_s")

    def clean_ends_at_s(self) -> float | None:
        return self._in_film("ends_at_s")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("at_s"), data.get("ends_at_s")
        if start is not None and end is not None and end <= start:
            self.add_error("ends_at_s", "La fin du passage vient après son début.")
        return data


class ReplyForm(forms.Form):
    """A reply under a comment. `circle` is the one that its reader saw."""

    text = WordsField(label="Votre réponse")
    circle = forms.CharField(required=False, widget=forms.HiddenInput)
