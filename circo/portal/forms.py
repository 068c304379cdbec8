"""The forms of the portal's own pages, and the one that shows every kind of field."""

from __future__ import annotations

from django import forms

from circo.models import Person


def _name_field(name: str, autocomplete: str) -> forms.CharField:
    model_field = Person._meta.get_field(name)
    return forms.CharField(
        label=model_field.verbose_name.capitalize(),
        max_length=model_field.max_length,
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
    )


class NameForm(forms.Form):
    first_name = _name_field("first_name", "given-name")
    last_name = _name_field("last_name", "family-name")

    def clean(self) -> dict:
        for name in ("first_name", "last_name"):
            # What cannot be seen can turn a list of people upside down (U+202E), or make two names look like one.
            if not self.cleaned_data.get(name, "").isprintable():
                self.add_error(name, "Ce nom contient un caractère invisible. Retapez-le.")
        return self.cleaned_data


class SampleForm(forms.Form):
    """Every kind of field of the portal; saves nothing."""

    title = forms.CharField(label="Titre", help_text="Ce que vos collègues liront d’abord.")
    email = forms.EmailField(label="Adresse e-mail", required=False)
    level = forms.ChoiceField(label="Niveau", choices=[("", "Choisissez…"), ("CP", "CP"), ("CE1", "CE1")])
    audience = forms.ChoiceField(
        label="Qui peut voir ?",
        widget=forms.RadioSelect,
        choices=[("me", "Moi seulement"), ("group", "Mon groupe")],
        help_text="Vous pourrez changer d’avis.",
    )
    subjects = forms.MultipleChoiceField(
        label="Domaines",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("fr", "Français"), ("ma", "Mathématiques"), ("eps", "Éducation physique et sportive")],
    )
    day = forms.DateField(label="Jour", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    pupils = forms.IntegerField(label="Nombre d’élèves", min_value=1, max_value=40, required=False)
    note = forms.CharField(label="Ce que vous attendez des collègues", widget=forms.Textarea, required=False)
    file = forms.FileField(label="Document", required=False, help_text="PDF ou image, 10 Mo au plus.")
    agreed = forms.BooleanField(label="J’ai l’accord des adultes que l’on voit.")
