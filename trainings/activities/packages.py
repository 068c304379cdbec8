"""H5P packages, read where they are stored: checked whole when they come, then one file at a time, never laid out."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from django.core.files.storage import default_storage

from circo import archives, bucket
from circo.archives import CHUNK, Archive
from circo.errors import Refusal
from trainings import documents
from trainings.activities import rules
from trainings.activities.rules import Library
from trainings.paths.rules import H5P


def check(file: IO[bytes]) -> None:
    """Read a package whole: what it holds, what it asks for, and each byte of it once.

    Raises: Refusal that says what is wrong; Hostile for what no H5P tool writes.
    """
    is_zip = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    if not is_zip:
        raise Refusal(rules.NO_PACKAGE)
    with archives.opened(file, rules.LIMITS) as archive:
        rules.check_names(sorted(archive.names))
        told = _json(archive, rules.INDEX)
        _json(archive, rules.CONTENT)
        rules.main_library(told)
        _check_libraries(archive, rules.libraries_of(rules.INDEX, told))
        for name in sorted(archive.names):  # what its index says of sizes is true from here on
            stream = archive.open(name)
            while stream.read(CHUNK):
                pass


def _json(archive: Archive, name: str) -> dict[str, Any]:
    if name not in archive.names:
        raise Refusal(rules.NO_INDEX.format(name))
    return rules.read_json(name, archive.read(name, at_most=rules.JSON_MAX))


def _check_libraries(archive: Archive, asked: list[Library]) -> None:
    """Follow what libraries ask of one another, as the player does; a circle is walked once."""
    known: set[Library] = set()
    versioned = f"{asked[0].folder(versioned=True)}/{rules.LIBRARY}" in archive.names
    while asked:
        library = asked.pop()
        if library in known:
            continue
        known.add(library)
        folder = library.folder(versioned=versioned)
        where = f"{folder}/{rules.LIBRARY}"
        if where not in archive.names:
            raise Refusal(rules.NO_LIBRARY.format(library.folder(versioned=True)))
        told = _json(archive, where)
        for path in rules.files_of(where, told):
            if f"{folder}/{path}" not in archive.names:
                raise Refusal(rules.NO_PART.format(path[-80:], library.name))
        asked += rules.libraries_of(where, told)


class Member:
    """One file of a stored package, read from any place on, as `circo.streaming` asks; it closes the package."""

    def __init__(self, package: IO[bytes], archive: Archive, name: str):
        self._package, self._archive, self._name = package, archive, name
        self.size = archive.size(name)
        self._stream = archive.open(name)

    def seek(self, offset: int) -> None:
        while offset > 0:
            offset -= len(self._stream.read(min(offset, CHUNK)))

    def read(self, size: int) -> bytes:
        return self._stream.read(size)

    def close(self) -> None:
        self._package.close()


def member(sha256: str, name: str) -> Member:
    """Open one file of a stored package.

    Raises: FileNotFoundError if the package is gone, or has no such file for a browser.
    """
    package = _stored(documents.key_of(sha256, H5P))
    try:
        with archives.opened(package, rules.LIMITS) as archive:
            if name not in archive.names or rules.is_left_aside(name):
                raise FileNotFoundError(name)
            return Member(package, archive, name)
    except BaseException:
        package.close()
        raise


def _stored(key: str) -> IO[bytes]:
    return bucket.opened(key) if bucket.is_used() else Path(default_storage.path(key)).open("rb")
