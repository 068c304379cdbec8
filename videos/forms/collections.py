"""A collection: its title, its text, its circle."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.models import Person
from videos import rules
from videos.forms.opening import CircleField
from videos.models import Collection
from videos.models.collections import COLLECTION_TEXT_MAX


class CollectionForm(forms.Form):
    """What a collection is for, and for whom."""

    title = forms.CharField(
        label="Titre de la collection",
        max_length=rules.TITLE_MAX,
        error_messages={"required": "Donnez un titre à cette collection."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label="En quelques mots",
        max_length=COLLECTION_TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    circle = CircleField(
        label="Qui peut la voir",
        help_text="On n’y voit que les films, les extraits et les fiches que l’on voit déjà.",
    )

    def __init__(self, *args: Any, person: Person, collection: Collection | None = None, **kwargs: Any) -> None:
        if collection:
            kwargs.setdefault("initial", {"title": collection.title, "text": collection.text})
        super().__init__(*args, **kwargs)
        self.fields["circle"].offer(person, collection)
