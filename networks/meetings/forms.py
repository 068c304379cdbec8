"""What one types to plan a meeting, to find its date, to say who came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from circo.errors import Refusal
from circo.hours import rules as hours
from circo.models import Person, School
from networks.meetings import rules
from networks.meetings.actions import Noted, Sought, Wanted
from networks.meetings.queries import Line, Poll, may_open_papers
from networks.meetings.rules import Candidate, Choice, Presence, ToConfirm
from networks.models import Meeting, PollOption, ThirdPlace
from networks.places.forms import DayField, HourField
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


class PlaceFields(forms.Form):
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
    counting = forms.ChoiceField(
        label="Dans les 18 heures",
        choices=[(counting.value, label.capitalize()) for counting, label in hours.COUNTING_LABELS.items()],
        initial=hours.Counting.COUNTS.value,
        error_messages={"required": "Choisissez.", "invalid_choice": "Choisissez dans la liste."},
    )
    counted_minutes = forms.IntegerField(
        label="Minutes qui comptent",
        required=False,
        min_value=15,
        max_value=hours.ENTRY_MINUTES_MAX,
        help_text="Si la rencontre compte en partie, par quarts d’heure.",
        error_messages={
            "invalid": "Écrivez un nombre de minutes.",
            "min_value": "Au moins 15\u00a0minutes.",
            "max_value": "C’est trop pour une rencontre.",
        },
    )
    category = forms.ChoiceField(
        label="Au titre de",
        choices=[(category.value, label.capitalize()) for category, label in hours.CATEGORY_LABELS.items()],
        initial=hours.Category.TRAINING_ANIMATION.value,
        error_messages={"required": "Choisissez.", "invalid_choice": "Choisissez dans la liste."},
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
        partly = data.get("counting") == hours.Counting.PARTLY.value
        minutes = data.get("counted_minutes")
        if partly and minutes is None and "counted_minutes" not in self.errors:
            self.add_error("counted_minutes", "Dites combien de minutes comptent.")
        if partly and minutes is not None and not hours.is_quarter(minutes):
            self.add_error("counted_minutes", "Comptez par quarts d’heure\u00a0: 15, 30, 45…")
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


# --- Finding a date ---------------------------------------------------------------------------------------------------
def code_of(slot: Slot) -> str:
    return f"{slot.starts_at:%Y-%m-%dT%H:%M}/{slot.ends_at:%Y-%m-%dT%H:%M}"


def slot_of(code: str) -> Slot:
    """Read the moment that a box stands for.

    Raises: ValueError.
    """
    zone = timezone.get_current_timezone()
    starts_at, ends_at = (datetime.fromisoformat(text).replace(tzinfo=zone) for text in code.split("/"))
    return Slot(starts_at, ends_at)


class RangeForm(forms.Form):
    """Among which days a date is looked for: read from the address."""

    first = DayField(label="Entre le")
    last = DayField(label="et le")
    hours = forms.TypedChoiceField(
        label="Durée",
        coerce=float,
        choices=[("1", "1 h"), ("1.5", "1 h 30"), ("2", "2 h"), ("3", "3 h")],
        error_messages={"required": "Choisissez une durée.", "invalid_choice": "Choisissez une durée de la liste."},
    )
    with_taken = forms.BooleanField(label="Aussi quand quelqu’un est pris", required=False)
    in_class = forms.BooleanField(label="Aussi sur le temps de classe", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and not timedelta() <= last - first <= timedelta(days=62):
            self.add_error("last", "Choisissez au plus deux mois.")
        if first and abs(first - timezone.localdate()) > rules.AHEAD_MAX:
            self.add_error("first", "Choisissez un jour de l’année scolaire.")
        return data


def usual_range(today: date) -> dict[str, Any]:
    return {"first": today + timedelta(days=5), "last": today + timedelta(days=26), "hours": "2"}


EXTRA = 2  # moments that one adds by hand
NAMED_MOST = 3  # people who are taken: beyond, their number says enough


class PollForm(TitledForm):
    """The moments to propose: ticked among those where the group is free, or written."""

    answers_until = DayField(label="Réponses jusqu’au", required=False)
    slots = forms.MultipleChoiceField(
        label="Moments à proposer",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "L’un de ces moments n’est plus proposé."},
    )

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code_of(one.slot), label_of(one)) for one in candidates]
        known = {code for code, _ in choices}
        choices += [(code, str(slot)) for code, slot in self._ticked() if code not in known]
        self.fields["slots"].choices = sorted(choices)
        for number in range(1, EXTRA + 1):
            self.fields[f"day_{number}"] = DayField(label=f"Autre moment {number}\u00a0: jour", required=False)
            self.fields[f"starts_{number}"] = HourField(label="de", required=False)
            self.fields[f"ends_{number}"] = HourField(label="à", required=False)

    def _ticked(self) -> list[tuple[str, Slot]]:
        """What was ticked stays offered, even if somebody is taken then by now."""
        found = []
        for code in self.data.getlist("slots") if hasattr(self.data, "getlist") else ():
            try:
                slot = slot_of(code)
            except ValueError:
                continue
            if code_of(slot) == code:
                found.append((code, slot))
        return found[: rules.OPTIONS_MAX + 1]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for number in range(1, EXTRA + 1):
            given = [data.get(f"{name}_{number}") for name in ("day", "starts", "ends")]
            if any(given) and not all(given):
                self.add_error(f"day_{number}", "Écrivez le jour, le début et la fin.")
        return data

    def sought(self) -> Sought:
        data, zone = self.cleaned_data, timezone.get_current_timezone()
        slots = [slot_of(code) for code in data["slots"]]
        for number in range(1, EXTRA + 1):
            if day := data[f"day_{number}"]:
                at = (datetime.combine(day, data[f"{name}_{number}"], zone) for name in ("starts", "ends"))
                slots.append(Slot(*at))
        return Sought(data["title"], slots, data["agenda"], data["answers_until"], bool(data.get("sure")))


def label_of(candidate: Candidate) -> str:
    said = str(candidate.slot).removeprefix("le ")
    if len(candidate.taken) > NAMED_MOST:
        said += f", sans {len(candidate.taken)}\u00a0membres"
    elif candidate.taken:
        said += f", sans {', '.join(candidate.taken)}"
    if candidate.teaching:
        said += f", sur le temps de classe de {candidate.teaching}\u00a0membre{'s' if candidate.teaching > 1 else ''}"
    return said


class AnswerForm(forms.Form):
    """One's answers to a poll, one field a moment."""

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in poll.rows:
            self.fields[f"option_{row.option.pk}"] = forms.ChoiceField(
                label=str(row.option.slot).capitalize(),
                required=False,
                choices=[(choice.value, label.capitalize()) for choice, label in rules.CHOICE_LABELS.items()],
                initial=row.mine,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": "Choisissez oui, si besoin ou non."},
            )
            self.fields[f"option_{row.option.pk}"].always_answered = True  # nothing ticked is an answer too

    def choices(self) -> dict[int, Choice]:
        return {int(name.removeprefix("option_")): Choice(value) for name, value in self.cleaned_data.items() if value}


class ChooseForm(PlaceFields, TitledForm):
    """The moment that is kept, and where."""

    option = forms.ModelChoiceField(
        label="La date",
        queryset=PollOption.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une date.", "invalid_choice": "Choisissez une date de la liste."},
    )
    field_order = ["option", "title", "place", "school", "where", "link", "agenda"]

    def __init__(self, *args: Any, person: Person, meeting: Meeting, **kwargs: Any) -> None:
        kwargs["initial"] = initial_of(meeting) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.offer_places(person, meeting)
        self.fields["option"].queryset = meeting.options.order_by("starts_at", "pk")
        self.fields["option"].label_from_instance = lambda option: str(option.slot).capitalize()

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return self.placed(data["option"].slot, data["title"], data["agenda"])


# --- Who came ---------------------------------------------------------------------------------------------------------
class PresenceForm(forms.Form):
    """The list of a meeting: for each person a presence, and the minutes of who was there for a part."""

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        labels = [
            ("", "On ne sait pas"),
            *((one.value, label.capitalize()) for one, label in rules.PRESENCE_LABELS.items()),
        ]
        for line in lines:
            held = line.attendance
            self.fields[f"presence_{line.person.pk}"] = forms.ChoiceField(
                label=f"Présence de {line.person}",
                required=False,
                choices=labels,
                initial=held.presence if held is not None else "",
            )
            self.fields[f"minutes_{line.person.pk}"] = forms.IntegerField(
                label=f"Minutes de {line.person}, si ce n’est qu’une partie",
                required=False,
                min_value=1,
                max_value=600,
                initial=held.minutes if held is not None else None,
                error_messages={
                    "invalid": "Écrivez un nombre de minutes.",
                    "min_value": "Au moins une minute.",
                    "max_value": "Au plus 600\u00a0minutes.",
                },
            )

    def rows(self) -> list[tuple[Line, Any, Any]]:
        return [(line, self[f"presence_{line.person.pk}"], self[f"minutes_{line.person.pk}"]) for line in self.lines]

    def noted(self) -> list[Noted]:
        data = self.cleaned_data
        found = []
        for line in self.lines:
            presence = data[f"presence_{line.person.pk}"]
            minutes = data[f"minutes_{line.person.pk}"] if presence == Presence.PRESENT else None
            found.append(Noted(line.person, Presence(presence) if presence else None, minutes))
        return found


class MinutesForm(forms.Form):
    """The minutes of a meeting, over the revision that one read."""

    text = text_field("Compte rendu", f"{FORMATTING} {NO_PUPIL}", rows=16)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class DocumentForm(forms.Form):
    """One file to attach."""

    file = forms.FileField(
        label="Joindre un document",
        help_text="PDF, image, ODT ou DOCX, 10\u00a0Mo au plus. Aucun antivirus ne l’analyse ici\u00a0: ne joignez que "
        "vos propres documents, sans nom d’élève.",
        error_messages={"required": "Choisissez un document.", "empty": "Ce document est vide."},
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.odt,.docx"}),
    )
