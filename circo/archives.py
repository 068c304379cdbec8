"""Archives that strangers bring: members are counted before they are listed, and read without ever being laid out.

Nothing an archive says of itself is believed: sizes are counted while reading, names are looked at and never used as
paths, and XML is read without DTD nor entities.
"""

from __future__ import annotations

import gzip
import stat
import tarfile
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Protocol
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import iterparse

from circo.errors import Refusal

MIB = 1024 * 1024
CHUNK = 64 * 1024
ENTRY_MAX = 512  # bytes of a line of a zip's index: 46, the name, and what some tools add
HEADER_MAX = 64 * 1024  # bytes that a tar may say of one member
GLOBALS_MAX = 100  # what a tar may say of all its members; git says one thing
RATIO_FLOOR = 16 * MIB  # a small text may shrink a lot
XML_MAX = 64 * MIB
XML_DEPTH_MAX = 60
XML_NODES_MAX = 2_000_000

_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    gzip.BadGzipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,  # a password, or headers nested without end
    NotImplementedError,
    LookupError,
    ValueError,
    OverflowError,
)
UNKNOWN = "Ce fichier n’est pas une archive ZIP ni TAR.GZ."
BROKEN = "Cette archive ne s’ouvre pas\u00a0: elle est abîmée."
TOO_MANY = "Cette archive contient trop de fichiers."
TOO_BIG = "Cette archive est trop grosse une fois décompressée."
BAD_NAME = "Cette archive contient un fichier dont le nom n’est pas admis\u00a0: «\u00a0{}\u00a0»."
NOT_A_FILE = "Cette archive contient autre chose que des fichiers\u00a0: «\u00a0{}\u00a0»."
TWICE = "Cette archive contient deux fois le même fichier\u00a0: «\u00a0{}\u00a0»."
LOCKED = "Cette archive est protégée par un mot de passe."
PACKED_OTHERWISE = "Cette archive est compressée d’une façon qui n’est pas admise."
MISSING = "Il manque un fichier à cette archive\u00a0: «\u00a0{}\u00a0»."
BAD_XML = "Un fichier de cette archive ne se lit pas\u00a0: son XML est abîmé ou n’est pas admis."


class Hostile(Refusal):
    """An archive that no tool of good faith writes."""


@dataclass(frozen=True)
class Limits:
    """What an archive may hold. `unpacked` counts bytes really read, again each time they are; `ratio` compares them
    with the archive's own."""

    members: int = 5000
    unpacked: int = 512 * MIB
    ratio: int = 150
    name: int = 255
    depth: int = 12


class Archive(Protocol):
    """An archive whose members were all looked at."""

    @property
    def names(self) -> frozenset[str]:
        """The files, folders aside."""

    def size(self, name: str) -> int:
        """What a file says to weigh, which is true once it was read whole. Raises: Refusal where it is not there."""

    def open(self, name: str) -> IO[bytes]:
        """Read one file, bit by bit. Raises: Refusal where it is not there; while reading, where it is too much."""

    def read(self, name: str, *, at_most: int) -> bytes:
        """Return one file. Raises: Refusal if it has more than `at_most` bytes."""


@contextmanager
def _damage_is_refused() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise Refusal(BROKEN) from error


@contextmanager
def opened(file: IO[bytes], limits: Limits = Limits()) -> Iterator[Archive]:
    """Open a ZIP or a TAR.GZ by its first bytes, whatever its name.

    Raises: Refusal, also while what it yields is read.
    """
    head = file.read(4)
    packed = file.seek(0, 2)
    file.seek(0)
    budget = _Budget(limits, packed)
    if head[:2] == b"\x1f\x8b":
        with tempfile.TemporaryFile() as spool:
            with _damage_is_refused():
                archive: Archive = _Tar(file, spool, limits, budget)
            yield archive
    elif head == b"PK\x03\x04":
        with _damage_is_refused():
            archive = _Zip(file, limits, budget)
        yield archive
    else:
        raise Refusal(UNKNOWN)


class _Budget:
    """How much may still be unpacked."""

    def __init__(self, limits: Limits, packed: int):
        self.left = min(limits.unpacked, max(limits.ratio * packed, RATIO_FLOOR))

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Hostile(TOO_BIG)


class _Wary:
    """A file of which nobody reads much at once: what lists an archive would load any index that it announces."""

    def __init__(self, file: IO[bytes], at_once: int):
        self._file = file
        self._at_once = at_once
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        if size > self._at_once:
            raise Hostile(TOO_MANY)
        found = self._file.read(self._at_once + 1 if size < 0 else size)
        if len(found) > self._at_once:
            raise Hostile(TOO_MANY)
        return found

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        """The file is its owner's to close."""


def _at_once(limits: Limits) -> int:
    return max(limits.members * ENTRY_MAX, 256 * 1024)


class _Reading:
    """One member, read within the archive's budget, and found shorter than it said if it is."""

    def __init__(self, stream: IO[bytes], budget: _Budget, size: int):
        self._stream, self._budget, self._left = stream, budget, size

    def read(self, size: int = -1) -> bytes:
        with _damage_is_refused():
            found = self._stream.read(CHUNK if size < 0 else min(size, CHUNK))
        self._budget.spend(len(found))
        self._left -= len(found)
        if not found and size and self._left > 0:
            raise Refusal(BROKEN)
        return found


class _Members:
    """The names of an archive, looked at one by one as they come."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self.seen: set[str] = set()
        self.count = 0

    def take(self, name: str, *, is_folder: bool) -> str:
        """Return the name of a member as it is asked for. Raises: Refusal."""
        self.count += 1
        if self.count > self.limits.members:
            raise Hostile(TOO_MANY)
        kept = unicodedata.normalize("NFC", name.removesuffix("/") if is_folder else name)
        kept = kept.removeprefix("./")
        if is_folder and kept in ("", "."):
            return ""
        parts = kept.split("/")
        odd = any(unicodedata.category(sign)[0] == "C" for sign in kept) or "\\" in kept or ":" in parts[0]
        if odd or {"", ".", ".."} & set(parts) or len(kept) > self.limits.name or len(parts) > self.limits.depth:
            raise Hostile(BAD_NAME.format(_shown(name)))
        if kept.casefold() in self.seen:
            raise Hostile(TWICE.format(_shown(name)))
        self.seen.add(kept.casefold())
        return kept


def _shown(name: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in name[:80])


class _Base:
    names: frozenset[str]

    def size(self, name: str) -> int:
        raise NotImplementedError

    def open(self, name: str) -> IO[bytes]:
        raise NotImplementedError

    def read(self, name: str, *, at_most: int) -> bytes:
        stream, found = self.open(name), bytearray()
        while chunk := stream.read(CHUNK):
            found += chunk
            if len(found) > at_most:
                raise Hostile(TOO_BIG)
        return bytes(found)


class _Zip(_Base):
    def __init__(self, file: IO[bytes], limits: Limits, budget: _Budget):
        self._archive = zipfile.ZipFile(_Wary(file, _at_once(limits)))  # type: ignore[arg-type]
        self._budget = budget
        members = _Members(limits)
        self._found: dict[str, zipfile.ZipInfo] = {}
        for info in self._archive.infolist():
            name = members.take(info.orig_filename, is_folder=info.is_dir())
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in (0, stat.S_IFDIR if info.is_dir() else stat.S_IFREG):
                raise Hostile(NOT_A_FILE.format(_shown(info.filename)))
            if info.flag_bits & 0x41:
                raise Refusal(LOCKED)
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Refusal(PACKED_OTHERWISE)
            if not info.is_dir():
                self._found[name] = info
        self.names = frozenset(self._found)

    def _info(self, name: str) -> zipfile.ZipInfo:
        if name not in self._found:
            raise Refusal(MISSING.format(_shown(name)))
        return self._found[name]

    def size(self, name: str) -> int:
        return self._info(name).file_size

    def open(self, name: str) -> IO[bytes]:
        info = self._info(name)
        with _damage_is_refused():
            return _Reading(self._archive.open(info), self._budget, info.file_size)  # type: ignore[return-value]


class _Unpacking:
    """A stream that is unpacked into a spool while somebody lists what is in it."""

    def __init__(self, file: IO[bytes], spool: IO[bytes], budget: _Budget):
        self._stream = gzip.GzipFile(fileobj=file, mode="rb")
        self._spool, self._budget = spool, budget

    def read(self, size: int) -> bytes:
        found = self._stream.read(size)
        self._budget.spend(len(found))
        self._spool.write(found)
        return found


class _WaryInfo(tarfile.TarInfo):
    """A header whose continuation, as a long name, is never longer than a name may be. A file with holes says where
    they are for as long as it likes: nothing of that is read."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) and self.size > HEADER_MAX:
            raise Hostile(BAD_NAME.format(_shown(self.name)))
        if len(archive.pax_headers) > GLOBALS_MAX:
            raise Hostile(TOO_MANY)
        return super()._proc_member(archive)  # type: ignore[misc, no-any-return]

    def _proc_sparse(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        raise Hostile(NOT_A_FILE.format(_shown(self.name)))

    def _proc_gnusparse_10(self, member: tarfile.TarInfo, *_: object) -> None:
        raise Hostile(NOT_A_FILE.format(_shown(member.name)))


class _Tar(_Base):
    """What is unpacked goes to an unnamed file as it is listed: too many members are refused before the last comes."""

    def __init__(self, file: IO[bytes], spool: IO[bytes], limits: Limits, budget: _Budget):
        self._spool = spool
        self._budget = _Budget(limits, limits.unpacked)
        self._found: dict[str, tuple[int, int]] = {}
        members = _Members(limits)
        unpacking = _Unpacking(file, spool, budget)
        with tarfile.open(fileobj=unpacking, mode="r|", tarinfo=_WaryInfo) as archive:  # type: ignore[call-overload]
            while info := archive.next():
                name = members.take(info.name, is_folder=info.isdir())
                if info.issparse() or not (info.isreg() or info.isdir()):
                    raise Hostile(NOT_A_FILE.format(_shown(info.name)))
                if info.isreg():
                    self._found[name] = (info.offset_data, info.size)
                if archive.offset > limits.unpacked:  # where the next one is: it would look for it beyond the end
                    raise Hostile(TOO_BIG)
                archive.members.clear()  # it would keep them all
        while unpacking.read(CHUNK):  # to the end, where the checksum is
            pass
        self.names = frozenset(self._found)

    def _place(self, name: str) -> tuple[int, int]:
        if name not in self._found:
            raise Refusal(MISSING.format(_shown(name)))
        return self._found[name]

    def size(self, name: str) -> int:
        return self._place(name)[1]

    def open(self, name: str) -> IO[bytes]:
        at, size = self._place(name)
        return _Reading(_Slice(self._spool, at, size), self._budget, size)  # type: ignore[arg-type, return-value]


class _Slice:
    """A part of a file. Several may be read in turns."""

    def __init__(self, file: IO[bytes], at: int, size: int):
        self._file, self._at, self._left = file, at, size

    def read(self, size: int) -> bytes:
        self._file.seek(self._at)
        found = self._file.read(min(size, self._left))
        self._at += len(found)
        self._left -= len(found)
        return found


def elements(source: IO[bytes] | bytes, *tags: str) -> Iterator[Element]:
    """Yield each whole element of these tags; what is outside them is forgotten as it passes.

    Raises: Refusal for XML that is broken, declares a type or an entity, is too deep or too long.
    """
    stream = _Measured(BytesIO(source) if isinstance(source, bytes) else source)
    path: list[Element] = []
    wanted = count = 0
    try:
        for event, node in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                path.append(node)
                wanted += node.tag in tags
                count += 1
                if len(path) > XML_DEPTH_MAX or count > XML_NODES_MAX:
                    raise Refusal(BAD_XML)
                continue
            path.pop()
            if node.tag in tags:
                wanted -= 1
                if not wanted:
                    yield node
            if not wanted:
                node.clear()
                if path:
                    path[-1].remove(node)
    except (ParseError, LookupError, ValueError) as error:  # defusedxml's own errors are ValueErrors
        raise Refusal(BAD_XML) from error


class _Measured:
    def __init__(self, stream: IO[bytes]):
        self._stream, self._left = stream, XML_MAX

    def read(self, size: int = -1) -> bytes:
        found = self._stream.read(CHUNK)
        self._left -= len(found)
        if self._left < 0:
            raise Hostile(TOO_BIG)
        return found


def whole(source: IO[bytes] | bytes, tag: str) -> Element:
    """Return the first element of this tag, whole. Raises: Refusal, also if there is none."""
    for found in elements(source, tag):
        return found
    raise Refusal(BAD_XML)
