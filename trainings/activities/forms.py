"""The package that an author brings, and what its activity says it came to."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from circo.archives import MIB
from trainings.activities import rules


class PackageForm(forms.Form):
    file = forms.FileField(
        label="Fichier de l’activité (.h5p)",
        help_text=f"{rules.BYTES_MAX // MIB}\u00a0Mo au plus, exporté de Lumi, de Moodle ou d’un autre outil H5P avec "
        "ses bibliothèques. Ce qu’elle irait chercher ailleurs, comme une vidéo en ligne, ne s’affichera pas. Sans nom "
        "ni visage d’élève.",
        error_messages={"required": "Choisissez un fichier .h5p.", "empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": ".h5p"}),
    )

    def clean_file(self) -> UploadedFile:
        if self.cleaned_data["file"].size > rules.BYTES_MAX:
            raise forms.ValidationError(rules.TOO_HEAVY)
        return self.cleaned_data["file"]


class ResultForm(forms.Form):
    """The learner's own claim: nothing but a bounded number is believed. Empty: the activity gives no score."""

    percent = forms.IntegerField(
        min_value=0,
        max_value=100,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "Le résultat de cette activité ne se lit pas."
        ),
    )
