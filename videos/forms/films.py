"""What a film is about."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.forms import LevelsField
from videos import rules
from videos.models import Film, Subject


class DescribeForm(forms.Form):
    """The title of a film, and what helps colleagues to find it."""

    title = forms.CharField(
        label="Titre",
        max_length=rules.TITLE_MAX,
        help_text=f"{rules.TITLE_MAX}\u00a0signes au plus, et pas de nom d’élève.",
        error_messages={"required": "Donnez un titre à ce film."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    levels = LevelsField(required=False)
    subject = forms.ChoiceField(
        label="Domaine",
        choices=[("", "Non précisé"), *Subject.choices],
        required=False,
        error_messages={"invalid_choice": "Choisissez un domaine de la liste."},
    )

    def __init__(self, *args: Any, film: Film, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"title": film.title, "levels": film.levels, "subject": film.subject})
        super().__init__(*args, **kwargs)
