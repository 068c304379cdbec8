"""What one types of a substitute, and of a period."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from circo.calendar.rules import HalfDay
from circo.forms import DayField, LevelsField
from circo.rules import HALF_WORDS
from events.brigade import rules
from events.brigade.actions import Profile
from events.brigade.rules import Cause, Kind
from events.models import BrigadeRules, Substitute

HALVES = [(half, word.capitalize()) for half, word in HALF_WORDS.items()]


class ProfileForm(forms.Form):
    kind = forms.ChoiceField(
        label="Sorte",
        choices=[(kind.value, label.capitalize()) for kind, label in rules.KIND_LABELS.items()],
        error_messages={"required": "Choisissez.", "invalid_choice": "Choisissez dans la liste."},
    )
    preferred = LevelsField(
        label="Niveaux préférés",
        required=False,
        help_text="Le plan les donne d’abord\u00a0; aucun\u00a0: tous se valent.",
    )
    refused = LevelsField(label="Niveaux exclus", required=False, help_text="Le plan ne les donne jamais.")
    is_reserve = forms.BooleanField(
        label="Gardé pour les absences imprévues", required=False, help_text="Aucune journée ne le sollicite."
    )
    is_tenured = forms.BooleanField(
        label="Titulaire ou stagiaire", required=False, help_text="Un contractuel n’ouvre pas droit à l’ISSR."
    )
    phone = forms.CharField(
        label="Téléphone professionnel",
        max_length=rules.PHONE_MAX,
        required=False,
        help_text=rules.PHONE_READ_BY,
        error_messages={"max_length": "Ce numéro est trop long."},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, profile: Substitute, **kwargs: Any) -> None:
        names = ("kind", "preferred", "refused", "is_reserve", "is_tenured", "phone")
        super().__init__(*args, initial={name: getattr(profile, name) for name in names}, **kwargs)

    def profile(self) -> Profile:
        """What is written, once the form is valid."""
        data = self.cleaned_data
        return Profile(
            Kind(data["kind"]),
            tuple(data["preferred"]),
            tuple(data["refused"]),
            data["is_reserve"],
            data["is_tenured"],
            data["phone"],
        )


class RulesForm(forms.ModelForm):
    """What a département decides of its brigade."""

    class Meta:
        model = BrigadeRules
        fields = ("reserve_percent", "limit_km", "detour_percent", "same_face_cents")
        error_messages = {name: {"required": "Écrivez un nombre.", "invalid": "Écrivez un nombre."} for name in fields}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = str(field.label).capitalize()


def _half(label: str, initial: str) -> forms.ChoiceField:
    words = {"required": "Choisissez.", "invalid_choice": "Choisissez le matin ou l’après-midi."}
    return forms.ChoiceField(label=label, choices=HALVES, initial=initial, error_messages=words)


class PeriodForm(forms.Form):
    """A period in which one can't be asked. The last day may stay empty: one day then."""

    starts_on = DayField(label="Du")
    starts_half = _half("À partir du", "AM")
    ends_on = DayField(label="Au", required=False, help_text="Vide\u00a0: le même jour.")
    ends_half = _half("Jusqu’au", "PM")
    cause = forms.ChoiceField(
        label="Raison",
        choices=[(cause.value, label.capitalize()) for cause, label in rules.CAUSE_LABELS.items()],
        help_text="Lue par vous seul·e\u00a0: les autres lisent «\u00a0indisponible\u00a0».",
        error_messages={"required": "Choisissez une raison.", "invalid_choice": "Choisissez dans la liste."},
    )
    note = forms.CharField(
        label="Précision",
        max_length=rules.NOTE_MAX,
        required=False,
        help_text="Rien de médical.",
        error_messages={"max_length": "Raccourcissez ce texte."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def period(self) -> dict[str, Any]:
        """What `actions.withhold` takes, once the form is valid."""
        data = self.cleaned_data
        last: date = data["ends_on"] or data["starts_on"]
        return {
            "first": HalfDay(data["starts_on"], data["starts_half"]),
            "last": HalfDay(last, data["ends_half"]),
            "cause": Cause(data["cause"]),
            "note": data["note"],
        }
