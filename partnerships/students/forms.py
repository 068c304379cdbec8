"""What one types of a student: who, under which status, from where, and what is wished."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.forms import LevelsField
from circo.models import Commune
from circo.models.folding import fold
from circo.rules import worded
from networks.visits.forms.fields import PracticesField
from partnerships.cohorts import queries as cohorts
from partnerships.cohorts.forms import CHOOSE
from partnerships.models import Cohort, Student
from partnerships.models.students import check_practices
from partnerships.students import queries, rules
from partnerships.students.actions import Wishes
from partnerships.students.rules import Transport


class CommuneField(forms.CharField):
    """A commune, by its name; by its INSEE code where several have that name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 120)
        super().__init__(widget=forms.TextInput(attrs={"autocomplete": "off", "list": "communes"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.name} ({value.insee_code})" if isinstance(value, Commune) else value

    def clean(self, value: Any) -> Commune | None:
        text = super().clean(value)
        if not text:
            return None
        name, _, code = text.partition("(")
        rows = Commune.objects.all()
        if code:
            found = list(rows.filter(insee_code=code.strip(" )").upper()))
        else:
            wanted = fold(name)
            keys = [key for key, other in rows.values_list("insee_code", "name") if fold(other) == wanted]
            found = list(rows.filter(pk__in=keys))
        if not found:
            raise forms.ValidationError(
                f"Nous ne connaissons pas la commune «\u00a0{text}\u00a0»\u00a0: vérifiez son nom."
            )
        if len(found) > 1:
            ways = ", ".join(f"{one.name} ({one.insee_code})" for one in found)
            raise forms.ValidationError(f"Plusieurs communes ont ce nom\u00a0: écrivez {ways}.")
        return found[0]


class NewStudentForm(forms.Form):
    """Somebody who comes into a cohort."""

    email = forms.EmailField(
        label="Adresse e-mail",
        help_text="Celle de l’université\u00a0: elle sert à se connecter.",
        error_messages={"required": "Écrivez une adresse.", "invalid": "Cette adresse e-mail n’est pas complète."},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    first_name = forms.CharField(
        label="Prénom",
        max_length=80,
        error_messages={"required": "Écrivez un prénom."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    last_name = forms.CharField(
        label="Nom",
        max_length=80,
        error_messages={"required": "Écrivez un nom."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    status = forms.ModelChoiceField(label="Statut", queryset=None, empty_label=None, error_messages=CHOOSE)

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].queryset = cohorts.statuses(cohort.institution)


class WishesForm(forms.Form):
    """Where one lives, how one comes, what one wishes to see."""

    home = CommuneField(
        label="Commune où l’on habite",
        required=False,
        help_text="Elle sert à proposer des classes proches, et à rien d’autre.",
    )
    transport = forms.ChoiceField(label="On vient", choices=worded(rules.TRANSPORT_LABELS), error_messages=CHOOSE)
    levels = LevelsField(label="Niveaux souhaités", required=False, help_text="Aucun\u00a0: tous conviennent.")
    practices = PracticesField(
        label="Ce que l’on souhaite voir",
        help_text=f"{rules.WISHES_MAX}\u00a0au plus.",
        validators=[check_practices],
    )

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        names = ("home", "transport", "levels", "practices")
        super().__init__(*args, initial={name: getattr(student, name) for name in names}, **kwargs)

    def wishes(self) -> Wishes:
        """What is written, once the form is valid."""
        data = self.cleaned_data
        return Wishes(data["home"], Transport(data["transport"]), tuple(data["levels"]), tuple(data["practices"]))


class StudentForm(WishesForm):
    """The same, and the status, which the institution says."""

    status = forms.ModelChoiceField(label="Statut", queryset=None, empty_label=None, error_messages=CHOOSE)
    field_order = ("status", "home", "transport", "levels", "practices")

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, student=student, **kwargs)
        self.fields["status"].queryset = cohorts.statuses(student.cohort.institution)
        self.fields["status"].initial = student.status_id


class PairForm(forms.Form):
    other = forms.ModelChoiceField(label="En binôme avec", queryset=None, empty_label=None, error_messages=CHOOSE)

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = queries.partners_for(student)
