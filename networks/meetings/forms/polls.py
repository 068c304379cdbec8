"""What one types to find a date: the moments to propose, one's answers, the moment that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from circo.forms import DayField, HourField
from circo.models import Person
from networks.meetings import rules
from networks.meetings.actions import Sought, Wanted
from networks.meetings.forms.planning import PlaceFields, TitledForm, initial_of
from networks.meetings.queries import Poll
from networks.meetings.rules import Candidate, Choice
from networks.models import Meeting, PollOption
from networks.places.rules import Slot


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
        help_text="Cochez-en quelques-uns, ou écrivez les vôtres plus bas.",
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
            self.fields[f"starts_{number}"] = HourField(label="De", required=False)
            self.fields[f"ends_{number}"] = HourField(label="À", required=False)

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
