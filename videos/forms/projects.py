"""What is recorded, why, for whom, until when; and who is on the list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst

from circo.errors import Refusal
from circo.forms import DayField
from networks.models import MutualisationGroup
from videos import queries
from videos.consents import rules
from videos.consents.rules import Audience
from videos.models import DpoDecision, RecordingProject
from videos.models.projects import SHARED_AUDIENCES

if TYPE_CHECKING:
    from circo.models import Person

NATURES = {"image": "L’image", "voice": "La voix", "productions": "Des productions (écrits, dessins, affiches)"}


class ProjectForm(forms.Form):
    """A recording project, in the words that families will read."""

    title = forms.CharField(
        label="Nom du projet",
        max_length=120,
        help_text="Par exemple «\u00a0Résoudre des problèmes à deux, CE1\u00a0». Sans nom d’élève.",
        error_messages={"required": "Donnez un nom à ce projet."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    purpose = forms.CharField(
        label="Pourquoi filmer",
        max_length=1000,
        help_text="En une à trois phrases, pour des parents\u00a0: ce que vous travaillez, et à quoi le film servira.",
        error_messages={"required": "Dites aux familles pourquoi vous filmez."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    natures = forms.MultipleChoiceField(
        label="Ce qui est enregistré",
        choices=list(NATURES.items()),
        initial=["image", "voice"],
        error_messages={"required": "Dites ce qui est enregistré."},
        widget=forms.CheckboxSelectMultiple,
    )
    place = forms.CharField(
        label="Lieu",
        max_length=160,
        help_text="Par exemple «\u00a0classe de CE1, école Jean-Zay\u00a0».",
        error_messages={"required": "Dites où vous filmez."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    recorded_from = DayField(label="Premier jour de captation", error_messages={"required": "Dites quand vous filmez."})
    recorded_until = DayField(
        label="Dernier jour de captation", help_text="Le même jour si vous ne filmez qu’une fois.", required=False
    )
    group = forms.ModelChoiceField(
        label="Groupe",
        queryset=MutualisationGroup.objects.none(),
        empty_label="Choisissez un groupe",
        error_messages={"required": "Choisissez un groupe.", "invalid_choice": "Choisissez l’un de vos groupes."},
    )
    audience = forms.TypedChoiceField(
        label="Qui pourra voir le film, au plus",
        choices=[(value, capfirst(label)) for value, label in SHARED_AUDIENCES],
        coerce=lambda value: Audience(int(value)),
        initial=Audience.GROUP,
        help_text="Les familles donnent leur accord pour ce cercle. Vous pourrez montrer le film à moins de monde.",
        error_messages={"invalid_choice": "Choisissez l’un des trois cercles."},
        widget=forms.RadioSelect,
    )
    ends_on = DayField(
        label="Gardé jusqu’au",
        help_text="Au plus tard le 31\u00a0août de l’année qui suit la captation. "
        "Le film n’est alors plus montré, puis effacé un mois plus tard.",
        error_messages={"required": "Dites jusqu’à quand le film est gardé."},
    )
    decision = forms.ModelChoiceField(
        label="Décision du délégué à la protection des données",
        queryset=DpoDecision.objects.none(),
        required=False,
        empty_label="Aucune\u00a0: chaque titulaire de l’autorité parentale donne son accord",
        error_messages={"invalid_choice": "Cette décision n’est plus en vigueur."},
    )

    def __init__(self, *args: Any, person: Person, project: RecordingProject | None = None, **kwargs: Any) -> None:
        if project is not None:
            kwargs["initial"] = _initial(project)
        super().__init__(*args, **kwargs)
        groups = MutualisationGroup.objects.of_member(person)
        self.fields["group"].queryset = groups
        decisions = queries.decisions_for(person)
        self.fields["decision"].queryset = decisions
        if not decisions:
            del self.fields["decision"]
        if project is None and len(groups) == 1:
            self.fields["group"].initial = groups[0]
        if project is None:
            self.fields["ends_on"].initial = rules.last_day(timezone.localdate())

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data.get("recorded_from"), data.get("recorded_until")
        if first and last and last < first:
            self.add_error("recorded_until", ValidationError("Le dernier jour vient après le premier.", code="order"))
        if first and data.get("ends_on") and data["ends_on"] > rules.last_day(first):
            too_late = ValidationError("Au plus tard le 31\u00a0août de l’année qui suit la captation.", code="late")
            self.add_error("ends_on", too_late)
        return data

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the model."""
        data = dict(self.cleaned_data)
        natures = data.pop("natures")
        data["recorded_until"] = data["recorded_until"] or data["recorded_from"]
        return data | {name: name in natures for name in NATURES}


def _initial(project: RecordingProject) -> dict[str, Any]:
    names = ("title", "purpose", "place", "recorded_from", "recorded_until", "audience", "ends_on")
    kept = {name: getattr(project, name) for name in names}
    chosen = {"group": project.group_id, "decision": project.decision_id}
    return kept | chosen | {"natures": [name for name in NATURES if getattr(project, name)]}


class PupilsForm(forms.Form):
    """Several pupils at once, by their initials alone."""

    pupils = forms.CharField(
        label="Initiales des élèves",
        max_length=1000,
        help_text="Deux ou trois lettres chacun, avec des virgules\u00a0: A.\u00a0B., C.\u00a0D. Jamais un nom.",
        error_messages={"required": "Écrivez les initiales d’au moins un élève."},
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    holders = forms.TypedChoiceField(
        label="Titulaires de l’autorité parentale, pour chacun",
        choices=[(n, n) for n in range(1, rules.HOLDERS_MAX + 1)],
        coerce=int,
        initial=2,
        help_text="Deux le plus souvent. Un seul si le formulaire rendu le dit.",
    )

    def clean_pupils(self) -> list[str]:
        labels = [part for part in re.split(r"[,;\n]+", self.cleaned_data["pupils"]) if part.strip()]
        written = []
        for label in labels:
            try:
                written.append(rules.initials(label))
            except Refusal as refusal:
                told = f"{refusal} À revoir\u00a0: «\u00a0{label.strip()[:40]}\u00a0»."
                raise ValidationError(told, code="initials") from refusal
        return written


class AdultsForm(forms.Form):
    """Adults who can be recognised."""

    adults = forms.CharField(
        label="Noms des adultes",
        max_length=1000,
        help_text="Un par ligne\u00a0: AESH, collègue, parent qui accompagne. Vous-même, en déposant, êtes d’accord.",
        error_messages={"required": "Écrivez le nom d’au moins un adulte."},
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def clean_adults(self) -> list[str]:
        return [name for name in self.cleaned_data["adults"].splitlines() if name.strip()]


class InformedForm(forms.Form):
    """The day on which families were informed."""

    on = DayField(label="Familles informées le", error_messages={"required": "Dites quel jour."})
