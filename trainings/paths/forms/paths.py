"""What an author says of a path."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.forms import LevelsField
from circo.models import Person
from circo.rules import worded
from trainings.models import PathVersion
from trainings.paths import rules
from trainings.paths.actions.paths import PathText
from trainings.paths.forms.districts import DistrictForm
from trainings.paths.queries import paths as queries
from trainings.paths.rules import Opening
from videos.models import Subject

OF_VERSION = ("title", "summary", "levels", "subject")


class OpeningForm(forms.Form):
    opening = forms.ChoiceField(
        label="Qui peut le suivre",
        choices=worded(rules.OPENING_LABELS),
        initial=Opening.DISTRICT.value,
        help_text="Un film ne s’ouvre jamais à plus de monde que son propre cercle.",
        error_messages={"required": "Dites à qui il est ouvert.", "invalid_choice": "Choisissez dans la liste."},
        widget=forms.RadioSelect,
    )


class PathForm(forms.Form):
    title = forms.CharField(
        label="Titre",
        max_length=rules.TITLE_MAX,
        error_messages={"required": "Donnez un titre à ce parcours.", "max_length": "Raccourcissez ce titre."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    summary = forms.CharField(
        label="En quelques lignes",
        max_length=rules.SUMMARY_MAX,
        required=False,
        help_text="Ce que l’on saura faire à la fin, et pour qui c’est.",
        error_messages={"max_length": "Raccourcissez ce texte."},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    levels = LevelsField(required=False)
    subject = forms.ChoiceField(
        label="Domaine",
        choices=Subject,
        initial=Subject.SEVERAL,
        error_messages={"required": "Choisissez un domaine.", "invalid_choice": "Choisissez un domaine de la liste."},
    )

    def __init__(self, *args: Any, version: PathVersion | None = None, **kwargs: Any) -> None:
        if version:
            kwargs.setdefault("initial", {name: getattr(version, name) for name in OF_VERSION})
        super().__init__(*args, **kwargs)

    @property
    def text(self) -> PathText:
        return PathText(**{name: self.cleaned_data[name] for name in OF_VERSION})


class NewPathForm(PathForm, OpeningForm, DistrictForm):
    """A path to begin: in which district, and for whom, too."""

    field_order = ("district", *OF_VERSION, "opening")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, districts=queries.districts(person), **kwargs)
