"""What a person types: the deposit of a film, a comment at one second of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from networks.models import MutualisationGroup
from videos import rules
from videos.models import Film, MomentKind, Upload

if TYPE_CHECKING:
    from circo.models import Person

FILM_TYPES = "video/*,.mp4,.mov,.m4v,.mkv,.webm,.avi,.wmv,.mts,.m2ts,.ts,.mpg,.mpeg,.3gp,.ogv"


class DepositForm(forms.Form):
    """A title, a group, and the film: sent in pieces (`upload`) or, without JavaScript, with the form (`file`)."""

    title = forms.CharField(
        label="Titre",
        max_length=rules.TITLE_MAX,
        help_text="Ce que vos collègues vont lire, par exemple «\u00a0Résoudre un problème à deux, CE1\u00a0».",
        error_messages={"required": "Donnez un titre à votre film."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    group = forms.ModelChoiceField(
        label="Groupe",
        queryset=MutualisationGroup.objects.none(),
        empty_label="Choisissez un groupe",
        help_text="Seuls les membres de ce groupe verront le film.",
        error_messages={
            "required": "Choisissez le groupe qui verra ce film.",
            "invalid_choice": "Choisissez l’un de vos groupes.",
        },
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
        self.fields["file"].required = not self.data.get("upload")
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
        if "upload" in self.errors:  # a hidden field cannot show its error
            self.add_error("file", self.errors.pop("upload").as_data()[0])
        return self.cleaned_data


class TimecodeField(forms.Field):
    """A place in a film, typed as people read it."""

    def to_python(self, value: Any) -> float | None:
        if value in self.empty_values:
            return None
        try:
            return rules.seconds_of(value)
        except ValueError:
            raise ValidationError(
                "Écrivez le moment comme sur le lecteur\u00a0: 0:03, ou 1:02:03 après une heure.", code="timecode"
            ) from None

    def prepare_value(self, value: Any) -> Any:
        return rules.timecode(value) if isinstance(value, int | float) else value


class MomentForm(forms.Form):
    """A comment at one second of a film."""

    at_s = TimecodeField(
        label="Moment du film",
        help_text="Minutes et secondes, par exemple 0:03.",
        error_messages={"required": "Indiquez le moment du film, par exemple 0:03."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 8, "maxlength": 12}),
    )
    kind = forms.ChoiceField(
        label="C’est",
        choices=MomentKind,
        initial=MomentKind.FACT,
        error_messages={"required": "Dites ce que c’est.", "invalid_choice": "Choisissez l’une des quatre sortes."},
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="Commentaire",
        max_length=rules.MOMENT_MAX,
        help_text="Décrivez ce que vous voyez avant d’évaluer.",
        error_messages={"required": "Écrivez votre commentaire."},
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, film: Film, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.film = film

    def clean_at_s(self) -> float:
        at_s: float = self.cleaned_data["at_s"]
        if self.film.duration_s is not None and at_s > self.film.duration_s:
            raise ValidationError(
                f"Le film dure {self.film.duration}\u00a0: choisissez un moment avant la fin.", code="after"
            )
        return at_s
