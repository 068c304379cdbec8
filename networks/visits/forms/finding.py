"""What one types to find a class: a day, or one half of it, on which a seat is free."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from circo.calendar.rules import HALVES, HalfDay
from networks.visits import rules

BY_DAY = "Écrivez un jour comme 12/01/2027."


class FreeOnForm(forms.Form):
    """Read from an address, in the words of an address."""

    day = forms.DateField(
        label="Libre le",
        required=False,
        error_messages={"invalid": BY_DAY},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    half = forms.ChoiceField(
        label="Moment de ce jour",
        required=False,
        choices=[("", "Peu importe"), ("AM", "Matin"), ("PM", "Après-midi")],
        error_messages={"invalid_choice": "Choisissez le matin ou l’après-midi."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filtre-%s", **kwargs)
        today = timezone.localdate()
        self.last = today + timedelta(weeks=rules.WEEKS_AHEAD)
        self.fields["day"].widget.attrs |= {"min": today.isoformat(), "max": self.last.isoformat()}
        for field in self.fields.values():
            field.always_answered = True  # as the other filters: to leave it alone narrows nothing

    def add_prefix(self, field_name: str) -> str:
        return {"day": "jour", "half": "moment"}.get(field_name, field_name)

    def clean_day(self) -> date | None:
        day = self.cleaned_data["day"]
        if day and day < timezone.localdate():
            raise forms.ValidationError("Ce jour est passé.")
        if day and day > self.last:
            raise forms.ValidationError(
                f"On demande une visite {rules.WEEKS_AHEAD}\u00a0semaines à l’avance au plus\u00a0: "
                f"jusqu’au {self.last:%d/%m/%Y}."
            )
        return day

    @property
    def half_days(self) -> list[HalfDay]:
        """The half-days asked for, all of one day; none if no day is."""
        day, half = (self.cleaned_data.get(name) for name in ("day", "half"))
        return [HalfDay(day, one) for one in HALVES if half in ("", one)] if day else []
