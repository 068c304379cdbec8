"""What one types of a festival, of its animations, of its pictures; and what visitors type."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.forms import DayField, HourField
from events.festival import rules
from events.festival.actions import WantedAnimation, WantedFestival
from events.festival.booking import Asked
from events.festival.picturing import NOT_AGREED
from events.festival.rules import AnimationKind, AnimationState, Moment, PictureKind, Span
from events.models import Animation, AnimationSession, Festival

NUMBER = {"invalid": "Écrivez un nombre."}


def _short(label: str, most: int, help_text: str = "", **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=most, help_text=help_text, **kwargs)


def _number(label: str, least: int, most: int, too_small: str, **kwargs: Any) -> forms.IntegerField:
    words = NUMBER | {"min_value": too_small, "max_value": f"Écrivez au plus {most}."} | kwargs.pop("words", {})
    return forms.IntegerField(label=label, min_value=least, max_value=most, error_messages=words, **kwargs)


class FestivalForm(forms.Form):
    """When and where a festival is, and what its page says."""

    title = forms.CharField(
        label="Titre",
        max_length=rules.TITLE_MAX,
        initial="Fête de l’apprendre",
        error_messages={"required": "Donnez un titre à la fête."},
    )
    first_day = DayField(label="Premier jour")
    last_day = DayField(label="Dernier jour")
    opens = HourField(label="De", initial=rules.OPENS)
    closes = HourField(label="À", initial=rules.CLOSES)
    where = forms.CharField(
        label="Lieu, avec son adresse",
        max_length=rules.WHERE_MAX,
        error_messages={"required": "Dites où la fête a lieu."},
    )
    access = _short(
        "Accessibilité et accès",
        rules.SHORT_MAX,
        "Par exemple\u00a0: «\u00a0de plain-pied, parking devant, bus\u00a02\u00a0».",
    )
    words = _short("Présentation", rules.TEXT_MAX, widget=forms.Textarea(attrs={"rows": 5}))
    proposals_until = DayField(label="Propositions jusqu’au", required=False)

    def __init__(self, *args: Any, festival: Festival | None = None, **kwargs: Any) -> None:
        if festival is not None:
            kwargs["initial"] = {name: getattr(festival, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)

    def wanted(self) -> WantedFestival:
        data = self.cleaned_data
        return WantedFestival(
            title=data["title"],
            span=Span(data["first_day"], data["last_day"], data["opens"], data["closes"]),
            where=data["where"],
            access=data["access"],
            words=data["words"],
            proposals_until=data["proposals_until"],
        )


class SessionForm(forms.Form):
    """One time of an animation."""

    on = forms.ChoiceField(
        label="Jour",
        error_messages={"required": "Choisissez un jour.", "invalid_choice": "Ce n’est pas un jour de la fête."},
    )
    starts = HourField(label="De")
    ends = HourField(label="À")

    def __init__(self, *args: Any, festival: Festival, session: AnimationSession | None = None, **kwargs: Any) -> None:
        if session is not None:
            kwargs["initial"] = {"on": f"{session.on:%Y-%m-%d}", "starts": session.starts, "ends": session.ends}
        super().__init__(*args, **kwargs)
        self.days = {f"{on:%Y-%m-%d}": on for on in festival.span.days}
        words = {text: rules.weekday(on) for text, on in self.days.items()}
        self.fields["on"].choices = list(words.items())
        if len(words) == 1:
            self.fields["on"].initial = next(iter(words))

    def moment(self) -> Moment:
        data = self.cleaned_data
        return Moment(self.days[data["on"]], data["starts"], data["ends"])


class AnimationForm(forms.Form):
    """What one proposes."""

    kind = forms.ChoiceField(
        label="Forme",
        choices=[(kind.value, label) for kind, label in rules.KIND_LABELS.items()],
        error_messages={"required": "Choisissez stand ou atelier.", "invalid_choice": "Choisissez stand ou atelier."},
    )
    title = forms.CharField(
        label="Titre",
        max_length=rules.TITLE_MAX,
        error_messages={"required": "Donnez un titre à ce que vous proposez."},
    )
    hosts = forms.CharField(
        label="Qui l’anime",
        max_length=rules.WHO_MAX,
        help_text="Lu par tout le monde\u00a0: «\u00a0les CE1 de l’école Jean-Moulin\u00a0». Aucun nom d’élève.",
        error_messages={"required": "Dites qui anime."},
    )
    words = _short("Ce que l’on y fait", rules.TEXT_MAX, widget=forms.Textarea(attrs={"rows": 4}))
    audiences = forms.MultipleChoiceField(
        label="Pour qui",
        choices=[(audience.value, label) for audience, label in rules.AUDIENCE_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Rien de coché\u00a0: tout public.",
        error_messages={"invalid_choice": "Choisissez dans la liste."},
    )
    place = _short(
        "Endroit souhaité", rules.WHERE_MAX, "Par exemple\u00a0: «\u00a0préau\u00a0», «\u00a0salle 3\u00a0»."
    )
    capacity = _number(
        "Places à chaque séance",
        1,
        rules.CAPACITY_MOST,
        "Un atelier limité a au moins une place. Laissez vide si l’entrée est libre.",
        required=False,
        help_text="Vide\u00a0: entrée libre, sans réservation.",
    )
    materials = _short("Matériel", rules.SHORT_MAX, "Tables, prises, eau\u2026 Lu par l’équipe.")
    volunteers = _number(
        "Bénévoles à chaque séance", 0, rules.VOLUNTEERS_MOST, "Écrivez zéro ou plus.", required=False, initial=0
    )

    def __init__(self, *args: Any, animation: Animation | None = None, **kwargs: Any) -> None:
        if animation is not None:
            kwargs["initial"] = {name: getattr(animation, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)

    def wanted(self) -> WantedAnimation:
        data = dict(self.cleaned_data)
        plain = ("title", "hosts", "words", "audiences", "place", "capacity", "materials")
        return WantedAnimation(
            kind=AnimationKind(data["kind"]),
            volunteers=data["volunteers"] or 0,
            **{name: data[name] for name in plain},
        )


class DecisionForm(forms.Form):
    """What the team decides of a proposal."""

    state = forms.ChoiceField(
        label="Décision",
        choices=[
            (AnimationState.ACCEPTED.value, "Retenir"),
            (AnimationState.ASIDE.value, "Mettre de côté"),
            (AnimationState.PROPOSED.value, "À décider plus tard"),
        ],
        error_messages={"required": "Choisissez une décision.", "invalid_choice": "Choisissez une décision."},
    )
    spot = _number(
        "Numéro sur le plan", 1, rules.SPOT_MOST, "Les numéros commencent à 1.", required=False, help_text="Si retenue."
    )
    word = _short("Un mot à qui propose", rules.SHORT_MAX, "Si mise de côté.")


class PictureForm(forms.Form):
    """A picture, and what it shows."""

    kind = forms.ChoiceField(
        label="Ce que c’est",
        choices=[(kind.value, label) for kind, label in rules.PICTURE_LABELS.items()],
        error_messages={"required": "Dites ce que c’est.", "invalid_choice": "Dites ce que c’est."},
    )
    file = forms.FileField(
        label="Image",
        help_text="JPEG ou PNG, 10\u00a0Mo au plus. Elle est refaite\u00a0: ni lieu, ni date, ni appareil n’y restent.",
        error_messages={"required": "Choisissez une image.", "empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
    words = forms.CharField(
        label="Ce que l’on y voit",
        max_length=rules.SHORT_MAX,
        help_text="Pour qui ne la voit pas. Aucun nom d’élève.",
        error_messages={"required": "Dites en quelques mots ce que l’on y voit."},
    )
    agreed = forms.BooleanField(
        label="Chaque personne que l’on reconnaît, ou ses responsables légaux, accepte d’être sur cette page publique",
        required=False,
    )

    def clean(self) -> dict:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == PictureKind.PHOTO and not data.get("agreed"):
            self.add_error("agreed", NOT_AGREED)
        return data


class FiguresForm(forms.Form):
    """How many came."""

    visitors = forms.IntegerField(
        label="Nombre de visiteurs",
        min_value=0,
        max_value=rules.VISITORS_MOST,
        error_messages={
            "required": "Écrivez un nombre.",
            "invalid": "Écrivez un nombre.",
            "min_value": "Écrivez zéro ou plus.",
            "max_value": f"Écrivez au plus {rules.VISITORS_MOST}.",
        },
    )


class SeatForm(forms.Form):
    """What a visitor gives: a first name, an e-mail, a number of seats."""

    first_name = forms.CharField(
        label="Votre prénom",
        max_length=rules.FIRST_NAME_MAX,
        error_messages={"required": "Écrivez votre prénom."},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    email = forms.EmailField(
        label="Votre e-mail",
        help_text="Pour le lien de confirmation et le rappel de la veille. Effacé 30\u00a0jours après la fête.",
        error_messages={
            "required": "Écrivez votre e-mail.",
            "invalid": "Cette adresse n’est pas complète\u00a0: «\u00a0nom@exemple.fr\u00a0».",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    seats = forms.IntegerField(
        label="Nombre de places",
        min_value=1,
        max_value=rules.SEATS_MOST,
        initial=1,
        error_messages={
            "required": "Écrivez un nombre de places.",
            "invalid": "Écrivez un nombre.",
            "min_value": "Demandez au moins une place.",
            "max_value": f"Au plus {rules.SEATS_MOST}\u00a0places par réservation.",
        },
    )

    def asked(self, trace: str) -> Asked:
        return Asked(**self.cleaned_data, trace=trace)
