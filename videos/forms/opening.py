"""The choice of a circle, for what one may keep for oneself."""

from __future__ import annotations

from typing import Any

from django import forms

from circo.models import Person
from videos import queries
from videos.models.circles import Circle, Opened


class CircleField(forms.ChoiceField):
    """Nobody else, or one of one's circles; cleaned as the circle itself."""

    always_answered = True  # nobody else is an answer: "facultatif" beside it would say nothing

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {
            "label": "Qui peut le voir",
            "required": False,
            "error_messages": {"invalid_choice": "Choisissez l’un de vos cercles."},
        } | kwargs
        super().__init__(**kwargs)
        self.circles: dict[str, Circle] = {}

    def offer(self, person: Person, kept: Opened | None = None) -> None:
        """Offer one's circles, and the one to which `kept` is opened already."""
        self.circles = queries.circles_of(person)
        if kept and (circle := kept.group or kept.network or kept.district):
            self.circles.setdefault(queries.key_of(circle), circle)
            self.initial = queries.key_of(circle)
        named = [(key, queries.label_of(circle)) for key, circle in self.circles.items()]
        self.choices = [("", "Moi, et personne d’autre"), *named]

    def clean(self, value: Any) -> Circle | None:
        return self.circles.get(super().clean(value))
