"""What one types of cross-observations: one's wishes, the days of a proposal."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.forms import DayField
from circo.models import Person
from circo.rules import worded
from networks.visits.forms.fields import PracticesField, WeekField
from partnerships.models import ObservationWish
from partnerships.observations import queries, rules

NUMBER = {
    "required": "Écrivez un nombre de minutes.",
    "invalid": "Écrivez un nombre de minutes.",
    "min_value": "Zéro, pour rester dans votre école, ou plus.",
    "max_value": f"Au plus {rules.LIMIT_MAX}\u00a0minutes.",
}


class WishForm(forms.Form):
    practices = PracticesField(label="Ce que je souhaite voir")
    limit_min = forms.IntegerField(
        label="Minutes de trajet au plus",
        min_value=0,
        max_value=rules.LIMIT_MAX,
        help_text="À l’aller. Zéro\u00a0: je reste dans mon école.",
        error_messages=NUMBER,
    )

    half_days = WeekField(
        label="Quand je peux venir, sans que des étudiants tiennent ma classe",
        help_text="Facultatif. L’équipe peut alors vous proposer une visite dans un lieu d’observation.",
    )

    def __init__(self, *args: Any, wish: ObservationWish, **kwargs: Any) -> None:
        begun = {"practices": wish.practices, "limit_min": wish.limit_min, "half_days": wish.half_days}
        super().__init__(*args, initial=begun, **kwargs)


class PlanForm(forms.Form):
    district = forms.ModelChoiceField(
        label="Circonscription",
        queryset=None,
        empty_label=None,
        error_messages={"required": "Choisissez.", "invalid_choice": "Choisissez dans la liste."},
    )
    kind = forms.ChoiceField(
        label="Pour quelles observations",
        choices=worded(rules.KIND_LABELS),
        initial=rules.CrossingKind.FREED.value,
        error_messages={"required": "Choisissez.", "invalid_choice": "Choisissez dans la liste."},
        widget=forms.RadioSelect,
    )
    first_day = DayField(label="Du")
    last_day = DayField(label="Au")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = queries.districts(person)
        if not self.is_bound and (days := queries.days_to_fill(person)):
            self.initial |= dict(zip(("first_day", "last_day"), days, strict=True))
