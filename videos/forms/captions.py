"""Captions as they are typed or sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from circo.rules import number_in
from videos import rules as film_rules
from videos.captions import rules
from videos.captions.rules import Cue
from videos.models import Language
from videos.queries.captions import ROWS_A_PAGE, CueRow

WRITE_TIME = "Écrivez les temps comme sur le lecteur\u00a0: 0:03 ou 0:03,5."
ROWS_MAX = ROWS_A_PAGE * 2  # a page, and what is split or added while one types


class LanguageForm(forms.Form):
    language = forms.ChoiceField(
        label="Langue",
        choices=Language,
        initial=Language.FRENCH,
        error_messages={"required": "Choisissez une langue.", "invalid_choice": "Choisissez l’une de ces langues."},
    )


class CaptionFileForm(LanguageForm):
    """A file of captions, made elsewhere."""

    file = forms.FileField(
        label="Fichier de sous-titres",
        help_text="WebVTT (.vtt) ou SRT (.srt), 1\u00a0Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": ".vtt,.srt,text/vtt,application/x-subrip"}),
    )
    field_order = ["file", "language"]

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > rules.FILE_MAX_BYTES:
            raise ValidationError(
                "Ce fichier est trop lourd pour être des sous-titres\u00a0: 1\u00a0Mo au plus.", code="big"
            )
        content: bytes = file.read()
        return content


class ShiftForm(forms.Form):
    """Move all captions, sooner or later."""

    seconds = forms.DecimalField(
        label="Décaler tout, en secondes",
        help_text="Par exemple 1,5 pour plus tard, −0,5 pour plus tôt.",
        max_digits=7,
        decimal_places=3,
        localize=True,
        error_messages={"required": "Écrivez un nombre de secondes.", "invalid": "Écrivez un nombre, par exemple 1,5."},
        widget=forms.TextInput(attrs={"size": 6, "inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        if data is not None:  # people type the minus sign that they read
            data = {**data.dict(), "seconds": data.get("seconds", "").replace("−", "-").strip()}
        super().__init__(data, **kwargs)


class CueSheet:
    """The rows of the editor as they come back: lists of starts, ends and texts. A row without text is gone."""

    def __init__(self, data: QueryDict) -> None:
        self.first, self.count, self.revision = (
            number_in(data.get(name)) or 0 for name in ("first", "count", "revision")
        )
        lists = (data.getlist(name)[:ROWS_MAX] for name in ("start", "end", "text"))
        typed = [row for row in zip(*lists, strict=False) if row[2].strip()]
        self.rows: list[CueRow] = []
        self.cues: list[Cue] = []
        for number, (start, end, text) in enumerate(typed, start=self.first + 1):
            self._read(number, start.strip(), end.strip(), rules.clean(text))

    def _read(self, number: int, start: str, end: str, text: str) -> None:
        try:
            start_ms, end_ms = (round(1000 * film_rules.seconds_of(time)) for time in (start, end))
            fault = rules.fault(start_ms, end_ms)
        except ValueError:
            start_ms = end_ms = 0
            fault = WRITE_TIME
        self.rows.append(CueRow(number, start[:20], end[:20], text, fault))
        if not fault:
            self.cues.append(Cue(start_ms, end_ms, text))

    @property
    def is_valid(self) -> bool:
        return not any(row.fault for row in self.rows)
