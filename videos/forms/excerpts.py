"""An excerpt: a title, a beginning and an end."""

from __future__ import annotations

from typing import Any

from django import forms

from videos import rules
from videos.forms.moments import TimecodeField
from videos.models import Film
from videos.models.excerpts import EXCERPT_NOTE_MAX


def title_field(max_length: int) -> forms.CharField:
    return forms.CharField(
        label="Titre",
        max_length=max_length,
        error_messages={"required": "Donnez un titre à cet extrait.", "max_length": "Raccourcissez ce titre."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PartForm(forms.Form):
    """What part of a film. `film`: nothing if one does not see it any more; `part`: the row that is changed."""

    in_s = TimecodeField(
        label="Début",
        help_text="Minutes et secondes, par exemple 0:03.",
        error_messages={"required": "Indiquez le début, par exemple 0:03."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 8, "maxlength": 12, "data-prendre": "Début"}),
    )
    out_s = TimecodeField(
        label="Fin",
        error_messages={"required": "Indiquez la fin, par exemple 0:45."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 8, "maxlength": 12, "data-prendre": "Fin"}),
    )

    def __init__(self, *args: Any, film: Film | None, part: Any = None, **kwargs: Any) -> None:
        if part:
            kwargs.setdefault("initial", {name: getattr(part, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        self.film = film

    def clean(self) -> dict[str, Any]:
        begin, end = self.cleaned_data.get("in_s"), self.cleaned_data.get("out_s")
        if self.film and begin is not None and end is not None and not begin < end <= (self.film.duration_s or 0) + 1:
            self.add_error("out_s", f"La fin se place après le début, et avant la fin du film ({self.film.duration}).")
        return self.cleaned_data


class ExcerptForm(PartForm):
    """What part of a film, and why."""

    title = title_field(rules.TITLE_MAX)
    note = forms.CharField(
        label="Pourquoi le montrer",
        max_length=EXCERPT_NOTE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    shared = forms.BooleanField(label="Le montrer à toutes les personnes qui voient le film", required=False)
