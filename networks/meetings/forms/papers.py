"""What one types of the papers of a meeting."""

from __future__ import annotations

from django import forms

from networks.meetings.forms.planning import FORMATTING, NO_PUPIL, text_field


class MinutesForm(forms.Form):
    """The minutes of a meeting, over the revision that one read."""

    text = text_field("Compte rendu", f"{FORMATTING} {NO_PUPIL}", rows=16)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class DocumentForm(forms.Form):
    """One file to attach."""

    file = forms.FileField(
        label="Joindre un document",
        help_text="PDF, image, ODT ou DOCX, 10\u00a0Mo au plus. Aucun antivirus ne l’analyse ici\u00a0: ne joignez que "
        "vos propres documents, sans nom d’élève.",
        error_messages={"required": "Choisissez un document.", "empty": "Ce document est vide."},
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.odt,.docx"}),
    )
