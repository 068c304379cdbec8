"""Open an observation, and note while one watches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from circo.models import Person
from videos import queries
from videos import rules as film_rules
from videos.forms.moments import TimecodeField
from videos.grids import rules
from videos.models import Criterion, Film, Grid, ObservationRound


class PeopleField(forms.ModelMultipleChoiceField):
    """Colleagues, one box each."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "required": "Choisissez au moins une personne.",
            "invalid_choice": "Choisissez des personnes de la liste.",
            "invalid_pk_value": "Choisissez des personnes de la liste.",
        }
        super().__init__(Person.objects.none(), error_messages=messages, **kwargs)


class RoundForm(forms.Form):
    """A grid, what was agreed, a part of the film, and who looks."""

    grid = forms.ModelChoiceField(
        label="Grille",
        queryset=Grid.objects.none(),
        empty_label="Choisissez une grille",
        error_messages={"required": "Choisissez une grille.", "invalid_choice": "Choisissez une grille de la liste."},
    )
    focus = forms.CharField(
        label="Ce que vous avez convenu de regarder",
        max_length=rules.PURPOSE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    begin_s = TimecodeField(
        label="De",
        help_text="Minutes et secondes, par exemple 0:03.",
        error_messages={"required": "Dites où l’observation commence, par exemple 0:00."},
    )
    end_s = TimecodeField(
        label="À",
        error_messages={"required": "Dites où l’observation finit."},
    )
    observers = PeopleField(
        label="Qui regarde",
        help_text="Chaque personne note de son côté. Les regards se réunissent à la fin, ou quand vous le décidez.",
    )

    def __init__(self, *args: Any, film: Film, person: Person, **kwargs: Any) -> None:
        # The end is shown in whole seconds: it must not lie after what the film holds.
        kwargs["initial"] = {"begin_s": 0.0, "end_s": film.duration_s or 0.0} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.film = film
        self.fields["grid"].queryset = queries.grids_to_use(person)
        self.fields["observers"].queryset = queries.invitable(film)

    def clean(self) -> dict[str, Any]:
        begin, end = self.cleaned_data.get("begin_s"), self.cleaned_data.get("end_s")
        if begin is not None and end is not None and not begin < end <= (self.film.duration_s or 0) + 1:
            self.add_error("end_s", f"La fin se place après le début, et avant la fin du film ({self.film.duration}).")
        return self.cleaned_data


class InviteForm(forms.Form):
    """More observers."""

    observers = PeopleField(label="Inviter aussi")

    def __init__(
        self, *args: Any, round: ObservationRound, people: Sequence[Person] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["observers"].queryset = queries.invitable(round.film)
        if people is not None:  # read already: those who do not look yet
            self.fields["observers"].choices = [(one.pk, str(one)) for one in people]


class PressForm(forms.Form):
    """One press: `press` holds the criterion and, for a level, its rank."""

    press = forms.RegexField(
        r"^\d{1,15}(:\d)?$",
        error_messages={"required": "Appuyez sur l’un des boutons.", "invalid": "Appuyez sur l’un des boutons."},
    )
    at_s = TimecodeField(
        label="Moment du film",
        error_messages={"required": "Indiquez le moment du film, par exemple 0:03."},
    )
    text = forms.CharField(
        label="En quelques mots",
        required=False,
        max_length=rules.NOTE_MAX,
        help_text="Ce que vous voyez et entendez, sans jugement. Pour une note libre, écrivez d’abord.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, round: ObservationRound, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "note_%s")
        super().__init__(*args, **kwargs)
        self.round = round

    def clean_press(self) -> tuple[Criterion, int | None]:
        criterion_id, _, value = self.cleaned_data["press"].partition(":")
        for criterion in self.round.grid.criteria.all():
            if criterion.pk == int(criterion_id):
                return criterion, int(value) if value else None
        raise ValidationError("Ce repère n’est pas dans la grille.", code="gone")

    def clean_at_s(self) -> float:
        return min(self.cleaned_data["at_s"], film_rules.DURATION_MAX_S)
