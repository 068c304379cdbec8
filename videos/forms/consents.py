"""The answers of families and adults; the circle of a film."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst

from circo.forms import DayField
from videos.consents import rules
from videos.consents.rules import AUDIENCE_LABELS, Audience
from videos.models import Film, Recorded, RecordingProject

if TYPE_CHECKING:
    from circo.models import Person

PAPER_TYPES = "image/jpeg,image/png,application/pdf"


def signer(recorded: Recorded, number: int) -> str:
    """Name a signer, as the paper does: the family writes the name by hand, and it is not kept here."""
    return f"Titulaire {number} de l’autorité parentale" if recorded.pupil else recorded.label


class AgreementForm(forms.Form):
    """What a signed paper says."""

    signers = forms.TypedMultipleChoiceField(
        label="Qui a signé et accepté",
        coerce=int,
        error_messages={"required": "Dites qui a signé."},
        widget=forms.CheckboxSelectMultiple,
    )
    sole_holder = forms.BooleanField(label="Cette personne exerce seule l’autorité parentale", required=False)
    assented = forms.BooleanField(
        label="L’élève donne aussi son accord", error_messages={"required": "Sans l’accord de l’élève, pas de film."}
    )
    signed_on = DayField(label="Signé le", error_messages={"required": "Recopiez la date du formulaire."})
    ends_on = DayField(
        label="Accord donné jusqu’au", required=False, help_text="Seulement si la famille a écrit une date plus proche."
    )
    file = forms.FileField(
        label="Formulaire signé",
        help_text="Une photo ou un PDF, 15\u00a0Mo au plus. Sur un téléphone, photographiez-le tout de suite.",
        error_messages={"required": "Joignez le formulaire signé.", "empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": PAPER_TYPES}),
    )

    def __init__(self, *args: Any, recorded: Recorded, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = list(recorded.agreements.all())
        self.fields["signers"].choices = [(one.number, signer(recorded, one.number)) for one in answers]
        if len(answers) < 2:
            del self.fields["sole_holder"]
        if not recorded.pupil:
            del self.fields["assented"]
        if recorded.pupil and not recorded.said_no:  # after a « no », only what the new paper says counts
            self.fields["assented"].initial = recorded.assented
        # One paper may hold several signatures: it is not sent again for the second, nor after an error.
        self.fields["file"].required = recorded.paper() is None

    def clean_signed_on(self) -> Any:
        if self.cleaned_data["signed_on"] > timezone.localdate():
            raise ValidationError("Cette date n’est pas encore passée.", code="future")
        return self.cleaned_data["signed_on"]


class CircleForm(forms.Form):
    """The project that protects a film, and who may see it."""

    project = forms.ModelChoiceField(
        label="Projet de captation",
        queryset=RecordingProject.objects.none(),
        required=False,
        empty_label="Aucun (personne d’autre que vous ne voit le film)",
        error_messages={"invalid_choice": "Choisissez l’un de vos projets de captation."},
    )
    audience = forms.TypedChoiceField(
        label="Qui peut voir ce film",
        coerce=lambda value: Audience(int(value)),
        error_messages={"required": "Dites qui peut voir ce film.", "invalid_choice": "Choisissez l’un des cercles."},
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, film: Film, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, initial={"project": film.project_id, "audience": film.audience}, **kwargs)
        projects = RecordingProject.objects.editable_by(person)
        self.fields["project"].queryset = projects
        network = film.group.network
        names = {
            Audience.PRIVATE: "Moi, et personne d’autre",
            Audience.GROUP: f"Le groupe «\u00a0{film.group}\u00a0»",
            Audience.NETWORK: f"Le réseau «\u00a0{network}\u00a0»",
            Audience.DISTRICT: capfirst(rules.the_district(network.district.name)),
        }
        self.fields["audience"].choices = [(one.value, names[one]) for one in AUDIENCE_LABELS]
