"""The report of a visit: facts with their times, and what one takes away."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from django import forms
from django.forms import BoundField

from circo.errors import Refusal
from circo.models import District, Person
from networks.models import MutualisationGroup, VisitReport
from networks.visits import queries, rules
from networks.visits.actions import ReportText, Stale

TOO_LONG = "Raccourcissez ce texte."
ROWS_AT_FIRST, ROWS_MORE = 4, 3
ROW = re.compile(r"(?:at|pupils|teacher)_([0-9]{1,3})")
PARTS = {
    "at": ("Moment", 20),
    "pupils": ("Ce que font et disent les élèves", 600),
    "teacher": ("Ce que fait et dit l’enseignant·e", 600),
}


def _text(label: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=rules.TEXT_MAX,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ReportForm(forms.Form):
    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, error_messages={"invalid": "Rechargez la page."}
    )
    context = _text("Contexte", "Le moment, la classe, les élèves présents. Pas de nom d’élève.")
    keeps = _text("Ce que je retiens pour ma classe")
    questions = _text("Mes questions")
    next_step = _text("La suite", "Ce que nous essayons, et quand nous en reparlons.", rows=2)

    def __init__(
        self, *args: Any, report: VisitReport | None, rows: int = 0, kept: Collection[str] = (), **kwargs: Any
    ) -> None:
        known = report or VisitReport()
        initial: dict[str, Any] = {name: getattr(known, name) for name in self.base_fields}
        for number, fact in enumerate(known.facts):
            initial |= {f"{part}_{number}": fact.get(part, "") for part in PARTS}
        super().__init__(*args, initial=initial, **kwargs)
        typed = [int(found[1]) + 1 for name in (*self.data, *kept) if (found := ROW.fullmatch(name))]
        wanted = max([ROWS_AT_FIRST, len(known.facts) + 1, rows, *typed])
        self.rows_shown = min(wanted, rules.FACTS_MAX)
        for number in range(self.rows_shown):
            for part, (label, most) in PARTS.items():
                widget = forms.TextInput if part == "at" else forms.Textarea(attrs={"rows": 2})
                self.fields[f"{part}_{number}"] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=most,
                    error_messages={"max_length": TOO_LONG},
                    widget=widget,
                )

        for field in self.fields.values():
            field.always_answered = True  # nothing is asked for: the page says so once

    @property
    def fact_rows(self) -> list[list[BoundField]]:
        return [[self[f"{part}_{number}"] for part in PARTS] for number in range(self.rows_shown)]

    def say(self, refusal: Refusal) -> None:
        """Write why it was not saved; over what another tab wrote, saving again replaces it knowingly."""
        self.add_error(None, str(refusal))
        if isinstance(refusal, Stale):
            self.data = self.data.copy()
            self.data["version"] = str(refusal.version)

    @property
    def more_rows(self) -> int:
        return min(self.rows_shown + ROWS_MORE, rules.FACTS_MAX)

    @property
    def text(self) -> ReportText:
        data = self.cleaned_data
        facts = [{part: data[f"{part}_{n}"].strip() for part in PARTS} for n in range(self.rows_shown)]
        return ReportText(facts=facts, **{name: data[name] for name in ("context", "keeps", "questions", "next_step")})


class OpenForm(forms.Form):
    """The circle to which one opens the report of one's own class."""

    circle = forms.ChoiceField(
        label="Qui pourra le lire",
        error_messages={"required": "Choisissez un cercle.", "invalid_choice": "Choisissez l’un de vos cercles."},
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.circles = {_key(circle): circle for circle in queries.circles_of(person)}
        self.fields["circle"].choices = [(key, _label(circle)) for key, circle in self.circles.items()]

    @property
    def chosen(self) -> MutualisationGroup | District:
        return self.circles[self.cleaned_data["circle"]]


def _key(circle: MutualisationGroup | District) -> str:
    return f"{'groupe' if isinstance(circle, MutualisationGroup) else 'circonscription'}-{circle.pk}"


def _label(circle: MutualisationGroup | District) -> str:
    if isinstance(circle, MutualisationGroup):
        return f"Le groupe « {circle} », avec qui l’anime"
    return f"Les collègues de la circonscription « {circle} », équipe de conseil comprise"
