"""What one types to book a place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from circo.errors import Refusal
from circo.forms import DayField, HourField
from circo.models import Person
from networks.models import Booking, MutualisationGroup, ThirdPlace
from networks.places import queries, rules
from networks.places.actions import Taken, Wanted
from networks.places.rules import Slot


class BookingForm(forms.Form):
    """When, how many, what for."""

    day = DayField(label="Jour")
    starts = HourField(label="De")
    ends = HourField(label="À")
    people = forms.IntegerField(
        label="Nombre de personnes",
        min_value=1,
        max_value=rules.PEOPLE_MAX,
        error_messages={
            "required": "Indiquez combien vous serez.",
            "invalid": "Écrivez un nombre.",
            "min_value": "Indiquez au moins une personne.",
            "max_value": f"Écrivez au plus {rules.PEOPLE_MAX}.",
        },
    )
    purpose = forms.CharField(
        label="Pour quoi faire",
        max_length=rules.PURPOSE_MAX,
        help_text="Lu par votre groupe et par l’équipe qui tient le lieu. Pas de nom d’élève.",
        error_messages={"required": "Dites en quelques mots pour quoi faire."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    group = forms.ModelChoiceField(
        label="Pour le groupe",
        queryset=MutualisationGroup.objects.none(),
        required=False,
        empty_label="Aucun groupe",
        error_messages={"invalid_choice": "Choisissez l’un de vos groupes."},
    )

    def __init__(
        self, *args: Any, person: Person, place: ThirdPlace, booking: Booking | None = None, **kwargs: Any
    ) -> None:
        if booking:
            kwargs["initial"] = initial_of(booking.slot) | {
                "people": booking.people,
                "purpose": booking.purpose,
                "group": booking.group_id,
            }
        super().__init__(*args, **kwargs)
        groups = queries.groups_to_book_for(person)
        if booking and booking.group_id:
            groups = groups | MutualisationGroup.objects.filter(pk=booking.group_id)
        self.fields["group"].queryset = groups
        if place.capacity:
            self.fields["people"].help_text = f"Ce lieu accueille {place.capacity}\u00a0personnes au plus."
        self.free: list[Slot] = []

    def wanted(self) -> Wanted:
        """What one asks, once the form is valid."""
        data, zone = self.cleaned_data, timezone.get_current_timezone()
        slot = Slot(*(datetime.combine(data["day"], data[name], zone) for name in ("starts", "ends")))
        return Wanted(slot, data["people"], data["purpose"], data["group"])

    def say(self, refusal: Refusal) -> None:
        """Write why the place was not booked, and keep what is free instead."""
        self.add_error(None, str(refusal))
        if isinstance(refusal, Taken):
            self.free = list(refusal.free)


def initial_of(slot: Slot) -> dict[str, Any]:
    return {"day": slot.starts_at.date(), "starts": slot.starts_at.time(), "ends": slot.ends_at.time()}


def instead(data: Any) -> Any:
    """What was typed, with the free moment that one has chosen in its place."""
    try:
        starts_at, ends_at = (datetime.fromisoformat(text) for text in data.get("instead", "").split("/"))
    except ValueError:
        return data
    changed = data.copy()
    for name, value in (("day", starts_at.date()), ("starts", starts_at.time()), ("ends", ends_at.time())):
        changed[name] = value.isoformat()
    return changed
