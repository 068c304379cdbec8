"""What one types of a yearly agreement, of who signs it, and of the day on which it was done."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.forms import DayField
from circo.models import Departement, SchoolYear
from partnerships.agreements import rules
from partnerships.cohorts.forms import CHOOSE, OfInstitutionForm
from partnerships.models import AgreementSignature, PartnerAgreement


class AgreementForm(OfInstitutionForm):
    starts_on = DayField(label="Du")
    ends_on = DayField(label="Au")

    class Meta:
        model = PartnerAgreement
        fields = ("departement", "school_year", "reference", "starts_on", "ends_on", "terms")
        widgets = {"terms": forms.Textarea(attrs={"rows": 10})}
        error_messages = {
            "departement": CHOOSE,
            "school_year": CHOOSE,
            "terms": {"required": "Écrivez ce qui est convenu."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departement, year = self.fields["departement"], self.fields["school_year"]
        departement.queryset = Departement.objects.filter(pk=self.instance.institution.departement_id)
        year.queryset = SchoolYear.objects.all()
        departement.empty_label = year.empty_label = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        year, first, last = (data.get(name) for name in ("school_year", "starts_on", "ends_on"))
        for name, day in (("starts_on", first), ("ends_on", last)):
            if year and day and not year.first_day <= day <= year.last_day:
                self.add_error(name, f"Ce jour n’est pas de l’année {year}.")
        return data


class SignatoryForm(forms.ModelForm):
    class Meta:
        model = AgreementSignature
        fields = ("capacity", "name")
        labels = {"capacity": "En qualité de", "name": "Nom"}
        help_texts = {"capacity": "Par exemple\u00a0: président ou présidente de l’université."}
        error_messages = {"capacity": {"required": "Dites en quelle qualité."}}


class SignedForm(forms.Form):
    signed_on = DayField(label="Signée le")


class EndForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi elle s’arrête",
        max_length=rules.REASON_MAX,
        error_messages={"required": "Dites pourquoi, en une ligne.", "max_length": "Raccourcissez ce texte."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
