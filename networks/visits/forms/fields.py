"""What is typed of a class in any room: the practices that one sees there, the half-days on which its door is open."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.rules import HALF_DAYS, half_day_in_words, worded
from networks.visits import rules


class PracticesField(forms.MultipleChoiceField):
    """Practices, as boxes to tick."""

    def __init__(self, **kwargs: Any) -> None:
        said = {"invalid_choice": "Choisissez des pratiques de la liste."}
        kwargs = {"required": False, "error_messages": said, "widget": forms.CheckboxSelectMultiple} | kwargs
        super().__init__(choices=worded(rules.PRACTICES), **kwargs)


class WeekField(forms.MultipleChoiceField):
    """Half-days of the week on which schools teach, as boxes to tick."""

    def __init__(self, **kwargs: Any) -> None:
        said = {"invalid_choice": "Choisissez des demi-journées de la liste."}
        kwargs = {"required": False, "error_messages": said, "widget": forms.CheckboxSelectMultiple} | kwargs
        week = [(code, half_day_in_words(code).capitalize()) for code in HALF_DAYS if code != "WED_PM"]
        super().__init__(choices=week, **kwargs)


class DatesField(forms.CharField):
    """One date a line, `12/03/2027 matin`."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        said = "Une par ligne, par exemple 12/03/2027 matin."
        super().__init__(**({"required": False, "max_length": 2000, "help_text": said} | kwargs))

    def prepare_value(self, value: Any) -> Any:
        return rules.dates_as_text(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        try:
            codes = rules.parse_dates(text)
        except ValueError as line:
            message = f"Nous ne comprenons pas «\u00a0{line}\u00a0»\u00a0: écrivez par exemple 12/03/2027 matin."
            raise forms.ValidationError(message) from line
        if len(codes) > rules.DATES_MAX:
            raise forms.ValidationError(f"Écrivez {rules.DATES_MAX}\u00a0dates au plus.")
        return codes


class OpenClassForm(forms.Form):
    """A class that opens on half-days of the `week`, or on `dates`: on one at least."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("week") and not data.get("dates") and "dates" not in self.errors:
            self.add_error("week", "Choisissez au moins une demi-journée de la semaine, ou une date.")
        return data
