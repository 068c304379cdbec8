"""What an author says of a module."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from trainings.models import Module, PathVersion
from trainings.paths import rules
from trainings.paths.actions.modules import ModuleText

PLAIN = ("title", "aim", "minutes", "is_optional")
AIM_MAX = 500


class LinesField(forms.CharField):
    """One thing a line; empty lines are none."""

    def __init__(self, *, line_max: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.line_max = line_max

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if too_long := next((line for line in lines if len(line) > self.line_max), None):
            raise ValidationError(
                f"Raccourcissez «\u00a0{too_long[:40]}…\u00a0»\u00a0: au plus {self.line_max} signes."
            )
        return lines


class ModuleForm(forms.Form):
    title = forms.CharField(
        label="Titre",
        max_length=rules.TITLE_MAX,
        error_messages={"required": "Donnez un titre à ce module.", "max_length": "Raccourcissez ce titre."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    aim = forms.CharField(
        label="Ce que l’on y apprend",
        max_length=AIM_MAX,
        required=False,
        error_messages={"max_length": "Raccourcissez ce texte."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    minutes = forms.IntegerField(
        label="Durée annoncée, en minutes",
        min_value=0,
        max_value=rules.MODULE_MINUTES_MAX,
        initial=30,
        help_text="C’est elle qui compte pour les 18 heures\u00a0: le temps de regarder, de lire et de faire.",
        error_messages={
            "required": "Dites combien de minutes il prend.",
            "invalid": "Écrivez un nombre de minutes.",
            "min_value": "Écrivez un nombre de minutes.",
            "max_value": f"Au plus {rules.MODULE_MINUTES_MAX}\u00a0minutes\u00a0: faites-en deux modules.",
        },
    )
    is_optional = forms.BooleanField(
        label="Pour aller plus loin\u00a0: on peut finir le parcours sans lui", required=False
    )
    needs = forms.ModelMultipleChoiceField(
        label="À faire avant",
        queryset=Module.objects.none(),
        required=False,
        help_text="Aucun coché\u00a0: on le commence quand on veut.",
        error_messages={"invalid_choice": "Choisissez des modules de la liste.", "invalid_pk_value": "Module inconnu."},
        widget=forms.CheckboxSelectMultiple,
    )
    statements = LinesField(
        label="Pour se situer au début",
        line_max=rules.STATEMENT_MAX,
        required=False,
        help_text="Un énoncé par ligne, par exemple «\u00a0Je sais relancer sans donner la réponse.\u00a0» Chacun dit "
        "où il en est, et le parcours lui propose ce module ou non.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, version: PathVersion, module: Module | None = None, **kwargs: Any) -> None:
        if module:
            known = {name: getattr(module, name) for name in PLAIN}
            lines = list(module.statements.values_list("text", flat=True))
            kwargs.setdefault("initial", known | {"needs": list(module.needs.all()), "statements": lines})
        super().__init__(*args, **kwargs)
        others = version.modules.exclude(pk=module.pk if module else None)
        if others.exists():
            self.fields["needs"].queryset = others
        else:
            del self.fields["needs"]

    @property
    def text(self) -> ModuleText:
        given = self.cleaned_data
        return ModuleText(
            **{name: given[name] for name in PLAIN}, needs=list(given.get("needs", ())), statements=given["statements"]
        )
