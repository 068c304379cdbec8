"""The engine of all documents: a template, the data it shows, and the PDF that comes out (tagged, PDF/UA-1).

What people typed reaches typst as JSON, never as source: no text can be read as an instruction. Templates are ours, in
`templates/documents`; typst reads nothing outside that folder, and no package is ever fetched.
Source: docs/decisions/0009-documents.md
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast

import typst
from django.conf import settings
from PIL import Image

from circo.documents import rules
from circo.errors import Refusal

FOLDER = Path(settings.BASE_DIR) / "templates/documents"
FONTS = ("Libertinus Serif", "DejaVu Sans Mono")  # in the wheel; the second for what the first cannot draw
SHOWN = ("authority", "subline", "address", "contact", "city", "signatory", "quality", "logo_alt")  # of settings.LETTER
TRIES = 4  # characters without a glyph are found one after another; then all rare ones are replaced at once
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
_RARE = re.compile(
    r"[^\n\t -~\u00a0-\u024f\u1e00-\u1eff\u2010-\u2026\u202f\u2030\u20ac\u2190-\u2193\u2610\u2611\u2713\ufffd]"
)
_lock = threading.Lock()  # a compiler serves one call at a time


@cache
def _compiler(fonts_folder: str) -> typst.Compiler:
    return typst.Compiler(
        root=FOLDER,
        font_paths=[fonts_folder] if fonts_folder else [],
        ignore_system_fonts=True,  # the same letter on every machine
        package_path=FOLDER,  # and none lies there
        package_cache_path=FOLDER,
    )


def render(template: str, data: Mapping[str, object]) -> bytes:
    """Typeset one document: `template` names a file of `templates/documents`, `data` what it shows (with a `title`).

    Raises: Refusal if there is too much to print.
    """
    return render_all(template, str(data["title"]), [data])


def render_all(
    template: str, title: str, letters: Sequence[Mapping[str, object]], most: int = rules.CHARACTERS_MAX
) -> bytes:
    """Typeset letters of one kind as one document, each counting its own pages.

    Raises: Refusal if there is too much to print.
    """
    written = json.dumps([rules.ready(letter) for letter in letters], ensure_ascii=False)
    if len(written) > most:
        raise Refusal("Il y a trop de texte pour être mis en page en une fois.")
    inputs = _house() | {"template": template, "title": _RARE.sub(rules.UNPRINTABLE, rules.readable(title))}
    for _ in range(TRIES):
        try:
            return _compile(inputs | {"letters": written})
        except typst.TypstError as error:
            if not (missing := _NO_GLYPH.search(str(error))):
                raise
            written = _without(written, missing[1])
    return _compile(inputs | {"letters": _RARE.sub(rules.UNPRINTABLE, written)})


def _compile(inputs: dict[str, str]) -> bytes:
    with _lock:
        pdf = _compiler(settings.LETTER["fonts"]).compile(
            FOLDER / "main.typ",
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=datetime.now(UTC).replace(microsecond=0),
            sys_inputs=inputs,
        )
    return cast(bytes, pdf)


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
