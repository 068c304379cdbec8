"""The forms of the yearly cycle: what is typed, cleaned."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.models import Person, School, SchoolYear
from circo.rules import worded
from networks.cycle.rules import ANSWER_LABELS, Answer
from networks.groups import queries as group_queries
from networks.groups.forms import PersonField, words
from networks.groups.rules import ACTS, OVER_THE_YEAR, Verb
from networks.models import Membership, RelayCommitment, Wish

AS_WISHED = "AS_WISHED"


def day(label: str, year: SchoolYear | None, **kwargs: Any) -> forms.DateField:
    bounds = {"min": year.first_day.isoformat(), "max": year.last_day.isoformat()} if year else {}
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **bounds})
    return forms.DateField(label=label, widget=widget, **kwargs)


class WishForm(forms.Form):
    answer = forms.ChoiceField(
        label="L’an prochain",
        choices=worded(ANSWER_LABELS),
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l’une des trois réponses."},
    )
    word = words("Un mot", "Ce que vous aimeriez en dire. Seule l’équipe de circonscription le lit.")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    @staticmethod
    def initial_of(wish: Wish | None) -> dict[str, Any]:
        return {"answer": wish.answer, "word": wish.word, "version": wish.version} if wish else {"version": 0}

    def clean_answer(self) -> Answer:
        return Answer(self.cleaned_data["answer"])

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0


class CommitmentForm(forms.Form):
    territory = forms.CharField(
        label="Mon territoire",
        max_length=300,
        help_text="Les communes ou les écoles dont les collègues peuvent vous appeler. Par exemple\u00a0: "
        "Val-de-Reuil et Léry.",
    )
    schools = forms.ModelMultipleChoiceField(
        label="Des écoles en particulier", queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, by: Person, district_id: int, **kwargs):
        super().__init__(*args, **kwargs)
        here = School.objects.visible_to(by).filter(district=district_id, closed_on__isnull=True)
        self.fields["schools"].queryset = here

    @classmethod
    def of(cls, membership: Membership, commitment: RelayCommitment | None, *, by: Person) -> CommitmentForm:
        initial = {}
        if commitment:
            initial = {"territory": commitment.territory, "schools": [one.pk for one in commitment.schools.all()]}
        return cls(initial=initial, by=by, district_id=membership.group.network.district_id)


class ClosingForm(forms.Form):
    def __init__(self, *args, year: SchoolYear, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["closes_on"] = day("Dernier jour pour répondre", year, help_text="Inclus.")


class DecideForm(forms.Form):
    """What is decided for the rows that are ticked."""

    verb = forms.ChoiceField(
        label="Décision",
        choices=[(AS_WISHED, "Comme chacun le souhaite"), *((verb.value, ACTS[verb].label) for verb in OVER_THE_YEAR)],
    )
    companion = PersonField(
        label="Qui accompagne les deuxièmes années", queryset=None, required=False, empty_label="Pas encore choisi"
    )

    def __init__(self, *args, by: Person, district_id: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["companion"].queryset = group_queries.companions(by, district_id)

    def clean_verb(self) -> Verb | None:
        verb = self.cleaned_data["verb"]
        return None if verb == AS_WISHED else Verb(verb)
