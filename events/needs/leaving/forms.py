"""Why an inspector lets more teachers leave a school."""

from __future__ import annotations

from django import forms

from events.needs import rules


class ExceptionForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi",
        max_length=rules.NOTE_MAX,
        help_text="Lu par les équipes et la cellule remplacement. Rien de personnel.",
        error_messages={"required": "Dites pourquoi.", "max_length": "Raccourcissez ce texte."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
