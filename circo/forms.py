"""How every form of the portal is drawn: one renderer, one template per piece."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField, CheckboxInput
from django.forms.renderers import TemplatesSetting


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
