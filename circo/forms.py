"""How every form of the portal is drawn: one renderer, one template per piece; and the fields that many forms have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, MultipleChoiceField
from django.forms.renderers import TemplatesSetting

from circo.rules import GradeLevel


class FormRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """Add to a form's context what its template says in words: what is required, and what is wrong."""
        if template_name == self.form_template_name:
            fields = [bound for bound, _ in context["fields"]]
            wrong = [bound for bound in fields if bound.errors]
            context = context | {
                "mention": _mention(fields),
                "wrong": wrong,
                "summary": _summary(len(wrong) + len(context["errors"])),
            }
        return super().render(template_name, context, request)


def _mention(fields: list[BoundField]) -> str:
    # A box to tick is a choice in itself: "facultatif" beside it would say nothing.
    asked = [bound for bound in fields if not isinstance(bound.field.widget, CheckboxInput)]
    required = [bound for bound in asked if bound.field.required]
    if not required or len(asked) == 1:  # RGAA 11.10 asks nothing of a form of one field, and one guesses
        return ""
    if len(required) == len(asked):
        return "Tous les champs sont obligatoires."
    return "Les champs sont obligatoires, sauf mention « facultatif »."


def _summary(count: int) -> str:
    return "Une erreur est à corriger." if count == 1 else f"{count} erreurs sont à corriger."


class LevelsField(MultipleChoiceField):
    """Levels of a class, as boxes to tick."""

    def __init__(self, *, label: str = "Niveaux", error_messages: Any = None, **kwargs: Any) -> None:
        said = {"invalid_choice": "Choisissez des niveaux de la liste."} | (error_messages or {})
        levels = [(level.value, level.value) for level in GradeLevel]
        super().__init__(choices=levels, widget=CheckboxSelectMultiple, label=label, error_messages=said, **kwargs)


class HourField(forms.TimeField):
    """An hour of the day, to the quarter."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 900})

    def __init__(self, **kwargs: Any) -> None:
        words = {"required": "Choisissez une heure.", "invalid": "Écrivez une heure, par exemple 14:30."}
        super().__init__(error_messages=words, **kwargs)


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, *, error_messages: Any = None, **kwargs: Any) -> None:
        words = {"required": "Choisissez un jour.", "invalid": "Écrivez un jour, par exemple 03/12/2026."}
        super().__init__(error_messages=words | (error_messages or {}), **kwargs)
