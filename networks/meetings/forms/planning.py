"""What one types to plan a meeting: a title, a day, a place, what it counts for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from circo.errors import Refusal
from circo.forms import DayField, HourField
from circo.hours import rules as hours
from circo.hours.forms import CountingFields
from circo.models import Person, School
from networks.meetings import rules
from networks.meetings.actions import Wanted
from networks.meetings.queries import may_open_papers
from networks.meetings.rules import ToConfirm
from networks.models import Meeting, ThirdPlace
from networks.places.rules import Slot

FORMATTING = "Une ligne vide fait un paragraphe, «\u00a0-\u00a0» une liste, «\u00a0**mot**\u00a0» un mot en gras."
NO_PUPIL = "Pas de nom d’élève."
SURE = "Oui, c’est bien ce jour-là, pendant les vacances"


def text_field(label: str, help_text: str, rows: int = 5) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=rules.TEXT_MAX,
        help_text=help_text,
        error_messages={"max_length": "Ce texte est trop long\u00a0: gardez-en l’essentiel, ou joignez un document."},
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class TitledForm(forms.Form):
    """A title, what one will talk about; and the box that confirms a day of the holidays, once it is asked for."""

    title = forms.CharField(
        label="Titre",
        max_length=rules.TITLE_MAX,
        error_messages={"required": "Donnez un titre à cette rencontre."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    agenda = text_field("Ordre du jour", f"{FORMATTING} {NO_PUPIL}")

    def offer_sure(self) -> None:
        self.fields["sure"] = forms.BooleanField(label=SURE, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("sure"):
            self.offer_sure()

    def say(self, refusal: Refusal) -> None:
        """Write why it was refused, and offer what would do."""
        self.add_error(None, str(refusal))
        if isinstance(refusal, ToConfirm):
            self.offer_sure()


class PlaceFields(CountingFields):
    """Where, and what it counts for."""

    place = forms.ModelChoiceField(
        label="Tiers-lieu",
        queryset=ThirdPlace.objects.none(),
        required=False,
        empty_label="Aucun",
        help_text="Il est réservé avec la rencontre.",
        error_messages={"invalid_choice": "Choisissez un lieu de la liste."},
    )
    school = forms.ModelChoiceField(
        label="Ou une école",
        queryset=School.objects.none(),
        required=False,
        empty_label="Aucune",
        error_messages={"invalid_choice": "Choisissez une école de la liste."},
    )
    where = forms.CharField(label="Ou un autre lieu", max_length=rules.WHERE_MAX, required=False)
    link = forms.URLField(
        label="Lien de visioconférence",
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Écrivez un lien entier, qui commence par https://"},
    )
    is_open_to_team = forms.BooleanField(
        label="L’équipe de circonscription lit aussi le compte rendu et les documents", required=False
    )

    def offer_places(self, person: Person, meeting: Meeting | None = None) -> None:
        places = ThirdPlace.objects.visible_to(person).open()
        schools = School.objects.visible_to(person).filter(closed_on=None)
        if meeting is not None and meeting.booking is not None:
            places = places | ThirdPlace.objects.filter(pk=meeting.booking.place_id)
        if meeting is not None and meeting.school_id is not None:
            schools = schools | School.objects.filter(pk=meeting.school_id)
        self.fields["place"].queryset = places.order_by("name", "pk")
        self.fields["school"].queryset = schools.order_by("commune", "name", "pk")
        self.fields["is_open_to_team"].disabled = meeting is not None and not may_open_papers(meeting, person)

    def clean_link(self) -> str:
        link = self.cleaned_data["link"]
        if link and not link.startswith("https://"):
            raise forms.ValidationError("Écrivez un lien entier, qui commence par https://")
        return link

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if sum(bool(data.get(name)) for name in ("place", "school", "where")) > 1:
            self.add_error("place", "Choisissez un seul lieu\u00a0: un tiers-lieu, une école ou un autre.")
        return data

    def placed(self, slot: Slot, title: str, agenda: str) -> Wanted:
        data = self.cleaned_data
        return Wanted(
            slot=slot,
            title=title,
            agenda=agenda,
            place=data["place"],
            school=data["school"],
            where=data["where"],
            link=data["link"],
            counting=hours.Counting(data["counting"]),
            counted_minutes=data["counted_minutes"],
            category=hours.Category(data["category"]),
            is_open_to_team=data["is_open_to_team"],
            sure=bool(data.get("sure")),
        )


class MeetingForm(PlaceFields, TitledForm):
    """A meeting whose date is known."""

    day = DayField(label="Jour")
    starts = HourField(label="De")
    ends = HourField(label="À")
    field_order = ["title", "day", "starts", "ends", "place", "school", "where", "link", "agenda"]

    def __init__(self, *args: Any, person: Person, meeting: Meeting | None = None, **kwargs: Any) -> None:
        if meeting is not None:
            kwargs.setdefault("initial", initial_of(meeting))
        super().__init__(*args, **kwargs)
        self.offer_places(person, meeting)

    def wanted(self) -> Wanted:
        data, zone = self.cleaned_data, timezone.get_current_timezone()
        slot = Slot(*(datetime.combine(data["day"], data[name], zone) for name in ("starts", "ends")))
        return self.placed(slot, data["title"], data["agenda"])


def initial_of(meeting: Meeting) -> dict[str, Any]:
    plain = ("title", "agenda", "where", "link", "counting", "counted_minutes", "category", "is_open_to_team")
    known: dict[str, Any] = {name: getattr(meeting, name) for name in plain}
    known["school"] = meeting.school_id
    if meeting.booking is not None and meeting.booking.cancelled_at is None:
        known["place"] = meeting.booking.place_id
    if slot := meeting.slot:
        known |= {"day": slot.starts_at.date(), "starts": slot.starts_at.time(), "ends": slot.ends_at.time()}
    return known
