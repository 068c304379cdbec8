"""What an author says of a step: one form a kind, that asks only for what the kind has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from circo.models import Person
from circo.rules import worded
from networks.visits.rules import PRACTICES
from trainings.models import Step
from trainings.paths import rules
from trainings.paths.actions.steps import StepText
from trainings.paths.queries import choices
from trainings.paths.rules import StepKind
from trainings.quizzes.rules import PASS_PERCENT

FORMATTING = "Une ligne vide fait un paragraphe, «\u00a0-\u00a0» une liste, «\u00a0**mot**\u00a0» un mot en gras."


@dataclass(frozen=True)
class Asked:
    """What the text of a kind is called, and whether a step of it means nothing without."""

    label: str
    help: str = FORMATTING
    required: bool = True
    rows: int = 5
    fields: tuple[str, ...] = ()  # beyond the title, the text and what every step has


ASKED: Mapping[StepKind, Asked] = {
    StepKind.READING: Asked("Texte", rows=14, required=False),
    StepKind.WATCH: Asked(
        "Ce qu’il y a à regarder", "Une intention ou deux\u00a0: que voit-on, qu’entend-on\u00a0?", False, 3
    ),
    StepKind.QUIZ: Asked("Consigne", required=False, rows=3, fields=("pass_percent", "proves_module")),
    StepKind.LOG: Asked("Question à laquelle on répond pour soi", "Personne d’autre ne lit la réponse. " + FORMATTING),
    StepKind.GRID: Asked("Consigne", required=False, rows=3, fields=("grid", "expert")),
    StepKind.DEPOSIT: Asked("Ce qu’il y a à filmer", "Le moment, la durée, ce que l’on cherche à voir. " + FORMATTING),
    StepKind.VISIT: Asked("Ce qu’il y a à observer", fields=("practice",)),
    StepKind.SALON: Asked("Ce que l’on y partage", fields=("salon",)),
    StepKind.PACKAGE: Asked("Consigne", required=False, rows=3),
    StepKind.MEETING: Asked("De quelle rencontre il s’agit", "Quand, où, ce que l’on y apporte. " + FORMATTING),
}
PLAIN = ("title", "text", "is_optional")
OWN = ("pass_percent", "proves_module", "grid", "expert", "salon", "practice")


class LookField(forms.ModelChoiceField):
    def label_from_instance(self, look: Any) -> str:
        return f"{look.round.film}, {look.round.part} ({look.round.grid})"


class StepForm(forms.Form):
    title = forms.CharField(
        label="Titre",
        max_length=rules.TITLE_MAX,
        error_messages={"required": "Donnez un titre à cette étape.", "max_length": "Raccourcissez ce titre."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    grid = forms.ModelChoiceField(
        label="Grille",
        queryset=None,
        required=False,
        empty_label="Choisissez une grille",
        help_text="Celles que vous voyez. Vos apprenants remplissent la leur sur l’extrait.",
        error_messages={"invalid_choice": "Choisissez une grille de la liste."},
    )
    expert = LookField(
        label="Comparer avec l’un de vos regards",
        queryset=None,
        required=False,
        empty_label="Avec personne",
        help_text="Un regard que vous avez terminé avec cette grille. On le lit une fois la sienne remplie.",
        error_messages={"invalid_choice": "Choisissez un regard de la liste."},
    )
    salon = forms.ModelChoiceField(
        label="Salon",
        queryset=None,
        required=False,
        empty_label="Choisissez un salon",
        help_text="Qui n’y entre pas verra une étape fermée, et n’en sera pas empêché de finir.",
        error_messages={"invalid_choice": "Choisissez un salon de la liste."},
    )
    practice = forms.ChoiceField(
        label="Pratique à observer",
        choices=[("", "Celle que l’on veut"), *worded(PRACTICES)],
        required=False,
        error_messages={"invalid_choice": "Choisissez une pratique de la liste."},
    )
    text = forms.CharField(
        label="Texte",
        max_length=rules.TEXT_MAX,
        error_messages={
            "required": "Écrivez ce texte.",
            "max_length": "Raccourcissez ce texte, ou faites-en deux étapes.",
        },
        widget=forms.Textarea,
    )
    pass_percent = forms.IntegerField(
        label="Réussite à partir de, en %",
        min_value=0,
        max_value=100,
        initial=PASS_PERCENT,
        error_messages={
            "required": "Écrivez un nombre de 0 à 100.",
            "invalid": "Écrivez un nombre de 0 à 100.",
            "min_value": "Écrivez un nombre de 0 à 100.",
            "max_value": "Écrivez un nombre de 0 à 100.",
        },
    )
    proves_module = forms.BooleanField(
        label="Réussir ces questions prouve que l’on connaît déjà ce module", required=False
    )
    is_optional = forms.BooleanField(label="Facultative\u00a0: le module se finit sans elle", required=False)

    def __init__(self, *args: Any, kind: StepKind, person: Person, step: Step | None = None, **kwargs: Any) -> None:
        if step:
            kwargs.setdefault("initial", {name: getattr(step, name) for name in (*PLAIN, *OWN)})
        super().__init__(*args, **kwargs)
        asked = ASKED[kind]
        for name in set(OWN) - set(asked.fields):
            del self.fields[name]
        text = self.fields["text"]
        text.label, text.help_text, text.required = asked.label, asked.help, asked.required
        text.widget.attrs["rows"] = asked.rows
        offered = {"grid": choices.grids, "expert": choices.looks, "salon": choices.salons}
        for name in set(offered) & set(asked.fields):
            self.fields[name].queryset = offered[name](person, step)

    @property
    def said(self) -> StepText:
        return StepText(**{name: value for name, value in self.cleaned_data.items() if name in (*PLAIN, *OWN)})
