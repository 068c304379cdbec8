"""The words of tus 1.0, the protocol of resumable uploads: what its headers say. No bytes and no rows here.

Source: https://tus.io/protocols/resumable-upload (creation, creation-with-upload, checksum, expiration, termination)
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
CHECKSUMS = ("sha1", "sha256")
CHUNK_TYPE = "application/offset+octet-stream"
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)


class BadHeader(ValueError):
    """A header that the protocol does not know; the message is for developers of clients."""


@dataclass(frozen=True)
class Checksum:
    algorithm: str
    digest: bytes


def number(headers: Mapping[str, str], name: str) -> int:
    """Read a header that holds a whole number of bytes.

    Raises: BadHeader if it is absent, signed, or no number.
    """
    value = headers.get(name, "")
    if not _NUMBER.fullmatch(value):
        raise BadHeader(f"{name} must be a number of bytes")
    return int(value)


def checksum(headers: Mapping[str, str]) -> Checksum | None:
    """Read `Upload-Checksum`, if there is one.

    Raises: BadHeader for an algorithm that is not offered, or a digest that is not base64.
    """
    value = headers.get("Upload-Checksum")
    if value is None:
        return None
    algorithm, _, digest = value.partition(" ")
    if algorithm not in CHECKSUMS:
        raise BadHeader(f"Upload-Checksum knows {', '.join(CHECKSUMS)}")
    return Checksum(algorithm, _decode(digest, "Upload-Checksum"))


def metadata(headers: Mapping[str, str]) -> dict[str, str]:
    """Read `Upload-Metadata`: pairs of a key and a base64 value.

    Raises: BadHeader if a value is not base64.
    """
    pairs = (pair.split() for pair in headers.get("Upload-Metadata", "").split(",") if pair.strip())
    return {
        pair[0]: _decode(pair[1] if len(pair) > 1 else "", "Upload-Metadata").decode("utf-8", "replace")
        for pair in pairs
    }


def _decode(value: str, name: str) -> bytes:
    try:
        return base64.b64decode(value.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadHeader(f"{name} must be base64") from error
