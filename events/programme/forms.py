"""What one types to write a programme, and to say wishes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from circo.errors import Refusal
from circo.forms import DayField, HourField
from circo.models import Person
from events.models import SharingDay, Slot, Workshop, WorkshopSession
from events.programme import queries, rules
from events.programme.actions import WantedSlot, WantedWorkshop
from events.programme.queries import Choice
from events.programme.rules import SlotKind


class Seen(forms.Form):
    """What several may write: the form carries the mark of what it showed."""

    is_overtaken = False
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def say(self, refusal: Refusal) -> None:
        """Write why it was not saved; over what somebody else wrote, saving again replaces it knowingly."""
        self.add_error(None, str(refusal))
        if isinstance(refusal, rules.Changed):
            self.data = self.data.copy()
            self.data["seen"] = refusal.mark
            self.is_overtaken = True


class SlotForm(Seen):
    """A moment of the day."""

    starts = HourField(label="De")
    ends = HourField(label="À")
    title = forms.CharField(
        label="Titre",
        max_length=rules.TITLE_MAX,
        help_text="Par exemple\u00a0: Accueil, Ateliers 1, Repas partagé.",
        error_messages={"required": "Donnez un titre à ce moment."},
    )
    kind = forms.ChoiceField(
        label="Sorte",
        choices=[(kind.value, words.capitalize()) for kind, words in rules.KIND_LABELS.items()],
        initial=SlotKind.TOGETHER.value,
        error_messages={"required": "Choisissez.", "invalid_choice": "Choisissez dans la liste."},
    )
    where = forms.CharField(label="Salle, si tout le monde y est", required=False, max_length=rules.ROOM_MAX)

    def __init__(self, *args: Any, slot: Slot | None = None, **kwargs: Any) -> None:
        if slot is not None:
            names = ("starts", "ends", "title", "kind", "where")
            kwargs.setdefault("initial", {name: getattr(slot, name) for name in names} | {"seen": slot.mark})
        super().__init__(*args, **kwargs)

    def wanted(self) -> WantedSlot:
        data = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return WantedSlot(**data | {"kind": SlotKind(data["kind"])})


class WorkshopForm(Seen):
    """A workshop: what it is, who leads it, what one needs."""

    title = forms.CharField(
        label="Titre", max_length=rules.TITLE_MAX, error_messages={"required": "Donnez un titre à cet atelier."}
    )
    words = forms.CharField(
        label="Présentation",
        required=False,
        max_length=rules.TEXT_MAX,
        help_text="Lue par toutes les personnes convoquées. Pas de nom d’élève.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    facilitators = forms.ModelMultipleChoiceField(
        label="Animé par",
        queryset=Person.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="Ctrl ou ⌘ pour en choisir plusieurs.",
        error_messages={"invalid_choice": "Choisissez dans la liste."},
    )
    others = forms.CharField(label="Et aussi", required=False, max_length=rules.NAMES_MAX)
    materials = forms.CharField(label="Matériel à prévoir", required=False, max_length=rules.MATERIALS_MAX)

    def __init__(self, *args: Any, day: SharingDay, workshop: Workshop | None = None, **kwargs: Any) -> None:
        if workshop is not None:
            held = {name: getattr(workshop, name) for name in ("title", "words", "others", "materials")}
            held |= {"facilitators": list(workshop.facilitators.order_by("pk")), "seen": workshop.mark}
            kwargs.setdefault("initial", held)
        super().__init__(*args, **kwargs)
        people = queries.possible_facilitators(day)
        if workshop is not None:
            people = people | workshop.facilitators.order_by()
        self.fields["facilitators"].queryset = people.distinct()

    def wanted(self) -> WantedWorkshop:
        data = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return WantedWorkshop(**data | {"facilitators": list(data["facilitators"])})


class SessionForm(Seen):
    """A workshop at one moment."""

    workshop = forms.ModelChoiceField(
        label="Atelier",
        queryset=Workshop.objects.none(),
        empty_label="Choisir",
        error_messages={"required": "Choisissez un atelier.", "invalid_choice": "Choisissez dans la liste."},
    )
    room = forms.CharField(label="Salle", required=False, max_length=rules.ROOM_MAX)
    capacity = forms.IntegerField(
        label="Places",
        min_value=1,
        max_value=rules.CAPACITY_MAX,
        error_messages={
            "required": "Indiquez combien de personnes l’atelier accueille.",
            "invalid": "Écrivez un nombre.",
            "min_value": "Un atelier a au moins une place.",
            "max_value": f"Un atelier a au plus {rules.CAPACITY_MAX}\u00a0places.",
        },
    )

    opens_from = forms.IntegerField(
        label="Ouvre à partir de combien de personnes",
        required=False,
        min_value=1,
        max_value=rules.CAPACITY_MAX,
        help_text="Vide\u00a0: il ouvre quoi qu’il arrive.",
        error_messages={
            "invalid": "Écrivez un nombre.",
            "min_value": "Un atelier ouvre à partir d’une personne au moins.",
            "max_value": f"Un atelier a au plus {rules.CAPACITY_MAX}\u00a0places.",
        },
    )

    def __init__(self, *args: Any, slot: Slot, session: WorkshopSession | None = None, **kwargs: Any) -> None:
        if session is not None:
            held = {"workshop": session.workshop_id, "room": session.room, "capacity": session.capacity}
            held |= {"opens_from": session.opens_from, "seen": session.mark}
            kwargs.setdefault("initial", held)
        super().__init__(*args, **kwargs)
        rows = queries.workshops(slot.day)
        self.fields["workshop"].queryset = rows.filter(pk=session.workshop_id) if session else rows


class ShowForm(forms.Form):
    """Until when wishes are said."""

    wishes_until = DayField(label="Vœux d’ateliers jusqu’au", required=False, help_text="Vide\u00a0: pas de vœux.")


_RANKS = ("Premier vœu", "Deuxième vœu", "Troisième vœu")


class WishesForm(forms.Form):
    """Ranked wishes, moment by moment."""

    def __init__(self, *args: Any, choices: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        for choice in (one for one in choices if one.leads is None):
            sessions = list(choice.slot.sessions.all())
            listed = [("", "Peu importe"), *((str(one.pk), one.workshop.title) for one in sessions)]
            for rank, label in enumerate(_RANKS[: min(rules.WISHES, len(sessions))]):
                self.fields[f"{choice.slot.pk}_{rank}"] = forms.ChoiceField(
                    label=label,
                    required=False,
                    choices=listed,
                    initial=str(choice.wishes[rank]) if rank < len(choice.wishes) else "",
                    error_messages={"invalid_choice": "Cet atelier n’est plus au programme."},
                )
                self.fields[f"{choice.slot.pk}_{rank}"].always_answered = True

    def parts(self) -> list[tuple[Choice, list[Any]]]:
        """The fields of each moment."""
        return [
            (choice, [self[name] for name in self.fields if name.startswith(f"{choice.slot.pk}_")])
            for choice in self.choices
        ]

    def wishes(self) -> dict[int, list[int]]:
        """The sessions wished at each moment, in order; an empty one is passed over."""
        found: dict[int, list[int]] = {choice.slot.pk: [] for choice in self.choices}
        for name, value in self.cleaned_data.items():
            if value:
                found[int(name.split("_")[0])].append(int(value))
        return found
