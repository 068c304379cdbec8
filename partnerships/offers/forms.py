"""What a teacher says of the class offered, what others answer, and how a coordinator narrows the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from circo.calendar.rules import HALVES, HalfDay
from circo.dates import day_in_words
from circo.forms import DayField, LevelsField
from circo.models import Institution, Person, School, SchoolYear
from networks.visits.forms.fields import DatesField, OpenClassForm, PracticesField, WeekField
from networks.visits.queries import hosting_schools
from partnerships.models import HostOffer
from partnerships.offers import queries, rules
from partnerships.offers.actions import OfferText

TOO_LONG = "Raccourcissez ce texte."
OF_TEXT = ("levels", "practices", "seats", "week", "periods", "dates", "but", "conditions")


class OfferForm(OpenClassForm):
    school = forms.ModelChoiceField(
        label="École",
        queryset=School.objects.none(),
        empty_label=None,
        error_messages={"required": "Choisissez votre école.", "invalid_choice": "Choisissez une école de la liste."},
    )
    school_year = forms.ModelChoiceField(
        label="Année scolaire",
        queryset=SchoolYear.objects.none(),
        empty_label=None,
        error_messages={"required": "Choisissez une année.", "invalid_choice": "Choisissez une année de la liste."},
    )
    levels = LevelsField(label="Niveaux de la classe", error_messages={"required": "Dites le niveau de votre classe."})
    practices = PracticesField(label="Ce que l’on voit dans votre classe", help_text="Une à trois pratiques suffisent.")
    seats = forms.TypedChoiceField(label="Étudiants à la fois", coerce=int)
    week = WeekField(
        label="Demi-journées de la semaine",
        help_text="Celles où vous êtes dans votre classe. Vacances, fermetures et journées des partages sont ôtées.",
    )
    periods = forms.TypedMultipleChoiceField(
        label="Périodes de l’année",
        coerce=int,
        required=False,
        help_text="Aucune cochée\u00a0: toute l’année.",
        error_messages={"invalid_choice": "Choisissez des périodes de la liste."},
        widget=forms.CheckboxSelectMultiple,
    )
    dates = DatesField(label="Des dates en plus", widget=forms.Textarea(attrs={"rows": 2}))
    but = DatesField(
        label="Sauf à ces dates",
        help_text="Une par ligne\u00a0: une sortie, une rencontre sportive.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    conditions = forms.CharField(
        label="Conditions",
        required=False,
        max_length=rules.TEXT_MAX,
        help_text="L’heure d’arrivée, la tenue, ce qu’il faut avoir lu. Pas de nom d’élève.",
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, person: Person, offer: HostOffer | None = None, **kwargs: Any) -> None:
        if offer:
            kwargs.setdefault("initial", {name: getattr(offer, name) for name in OF_TEXT})
        super().__init__(*args, **kwargs)
        schools = [offer.school] if offer else list(hosting_schools(person).select_related("district__departement"))
        years = [offer.school_year] if offer else list(queries.years())
        self.only = {"school": schools[:1], "school_year": years[:1]}
        for name, rows in (("school", schools), ("school_year", years)):
            if len(rows) < 2:  # nothing to choose
                del self.fields[name]
            else:
                field = self.fields[name]
                field.queryset = type(rows[0]).objects.filter(pk__in=[row.pk for row in rows])
                self.initial.setdefault(name, rows[0].pk)
        district_ids = {school.district_id for school in schools}
        most = max((one.seats_most for one in queries.limits(district_ids).values()), default=rules.SEATS_MOST)
        self._seats(max(most, offer.seats if offer else 1))
        self.fields["periods"].choices = _periods(schools[0], years[0]) if schools and years else []

    def _seats(self, most: int) -> None:
        words = f"De 1 à {most}\u00a0étudiants." if most > 1 else "Un étudiant."
        self.fields["seats"].choices = [(n, f"{n}\u00a0étudiant{'s' if n > 1 else ''}") for n in range(1, most + 1)]
        self.fields["seats"].error_messages |= {"required": words, "invalid_choice": words}

    @property
    def place(self) -> dict[str, Any]:
        """The school and the year, chosen or the only ones; None for what there is none of."""
        return {name: self.cleaned_data.get(name) or next(iter(rows), None) for name, rows in self.only.items()}

    @property
    def text(self) -> OfferText:
        return OfferText(**{name: self.cleaned_data[name] for name in OF_TEXT})


def _periods(school: School, year: SchoolYear) -> list[tuple[int, str]]:
    return [
        (rank, f"Période {rank}, jusqu’au {day_in_words(period.last, period.last)}")
        for rank, period in enumerate(queries.year_periods(school, year), 1)
    ]


class ReasonForm(forms.Form):
    """Why a class is refused: the teacher reads it."""

    reason = forms.CharField(
        label="Pourquoi",
        max_length=rules.REASON_MAX,
        help_text="La personne qui propose sa classe le lira.",
        error_messages={"required": "Dites pourquoi, en une ligne.", "max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class OpenForm(forms.Form):
    """To which institutions one class, or several, are opened."""

    institutions = forms.ModelMultipleChoiceField(
        label="Ouvrir à",
        queryset=Institution.objects.none(),
        error_messages={
            "required": "Choisissez à quel institut ouvrir.",
            "invalid_choice": "Choisissez un institut de la liste.",
            "invalid_pk_value": "Choisissez un institut de la liste.",
        },
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, departement_ids: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = queries.institutions_for(departement_ids)
        self.fields["institutions"].queryset = known
        if len(only := list(known[:2])) == 1:
            self.initial.setdefault("institutions", [only[0].pk])


class FreeForm(forms.Form):
    """On which day, or half of it, a class is to be free."""

    day = DayField(label="Libre le", required=False)
    half = forms.ChoiceField(
        label="Le matin ou l’après-midi",
        required=False,
        choices=[("", "Peu importe"), ("AM", "Matin"), ("PM", "Après-midi")],
        error_messages={"invalid_choice": "Choisissez le matin ou l’après-midi."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filtre-%s", **kwargs)
        self.fields["day"].widget.attrs["min"] = timezone.localdate().isoformat()
        for field in self.fields.values():
            field.always_answered = True  # as the other filters: to leave it alone narrows nothing

    def add_prefix(self, field_name: str) -> str:
        return {"day": "jour", "half": "moment"}.get(field_name, field_name)

    @property
    def half_days(self) -> list[HalfDay]:
        """The half-days asked for, all of one day; none if no day is."""
        if not self.is_valid():
            return []
        day, half = (self.cleaned_data.get(name) for name in ("day", "half"))
        return [HalfDay(day, one) for one in HALVES if half in ("", one)] if day else []
