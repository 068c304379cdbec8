"""What one types to choose a date and describe a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from circo.errors import Refusal
from circo.forms import DayField, HourField
from circo.hours import rules as hours
from circo.hours.forms import CountingFields
from circo.models import District, Person
from events.days import queries, rules
from events.days.actions import Wanted
from events.days.rules import Hours
from events.models import SharingDay
from networks.meetings.rules import ToConfirm
from networks.models import ThirdPlace

FORMATTING = "Une ligne vide fait un paragraphe, «\u00a0-\u00a0» une liste, «\u00a0**mot**\u00a0» un mot en gras."


def _short(label: str, most: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=most, help_text=help_text)


class DayForm(CountingFields):
    """A sharing day: when, where, what for, and what its letters say."""

    on = DayField(label="Date")
    title = forms.CharField(
        label="Titre",
        max_length=rules.TITLE_MAX,
        initial="Journée des partages de l’innovation",
        error_messages={"required": "Donnez un titre à cette journée."},
    )
    theme = _short("Thème", rules.THEME_MAX)
    words = forms.CharField(
        label="Présentation",
        required=False,
        max_length=rules.TEXT_MAX,
        help_text=FORMATTING,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    place = forms.ModelChoiceField(
        label="Tiers-lieu",
        queryset=ThirdPlace.objects.none(),
        required=False,
        empty_label="Aucun",
        help_text="Il est réservé pour toute la journée.",
        error_messages={"invalid_choice": "Choisissez un lieu de la liste."},
    )
    where = _short("Ou un autre lieu, avec son adresse", rules.WHERE_MAX)
    morning_starts = HourField(label="Matin, de", initial=rules.MORNING[0])
    morning_ends = HourField(label="Matin, à", initial=rules.MORNING[1])
    afternoon_starts = HourField(label="Après-midi, de", initial=rules.AFTERNOON[0])
    afternoon_ends = HourField(label="Après-midi, à", initial=rules.AFTERNOON[1])
    meal = _short("Repas", rules.SHORT_MAX, "Par exemple\u00a0: «\u00a0buffet partagé, apportez un plat\u00a0».")
    reference = _short("Numéro du dispositif", 60)
    is_mission_order = forms.BooleanField(label="La convocation vaut ordre de mission", required=False, initial=True)
    costs_borne_by = _short(
        "Frais de déplacement pris en charge par", rules.SHORT_MAX, "Vide\u00a0: sans frais pour l’administration."
    )
    field_order = [
        "on",
        "title",
        "theme",
        "place",
        "where",
        "morning_starts",
        "morning_ends",
        "afternoon_starts",
        "afternoon_ends",
        "words",
        "meal",
        "reference",
        "is_mission_order",
        "costs_borne_by",
    ]

    def __init__(
        self, *args: Any, person: Person, district: District, day: SharingDay | None = None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = (initial_of(day) if day else {"counting": hours.Counting.NOT.value}) | kwargs.get(
            "initial", {}
        )
        super().__init__(*args, **kwargs)
        places = ThirdPlace.objects.visible_to(person).open().filter(kind="PHYSICAL")
        if day is not None and day.place_id is not None:
            places = places | ThirdPlace.objects.filter(pk=day.place_id)
        self.fields["place"].queryset = places.order_by("name", "pk")
        self.fields["place"].label_from_instance = place_label
        if self.data.get("sure"):
            self.offer_sure()

    def offer_sure(self) -> None:
        self.fields["sure"] = forms.BooleanField(label="Oui, c’est bien ce jour-là", required=False)

    def say(self, refusal: Refusal) -> None:
        """Write why it was refused, and offer what would do."""
        self.add_error(None, str(refusal))
        if isinstance(refusal, ToConfirm):
            self.offer_sure()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("place") and data.get("where"):
            self.add_error("where", "Choisissez un seul lieu\u00a0: un tiers-lieu, ou un autre.")
        return data

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        plain = ("on", "title", "theme", "words", "place", "where", "reference", "meal", "is_mission_order")
        return Wanted(
            **{name: data[name] for name in plain},
            costs_borne_by=data["costs_borne_by"],
            hours=Hours(
                (data["morning_starts"], data["morning_ends"]), (data["afternoon_starts"], data["afternoon_ends"])
            ),
            counting=hours.Counting(data["counting"]),
            counted_minutes=data["counted_minutes"],
            category=hours.Category(data["category"]),
            sure=bool(data.get("sure")),
        )


def place_label(place: ThirdPlace) -> str:
    return f"{place.name} ({place.capacity}\u00a0personnes au plus)" if place.capacity else place.name


def initial_of(day: SharingDay) -> dict[str, Any]:
    names = (
        "on title theme words where morning_starts morning_ends afternoon_starts afternoon_ends meal reference "
        "is_mission_order costs_borne_by counting counted_minutes category"
    )
    return {name: getattr(day, name) for name in names.split()} | {"place": day.place_id}


class PeriodForm(forms.Form):
    """Between which days a date is looked for, read from the address; by itself the rest of the school year."""

    first = DayField(label="Entre le")
    last = DayField(label="et le")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and not 0 <= (last - first).days <= rules.PERIOD_DAYS_MOST:
            self.add_error("last", "Choisissez un an au plus, dans l’ordre.")
        return data


def usual_period(today: date) -> dict[str, date]:
    """The rest of the school year; of the next one, at its end."""
    last = queries.last_day_of_year(today) or queries.last_day_of_year(today + rules.NOTICE)
    return {"first": rules.notice_ends(today), "last": last or rules.notice_ends(today)}
