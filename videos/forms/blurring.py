"""What one types on the page of blurring: an area drawn by hand, what to blur, how voices are heard, and the look."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from videos import queries
from videos.blurring import rules
from videos.blurring.rules import Point
from videos.forms.moments import TimecodeField
from videos.models import Film, HiddenArea, Recorded, Voice

PATH_MAX = 200_000  # characters
POINTS_LISTED = 200  # of a way, for whoever has no script: a longer one is that of a face, which the script corrects
FIRST, LAST = ("x", "y", "width", "height"), ("end_x", "end_y", "end_width", "end_height")


class ExactTimecodeField(TimecodeField):
    """A place in a film to the thousandth of a second: a face is hidden from the very picture where it is seen."""

    def prepare_value(self, value: Any) -> Any:
        return queries.exact(value) if isinstance(value, int | float) else value


def _timecode(label: str, example: str, help_text: str = "") -> ExactTimecodeField:
    return ExactTimecodeField(
        label=label,
        help_text=help_text,
        error_messages={"required": f"Écrivez un moment du film, par exemple {example}."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 9, "maxlength": 14}),
    )


def _percent(label: str, *, least: int = 0, required: bool = True) -> forms.FloatField:
    wrong = f"Un nombre de {least} à 100."
    return forms.FloatField(
        label=label,
        min_value=least,
        max_value=100,
        localize=True,
        required=required,
        error_messages={"required": wrong, "invalid": wrong, "min_value": wrong, "max_value": wrong},
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 6, "inputmode": "decimal", "maxlength": 6}),
    )


class AreaForm(forms.Form):
    """A part of the picture to hide, between two moments. The script writes its whole way in `path`."""

    start_s = _timecode("Début", "0:03", "Minutes et secondes, par exemple 0:03 ou 0:03,5.")
    end_s = _timecode("Fin", "0:08")
    x = _percent("Bord gauche")
    y = _percent("Bord haut")
    width = _percent("Largeur", least=1)
    height = _percent("Hauteur", least=1)
    end_x = _percent("Bord gauche", required=False)
    end_y = _percent("Bord haut", required=False)
    end_width = _percent("Largeur", least=1, required=False)
    end_height = _percent("Hauteur", least=1, required=False)
    removed = forms.MultipleChoiceField(
        label="Retirer ce point",
        required=False,
        help_text="La zone ira tout droit du point d’avant au point d’après.",
        error_messages={"invalid_choice": "Ce point n’y est plus : rechargez la page."},
        widget=forms.CheckboxSelectMultiple,
    )
    path = forms.CharField(required=False, max_length=PATH_MAX, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, film: Film, area: HiddenArea | None = None) -> None:
        super().__init__(data, initial=_typed(area) if area else None, auto_id="trace_%s")
        self.film, self.area = film, area
        if area and 1 < len(area.path) <= POINTS_LISTED:
            self.fields["removed"].choices = [(str(point[0]), _named(point)) for point in area.path]
        else:
            del self.fields["removed"]
        if data and data.get("path"):  # drawn on the picture: nothing else says where
            for name in FIRST + LAST:
                self.fields[name].required = False

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in FIRST]

    @property
    def last(self) -> list[forms.BoundField]:
        return [self[name] for name in LAST]

    def clean_path(self) -> list[Point]:
        try:
            return _points(self.cleaned_data["path"])
        except (ValueError, TypeError, OverflowError, RecursionError):
            raise ValidationError(
                "Le tracé n’est pas arrivé entier. Placez la zone de nouveau sur l’image.", code="path"
            ) from None

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        start_s, end_s = data.get("start_s"), data.get("end_s")
        if start_s is not None and start_s >= (self.film.duration_s or 0):
            self.add_error("start_s", f"Le film dure {self.film.duration}\u00a0: choisissez un moment avant la fin.")
        elif start_s is not None and end_s is not None and end_s <= start_s:
            self.add_error("end_s", "La fin vient après le début.")
        if self.area and len(data.get("removed") or ()) == len(self.area.path):
            self.add_error("removed", "Gardez au moins un point, ou ne floutez plus cette zone.")
        given = [name for name in LAST if data.get(name) is not None]
        if 0 < len(given) < len(LAST) and not self.errors:
            self.add_error(
                next(name for name in LAST if name not in given), "Remplissez les quatre valeurs, ou aucune."
            )
        return data

    def drawn(self) -> dict[str, Any]:
        """What `draw_area` and `redraw_area` take, of a valid form."""
        data = self.cleaned_data
        start_s, end_s, path = data["start_s"], data["end_s"], data["path"]
        if not path and self.area and not set(FIRST + LAST) & set(self.changed_data):
            gone = data.get("removed", [])
            path = [tuple(point) for point in self.area.path if str(point[0]) not in gone]  # its places stay
        if not path:
            path = [(start_s, *(data[name] / 100 for name in FIRST))]
            if data["end_x"] is not None:
                path.append((end_s, *(data[name] / 100 for name in LAST)))
        return {"start_s": start_s, "end_s": end_s, "path": path}


def _typed(area: HiddenArea) -> dict[str, Any]:
    """An area as one types it: its first place and, if it moves, its last one."""
    first, last = area.path[0], area.path[-1]
    typed: dict[str, Any] = {"start_s": area.start_s, "end_s": area.end_s}
    typed |= {name: round(100 * share, 1) for name, share in zip(FIRST, first[1:], strict=True)}
    if len(area.path) > 1:
        typed |= {name: round(100 * share, 1) for name, share in zip(LAST, last[1:], strict=True)}
    return typed


def _named(point: Point) -> str:
    at_s, x, y, _, _ = point
    return f"à {queries.exact(at_s)} : {100 * x:.0f} % de la gauche, {100 * y:.0f} % du haut"


def _points(text: str) -> list[Point]:
    """Raises: ValueError, TypeError, OverflowError or RecursionError if these are no points."""
    if not text:
        return []
    points = json.loads(text)
    if not isinstance(points, list) or not 0 < len(points) <= rules.POINTS_MAX:
        raise ValueError
    read = []
    for at_s, x, y, width, height in points:
        point = (float(at_s), float(x), float(y), float(width), float(height))
        if not all(map(math.isfinite, point)):
            raise ValueError
        read.append(point)
    return read


class ChoiceSheet:
    """Which of the areas of a page are to be blurred (`among`, `chosen`), or all of them, or none (`all`)."""

    def __init__(self, data: QueryDict) -> None:
        self.among, self.chosen = (_numbers(data.getlist(name)) for name in ("parmi", "zone"))
        self.all = {"oui": True, "non": False}.get(data.get("tout", ""))


def _numbers(texts: Sequence[str]) -> set[int]:
    return {int(text) for text in texts if re.fullmatch(r"[0-9]{1,15}", text)}


class VoiceForm(forms.Form):
    voice = forms.TypedChoiceField(
        label="Les voix",
        choices=[(one.value, one.label.capitalize()) for one in Voice],
        coerce=Voice,
        error_messages={
            "required": "Dites comment on entend les voix.",
            "invalid_choice": "Choisissez l’un des trois.",
        },
        widget=forms.RadioSelect,
    )


class ApprovalForm(forms.Form):
    """The author has looked at the blurred film, and says who cannot be recognised in it any more."""

    output = forms.CharField(max_length=20, widget=forms.HiddenInput)  # what was looked at
    hidden = forms.TypedMultipleChoiceField(
        label="Dans le film flouté, on ne reconnaît plus",
        help_text="Ni à l’image, ni à la voix. Dans le doute, ne cochez pas\u00a0: le floutage peut être repris.",
        coerce=int,
        required=False,
        error_messages={"invalid_choice": "Cette personne n’est pas de la liste de ce film."},
        widget=forms.CheckboxSelectMultiple,
    )
    looked = forms.BooleanField(
        label="J’ai regardé le film flouté en entier",
        error_messages={"required": "Regardez le film flouté en entier, puis cochez cette case."},
    )

    def __init__(self, data: QueryDict | None = None, *, output: str, people: Sequence[Recorded]) -> None:
        super().__init__(data, initial={"output": output})
        self.people = {one.pk: one for one in people}
        self.fields["hidden"].choices = [(one.pk, _said(one)) for one in people]
        if not people:
            del self.fields["hidden"]

    def not_recognised(self) -> list[Recorded]:
        return [self.people[pk] for pk in self.cleaned_data.get("hidden", [])]


def _said(one: Recorded) -> str:
    if one.said_no:
        return f"{one.label} ({'accord retiré' if one.took_back else 'a refusé'})"
    return one.label if one.is_agreeing else f"{one.label} (accord attendu)"
