"""What an author takes, and the files that an author brings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from circo.rules import worded
from trainings.models import LearningPath, PathVersion
from trainings.packages import gift
from trainings.paths.forms.publishing import AdaptForm
from trainings.transfers import queries, rules
from trainings.transfers.rules import TransferForm

MIB = 1024 * 1024


class VersionField(forms.ModelChoiceField):
    def label_from_instance(self, version: Any) -> str:
        return f"version {version.number}, {'brouillon' if version.is_draft else 'publiée'}"


class TakeForm(forms.Form):
    version = VersionField(
        label="Quelle version",
        queryset=PathVersion.objects.none(),
        empty_label=None,
        error_messages={"required": "Choisissez une version.", "invalid_choice": "Choisissez dans la liste."},
    )
    form = forms.ChoiceField(
        label="Sous quelle forme",
        choices=worded({one: rules.FORM_LABELS[one] for one in rules.SUFFIXES}),
        initial=TransferForm.SCORM.value,
        help_text="SCORM 1.2 se joue tel quel dans Moodle, M@gistère et presque toutes les plateformes\u00a0: chaque "
        "module y a sa ligne, son état et sa note. Common Cartridge devient des pages, des tests et des liens que l’on "
        "peut modifier dans Moodle.",
        error_messages={"required": "Choisissez une forme.", "invalid_choice": "Choisissez dans la liste."},
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, path: LearningPath, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = queries.versions_to_take(path)
        self.only = versions[0] if len(versions) == 1 else None
        if self.only:  # nothing to choose
            del self.fields["version"]
        else:
            self.fields["version"].queryset = path.versions.filter(pk__in=[one.pk for one in versions])

    @property
    def chosen(self) -> PathVersion:
        return self.only or self.cleaned_data["version"]


class CourseForm(AdaptForm):
    """A course to bring; `too_big`: the bytes of a file that was thrown away as it came, 0 for none."""

    file = forms.FileField(
        label="Sauvegarde du cours (.mbz)",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": ".mbz,.zip,.tgz,.gz"}),
    )
    field_order = ("file", "district")

    def __init__(self, *args: Any, too_big: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.too_big = too_big
        field, most = self.fields["file"], settings.COURSE_MAX_BYTES // MIB
        field.help_text = (
            f"{most}\u00a0Mo au plus. Dans Moodle ou M@gistère\u00a0: «\u00a0Sauvegarde\u00a0», sans les données des "
            "participants."
        )
        field.required = not too_big

    def clean_file(self) -> UploadedFile:
        if self.too_big or self.cleaned_data["file"].size > settings.COURSE_MAX_BYTES:
            most = settings.COURSE_MAX_BYTES // MIB
            raise forms.ValidationError(
                f"Ce fichier dépasse {most}\u00a0Mo\u00a0: sauvegardez le cours sans ses films ni ses gros fichiers."
            )
        return self.cleaned_data["file"]


class QuestionsForm(forms.Form):
    file = forms.FileField(
        label="Fichier de questions",
        help_text=f"GIFT (.txt, .gift) ou XML Moodle (.xml), {gift.BYTES_MAX // MIB}\u00a0Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": ".txt,.gift,.xml"}),
    )
