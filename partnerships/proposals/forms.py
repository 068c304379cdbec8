"""What one asks of a proposal: for whom, between which days, how many half-days of each kind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from circo.forms import DayField
from partnerships.cohorts.rules import HALF_DAYS_MAX, DayKind
from partnerships.models import Cohort
from partnerships.proposals import queries
from partnerships.proposals.actions.asking import Asked

WEEKS_SHOWN = 6  # from the first day to the last, to begin with


def _count(label: str) -> forms.IntegerField:
    words = {
        "required": "Écrivez un nombre, 0 s’il n’y en a pas.",
        "invalid": "Écrivez un nombre.",
        "min_value": "0 au moins.",
        "max_value": f"Au plus {HALF_DAYS_MAX}.",
    }
    return forms.IntegerField(label=label, min_value=0, max_value=HALF_DAYS_MAX, error_messages=words)


class ProposalForm(forms.Form):
    cohorts = forms.ModelMultipleChoiceField(
        queryset=Cohort.objects.none(),
        label="Promotions",
        help_text="Placées ensemble\u00a0: aucune ne prend les places de l’autre.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins une promotion.",
            "invalid_choice": "Choisissez dans la liste.",
        },
    )
    first_on = DayField(label="Du")
    last_on = DayField(label="Au")
    observation = _count("Demi-journées d’observation")
    accompanied = _count("Demi-journées de pratique accompagnée")
    responsibility = _count("Demi-journées de responsabilité")

    def __init__(self, *args: Any, cohort: Cohort, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial=_initial(cohort), **kwargs)
        self.fields["cohorts"].queryset = queries.cohorts_for(person, cohort)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_on"), data.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", "Le dernier jour vient après le premier.")
        return data

    @property
    def asked(self) -> Asked:
        data = self.cleaned_data
        needs = data["observation"], data["accompanied"], data["responsibility"]
        return Asked(data["first_on"], data["last_on"], needs)


def _initial(cohort: Cohort) -> dict[str, Any]:
    """What the course asks before each kind, from the next week on."""
    programme, today = cohort.programme, timezone.localdate()
    start = max(today + timedelta(days=7 - today.weekday()), cohort.school_year.first_day)
    shares, holds = (kind in programme.kinds for kind in (DayKind.ACCOMPANIED, DayKind.RESPONSIBILITY))
    return {
        "cohorts": [cohort.pk],
        "first_on": start,
        "last_on": min(start + timedelta(weeks=WEEKS_SHOWN, days=-3), cohort.school_year.last_day),
        "observation": programme.before_accompanied if shares else 4,
        "accompanied": programme.before_responsibility if shares else 0,
        "responsibility": 2 if holds else 0,
    }
