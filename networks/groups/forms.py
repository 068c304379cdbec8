"""The forms of groups: what is typed, cleaned."""

from __future__ import annotations

from django import forms

from circo.models import Person
from circo.rules import worded
from networks.groups import queries
from networks.groups.rules import ORIGIN_LABELS, OVER_THE_YEAR, STAGE_LABELS, WORD_MOST, Origin, Stage, Verb
from networks.models import MutualisationGroup


def words(label: str, help_text: str, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=WORD_MOST,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"{WORD_MOST} caractères au plus\u00a0: raccourcissez un peu."},
    )


class PersonField(forms.ModelChoiceField):
    """People by their last name, as one looks for them in a list."""

    def label_from_instance(self, obj: Person) -> str:  # type: ignore[override]
        return f"{obj.last_name} {obj.first_name}"


CAREER_MEETING = "Après un rendez-vous de carrière"
CAREER_MEETING_HELP = "Vous seul·e le lisez\u00a0: ni l’équipe, ni le groupe, ni l’administration technique."


class InviteForm(forms.Form):
    person = PersonField(label="Qui", queryset=None, empty_label="Choisissez une personne")
    stage = forms.ChoiceField(label="Étape", choices=worded(STAGE_LABELS), initial=Stage.FIRST_YEAR)
    origin = forms.ChoiceField(
        label="Comment la personne est venue", choices=worded(ORIGIN_LABELS), initial=Origin.INVITED
    )
    word = words("Un mot", "La personne le lit avec l’invitation.")
    career_meeting = forms.BooleanField(label=CAREER_MEETING, required=False, help_text=CAREER_MEETING_HELP)

    def __init__(self, *args, by: Person, group: MutualisationGroup, is_inspector: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = queries.invitable_people(by, group.network.district_id)
        if not is_inspector:
            del self.fields["career_meeting"]

    def clean_stage(self) -> Stage:
        return Stage(self.cleaned_data["stage"])

    def clean_origin(self) -> Origin:
        return Origin(self.cleaned_data["origin"])


class RequestForm(forms.Form):
    word = words("Un mot", "Ce que vous aimeriez y travailler. L’équipe de circonscription le lit.")


class MoveForm(forms.Form):
    verb = forms.ChoiceField(choices=[(verb.value, verb.value) for verb in Verb if verb not in OVER_THE_YEAR])
    why = words("Pourquoi", "La personne et l’équipe de circonscription le lisent.")

    def __init__(self, *args, is_own: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if is_own:
            self.fields["why"].help_text = "L’équipe de circonscription le lit."

    def clean_verb(self) -> Verb:
        return Verb(self.cleaned_data["verb"])


class OriginForm(forms.Form):
    origin = forms.ChoiceField(label="Comment la personne est venue", choices=worded(ORIGIN_LABELS))
    career_meeting = forms.BooleanField(label=CAREER_MEETING, required=False, help_text=CAREER_MEETING_HELP)

    def __init__(self, *args, is_inspector: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_inspector:
            del self.fields["career_meeting"]

    def clean_origin(self) -> Origin:
        return Origin(self.cleaned_data["origin"])


class CompanionForm(forms.Form):
    companion = PersonField(label="Qui accompagne cette deuxième année", queryset=None, required=False)

    def __init__(self, *args, by: Person, district_id: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["companion"].queryset = queries.companions(by, district_id)


FACTS_ONLY = (
    "Des faits, rien d’autre\u00a0: cette note est une donnée de la personne, qui la reçoit si elle demande "
    "ses données. Sur la plateforme, seule l’équipe la lit."
)


class CandidateForm(forms.Form):
    person = PersonField(label="Qui", queryset=None, empty_label="Choisissez une personne")
    group = forms.ModelChoiceField(
        label="Pour quel groupe", queryset=None, required=False, empty_label="Pas encore choisi"
    )
    why = words("Pourquoi", FACTS_ONLY)

    def __init__(self, *args, by: Person, district_id: int, **kwargs):
        super().__init__(*args, **kwargs)
        groups = MutualisationGroup.objects.editable_by(by).filter(network__district_id=district_id)
        self.fields["person"].queryset = queries.invitable_people(by, district_id)
        self.fields["group"].queryset = groups


class ChosenGroupForm(forms.Form):
    group = forms.ModelChoiceField(queryset=None)

    def __init__(self, *args, by: Person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = MutualisationGroup.objects.editable_by(by).select_related("network")
