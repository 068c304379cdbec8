"""What a learner types and chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings

from circo.hours.rules import in_words
from circo.models import Person
from trainings.learning import rules
from trainings.learning.queries.showing import QuestionShown
from trainings.learning.rules import Route
from trainings.models import Enrolment, GridAnswer, Module, Statement
from trainings.quizzes import rules as quizzes
from trainings.quizzes.rules import QuestionKind
from videos.grids.rules import NOTE_MAX
from videos.models import Criterion, CriterionKind, Film

TOO_LONG = "Ce texte est trop long\u00a0: %(limit_value)d signes au plus."


class OrderField(forms.Field):
    """Things to put in order: one list of places for each, so that no gesture is needed."""

    def __init__(self, *, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(widget=OrderWidget(choices), **kwargs)
        self.ranks = [rank for rank, _ in choices]

    def clean(self, value: Any) -> list[str]:
        if not value or all(place == "" for place in value.values()):
            raise forms.ValidationError("Donnez sa place à chaque élément.")
        placed = sorted(value, key=lambda rank: int(value[rank]) if value[rank].isdigit() else 0)
        if sorted(value.values()) != sorted(str(place) for place in range(1, len(self.ranks) + 1)):
            raise forms.ValidationError("Donnez une place différente à chaque élément.")
        return placed


class OrderWidget(forms.Widget):
    """A list of places beside each thing."""

    template_name = "trainings/learning/order.html"
    use_fieldset = True

    def __init__(self, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.choices = choices

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        placed = value or {}
        rows = [(f"{name}_{rank}", text, placed.get(rank, "")) for rank, text in self.choices]
        places = [str(place) for place in range(1, len(self.choices) + 1)]
        context["widget"] |= {"rows": rows, "places": places}
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        return {rank: data.get(f"{name}_{rank}", "") for rank, _ in self.choices}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}_{rank}" in data for rank, _ in self.choices)

    def id_for_label(self, id_: str) -> str:
        return ""


class AnswerForm(forms.Form):
    """The questions of a step; those of an excerpt come one by one while it plays."""

    def __init__(self, *args: Any, questions: Sequence[QuestionShown], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = {f"q{one.question.pk}": one for one in questions}
        for name, one in self.questions.items():
            self.fields[name] = _field(one)
            if one.answered is not None:
                self.initial[name] = _initial(one)

    @property
    def answers(self) -> dict[int, list[str]]:
        """What was answered, by question, as the rules read it."""
        found = {}
        for name, one in self.questions.items():
            said = self.cleaned_data[name]
            found[one.question.pk] = list(said) if isinstance(said, list) else [said]
        return found


def _field(one: QuestionShown) -> forms.Field:
    question = one.question
    choices = [(str(rank), question.rule.choices[rank].text) for rank in one.order]
    unknown = {"invalid_choice": "Choisissez parmi les réponses proposées."}
    if question.kind == QuestionKind.SINGLE:
        return forms.ChoiceField(
            label=question.text,
            choices=choices,
            widget=forms.RadioSelect,
            error_messages=unknown | {"required": "Choisissez une réponse."},
        )
    if question.kind == QuestionKind.MULTIPLE:
        return forms.MultipleChoiceField(
            label=question.text,
            help_text="Plusieurs réponses possibles.",
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            error_messages=unknown | {"required": "Cochez au moins une réponse."},
        )
    if question.kind == QuestionKind.ORDER:
        return OrderField(label=question.text, help_text="Donnez sa place à chaque élément.", choices=choices)
    return forms.CharField(
        label=question.text,
        max_length=quizzes.ANSWER_MAX,
        error_messages={"required": "Écrivez une réponse.", "max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _initial(one: QuestionShown) -> Any:
    said = one.answered.answer if one.answered else []
    if one.question.kind == QuestionKind.ORDER:
        return {rank: str(place) for place, rank in enumerate(said, 1)}
    return said if one.question.kind == QuestionKind.MULTIPLE else next(iter(said), "")


class LogForm(forms.Form):
    """One's reflective log."""

    text = forms.CharField(
        label="Mon journal",
        max_length=rules.LOG_MAX,
        help_text="Personne d’autre que vous ne le lit. Pas de nom d’élève.",
        error_messages={
            "required": "Écrivez au moins une phrase\u00a0: elle n’est que pour vous.",
            "max_length": TOO_LONG,
        },
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class DepositForm(forms.Form):
    """One of one's own films."""

    film = forms.ModelChoiceField(
        label="Mon film",
        queryset=Film.objects.none(),
        empty_label="Choisissez un film",
        help_text="Il reste visible de ceux à qui vous l’avez ouvert, et de personne d’autre.",
        error_messages={"required": "Choisissez l’un de vos films.", "invalid_choice": "Choisissez l’un de vos films."},
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["film"].queryset = Film.objects.editable_by(person).order_by("-created_at")


class WishesForm(forms.Form):
    """What one expects of a path, and when one wants to be reminded of it."""

    goals = forms.CharField(
        label="Ce que j’en attends",
        required=False,
        max_length=rules.GOALS_MAX,
        help_text="Pour vous\u00a0: vous le relirez à la fin.",
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    weekly_minutes = forms.TypedChoiceField(
        label="Mon rythme",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Je verrai"), *((n, f"{in_words(n)} par semaine") for n in rules.WEEKLY_MINUTES)],
        error_messages={"invalid_choice": "Choisissez un rythme de la liste."},
    )
    reminder_day = forms.ChoiceField(
        label="Me le rappeler",
        required=False,
        choices=[("", "Jamais"), *((code, f"le {name}") for code, name in rules.DAYS)],
        error_messages={"invalid_choice": "Choisissez un jour de la semaine."},
    )
    passes_on = forms.BooleanField(
        required=False,
        help_text="Ce que vous regardez et ce que vous terminez à partir de maintenant, sous un numéro\u00a0: jamais "
        "votre nom, votre adresse, ni ce que vous écrivez. Ce qui est transmis ne se reprend pas.",
    )

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        names = ("goals", "weekly_minutes", "reminder_day", "passes_on")
        kwargs.setdefault("initial", {name: getattr(enrolment, name) for name in names})
        super().__init__(*args, **kwargs)
        self.fields["passes_on"].label = f"Transmettre mon avancement à {settings.XAPI_NAME}"
        if not settings.XAPI_ENDPOINT:
            del self.fields["passes_on"]


class AssessmentForm(forms.Form):
    """How well one knows each statement of a path, module by module."""

    def __init__(self, *args: Any, modules: Sequence[Module], said: Mapping[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups: list[tuple[Module, list[str]]] = []
        for module in modules:
            names = []
            for statement in module.statements.all():
                name = f"s{statement.pk}"
                self.fields[name] = _level(statement)
                self.initial[name] = said.get(statement.pk)
                names.append(name)
            if names:
                self.groups.append((module, names))

    @property
    def sections(self) -> list[tuple[Module, list[forms.BoundField]]]:
        return [(module, [self[name] for name in names]) for module, names in self.groups]

    @property
    def levels(self) -> dict[int, int]:
        return {int(name[1:]): level for name, level in self.cleaned_data.items() if level is not None}


def _level(statement: Statement) -> forms.Field:
    return forms.TypedChoiceField(
        label=statement.text,
        choices=rules.LEVELS,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez l’une des quatre réponses."},
    )


class RouteForm(forms.Form):
    """What to do of one module."""

    route = forms.ChoiceField(choices=[(route.value, route.value) for route in Route])


COUNT_MAX = 999


class GridForm(forms.Form):
    """The criteria of a grid, each answered for the whole of what was shown."""

    def __init__(
        self, *args: Any, criteria: Sequence[Criterion], said: Mapping[int, GridAnswer], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = {f"c{one.pk}": one for one in criteria}
        for name, one in self.criteria.items():
            self.fields[name] = _criterion(one)
            if one.pk in said:
                answer = said[one.pk]
                self.initial[name] = answer.text if answer.number is None else answer.number

    @property
    def answers(self) -> dict[int, int | str]:
        """What was noted, by criterion: a count or the rank of a level, else words."""
        return {one.pk: self.cleaned_data[name] for name, one in self.criteria.items()}


def _criterion(one: Criterion) -> forms.Field:
    words: dict[str, Any] = {"label": one.label, "help_text": one.help}
    if one.kind == CriterionKind.COUNTER:
        wrong = f"Un nombre de fois, de 0 à {COUNT_MAX}."
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong)
        return forms.IntegerField(min_value=0, max_value=COUNT_MAX, error_messages=messages, **words)
    if one.answers:
        return forms.TypedChoiceField(
            choices=list(enumerate(one.answers)),
            coerce=int,
            widget=forms.RadioSelect,
            error_messages={"required": "Choisissez un niveau.", "invalid_choice": "Choisissez un niveau."},
            **words,
        )
    return forms.CharField(
        max_length=NOTE_MAX,
        required=False,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 2}),
        **words,
    )
