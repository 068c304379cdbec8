"""A practice sheet, and a document attached to it."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.forms import LevelsField
from circo.models import Person
from videos import queries
from videos import rules as film_rules
from videos.forms.opening import CircleField
from videos.models import Excerpt, Film, PracticeSheet
from videos.models.sheets import Subject
from videos.sheets import rules

FORMATTING = "Une ligne vide fait un paragraphe, «\u00a0-\u00a0» une liste, «\u00a0**mot**\u00a0» un mot en gras."


def part(label: str, help_text: str = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=rules.TEXT_MAX,
        required=False,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class SheetForm(forms.Form):
    """All that a sheet says."""

    title = forms.CharField(
        label="Titre",
        max_length=film_rules.TITLE_MAX,
        error_messages={"required": "Donnez un titre à cette fiche."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    context = part("Contexte", "La classe, le moment de l’année. Pas de nom d’élève.")
    intention = part("Intention", "Ce que je voulais que les élèves apprennent, ou que je voulais essayer.")
    course = part("Déroulement", FORMATTING, rows=8)
    keeps = part("Ce que je garde", "Ce que je referai, ce que je changerai.")
    levels = LevelsField(required=False)
    subject = forms.ChoiceField(
        label="Domaine",
        choices=Subject,
        initial=Subject.SEVERAL,
        error_messages={"required": "Choisissez un domaine.", "invalid_choice": "Choisissez un domaine de la liste."},
    )
    minutes = forms.IntegerField(
        label="Durée en minutes",
        min_value=1,
        max_value=rules.MINUTES_MAX,
        required=False,
        error_messages={
            "invalid": "Écrivez un nombre de minutes.",
            "min_value": "Écrivez au moins une minute.",
            "max_value": f"Écrivez au plus {rules.MINUTES_MAX}\u00a0minutes.",
        },
    )
    films = forms.ModelMultipleChoiceField(
        label="Films à montrer",
        queryset=Film.objects.none(),
        required=False,
        error_messages={"invalid_choice": "Choisissez des films de la liste.", "invalid_pk_value": "Film inconnu."},
        widget=forms.CheckboxSelectMultiple,
    )
    excerpts = forms.ModelMultipleChoiceField(
        label="Extraits à montrer",
        queryset=Excerpt.objects.none(),
        required=False,
        error_messages={"invalid_choice": "Choisissez des extraits de la liste.", "invalid_pk_value": "Inconnu."},
        widget=forms.CheckboxSelectMultiple,
    )
    circle = CircleField(
        label="Qui peut la lire",
        help_text="Tant qu’elle est pour vous, c’est un brouillon. Un film n’est vu que par qui le voit déjà.",
    )

    def __init__(self, *args: Any, person: Person, sheet: PracticeSheet | None = None, **kwargs: Any) -> None:
        if sheet:
            plain = ("title", "context", "intention", "course", "keeps", "levels", "subject", "minutes")
            known = {name: getattr(sheet, name) for name in plain}
            links = {"films": sheet.films.order_by(), "excerpts": sheet.excerpts.order_by()}
            kwargs.setdefault("initial", known | links)
        super().__init__(*args, **kwargs)
        self.fields["films"].queryset = queries.films_to_show(person)
        self.fields["excerpts"].queryset = queries.excerpts_to_show(person)
        for name in ("films", "excerpts"):
            if not self.fields[name].queryset.exists():
                del self.fields[name]  # nothing to choose
        self.fields["circle"].offer(person, sheet)


class DocumentForm(forms.Form):
    """One file to attach."""

    file = forms.FileField(
        label="Joindre un document",
        help_text="PDF, image, ODT ou DOCX, 10\u00a0Mo au plus. Aucun antivirus ne l’analyse ici\u00a0: ne joignez que "
        "vos propres documents, sans nom d’élève.",
        error_messages={"required": "Choisissez un document.", "empty": "Ce document est vide."},
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.odt,.docx"}),
    )
