"""In which of one's districts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from circo.models import District


class DistrictForm(forms.Form):
    """A district among those where one may; asked where there are several."""

    district = forms.ModelChoiceField(
        label="Circonscription",
        queryset=District.objects.none(),
        empty_label=None,
        error_messages={"required": "Choisissez une circonscription.", "invalid_choice": "Choisissez dans la liste."},
    )

    def __init__(self, *args: Any, districts: Sequence[District], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = districts[0] if len(districts) == 1 else None
        if len(districts) < 2:  # nothing to choose
            del self.fields["district"]
        else:
            rows = District.objects.filter(pk__in=[one.pk for one in districts])
            self.fields["district"].queryset = rows.order_by("name", "pk")

    @property
    def place(self) -> District | None:
        """The district chosen, or the only one."""
        return self.cleaned_data.get("district") or self.only
