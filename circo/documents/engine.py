"""The engine of all documents: a template, the data it shows, and the PDF that comes out (tagged, PDF/UA-1).

What people typed reaches typst as JSON, never as source: no text can be read as an instruction. Templates are ours, in
`templates/documents`; typst runs in a confined process that reads nothing else, and fetches nothing.
Source: docs/decisions/0009-documents.md
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image

from circo.documents import rules, verification
from circo.documents.press import Press, Untypeset
from circo.errors import Refusal

FOLDER = Path(settings.BASE_DIR) / "templates/documents"
FONTS = ("Libertinus Serif", "DejaVu Sans Mono")  # in the wheel; the second for what the first cannot draw
SHOWN = ("authority", "subline", "address", "contact", "city", "signatory", "quality", "logo_alt")  # of settings.LETTER
TRIES = 4  # characters without a glyph are found one after another; then all rare ones are replaced at once
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
_RARE = re.compile(
    r"[^\n\t -~\u00a0-\u024f\u1e00-\u1eff\u2010-\u2026\u202f\u2030\u20ac\u2190-\u2193\u2610\u2611\u2713\ufffd]"
)
SECONDS_MAX = 30  # of one document; a batch has as many as its letters would
_presses: dict[str, Press] = {}


def render(template: str, data: Mapping[str, object]) -> bytes:
    """Typeset one document: `template` names a file of `templates/documents`, `data` what it shows (with a `title`).

    Raises: Refusal if there is too much to print, or it takes too long.
    """
    return render_all(template, str(data["title"]), [data])


def render_all(
    template: str, title: str, letters: Sequence[Mapping[str, object]], most: int = rules.CHARACTERS_MAX
) -> bytes:
    """Typeset letters of one kind as one document, each counting its own pages.

    Raises: Refusal if there is too much to print, or it takes too long.
    """
    shown = [rules.ready(letter) for letter in letters]
    if len(json.dumps(shown, ensure_ascii=False)) > most:
        raise Refusal("Il y a trop de texte pour être mis en page en une fois.")
    written = json.dumps([verification.drawn(letter) for letter in shown], ensure_ascii=False)
    inputs = _house() | {"template": template, "title": _RARE.sub(rules.UNPRINTABLE, rules.readable(title))}
    seconds = SECONDS_MAX + len(letters)
    for _ in range(TRIES):
        try:
            return _press().typeset(inputs | {"letters": written}, seconds=seconds)
        except Untypeset as error:
            if not (missing := _NO_GLYPH.search(str(error))):
                raise
            written = _without(written, missing[1])
    return _press().typeset(inputs | {"letters": _RARE.sub(rules.UNPRINTABLE, written)}, seconds=seconds)


def _press() -> Press:
    fonts = settings.LETTER["fonts"]
    return _presses.setdefault(f"{FOLDER}:{fonts}", Press(FOLDER, fonts))


def _without(written: str, missing: str) -> str:
    """Put a visible mark in place of each character that no font draws."""
    hidden = re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), missing)
    for character in set(hidden):
        if _RARE.match(character):
            written = written.replace(character, rules.UNPRINTABLE)
    return written


# --- The house: what every document of the platform shows -----------------------------------------------------------
def _house() -> dict[str, str]:
    letter = settings.LETTER
    words = {name: letter[name].replace("\\n", "\n") for name in SHOWN}
    fonts = [*([letter["font"]] if letter["font"] else []), *FONTS]
    house = {"house": json.dumps(rules.typeset(words | {"fonts": fonts}), ensure_ascii=False)}
    return house | {name: _drawing(letter[name]) for name in ("logo", "signature")}


def _drawing(path: str) -> str:
    """The SVG of a picture of the settings; empty without one."""
    return _read(path, Path(path).stat().st_mtime_ns) if path else ""


@cache
def _read(path: str, _changed: int) -> str:
    content = Path(path).read_bytes()
    return content.decode() if path.lower().endswith(".svg") else svg_around(content)


def svg_around(picture: bytes) -> str:
    """Wrap a picture in an SVG, as PNG: typst then takes every picture alike, as text."""
    with Image.open(BytesIO(picture)) as image:
        width, height = image.size
        png = BytesIO()
        image.convert("RGBA").save(png, "PNG")
    data = base64.b64encode(png.getvalue()).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{data}"/></svg>'
    )
