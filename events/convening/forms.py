"""What one types about convocations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from circo.forms import DayField
from events.convening import rules
from events.convening.actions import Said
from events.convening.rules import Answer, Reason
from events.models import Convocation, SharingDay


class AnswerForm(forms.Form):
    """One's answer to a convocation."""

    answer = forms.ChoiceField(
        label="Votre réponse",
        choices=[(one.value, words.capitalize()) for one, words in rules.OWN_ANSWER_LABELS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse.", "invalid_choice": "Choisissez dans la liste."},
    )
    reason = forms.ChoiceField(
        label="Pourquoi, si vous ne venez pas toute la journée",
        required=False,
        choices=[("", "Choisir"), *((one.value, words.capitalize()) for one, words in rules.REASON_LABELS.items())],
        help_text="L’inspection et le secrétariat sont seuls à le lire. N’écrivez rien de votre santé.",
        error_messages={"invalid_choice": "Choisissez une raison de la liste."},
    )
    word = forms.CharField(label="Un mot de plus", required=False, max_length=rules.WORD_MAX)

    def __init__(self, *args: Any, convocation: Convocation | None, **kwargs: Any) -> None:
        if convocation is not None:
            said = {name: getattr(convocation, name) for name in ("answer", "reason", "word")}
            kwargs.setdefault("initial", said)
        super().__init__(*args, **kwargs)
        self.fields["reason"].always_answered = True  # asked of whoever does not come all day: no « facultatif »

    def said(self) -> Said:
        data = self.cleaned_data
        return Said(Answer(data["answer"]), Reason(data["reason"]) if data["reason"] else None, data["word"])


class SendForm(forms.Form):
    """Until when one is asked to answer."""

    reply_by = DayField(label="Réponses attendues jusqu’au")

    def __init__(self, *args: Any, day: SharingDay, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"reply_by": day.reply_by or rules.usual_reply_by(day.on, timezone.localdate())})
        super().__init__(*args, **kwargs)


class GuestForm(forms.Form):
    """Who is invited from another district."""

    email = forms.EmailField(
        label="Son adresse e-mail professionnelle",
        max_length=254,
        error_messages={
            "required": "Écrivez l’adresse de la personne à inviter.",
            "invalid": "Cette adresse n’est pas complète. Exemple\u00a0: prenom.nom@ac-normandie.fr",
        },
    )
