"""What one types of the agreements of a course."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst

from partnerships.models import PlacementTerms


class TermsForm(forms.ModelForm):
    class Meta:
        model = PlacementTerms
        fields = (
            "represented_by",
            "yearly_hours",
            "referent",
            "skills",
            "support",
            "gratification",
            "social_protection",
            "insurance",
            "absences",
            "validation",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(str(field.label))
            field.error_messages["required"] = "La convention en a besoin\u00a0: écrivez quelques mots."
        self.fields["yearly_hours"].error_messages |= {
            "required": "Écrivez un nombre d’heures.",
            "invalid": "Écrivez un nombre d’heures.",
        }
