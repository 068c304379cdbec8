"""What one types of a need."""

from __future__ import annotations

from typing import Any

from django import forms

from events.models import CoverNeed
from events.needs import rules
from events.needs.rules import Priority


class NeedForm(forms.Form):
    priority = forms.ChoiceField(
        label="Rang",
        choices=[(one.value, label.capitalize()) for one, label in rules.PRIORITY_LABELS.items()],
        help_text="Le plan couvre d’abord les classes du premier rang, puis les suivantes.",
        error_messages={"required": "Choisissez un rang.", "invalid_choice": "Choisissez dans la liste."},
    )
    is_shared_out = forms.BooleanField(
        label="Élèves répartis dans l’école", required=False, help_text="Aucun remplaçant n’est alors demandé."
    )
    note = forms.CharField(
        label="Note de l’équipe",
        max_length=rules.NOTE_MAX,
        required=False,
        help_text="Lue par les équipes et la cellule remplacement.",
        error_messages={"max_length": "Raccourcissez ce texte."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, need: CoverNeed, **kwargs: Any) -> None:
        names = ("priority", "is_shared_out", "note")
        super().__init__(*args, initial={name: getattr(need, name) for name in names}, **kwargs)

    def ranked(self) -> dict[str, Any]:
        """What `actions.rank` takes, once the form is valid."""
        return self.cleaned_data | {"priority": Priority(self.cleaned_data["priority"])}


class ClassNoteForm(forms.Form):
    text = forms.CharField(
        label="Un mot pour qui prend votre classe",
        max_length=rules.CLASS_NOTE_MAX,
        required=False,
        help_text="L’emploi du temps, où sont les affaires, ce qui est prévu. Pas de nom d’élève.",
        error_messages={"max_length": "Raccourcissez ce texte."},
        widget=forms.Textarea(attrs={"rows": 6}),
    )
