"""Until when a path is needed, and in which district it is adapted."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.forms import DayField
from circo.models import District, Person
from trainings.paths.queries.paths import districts


class UntilForm(forms.Form):
    jusqu = DayField(label="Les films doivent se voir jusqu’au", required=False)


class AdaptForm(forms.Form):
    district = forms.ModelChoiceField(
        label="Dans quelle circonscription",
        queryset=District.objects.none(),
        empty_label=None,
        error_messages={"required": "Choisissez une circonscription.", "invalid_choice": "Choisissez dans la liste."},
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = districts(person)
        self.only = mine[0] if mine else None
        if len(mine) < 2:  # nothing to choose
            del self.fields["district"]
        else:
            self.fields["district"].queryset = District.objects.filter(pk__in=[one.pk for one in mine])

    @property
    def place(self) -> District | None:
        """The district chosen, or the only one."""
        return self.cleaned_data.get("district") or self.only
