"""The shapes of what the team types about people."""

from __future__ import annotations

from django import forms

from circo import rules
from circo.admin.fields import ScopedForm, ScopedFormSet
from circo.forms import LevelsField
from circo.models import Posting
from circo.rules import Place, Role

_PLACES = {
    Place.SCHOOL: "Choisissez l’école\u00a0: ce rôle s’exerce dans une école.",
    Place.DISTRICT: "Choisissez la circonscription\u00a0: ce rôle s’exerce dans une circonscription.",
    Place.DEPARTEMENT: "Choisissez le département\u00a0: ce rôle s’exerce dans un département.",
    Place.INSTITUTION: "Choisissez l’institut\u00a0: ce rôle s’exerce dans un institut de formation.",
}


class PostingForm(ScopedForm):
    near = {
        "posting_in_order": "ends_on",
        "posting_one_place_per_role": "role",
        "posting_class_size": "class_size",
        "posting_once": "role",
    }
    levels = LevelsField(label="Niveaux de la classe", required=False)
    half_days = forms.MultipleChoiceField(
        label="Demi-journées travaillées",
        required=False,
        choices=[(code, rules.half_day_in_words(code).capitalize()) for code in rules.HALF_DAYS],
        widget=forms.CheckboxSelectMultiple,
        help_text="Ne cochez rien pour un temps plein.",
    )

    share_percent = forms.IntegerField(
        label="Quotité",
        required=False,
        min_value=1,
        max_value=100,
        help_text="En pour cent d’un service complet\u00a0: les 18 heures en dépendent. Vide\u00a0: 100.",
    )

    class Meta:
        model = Posting
        fields = "__all__"  # the admin narrows them

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("role"):
            self._place(Role(cleaned["role"]), cleaned)
        return cleaned

    def clean_share_percent(self) -> int:
        return self.cleaned_data["share_percent"] or 100

    def _get_validation_exclusions(self):
        # "Once" names the four places: it would not be asked in a form that offers two of them.
        return super()._get_validation_exclusions() - {place.value for place in Place}

    def _place(self, role: Role, cleaned: dict) -> None:
        """Say beside the place what is wrong with it, instead of a word about the whole line."""
        wanted = rules.PLACE_OF_ROLE[role]
        for place in Place:
            if place.value not in self.fields or place.value in self.errors:
                continue
            filled = cleaned.get(place.value) is not None
            if place is wanted and not filled:
                self.add_error(place.value, _PLACES[place])
            elif filled and place is not wanted:
                self.add_error(place.value, f"Laissez vide\u00a0: {rules.ROLE_LABELS[role]} ne s’exerce pas ici.")


class PostingFormSet(ScopedFormSet):
    """The postings of one person: at least one, and no line twice."""

    def clean(self):
        super().clean()
        kept = [
            form
            for form in self.forms
            if form not in self.deleted_forms and form.has_changed() | bool(form.instance.pk)
        ]
        if not kept:
            raise forms.ValidationError(
                "Indiquez au moins une affectation\u00a0: elle dit où cette personne travaille."
            )
        seen = set()
        for form in kept:
            line = tuple(
                str(form.cleaned_data.get(name)) for name in ("role", "starts_on", *(place.value for place in Place))
            )
            if form.is_valid() and line in seen:
                form.add_error("role", "Cette affectation est écrite deux fois.")
            seen.add(line)
