"""What one writes to ask for a visit, and about it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from circo.calendar.rules import HalfDay
from circo.rules import MONTHS
from networks.visits import rules
from networks.visits.queries import Slot

TOO_LONG = "Raccourcissez ce texte."


class HalfDayField(forms.ChoiceField):
    """The half-days of a class, by month; one that has just gone is refused by the action, which says why."""

    def valid_value(self, value: str) -> bool:
        return True

    def clean(self, value: Any) -> HalfDay:
        code = super().clean(value)
        try:
            return HalfDay.from_code(code)
        except ValueError as error:
            raise forms.ValidationError("Choisissez une demi-journée de la liste.") from error

    def offer(self, slots: Sequence[Slot]) -> None:
        months = groupby(slots, key=lambda slot: (slot.half_day.day.year, slot.half_day.day.month))
        groups = [
            (f"{MONTHS[month - 1].capitalize()} {year}", [(slot.code, _label(slot)) for slot in found])
            for (year, month), found in months
        ]
        self.choices = [("", "Choisissez"), *groups]


def _label(slot: Slot) -> str:
    if slot.free:
        return f"{slot.words} ({slot.free}\u00a0place{'s' if slot.free > 1 else ''})"
    waiting = f", {slot.waiting} en attente" if slot.waiting else ""
    return f"{slot.words} (complet{waiting}\u00a0: liste d’attente)"


class AskForm(forms.Form):
    half_day = HalfDayField(label="Quand", error_messages={"required": "Choisissez une demi-journée."})
    focus = forms.CharField(
        label="Ce que je viens regarder",
        max_length=rules.TEXT_MAX,
        help_text="Une phrase suffit. Votre collègue la lit, et vous en convenez avant la visite. Personne d’autre.",
        error_messages={"required": "Dites en une phrase ce que vous venez regarder.", "max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, slots: Sequence[Slot] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["half_day"].offer(slots)


class TextForm(forms.Form):
    """One text about a visit, which only its two people read."""

    text = forms.CharField(
        required=False,
        max_length=rules.TEXT_MAX,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, label: str, prefix: str, help_text: str = "", most: int = rules.TEXT_MAX, **kwargs: Any
    ) -> None:
        super().__init__(*args, auto_id=f"{prefix}_%s", **kwargs)
        field = self.fields["text"]
        field.label, field.help_text, field.max_length = label, help_text, most
        field.widget.attrs["maxlength"] = str(most)
        field.validators.append(MaxLengthValidator(most, TOO_LONG))
        field.always_answered = True  # whether it is needed depends on the button: the refusal says so
