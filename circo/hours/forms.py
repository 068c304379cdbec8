"""What people type about hours."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from circo.hours import rules
from circo.hours.rules import Category, LogCategory, Mode, Move
from circo.models import District, SchoolYear
from circo.rules import school_year_bounds

ENTRIES_MAX = 5000  # of one batch
REASON_MAX = 500


class MinutesField(forms.CharField):
    """A duration as people write it: `1 h 30`, `1h30`, `90 min`, `1,5`."""

    def __init__(self, *, most: int, by_quarters: bool = False, **kwargs):
        self.most, self.by_quarters = most, by_quarters
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: object) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        minutes = rules.minutes_typed(text)
        if minutes is None:
            raise forms.ValidationError("Écrivez une durée, par exemple 1\u00a0h\u00a030 ou 45\u00a0min.")
        if self.by_quarters and not rules.is_quarter(minutes):
            raise forms.ValidationError("Les heures se comptent par quarts d’heure.")
        if not 0 < minutes <= self.most:
            raise forms.ValidationError(f"La durée va jusqu’à {rules.in_words(self.most)}.")
        return minutes

    def prepare_value(self, value: object) -> object:
        return rules.in_words(value) if isinstance(value, int) else value


class DayInput(forms.DateInput):
    input_type = "date"

    def format_value(self, value: object) -> str | None:
        return value.isoformat() if isinstance(value, date) else super().format_value(value)


def _day(label: str = "Date") -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=DayInput(),
        error_messages={"required": "Indiquez le jour.", "invalid": "Ce jour n’existe pas."},
    )


class DeclareForm(forms.Form):
    label = forms.CharField(
        label="De quoi s’agit-il ?",
        max_length=120,
        help_text="Par exemple : animation de circonscription sur la lecture, parcours M@gistère.",
        error_messages={"required": "Dites en quelques mots de quoi il s’agit."},
    )
    on = _day()
    minutes = MinutesField(
        label="Durée",
        most=rules.ENTRY_MINUTES_MAX,
        by_quarters=True,
        help_text="Par quarts d’heure : 1 h 30, 45 min…",
        error_messages={"required": "Indiquez la durée."},
    )
    category = forms.TypedChoiceField(
        label="Au titre de",
        coerce=Category,
        choices=[(category.value, rules.CATEGORY_LABELS[category].capitalize()) for category in Category],
        widget=forms.RadioSelect,
        initial=Category.TRAINING_ANIMATION.value,
    )
    mode = forms.TypedChoiceField(
        label="Sous quelle forme ?",
        coerce=Mode,
        choices=[(mode.value, rules.MODE_LABELS[mode].capitalize()) for mode in Mode],
        widget=forms.RadioSelect,
        initial=Mode.IN_PERSON.value,
    )

    def clean_on(self) -> date:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Ce jour n’est pas encore passé.")
        if day < school_year_bounds(timezone.localdate())[0]:
            raise forms.ValidationError("Ce jour est d’une autre année scolaire.")
        return day


class LogForm(forms.Form):
    on = _day()
    minutes = MinutesField(
        label="Durée",
        most=rules.LOG_MINUTES_MAX,
        help_text="1 h 30, 45 min…",
        error_messages={"required": "Indiquez la durée."},
    )
    category = forms.TypedChoiceField(
        label="Au titre de",
        coerce=LogCategory,
        choices=[(category.value, rules.LOG_LABELS[category]) for category in LogCategory],
        error_messages={"required": "Choisissez à quel titre."},
    )
    text = forms.CharField(label="Note", max_length=300, required=False, help_text="Pour vous seul·e.")

    def clean_on(self) -> date:
        day = self.cleaned_data["on"]
        first, last = school_year_bounds(timezone.localdate())
        if not first.replace(year=first.year - 5) <= day <= last:
            raise forms.ValidationError("Ce jour est trop loin de l’année en cours.")
        return day


class NumbersField(forms.Field):
    """Boxes whose values are numbers joined by commas."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: object) -> list[int]:
        joined = ",".join(map(str, value or ()))
        numbers = [number for number in joined.split(",") if number]
        if not numbers:
            raise forms.ValidationError("Cochez au moins une ligne.")
        if len(numbers) > ENTRIES_MAX or not all(re.fullmatch(r"[0-9]{1,18}", number) for number in numbers):
            raise forms.ValidationError("Cette sélection ne peut pas être lue. Cochez les lignes une nouvelle fois.")
        return [int(number) for number in numbers]


class MoveForm(forms.Form):
    """One move of the entries ticked; each box holds the numbers of the entries that its reader saw."""

    move = forms.TypedChoiceField(coerce=Move, choices=[(move.value, move.value) for move in Move])
    entries = NumbersField(required=False)
    reason = forms.CharField(
        label="Pourquoi ces heures ne sont-elles pas retenues ?",
        help_text="Chaque personne concernée lira ces mots.",
        max_length=REASON_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, object]:
        if self.cleaned_data.get("move") is Move.REFUSE and not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", "Dites pourquoi ces heures ne sont pas retenues.")
        return self.cleaned_data


class ReplayForm(forms.Form):
    """Which accounts are counted again."""

    district = forms.ModelChoiceField(
        District.objects.none(), label="Circonscription", error_messages={"required": "Choisissez."}
    )
    year = forms.ModelChoiceField(
        SchoolYear.objects.order_by("-first_day"), label="Année scolaire", error_messages={"required": "Choisissez."}
    )

    def __init__(self, *args: Any, districts: QuerySet[District], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["district"]
        field.queryset = districts.order_by("name", "pk")
        if len(known := list(districts[:2])) == 1:  # nothing to choose
            field.initial, field.widget = known[0], forms.HiddenInput()
        for one in self.fields.values():
            one.empty_label = None


class CountingFields(forms.Form):
    """What an event counts for in the 18 hours."""

    counting = forms.ChoiceField(
        label="Dans les 18 heures",
        choices=[(counting.value, label.capitalize()) for counting, label in rules.COUNTING_LABELS.items()],
        initial=rules.Counting.COUNTS.value,
        error_messages={"required": "Choisissez.", "invalid_choice": "Choisissez dans la liste."},
    )
    counted_minutes = forms.IntegerField(
        label="Minutes qui comptent",
        required=False,
        min_value=15,
        max_value=rules.ENTRY_MINUTES_MAX,
        help_text="Si elle ne compte qu’en partie, par quarts d’heure.",
        error_messages={
            "invalid": "Écrivez un nombre de minutes.",
            "min_value": "Au moins 15\u00a0minutes.",
            "max_value": "C’est trop.",
        },
    )
    category = forms.ChoiceField(
        label="Au titre de",
        choices=[(category.value, label.capitalize()) for category, label in rules.CATEGORY_LABELS.items()],
        initial=rules.Category.TRAINING_ANIMATION.value,
        error_messages={"required": "Choisissez.", "invalid_choice": "Choisissez dans la liste."},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        partly = data.get("counting") == rules.Counting.PARTLY.value
        minutes = data.get("counted_minutes")
        if partly and minutes is None and "counted_minutes" not in self.errors:
            self.add_error("counted_minutes", "Dites combien de minutes comptent.")
        if partly and minutes is not None and not rules.is_quarter(minutes):
            self.add_error("counted_minutes", "Comptez par quarts d’heure\u00a0: 15, 30, 45…")
        return data
