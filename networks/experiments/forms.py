"""The forms of an experiment: its texts, and one form for each kind of part."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from circo import forms as circo_forms
from circo.forms import LevelsField
from networks.experiments import queries, rules
from networks.models import (
    DiaryEntry,
    Experiment,
    ExperimentClass,
    ExperimentStep,
    Indicator,
    IndicatorPoint,
    MutualisationGroup,
)

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
NO_PUPIL = "Une valeur de la classe ou du groupe, jamais celle d’un élève."


class DayField(circo_forms.DayField):
    """A day of our century, and of the past if it must be."""

    def __init__(self, *, past: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.past = past

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError("Vérifiez l’année de cette date.")
        if day is not None and self.past and day > timezone.localdate():
            raise forms.ValidationError("Cette date n’est pas encore venue.")
        return day


def _figure() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "decimal"})


class ExperimentForm(forms.ModelForm):
    council_on = DayField(label="Conseil d’école consulté le", required=False)
    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])

    class Meta:
        model = Experiment
        fields = rules.TEXTS
        help_texts = {
            "finding": "Ce que vous observez dans vos classes, sans nommer d’élève.",
            "question": "Ce que vous voulez savoir, en une ou deux phrases.",
            "objectives": "Un par ligne.",
            "outcome": "Ce qui a changé, ce qui n’a pas changé, ce qui vous a surpris.",
            "derogation": "Une fois qu’elle est obtenue et enregistrée par la circonscription.",
        }

    def __init__(self, *args: Any, group: MutualisationGroup, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["referent"].queryset = queries.members_of(group.pk) | queries.holder_of(self.instance.referent_id)
        self.fields["derogation"].queryset = queries.derogations_of(group.network.district_id)
        self.fields["referent"].empty_label = "à choisir"
        self.fields["derogation"].empty_label = "aucune pour le moment"
        if self.instance.pk is None:
            del self.fields["outcome"], self.fields["keeps"], self.fields["seen"]
        else:
            self.initial["seen"] = self.instance.updated_at.isoformat(timespec="microseconds")

    def _post_clean(self) -> None:
        """The action writes: nothing is put into the instance before it holds the lock."""

    @property
    def texts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class PartForm(forms.ModelForm):
    """A part of an experiment, new or not."""

    def __init__(self, *args: Any, experiment: Experiment, **options: Any) -> None:
        super().__init__(*args, **options)
        self.experiment = experiment
        self.prepare()

    def prepare(self) -> None:
        """Narrow the choices to those of the experiment."""


class ClassForm(PartForm):
    levels = LevelsField()

    class Meta:
        model = ExperimentClass
        fields = ("school", "levels", "pupil_count")
        help_texts = {"pupil_count": "Un nombre suffit\u00a0: aucun élève n’est nommé ici."}

    def prepare(self) -> None:
        schools = queries.schools_of_members(self.experiment.group_id)
        self.fields["school"].queryset = schools | queries.school_of(self.instance.school_id)
        self.fields["school"].empty_label = "à choisir"


class StepForm(PartForm):
    due_on = DayField(label="Date prévue")
    done_on = DayField(label="Faite le", required=False, past=True)

    class Meta:
        model = ExperimentStep
        fields = ("title", "due_on", "done_on")


class IndicatorForm(PartForm):
    before_on = DayField(label="Relevée avant, le", required=False, past=True)
    after_on = DayField(label="Relevée après, le", required=False, past=True)

    class Meta:
        model = Indicator
        fields = ("name", "unit", "wanted", "before", "before_on", "after", "after_on", "why_missing")
        localized_fields = ("before", "after")  # with a comma, as one writes
        widgets = {"before": _figure(), "after": _figure()}
        help_texts = {
            "name": "Par exemple «\u00a0mots lus par minute, en moyenne\u00a0».",
            "unit": "Par exemple «\u00a0mots\u00a0», «\u00a0%\u00a0», «\u00a0livres\u00a0».",
            "wanted": "Le sens dans lequel vous aimeriez que la valeur change.",
            "before": NO_PUPIL,
            "after": NO_PUPIL,
            "why_missing": "Par exemple «\u00a0la classe était en sortie ce jour-là\u00a0».",
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for name, word in (("before", "avant"), ("after", "après")):
            if given.get(f"{name}_on") and given.get(name) is None and name not in self.errors:
                self.add_error(name, f"Écrivez la valeur relevée {word}, ou effacez sa date.")
        return given


class PointForm(PartForm):
    on = DayField(label="Relevée le", past=True)

    class Meta:
        model = IndicatorPoint
        fields = ("indicator", "value", "on")
        localized_fields = ("value",)
        widgets = {"value": _figure()}
        help_texts = {"value": NO_PUPIL}

    def prepare(self) -> None:
        self.fields["indicator"].queryset = self.experiment.indicators.filter(removed_at=None)
        self.fields["indicator"].empty_label = "à choisir"


class EntryForm(PartForm):
    on = DayField(label="Date", past=True, initial=timezone.localdate)

    class Meta:
        model = DiaryEntry
        fields = ("on", "text")
        help_texts = {"text": f"Ce qui s’est passé, sans nommer d’élève. {rules.TEXT_MAX} signes au plus."}


class MoveForm(forms.Form):
    why = forms.CharField(
        label="Pourquoi", max_length=rules.WHY_MAX, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
