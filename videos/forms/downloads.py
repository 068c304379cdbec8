"""Whether a film may be taken away."""

from __future__ import annotations

from django import forms


class DownloadForm(forms.Form):
    allowed = forms.BooleanField(required=False)
