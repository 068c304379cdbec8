"""What one says of a session, of its dates, of who was there, and to a learner."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from circo.forms import DayField, HourField
from circo.models import Person
from networks.models import MutualisationGroup
from trainings.following import queries, rules
from trainings.following.actions import SessionText
from trainings.models import Enrolment, LearningPath, PathSession
from trainings.paths.forms.districts import DistrictForm
from trainings.paths.queries.paths import districts
from trainings.paths.rules import TITLE_MAX

OF_SESSION = ("title", "first_day", "last_day", "tutor", "group")
TOO_LONG = "Raccourcissez ce texte."


class SessionForm(DistrictForm):
    """A session: in which district too, where one writes in several."""

    title = forms.CharField(
        label="Titre",
        max_length=TITLE_MAX,
        help_text="Par exemple\u00a0: les débutants du secteur nord, au printemps.",
        error_messages={"required": "Donnez un titre à cette session.", "max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    first_day = DayField(label="Du")
    last_day = DayField(label="Au")
    tutor = forms.ModelChoiceField(
        label="Accompagnée par",
        queryset=Person.objects.none(),
        required=False,
        empty_label="Personne",
        help_text="Cette personne voit où en sont celles et ceux qui l’acceptent, et personne d’autre ne le voit.",
        error_messages={"invalid_choice": "Choisissez qui accompagne dans la liste."},
    )
    group = forms.ModelChoiceField(
        label="Pour un groupe",
        queryset=MutualisationGroup.objects.none(),
        required=False,
        empty_label="Toute la circonscription",
        help_text="Ses membres sont prévenus, et s’inscrivent s’ils le souhaitent. Ses rencontres sont celles de la "
        "session.",
        error_messages={"invalid_choice": "Choisissez un groupe de la liste."},
    )

    def __init__(
        self, *args: Any, person: Person, path: LearningPath | None = None, session: PathSession | None = None
    ) -> None:
        initial = {name: getattr(session, name) for name in OF_SESSION} if session else {}
        initial["district"] = path.district if path else None
        mine = [session.district] if session else districts(person)
        super().__init__(*args, districts=mine, initial=initial)
        ids = [one.pk for one in mine]
        held = [session.tutor_id] if session and session.tutor_id else []
        tutors = queries.tutors(ids).values("pk")
        self.fields["tutor"].queryset = (
            Person.objects.filter(pk__in=tutors) | Person.objects.filter(pk__in=held)
        ).order_by("last_name", "first_name", "pk")
        self.fields["group"].queryset = queries.groups(ids)

    @property
    def text(self) -> SessionText:
        return SessionText(**{name: self.cleaned_data[name] for name in OF_SESSION})


class DateForm(forms.Form):
    day = DayField(label="Jour")
    begins = HourField(label="De")
    ends = HourField(label="À")
    where = forms.CharField(
        label="Lieu", required=False, max_length=rules.WHERE_MAX, error_messages={"max_length": TOO_LONG}
    )
    link = forms.URLField(
        label="Lien de visioconférence",
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": "Écrivez un lien entier, qui commence par https://"},
    )

    def clean_link(self) -> str:
        link = self.cleaned_data["link"]
        if link and not link.startswith("https://"):
            raise forms.ValidationError("Écrivez un lien entier, qui commence par https://")
        return link

    @property
    def asked(self) -> dict[str, Any]:
        day, zone = self.cleaned_data["day"], timezone.get_current_timezone()
        return {
            "starts_at": datetime.combine(day, self.cleaned_data["begins"], zone),
            "ends_at": datetime.combine(day, self.cleaned_data["ends"], zone),
            "where": self.cleaned_data["where"],
            "link": self.cleaned_data["link"],
        }


class PresencesForm(forms.Form):
    """Who was there, of those who may be noted."""

    present = forms.TypedMultipleChoiceField(
        label="Étaient là",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choisissez des personnes de la liste."},
    )

    def __init__(self, *args: Any, learners: Collection[Enrolment]) -> None:
        super().__init__(*args)
        said = {True: " (dit y avoir été)", False: ""}
        field = self.fields["present"]
        field.choices = [(one.pk, f"{one.person}{said[one.is_said and not one.is_noted]}") for one in learners]
        field.initial = [one.pk for one in learners if one.is_noted]


class WordForm(forms.Form):
    """A word to somebody whom one follows."""

    text = forms.CharField(
        label="Votre mot",
        max_length=rules.WORD_MAX,
        help_text="Une question, un coup de main. Pas de nom d’élève.",
        error_messages={"required": "Écrivez quelques mots.", "max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 5}),
    )
