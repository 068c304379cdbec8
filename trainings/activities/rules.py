"""Pure rules of H5P packages: what one may hold, what its files are to a browser, what it says it needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

from circo.archives import MIB, Hostile, Limits
from circo.errors import Refusal

SUFFIX = "h5p"
BYTES_MAX = 64 * MIB
LIMITS = Limits(members=4000, unpacked=256 * MIB)
JSON_MAX = 4 * MIB
LIBRARIES_MAX = 200
ADDRESS_LIFE = timedelta(hours=4)  # of the address of a package: one sitting


INDEX, CONTENT, LIBRARY = "h5p.json", "content/content.json", "library.json"

# By what H5P itself lets in (its core, `defaultContentWhitelist`), less what browsers have stopped playing.
CONTENT_TYPES = {
    "json": "application/json",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "eot": "application/vnd.ms-fontobject",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "webm": "video/webm",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "vtt": "text/vtt",
    "webvtt": "text/vtt",
    "txt": "text/plain",
    "md": "text/plain",
    "csv": "text/plain",
    "pdf": "application/pdf",
    "glb": "model/gltf-binary",
    "gltf": "model/gltf+json",
}
LIBRARY_TYPES = CONTENT_TYPES | {"js": "text/javascript", "css": "text/css", "map": "application/json"}

NO_PACKAGE = "Ce fichier n’est pas une activité H5P (.h5p)."
TOO_HEAVY = f"Une activité H5P pèse au plus {BYTES_MAX // MIB}\u00a0Mo."
NO_INDEX = "Ce fichier n’est pas une activité H5P\u00a0: «\u00a0{}\u00a0» y manque."
UNREADABLE = "«\u00a0{}\u00a0» ne se lit pas dans cette activité\u00a0: elle est abîmée, ou n’est pas du H5P."
NOT_ADMITTED = "Cette activité contient un fichier d’une sorte qui n’est pas admise\u00a0: «\u00a0{}\u00a0»."
NO_LIBRARY = (
    "Il manque «\u00a0{}\u00a0» à cette activité. Exportez-la d’un outil qui y met ses bibliothèques, comme Lumi ou "
    "Moodle."
)
NO_PART = "Il manque «\u00a0{}\u00a0» à la bibliothèque «\u00a0{}\u00a0» de cette activité."


def is_left_aside(name: str) -> bool:
    """Tell whether H5P itself passes over a file: what systems and editors hide in folders. Nobody is ever sent one."""
    return any(part.startswith((".", "_")) for part in name.split("/"))


def type_of(name: str) -> str | None:
    """Return what a file of a package is to a browser, by where it is and how its name ends; None: not admitted."""
    path = PurePosixPath(name)
    types = CONTENT_TYPES if path.parts[0] == "content" else LIBRARY_TYPES
    if not path.suffix and path.parts[0] != "content" and len(path.parts) > 1:
        return "text/plain"  # LICENSE, README
    return types.get(path.suffix[1:].lower())


def check_names(names: Iterable[str]) -> None:
    """Raises: Hostile for a file that no H5P tool puts in a package, as a web page."""
    for name in names:
        if not is_left_aside(name) and type_of(name) is None:
            raise Hostile(NOT_ADMITTED.format(name[-80:]))


@dataclass(frozen=True)
class Library:
    """A library that a package, or another library, asks for."""

    name: str
    version: str

    def folder(self, *, versioned: bool) -> str:
        """Where it is: a tool of H5P writes all names with their versions, or none."""
        return f"{self.name}-{self.version}" if versioned else self.name


def read_json(name: str, content: bytes) -> dict[str, Any]:
    """Read a JSON file of a package. Raises: Refusal if it holds no object."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Refusal(UNREADABLE.format(name)) from error
    if not isinstance(found, dict):
        raise Refusal(UNREADABLE.format(name))
    return found


def libraries_of(where: str, told: Mapping[str, Any]) -> list[Library]:
    """The libraries that `h5p.json` or a `library.json` asks for. Raises: Refusal if it cannot be read."""
    listed = told.get("preloadedDependencies", [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Refusal(UNREADABLE.format(where))
    if len(listed) > LIBRARIES_MAX:
        raise Hostile(UNREADABLE.format(where))
    return [_library(where, one) for one in listed]


def _library(where: str, told: Mapping[str, Any]) -> Library:
    name, major, minor = (told.get(key) for key in ("machineName", "majorVersion", "minorVersion"))
    numbers = [str(one) for one in (major, minor)]
    is_named = isinstance(name, str) and 0 < len(name) <= 255 and "/" not in name and name not in (".", "..")
    if not is_named or not all(number.isdecimal() and len(number) < 6 for number in numbers):
        raise Refusal(UNREADABLE.format(where))
    return Library(str(name), ".".join(numbers))


def main_library(told: Mapping[str, Any]) -> Library:
    """What `h5p.json` says to play. Raises: Refusal if it is not among what it loads."""
    found = [one for one in libraries_of(INDEX, told) if one.name == told.get("mainLibrary")]
    if not found:
        raise Refusal(UNREADABLE.format(INDEX))
    return found[0]


def files_of(where: str, told: Mapping[str, Any]) -> list[str]:
    """The scripts and styles that a `library.json` loads, by their paths in its folder."""
    found = []
    for key in ("preloadedJs", "preloadedCss"):
        listed = told.get(key) or []
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise Refusal(UNREADABLE.format(where))
        found += [str(one.get("path", "")) for one in listed]
    return [str(PurePosixPath(path)) for path in found]
