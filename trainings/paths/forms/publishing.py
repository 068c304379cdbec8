"""Until when a path is needed, and in which district it is adapted."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.forms import DayField
from circo.models import Person
from trainings.paths.forms.districts import DistrictForm
from trainings.paths.queries.paths import districts


class UntilForm(forms.Form):
    jusqu = DayField(label="Les films doivent se voir jusqu’au", required=False)


class AdaptForm(DistrictForm):
    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, districts=districts(person), **kwargs)
