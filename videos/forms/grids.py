"""The builder of observation grids."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.models import Person
from videos.forms.opening import CircleField
from videos.grids import rules
from videos.models import Criterion, CriterionKind, Grid


class GridForm(forms.Form):
    """A title, a purpose, a circle."""

    title = forms.CharField(
        label="Titre de la grille",
        max_length=rules.GRID_TITLE_MAX,
        error_messages={"required": "Donnez un titre à cette grille."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    purpose = forms.CharField(
        label="Ce que l’on cherche à voir",
        max_length=rules.PURPOSE_MAX,
        required=False,
        help_text="Par exemple «\u00a0Qui parle, et à qui, pendant la mise en commun\u00a0».",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    circle = CircleField(label="Qui peut s’en servir")

    def __init__(self, *args: Any, person: Person, grid: Grid | None = None, **kwargs: Any) -> None:
        if grid:
            kwargs.setdefault("initial", {"title": grid.title, "purpose": grid.purpose})
        super().__init__(*args, **kwargs)
        self.fields["circle"].offer(person, grid)


class CriterionForm(forms.Form):
    """One thing to look at."""

    label = forms.CharField(
        label="Ce que l’on regarde",
        max_length=rules.LABEL_MAX,
        help_text="Un fait que l’on voit ou que l’on entend, par exemple «\u00a0Un élève pose une question\u00a0».",
        error_messages={"required": "Dites ce que l’on regarde."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label="Comment on le note",
        choices=CriterionKind,
        initial=CriterionKind.COUNTER,
        error_messages={"required": "Dites comment on le note.", "invalid_choice": "Choisissez l’une des cinq façons."},
    )
    levels = forms.CharField(
        label="Noms des niveaux",
        required=False,
        help_text="Pour des niveaux nommés\u00a0: un par ligne, de 2 à 6. Des mots qui décrivent, jamais une note.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    help = forms.CharField(
        label="Précision",
        max_length=rules.HELP_MAX,
        required=False,
        help_text="Ce qui compte et ce qui ne compte pas\u00a0: c’est ce qui fait l’accord entre les regards.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, criterion: Criterion | None = None, **kwargs: Any) -> None:
        if criterion:
            known = {"label": criterion.label, "kind": criterion.kind, "help": criterion.help}
            kwargs.setdefault("initial", known | {"levels": "\n".join(criterion.levels)})
            kwargs.setdefault("auto_id", f"id_{criterion.pk}_%s")
        super().__init__(*args, **kwargs)

    def clean_kind(self) -> CriterionKind:
        return CriterionKind(self.cleaned_data["kind"])

    def clean_levels(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["levels"].splitlines() if line.strip()]
