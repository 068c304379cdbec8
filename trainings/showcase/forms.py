"""What one says of a practice, what its authors answer, to whom the team shows it."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.models import Person
from circo.rules import worded
from networks.models import Experiment
from trainings.models import PathVersion, Showcase
from trainings.paths.forms.districts import DistrictForm
from trainings.showcase import rules
from trainings.showcase.queries import parts
from trainings.showcase.rules import Answer, Reach
from videos.models import PracticeSheet

TOO_LONG = "Ce texte est trop long\u00a0: %(limit_value)d signes au plus."
FROM_LIST = "Choisissez dans la liste."


def _criterion(label: str, help_text: str, *, is_required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=is_required,
        max_length=rules.TEXT_MAX,
        error_messages={"required": "Répondez en quelques mots.", "max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SheetChoice(forms.ModelChoiceField):
    def label_from_instance(self, row: Any) -> str:
        return f"{row.title} ({row.owner})"


class PathChoice(forms.ModelChoiceField):
    def label_from_instance(self, row: Any) -> str:
        return str(row.title)


class PracticeForm(forms.Form):
    """A practice: its parts, chosen among what one reads, and the answers to the criteria."""

    title = forms.CharField(
        label="Titre",
        max_length=rules.TITLE_MAX,
        error_messages={"required": "Donnez un titre à cette pratique.", "max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sheet = SheetChoice(
        label="Fiche de pratique",
        queryset=PracticeSheet.objects.none(),
        empty_label="Choisir une fiche",
        help_text="Ses films et ses extraits viennent avec elle, et restent dans leur cercle.",
        error_messages={"required": "Choisissez la fiche qui raconte cette pratique.", "invalid_choice": FROM_LIST},
    )
    effect, proof, carries, needs = (
        _criterion(label, help_text, is_required=name != "needs") for name, label, help_text in rules.CRITERIA
    )
    path = PathChoice(
        label="Parcours qui va plus loin",
        queryset=PathVersion.objects.none(),
        required=False,
        empty_label="Aucun",
        error_messages={"invalid_choice": FROM_LIST},
    )
    experiment = forms.ModelChoiceField(
        label="Expérimentation dont elle vient",
        queryset=Experiment.objects.none(),
        required=False,
        empty_label="Aucune",
        help_text="Ses relevés avant et après sont montrés quand son bilan est fait.",
        error_messages={"invalid_choice": FROM_LIST},
    )

    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])

    def __init__(self, *args: Any, person: Person, showcase: Showcase | None = None, **kwargs: Any) -> None:
        if showcase:
            names = ("title", "sheet", "experiment", *(name for name, _, _ in rules.CRITERIA))
            given = {name: getattr(showcase, name) for name in names}
            path = parts.paths(person).filter(path=showcase.path).first() if showcase.path_id else None
            seen = showcase.updated_at.isoformat(timespec="microseconds")
            kwargs.setdefault("initial", given | {"path": path, "seen": seen})
        super().__init__(*args, **kwargs)
        self.showcase = showcase
        choices = {
            "sheet": parts.sheets(person, joined=showcase),
            "path": parts.paths(person),
            "experiment": parts.experiments_of(person, joined=showcase),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        if showcase and showcase.path_id and not self.initial["path"]:  # joined by somebody who finds it: it stays
            del self.fields["path"]

    @property
    def texts(self) -> dict[str, Any]:
        """What the actions take."""
        version = self.cleaned_data.get("path")
        kept = self.showcase.path if self.showcase and "path" not in self.fields else None
        return self.cleaned_data | {"path": version.path if version else kept}


class NewPracticeForm(PracticeForm, DistrictForm):
    field_order = ("district", "title", "sheet")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, districts=parts.districts(person), **kwargs)


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label="Peut-elle être montrée\u202f?",
        choices=[choice for choice in worded(rules.ANSWER_LABELS) if choice[0] != Answer.PENDING],
        error_messages={"required": "Dites oui ou non.", "invalid_choice": FROM_LIST},
        widget=forms.RadioSelect,
    )
    is_named = forms.BooleanField(label="Montrer mon nom", required=False, initial=True)


class PublishForm(forms.Form):
    reach = forms.TypedChoiceField(
        label="La montrer à",
        coerce=lambda value: Reach(int(value)),
        choices=[(one.value, rules.REACH_LABELS[one]) for one in rules.PUBLIC],
        error_messages={"required": "Choisissez à qui la montrer.", "invalid_choice": FROM_LIST},
        widget=forms.RadioSelect,
    )


class WhyForm(forms.Form):
    why = forms.CharField(
        label="Pourquoi",
        max_length=rules.WHY_MAX,
        help_text="Ses auteurs liront cette phrase.",
        error_messages={"required": "Dites en une phrase pourquoi.", "max_length": TOO_LONG},
    )
