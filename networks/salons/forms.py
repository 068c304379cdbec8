"""The shapes of what one writes in salons. What a message may hold is said by the rules: here nothing is cut."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.access import Permission
from circo.models import Departement, District, Person
from networks.models import MutualisationGroup, Network
from networks.models.salons import working_in
from networks.salons import rules
from networks.salons.actions.salons import Place, Theme


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Some documents, or none."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        return data if isinstance(data, list | tuple) else [data] if data else []


class PostForm(forms.Form):
    text = forms.CharField(
        label="Votre message",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-words": "", "class": "input"}),
    )
    documents = ManyFilesField(
        label="Joindre des documents",
        required=False,
        help_text="Images, PDF, textes ODT ou DOCX\u00a0: quatre au plus, de 10\u00a0Mo chacun.",
    )
    quote = forms.CharField(
        label="Citer",
        required=False,
        max_length=500,
        help_text="L’adresse d’un moment de film ou d’une fiche\u00a0: chaque personne la voit si elle en a le droit.",
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "url", "autocomplete": "off"}),
    )
    parent = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)


class PostTextForm(forms.Form):
    text = forms.CharField(
        label="Le message",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "class": "input"}),
    )


class WordForm(forms.Form):
    """A word about a message."""

    word = forms.CharField(label="Pourquoi, en une phrase", required=False, max_length=rules.REASON_MAX)


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label="Votre décision",
        choices=[(rules.Decision.HIDDEN.value, "Masquer le message"), (rules.Decision.DISMISSED.value, "Le laisser")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="La raison, en une phrase",
        required=False,
        max_length=rules.REASON_MAX,
        help_text="Elle est dite à la personne qui a écrit, et à celle qui a signalé.",
    )


class SalonTextForm(forms.Form):
    title = forms.CharField(label="Titre", max_length=rules.TITLE_MAX)
    about = forms.CharField(
        label="De quoi on y parle", required=False, max_length=rules.ABOUT_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )


class SalonForm(SalonTextForm):
    place = forms.ChoiceField(label="Pour qui", help_text="Les autres ne voient ni le salon ni ce qui s’y dit.")
    districts = forms.ModelMultipleChoiceField(
        District.objects.none(),
        label="Ouvrir le thème aux circonscriptions",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Pour un thème seulement\u00a0: la vôtre et d’autres du département.",
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[str, Any] = {}
        managed = working_in(person, Permission.MANAGE_GROUPS)
        departements = Departement.objects.filter(district__in=managed).distinct()
        choices = [
            ("Un groupe", "groupe", MutualisationGroup.objects.in_circle_of(person).select_related("network")),
            ("Un réseau", "reseau", Network.objects.filter(district__in=managed)),
            ("Une circonscription", "circo", District.objects.filter(pk__in=managed)),
            ("Un thème, à travers les circonscriptions", "theme", departements),
        ]
        offers = [(label, [self._offer(kind, one) for one in rows]) for label, kind, rows in choices]
        self.fields["place"].choices = [(label, offered) for label, offered in offers if offered]
        if managed:
            self.fields["districts"].queryset = District.objects.filter(departement__in=departements)
        else:
            del self.fields["districts"]

    def _offer(self, kind: str, one: Any) -> tuple[str, str]:
        self.places[f"{kind}-{one.pk}"] = one
        return f"{kind}-{one.pk}", str(one)

    @property
    def has_places(self) -> bool:
        return bool(self.places)

    def chosen_place(self) -> Place:
        """The place that was chosen. Raises: KeyError before the form is valid."""
        chosen = self.places[self.cleaned_data["place"]]
        return Theme(chosen, list(self.cleaned_data["districts"])) if isinstance(chosen, Departement) else chosen
