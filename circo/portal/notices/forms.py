from __future__ import annotations

from typing import Any

from django import forms

from circo.models import Delivery
from circo.notices import kinds

ANSWERS = [(Delivery.AT_ONCE, "Tout de suite"), (Delivery.DAILY, "Une fois par jour"), (Delivery.NONE, "Pas d’e-mail")]


class WishesForm(forms.Form):
    """One question per kind of notice: how do you wish to hear of it?"""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for kind in kinds():
            self.fields[kind.name] = forms.TypedChoiceField(
                label=kind.label,
                help_text=kind.help,
                choices=ANSWERS,
                coerce=Delivery,
                widget=forms.RadioSelect,
                error_messages={
                    "required": "Choisissez une des trois réponses.",
                    "invalid_choice": "Choisissez une des trois réponses.",
                },
            )
