"""The few words that one leaves on a path, and why one is hidden."""

from __future__ import annotations

from django import forms

from trainings.catalogue import rules

TOO_LONG = "Ce texte est trop long\u00a0: %(limit_value)d signes au plus."


class ReviewForm(forms.Form):
    keeps = forms.CharField(
        label="Ce que j’en garde",
        max_length=rules.WORDS_MAX,
        help_text="Quelques mots\u00a0: ce qui vous a servi, ce que vous avez essayé. Pas de nom d’élève.",
        error_messages={"required": "Écrivez quelques mots.", "max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    advice = forms.CharField(
        label="À qui je le conseille",
        required=False,
        max_length=rules.ADVICE_MAX,
        help_text="Par exemple\u00a0: à qui prend un CP pour la première fois.",
        error_messages={"max_length": TOO_LONG},
    )
    is_signed = forms.BooleanField(
        label="Signer de mon nom",
        required=False,
        initial=True,
        help_text="Sans signature, personne ne lit votre nom, pas même l’équipe.",
    )


class HideForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi",
        max_length=rules.REASON_MAX,
        help_text="La personne qui l’a écrit le lira.",
        error_messages={"required": "Dites en une phrase pourquoi ce mot est masqué.", "max_length": TOO_LONG},
    )
