"""The deposit of a film."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from networks.models import MutualisationGroup
from videos import rules
from videos.models import Film, RecordingProject, Upload

if TYPE_CHECKING:
    from circo.models import Person


FILM_TYPES = "video/*,.mp4,.mov,.m4v,.mkv,.webm,.avi,.wmv,.mts,.m2ts,.ts,.mpg,.mpeg,.3gp,.ogv"


class DepositForm(forms.Form):
    """A title, a group, and the film: sent in pieces (`upload`) or, without JavaScript, with the form (`file`)."""

    title = forms.CharField(
        label="Titre",
        max_length=rules.TITLE_MAX,
        help_text="Ce que vos collègues vont lire, par exemple «\u00a0Résoudre un problème à deux, CE1\u00a0»\u00a0: "
        f"{rules.TITLE_MAX}\u00a0signes au plus.",
        error_messages={"required": "Donnez un titre à votre film."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    group = forms.ModelChoiceField(
        label="Groupe",
        queryset=MutualisationGroup.objects.none(),
        empty_label="Choisissez un groupe",
        help_text="Ses membres et la personne qui l’anime verront le film, une fois les accords recueillis.",
        error_messages={
            "required": "Choisissez le groupe qui verra ce film.",
            "invalid_choice": "Choisissez l’un de vos groupes.",
        },
    )
    project = forms.ModelChoiceField(
        label="Projet de captation",
        queryset=RecordingProject.objects.none(),
        required=False,
        empty_label="Plus tard",
        help_text="Les accords recueillis pour filmer. S’ils manquent, personne d’autre que vous ne voit le film.",
        error_messages={"invalid_choice": "Choisissez l’un de vos projets de captation."},
    )
    replaces = forms.ModelChoiceField(
        queryset=Film.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "Le film à remplacer n’est plus là."},
    )
    upload = forms.UUIDField(
        required=False, widget=forms.HiddenInput, error_messages={"invalid": "Choisissez de nouveau votre film."}
    )
    file = forms.FileField(
        label="Film",
        help_text="MP4, MOV, WebM… jusqu’à 65\u00a0minutes. Sur un téléphone, vous pouvez filmer tout de suite.",
        error_messages={"required": "Choisissez le film à déposer.", "empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": FILM_TYPES}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["replaces"].queryset = Film.objects.editable_by(person)
        self.fields["file"].required = not self.data.get("upload")
        # Never chosen beforehand, even alone: it would show the film under the agreements of people who are not in it.
        self.fields["project"].queryset = RecordingProject.objects.editable_by(person).running(timezone.localdate())
        groups = MutualisationGroup.objects.of_member(person)
        self.fields["group"].queryset = groups
        if len(groups) == 1:
            self.fields["group"].initial = groups[0]

    def clean_upload(self) -> Upload | None:
        """Return the upload of that id if it is this person's own."""
        if not (pk := self.cleaned_data["upload"]):
            return None
        if upload := Upload.objects.editable_by(self.person).filter(pk=pk).first():
            return upload
        raise ValidationError("Cet envoi n’existe plus. Choisissez de nouveau votre film.", code="gone")

    def clean(self) -> dict[str, Any]:
        for hidden in {"upload", "replaces"} & self.errors.keys():  # it cannot show its error itself
            self.add_error("file", self.errors.pop(hidden).as_data()[0])
        return self.cleaned_data
