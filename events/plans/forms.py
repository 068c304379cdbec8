"""What one chooses of a plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from circo.dates import day_in_words
from circo.models import Person
from events.models import SharingDay
from events.plans import queries


def _named(day: SharingDay) -> str:
    return f"{day_in_words(day.on, timezone.localdate())}, {day.district.name}"


class PlanForm(forms.Form):
    """Which days a plan covers."""

    days = forms.ModelMultipleChoiceField(
        label="Journées",
        queryset=SharingDay.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Ensemble, une classe peut garder le même remplaçant d’un jour à l’autre.",
        error_messages={
            "required": "Choisissez au moins une journée.",
            "invalid_choice": "Choisissez dans la liste.",
            "invalid_pk_value": "Choisissez dans la liste.",
        },
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].queryset = queries.days_to_plan(person)
        self.fields["days"].label_from_instance = _named
