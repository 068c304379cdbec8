"""What one types about presences."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from circo.calendar.rules import Half
from circo.forms import HourField
from events.models import Presence, SharingDay
from events.signing.rules import Stay, Way

SHOWN_MOST = 2000
_NUMBERS = re.compile(r"\d{1,12}(,\d{1,12})*")


class NumbersField(forms.CharField):
    """The numbers of the rows that a page showed, in one field: one a row would be too many for a form."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> list[int]:
        text = super().to_python(value)
        if text and not _NUMBERS.fullmatch(text):
            raise forms.ValidationError("Rechargez la page, puis recommencez.")
        return [int(number) for number in text.split(",")][:SHOWN_MOST] if text else []


class ListForm(forms.Form):
    """The list of a half-day as it was shown, and who was ticked."""

    shown = NumbersField(max_length=40_000)
    present = forms.TypedMultipleChoiceField(required=False, coerce=int)
    way = forms.ChoiceField(choices=[(Way.LIST.value, "liste"), (Way.PAPER.value, "feuille")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticked = self.data.getlist("present") if hasattr(self.data, "getlist") else []
        self.fields["present"].choices = [(pk, pk) for pk in ticked if str(pk).isdecimal()]


class StayForm(forms.Form):
    """Whether somebody was there, and from when to when."""

    is_present = forms.BooleanField(label="Était là", required=False)
    arrived_at = HourField(label="Arrivée, si en retard", required=False)
    left_at = HourField(label="Départ, si avant la fin", required=False)

    def __init__(self, *args: Any, presence: Presence | None, **kwargs: Any) -> None:
        if presence is None:
            kwargs.setdefault("initial", {"is_present": True})
        else:
            held = {"is_present": True, "arrived_at": presence.arrived_at, "left_at": presence.left_at}
            kwargs.setdefault("initial", held)
        super().__init__(*args, **kwargs)
        for name in ("arrived_at", "left_at"):
            self.fields[name].widget.attrs["step"] = 60

    def stay(self, day: SharingDay, half: Half) -> Stay | None:
        """What was noted; an hour that is that of the half-day itself says nothing."""
        data = self.cleaned_data
        if not data["is_present"]:
            return None
        starts, ends = day.hours.of(half)
        arrived, left = data["arrived_at"], data["left_at"]
        return Stay(arrived if arrived != starts else None, left if left != ends else None)
