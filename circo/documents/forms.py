"""The code that somebody types from a paper."""

from __future__ import annotations

from django import forms

from circo.documents import rules


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code de vérification",
        help_text="Au bas du document : 28 lettres et chiffres. Ni les majuscules ni les tirets ne comptent.",
        max_length=80,
        error_messages={"required": "Recopiez le code imprimé sur le document."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code = rules.code_of(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(
                "Ce n’est pas un code complet : il compte 28 lettres et chiffres. Vérifiez qu’il n’en manque pas."
            )
        return code
