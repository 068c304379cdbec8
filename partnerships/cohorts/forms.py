"""What one types of a course, a status, a cohort, and the days on which the university keeps one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst

from circo.forms import DayField
from circo.models import SchoolYear
from partnerships.cohorts import queries, rules
from partnerships.models import Cohort, Programme, StudentStatus, UniversityPeriod

CHOOSE = {"required": "Choisissez.", "invalid_choice": "Choisissez dans la liste."}
NUMBER = {"required": "Écrivez un nombre.", "invalid": "Écrivez un nombre."}


class OfInstitutionForm(forms.ModelForm):
    """A row that one institution keeps: its names are its own, and said once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(str(field.label))
        if "name" in self.fields:
            self.fields["name"].error_messages["required"] = "Donnez un nom."
            self.fields["name"].widget.attrs["autocomplete"] = "off"

    def _get_validation_exclusions(self) -> set[str]:
        """The institution too, or « once » would not be checked."""
        return super()._get_validation_exclusions() - {"institution"}


class ProgrammeForm(OfInstitutionForm):
    kinds = forms.MultipleChoiceField(
        label="Sortes de journées",
        choices=[(kind.value, label.capitalize()) for kind, label in rules.KIND_LABELS.items()],
        help_text="Toujours dans cet ordre\u00a0: on observe, on partage la classe, puis on la tient.",
        error_messages={
            "required": "Choisissez au moins une sorte de journée.",
            "invalid_choice": "Choisissez dans la liste.",
        },
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Programme
        fields = ("name", "weeks", "kinds", "before_accompanied", "before_responsibility")
        error_messages = dict.fromkeys(("weeks", "before_accompanied", "before_responsibility"), NUMBER)


class StatusForm(OfInstitutionForm):
    class Meta:
        model = StudentStatus
        fields = ("name", "may_be_alone", "legal_text")


class CohortForm(OfInstitutionForm):
    class Meta:
        model = Cohort
        fields = ("name", "programme", "school_year")
        error_messages = dict.fromkeys(("programme", "school_year"), CHOOSE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme, year = self.fields["programme"], self.fields["school_year"]
        programme.queryset = queries.programmes(self.instance.institution)
        year.queryset = SchoolYear.objects.all()
        programme.empty_label = year.empty_label = None

    def clean_school_year(self) -> SchoolYear:
        """Placements are of the year of their cohort."""
        year: SchoolYear = self.cleaned_data["school_year"]
        is_moved = self.instance.pk is not None and year.pk != self.initial["school_year"]
        if is_moved and self.instance.placements.standing().exists():
            raise forms.ValidationError("Des stages sont réservés cette année-là\u00a0: annulez-les d’abord.")
        return year


class PeriodForm(forms.ModelForm):
    starts_on = DayField(label="Du")
    ends_on = DayField(label="Au")

    class Meta:
        model = UniversityPeriod
        fields = ("label", "starts_on", "ends_on")
        labels = {"label": "Ce qu’il y a"}
        help_texts = {"label": "Par exemple\u00a0: cours, examens."}
        error_messages = {"label": {"required": "Dites ce qu’il y a."}}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and (last - first).days > rules.PERIOD_MAX_DAYS:
            self.add_error("ends_on", f"Une période dure au plus {rules.PERIOD_MAX_DAYS}\u00a0jours.")
        year = self.instance.cohort.school_year
        if first and not year.first_day <= first <= year.last_day:
            self.add_error("starts_on", f"Ce jour n’est pas de l’année {year}.")
        return data
