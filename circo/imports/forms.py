"""The file that somebody brings, and the limit that its bytes meet before they are stored."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from circo.errors import Refusal
from circo.imports import queries, reading
from circo.models import Person
from circo.models.import_kinds import Kind
from circo.rules import Place

PLACES = {
    Place.DISTRICT: "Circonscription",
    Place.DEPARTEMENT: "Département",
    Place.INSTITUTION: "Institut",
}


class LimitedUpload(FileUploadHandler):
    """Throws away, as it arrives, a file above the limit: the rest of what was typed is kept."""

    size = 0
    most = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self.size = content_length

    @property
    def is_too_big(self) -> bool:
        return self.size > self.most + 64 * 1024  # the form's other fields are small

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.is_too_big:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    @classmethod
    def on(cls, request: HttpRequest, most: int) -> LimitedUpload:
        """Put a limit of bytes on a request whose body is not read yet."""
        handler = cls(request)
        handler.most = most
        request.upload_handlers.insert(0, handler)
        return handler


class UploadForm(forms.Form):
    place = forms.ModelChoiceField(queryset=None)
    file = forms.FileField(
        label="Fichier",
        help_text="Au format CSV ou XLSX. La première ligne porte les titres des colonnes.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,text/csv"}),
    )
    send_invitations = forms.BooleanField(
        label="Envoyer les invitations",
        help_text="Un e-mail part, à la fin de l’import, vers chaque personne qui n’a pas encore ouvert son compte.",
        required=False,
    )

    def __init__(self, *args: Any, person: Person, kind: Kind, too_big: int = 0, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.too_big = too_big
        places = queries.places_to_import(person, kind)
        field = self.fields["place"]
        field.queryset = places  # type: ignore[attr-defined]
        field.label = PLACES[kind.place]
        if len(found := list(places[:2])) == 1:
            field.initial, field.disabled = found[0].pk, True
        if not kind.has_invitations:
            del self.fields["send_invitations"]
        if too_big:
            self.fields["file"].required = False

    def clean_file(self) -> UploadedFile:
        if self.too_big:
            raise forms.ValidationError(reading.too_big(self.too_big))
        file = self.cleaned_data["file"]
        try:
            reading.check_kind(file)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file
