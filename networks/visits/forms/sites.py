"""What a host says of a site, and what the team and the head teacher answer."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.forms import LevelsField
from circo.models import Person, School
from networks.models import Network, ObservationSite
from networks.visits import queries, rules
from networks.visits.actions import SiteText
from networks.visits.forms.fields import DatesField, OpenClassForm, PracticesField, WeekField

TOO_LONG = "Raccourcissez ce texte."


class SiteForm(OpenClassForm):
    school = forms.ModelChoiceField(
        label="École",
        queryset=School.objects.none(),
        empty_label=None,
        error_messages={"required": "Choisissez votre école.", "invalid_choice": "Choisissez une école de la liste."},
    )
    title = forms.CharField(
        label="Ce que l’on peut voir",
        max_length=rules.TITLE_MAX,
        help_text="En une ligne. Par exemple\u00a0: une dictée négociée par groupes de quatre.",
        error_messages={"required": "Dites en une ligne ce que l’on peut voir.", "max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    network = forms.ModelChoiceField(
        label="Réseau",
        queryset=Network.objects.none(),
        required=False,
        empty_label="Aucun en particulier",
        error_messages={"invalid_choice": "Choisissez un réseau de la liste."},
    )
    practices = PracticesField(label="Pratiques", help_text="Une à trois suffisent.")
    levels = LevelsField(label="Niveaux de la classe", error_messages={"required": "Dites le niveau de votre classe."})
    seats = forms.TypedChoiceField(
        label="Places par visite",
        choices=[(n, f"{n}\u00a0personne{'s' if n > 1 else ''}") for n in range(1, rules.SEATS_MAX + 1)],
        coerce=int,
        initial=1,
        error_messages={"required": "Choisissez un nombre de places.", "invalid_choice": "De 1 à 4\u00a0personnes."},
    )
    week = WeekField(label="Demi-journées ouvertes chaque semaine")
    dates = DatesField(label="Ou des dates précises", widget=forms.Textarea(attrs={"rows": 3}))
    conditions = forms.CharField(
        label="Conditions",
        required=False,
        max_length=rules.TEXT_MAX,
        help_text="L’heure d’arrivée, où se garer, où s’asseoir. Pas de nom d’élève.",
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    to_prepare = forms.CharField(
        label="À préparer avant de venir",
        required=False,
        max_length=rules.TEXT_MAX,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, person: Person, site: ObservationSite | None = None, **kwargs: Any) -> None:
        if site:
            names = ("title", "network", "practices", "levels", "seats", "week", "dates", "conditions", "to_prepare")
            kwargs.setdefault("initial", {name: getattr(site, name) for name in names})
        super().__init__(*args, **kwargs)
        if site:
            del self.fields["school"]
        else:
            self.fields["school"].queryset = queries.hosting_schools(person)
        known = queries.networks_of(person)
        self.fields["network"].queryset = known | Network.objects.filter(pk=site.network_id) if site else known

    @property
    def text(self) -> SiteText:
        return SiteText(**{name: value for name, value in self.cleaned_data.items() if name != "school"})


class WordForm(forms.Form):
    """One line of explanation."""

    word = forms.CharField(
        label="Pourquoi",
        required=False,
        max_length=rules.WORD_MAX,
        error_messages={"max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, label: str = "Pourquoi", prefix: str = "", **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{prefix or 'mot'}_%s", **kwargs)
        self.fields["word"].label = label
        self.fields["word"].always_answered = True  # whether it is needed depends on the button: the refusal says so
