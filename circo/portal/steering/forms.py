from __future__ import annotations

from collections.abc import Sequence

from django import forms

from circo.models import District, SchoolYear
from circo.portal.steering import queries
from networks.models import Network


class ChoiceForm(forms.Form):
    """What to show. Whatever cannot be read, or is of another district, counts as not asked."""

    annee = forms.TypedChoiceField(label="Année scolaire", required=False, coerce=int)
    circonscription = forms.TypedChoiceField(label="Circonscription", required=False, coerce=int)
    reseau = forms.TypedChoiceField(label="Réseau", required=False, coerce=int)

    def __init__(
        self, data, *, years: Sequence[SchoolYear], districts: Sequence[District], networks: Sequence[Network]
    ):
        super().__init__(data)
        self.years = {year.pk: year for year in years}  # the newest first
        self.districts = {district.pk: district for district in districts}
        self.networks = {network.pk: network for network in networks}
        self.fields["annee"].choices = [(year.pk, str(year)) for year in years]
        self.fields["circonscription"].choices = [("", "toutes"), *_named(districts)]
        self.fields["reseau"].choices = [("", "tous"), *_named(networks)]
        if len(districts) < 2:
            del self.fields["circonscription"]
        for field in self.fields.values():
            field.always_answered = True

    def choice(self) -> queries.Choice:
        self.is_valid()
        asked = self.cleaned_data
        last = self.years.get(asked.get("annee")) or next(iter(self.years.values()))
        shown = [year for year in self.years.values() if year.first_day <= last.first_day][: queries.YEARS]
        district = self.districts.get(asked.get("circonscription"))
        districts = [district] if district else list(self.districts.values())
        network = self.networks.get(asked.get("reseau"))
        if network and network.district_id not in {one.pk for one in districts}:
            network = None
        return queries.Choice(list(reversed(shown)), districts, network)


def _named(rows: Sequence[District | Network]) -> list[tuple[int, str]]:
    return [(row.pk, row.name) for row in rows]
