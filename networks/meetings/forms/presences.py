"""What one types to say who came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from networks.meetings import rules
from networks.meetings.actions import Noted
from networks.meetings.queries import Line
from networks.meetings.rules import Presence


class PresenceForm(forms.Form):
    """The list of a meeting: for each person a presence, and the minutes of who was there for a part."""

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        labels = [
            ("", "On ne sait pas"),
            *((one.value, label.capitalize()) for one, label in rules.PRESENCE_LABELS.items()),
        ]
        for line in lines:
            held = line.attendance
            self.fields[f"presence_{line.person.pk}"] = forms.ChoiceField(
                label=f"Présence de {line.person}",
                required=False,
                choices=labels,
                initial=held.presence if held is not None else "",
            )
            self.fields[f"minutes_{line.person.pk}"] = forms.IntegerField(
                label=f"Minutes de {line.person}, si ce n’est qu’une partie",
                required=False,
                min_value=1,
                max_value=600,
                initial=held.minutes if held is not None else None,
                error_messages={
                    "invalid": "Écrivez un nombre de minutes.",
                    "min_value": "Au moins une minute.",
                    "max_value": "Au plus 600\u00a0minutes.",
                },
            )
        self.fields["others"] = forms.BooleanField(
            label="Noter présentes toutes les personnes dont on ne sait rien", required=False
        )

    def rows(self) -> list[tuple[Line, Any, Any]]:
        return [(line, self[f"presence_{line.person.pk}"], self[f"minutes_{line.person.pk}"]) for line in self.lines]

    def noted(self) -> list[Noted]:
        data = self.cleaned_data
        found = []
        for line in self.lines:
            presence = data[f"presence_{line.person.pk}"] or (Presence.PRESENT if data["others"] else "")
            minutes = data[f"minutes_{line.person.pk}"] if presence == Presence.PRESENT else None
            found.append(Noted(line.person, Presence(presence) if presence else None, minutes))
        return found
