"""What one types around a placement: where a half-day goes, who answers there, who follows it, a review, a log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from circo.calendar.rules import HalfDay
from circo.forms import DayField
from circo.rules import worded
from partnerships.cohorts.forms import CHOOSE
from partnerships.models import HostOffer, LogEntry, Placement, PlacementReview
from partnerships.placements import rules
from partnerships.placements.queries import openings
from partnerships.placements.queries.openings import Alternative
from partnerships.placements.queries.pages import Line
from partnerships.placements.rules import MISSED_LABELS, MissedBy


class ShiftForm(forms.Form):
    """Where a half-day goes: one of those that are free around it."""

    to = forms.ChoiceField(label="Où et quand", error_messages=CHOOSE)
    adult = forms.ModelChoiceField(
        label="Adulte référent sur place", queryset=None, required=False, empty_label="Inchangé", error_messages=CHOOSE
    )

    def __init__(
        self, *args: Any, free: Sequence[Alternative], line: Line, placement: Placement, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.free = {one.code: one for one in free}
        self.fields["to"].choices = [(one.code, one.words) for one in free]
        if line.is_held:
            self.fields["adult"].queryset = openings.adults_of(placement.offer.school_id, line.half_day.day)
        else:
            del self.fields["adult"]

    def chosen(self) -> tuple[HostOffer, HalfDay]:
        """The class and the half-day, once the form is valid."""
        one = self.free[self.cleaned_data["to"]]
        return one.offer, one.half_day


class AdultForm(forms.Form):
    """Who answers on the spot, on which of the half-days when students hold the class."""

    adult = forms.ModelChoiceField(
        label="Adulte référent sur place", queryset=None, empty_label="Choisissez", error_messages=CHOOSE
    )
    half_days = forms.MultipleChoiceField(
        label="Demi-journées",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins une demi-journée.",
            "invalid_choice": CHOOSE["invalid_choice"],
        },
    )

    def __init__(self, *args: Any, placement: Placement, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["adult"].queryset = openings.adults_of(placement.offer.school_id, timezone.localdate())
        self.fields["half_days"].choices = [(one.code, one.when) for one in lines]
        self.fields["half_days"].initial = [one.code for one in lines if one.adult is None]

    def chosen(self) -> list[HalfDay]:
        return [HalfDay.from_code(code) for code in self.cleaned_data["half_days"]]


class MissedForm(forms.Form):
    why = forms.ChoiceField(label="Pourquoi", choices=worded(MISSED_LABELS), error_messages=CHOOSE)
    student = forms.ModelChoiceField(
        label="Qui", queryset=None, required=False, empty_label="Tout le monde", error_messages=CHOOSE
    )

    def __init__(self, *args: Any, placement: Placement, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"].queryset = openings.students_of(placement)
        if own or len(placement.students.all()) < 2:
            del self.fields["student"]
        if own:  # of oneself, one says nothing else
            self.fields["why"].choices = [(MissedBy.STUDENT.value, MISSED_LABELS[MissedBy.STUDENT])]
            self.fields["why"].widget = forms.HiddenInput()
            self.fields["why"].initial = MissedBy.STUDENT.value


class TutorForm(forms.Form):
    tutor = forms.ModelChoiceField(
        label="Qui suit ce stage", queryset=None, required=False, empty_label="Personne pour l’instant"
    )

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        super().__init__(*args, initial={"tutor": placement.tutor_id}, **kwargs)
        self.fields["tutor"].queryset = openings.tutors_of(placement.cohort.institution_id)


class VisitForm(forms.Form):
    half_day = forms.ChoiceField(label="Demi-journée", error_messages=CHOOSE)

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["half_day"].choices = [(one.code, one.when) for one in lines]

    def chosen(self) -> HalfDay:
        return HalfDay.from_code(self.cleaned_data["half_day"])


class ReviewForm(forms.ModelForm):
    class Meta:
        model = PlacementReview
        fields = ("strengths", "next_steps")
        error_messages = {"strengths": {"required": "Dites au moins ce qui est acquis."}}


class LogForm(forms.ModelForm):
    day = DayField(label="Jour")

    class Meta:
        model = LogEntry
        fields = ("day", "text", "is_for_host", "is_for_tutor")
        error_messages = {"text": {"required": "Écrivez quelques mots."}}


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi",
        max_length=rules.REASON_MAX,
        required=False,
        help_text="Les personnes concernées le lisent.",
    )
