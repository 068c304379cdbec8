"""Pure rules of attached documents: what may be attached, and how its kind is told."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from enum import StrEnum
from io import BytesIO

from circo.errors import Refusal

BYTES_MAX = 10 * 1024 * 1024
UNPACKED_MAX = 60 * 1024 * 1024  # of what a text document says it holds: beyond, it is a bomb
MEMBERS_MAX = 2000


class Kind(StrEnum):
    """What an attached document is, by its content."""

    PDF = "pdf"
    PICTURE = "jpg"
    ODT = "odt"
    DOCX = "docx"


KIND_LABELS = {Kind.PDF: "PDF", Kind.PICTURE: "image", Kind.ODT: "texte ODT", Kind.DOCX: "texte DOCX"}
ODT_TYPE = b"application/vnd.oasis.opendocument.text"
CONTENT_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.PICTURE: "image/jpeg",
    Kind.ODT: ODT_TYPE.decode(),
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
UNKNOWN = "Joignez un PDF, une image (JPEG ou PNG), ou un texte (ODT ou DOCX)."
ACTIVE = "Ce texte contient une macro\u00a0: enregistrez-le sans elle, ou en PDF."


def shown_name(name: str) -> str:
    """What is shown of a client's file name: no folder, no control or direction character."""
    base = re.split(r"[/\\]", name)[-1]
    return "".join(sign for sign in base if unicodedata.category(sign)[0] != "C").strip()


def kind_of(content: bytes) -> Kind:
    """Tell what a document is by its content alone: its name and its declared type say nothing.

    Raises: Refusal if it is none of those that may be attached, holds a macro, or unpacks to too much.
    """
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return Kind.PDF
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return Kind.PICTURE
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    raise Refusal(UNKNOWN)


def _kind_of_archive(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MEMBERS_MAX or sum(member.file_size for member in members) > UNPACKED_MAX:
                raise Refusal("Ce document est trop lourd une fois ouvert.")
            names = {member.filename for member in members}
            if any("vbaproject" in name.lower() or name.startswith(("Basic/", "Scripts/")) for name in names):
                raise Refusal(ACTIVE)
            if members[0].filename == "mimetype" and archive.read("mimetype") == ODT_TYPE:
                return Kind.ODT
    except (zipfile.BadZipFile, IndexError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        raise Refusal(UNKNOWN) from error
    if {"[Content_Types].xml", "word/document.xml"} <= names:
        return Kind.DOCX
    raise Refusal(UNKNOWN)
