"""Objects of the bucket (S3) where production keeps films: each is checked by its MD5, each answer may be lost.

What fails (500, silence), arrives cut or altered, or is answered to nobody is asked again; whatever is done twice is
done once. A bucket must not encrypt with customer keys (SSE-C, SSE-KMS): its ETags would be no MD5 any more.
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from circo.errors import Outside

logger = logging.getLogger(__name__)

PART = 8 * 1024**2  # bytes of one part; S3 asks for 5 MiB at least
READ_AT_ONCE = 256 * 1024  # of an object that is read here and there
ATTEMPTS = 5
FAILED = "Le dépôt des films ne répond pas comme il faut. Un nouvel essai aura lieu dans un moment."
NOT_FOUND = ("404", "NoSuchKey", "NotFound")
DAMAGED_ON_THE_WAY = ("BadDigest", "IncompleteBody", "RequestTimeout")  # a refusal, and yet worth another try


@dataclass(frozen=True)
class Part:
    """One part of an object, as the bucket has confirmed it. The ETag is the MD5 of its bytes."""

    etag: str
    size: int


class Damaged(Exception):
    """What the bucket holds, or sent, is not what was expected."""


def is_used() -> bool:
    """Tell whether films lie in a bucket, rather than on this machine's disk."""
    return bool(settings.S3["bucket"])


@cache
def _client(endpoint: str, access_key: str, secret_key: str, region: str) -> Any:
    # One for all threads: making one costs more than what it is asked.
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        retries={"total_max_attempts": 1},  # `attempt` does it: it also sees what arrived altered
        connect_timeout=5,
        read_timeout=20,
        max_pool_connections=32,
        request_checksum_calculation="when_required",  # each write carries its MD5, which every S3 server knows
        response_checksum_validation="when_required",
    )
    keys = {"aws_access_key_id": access_key, "aws_secret_access_key": secret_key}
    return boto3.Session(region_name=region, **keys).client("s3", endpoint_url=endpoint or None, config=config)


def client(*, public: bool = False) -> Any:
    """The client of the bucket; `public`: under the address that browsers know."""
    s3 = settings.S3
    endpoint = s3["public_endpoint"] if public else s3["endpoint"]
    return _client(endpoint, s3["access_key"], s3["secret_key"], s3["region"])


def _where(key: str) -> dict[str, str]:
    return {"Bucket": settings.S3["bucket"], "Key": key}


def attempt[Result](act: Callable[[], Result]) -> Result:
    """Do something with the bucket, and again if it fails or is damaged.

    Raises: Outside when it has failed too often; ClientError for what the bucket refuses (a key that is not there).
    """
    for number in range(ATTEMPTS):
        try:
            return act()
        except FileNotFoundError:
            raise
        except ClientError as error:
            fault: Exception = error
            if _status(error) < 500 and _code(error) not in DAMAGED_ON_THE_WAY:
                raise
        except (BotoCoreError, Damaged, OSError) as error:
            fault = error
        logger.warning("the bucket failed: %s", fault)
        time.sleep(0.1 * 2**number)
    raise Outside(FAILED) from fault


def _status(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"].get("HTTPStatusCode", 500))


def _code(error: ClientError) -> str:
    return str(error.response["Error"].get("Code"))


def put(path: Path, key: str, content_type: str) -> None:
    """Write a file under `key`, checked. Written twice, the object is one.

    Raises: Outside.
    """
    told = {"ContentType": content_type}
    if path.stat().st_size <= PART:
        attempt(lambda: _put_whole(path.read_bytes(), key, told))
        return
    upload_id = begin(key, **told)
    try:
        with path.open("rb") as file:
            blocks = iter(lambda: file.read(PART), b"")
            parts = [send_part(key, upload_id, number, block) for number, block in enumerate(blocks, start=1)]
        complete(key, upload_id, parts)
    except BaseException:
        abort(key, upload_id)
        raise


def _put_whole(content: bytes, key: str, told: dict[str, str]) -> None:
    digest = hashlib.md5(content, usedforsecurity=False)
    checked = {"ContentMD5": base64.b64encode(digest.digest()).decode()}
    _check(client().put_object(**_where(key), Body=content, **checked, **told)["ETag"], digest.hexdigest())


def begin(key: str, **told: str) -> str:
    """Open an object that is sent in parts, and return the name of this sending."""
    return str(attempt(lambda: client().create_multipart_upload(**_where(key), **told))["UploadId"])


def send_part(key: str, upload_id: str, number: int, content: bytes) -> Part:
    """Send one part, checked; sent again, it takes the place of the first.

    Raises: Outside; ClientError if the sending is not open any more.
    """
    part = part_of(content)
    md5 = base64.b64encode(bytes.fromhex(part.etag)).decode()
    which = {"UploadId": upload_id, "PartNumber": number}

    def send() -> None:
        _check(client().upload_part(**_where(key), **which, Body=content, ContentMD5=md5)["ETag"], part.etag)

    attempt(send)
    return part


def part_of(content: bytes) -> Part:
    """What the bucket is to confirm of these bytes."""
    return Part(hashlib.md5(content, usedforsecurity=False).hexdigest(), len(content))


def complete(key: str, upload_id: str, parts: Sequence[Part]) -> None:
    """Make one object of the parts, and check it; harmless when it was done and the answer was lost.

    Raises: Outside.
    """
    listed = [{"ETag": f'"{part.etag}"', "PartNumber": number} for number, part in enumerate(parts, start=1)]

    def end() -> None:
        with _harmless("NoSuchUpload"):  # done already: the answer was lost
            client().complete_multipart_upload(**_where(key), UploadId=upload_id, MultipartUpload={"Parts": listed})
        check(key, parts)

    attempt(end)


def check(key: str, parts: Sequence[Part]) -> None:
    """Raise Damaged unless the object is there, of the size and the sum of these parts."""
    try:
        there = client().head_object(**_where(key))
    except ClientError as error:
        raise Damaged(f"{key}: {error}") from error
    digests = b"".join(bytes.fromhex(part.etag) for part in parts)
    _check(there["ETag"], f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(parts)}")
    if there["ContentLength"] != sum(part.size for part in parts):
        raise Damaged(f"{key}: {there['ContentLength']} bytes")


def _check(etag: str, expected: str) -> None:
    if etag.strip('"') != expected:
        raise Damaged(f"{etag} instead of {expected}")


@contextmanager
def _harmless(*codes: str) -> Iterator[None]:
    """Let pass what S3 refuses under one of these names."""
    try:
        yield
    except ClientError as error:
        if _code(error) not in codes:
            raise


def abort(key: str, upload_id: str) -> None:
    """Give up a sending in parts; harmless when there is none."""
    with _harmless("NoSuchUpload", "404"), suppress(Outside):
        attempt(lambda: client().abort_multipart_upload(**_where(key), UploadId=upload_id))


def fetch(key: str, parts: Sequence[Part], file: BinaryIO) -> None:
    """Write an object into `file`, part by part, each checked.

    Raises: Outside; FileNotFoundError if it is not there.
    """
    first = 0
    for part in parts:
        file.write(attempt(lambda first=first, part=part: _read(key, first, part)))  # type: ignore[misc]
        first += part.size


def _read(key: str, first: int, part: Part) -> bytes:
    content = _range(key, first, part.size)
    _check(hashlib.md5(content, usedforsecurity=False).hexdigest(), part.etag)
    return content


def _range(key: str, first: int, length: int) -> bytes:
    try:
        answer = client().get_object(**_where(key), Range=f"bytes={first}-{first + length - 1}")
        content: bytes = answer["Body"].read()
    except ClientError as error:
        if _code(error) in NOT_FOUND:
            raise FileNotFoundError(key) from error
        raise
    if len(content) != length:
        raise Damaged(f"{key}: {len(content)} bytes of {length}")
    return content


class _Remote(io.RawIOBase):
    """An object of which only what is read is fetched."""

    def __init__(self, key: str, size: int):
        self._key, self._size, self._at = key, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        length = min(len(buffer), self._size - self._at)
        if length <= 0:
            return 0
        buffer[:length] = attempt(lambda: _range(self._key, self._at, length))
        self._at += length
        return length


def opened(key: str) -> io.BufferedReader:
    """Open an object to read parts of it, in any order.

    Raises: Outside, also while it is read; FileNotFoundError if it is not there.
    """
    try:
        there = attempt(lambda: client().head_object(**_where(key)))
    except ClientError as error:
        raise FileNotFoundError(key) from error
    return io.BufferedReader(_Remote(key, there["ContentLength"]), READ_AT_ONCE)


def copy(key: str, file: BinaryIO) -> None:
    """Write an object that `put` made into `file`, checked.

    Raises: Outside; FileNotFoundError if it is not there.
    """
    try:
        there = attempt(lambda: client().head_object(**_where(key)))
    except ClientError as error:
        raise FileNotFoundError(key) from error
    digests, size = [], there["ContentLength"]
    for first in range(0, size, PART):
        content = attempt(lambda first=first: _range(key, first, min(PART, size - first)))  # type: ignore[misc]
        digests.append(hashlib.md5(content, usedforsecurity=False))
        file.write(content)
    if size > PART:
        whole = hashlib.md5(b"".join(one.digest() for one in digests), usedforsecurity=False)
        _same(there["ETag"], f"{whole.hexdigest()}-{len(digests)}")
    elif digests:
        _same(there["ETag"], digests[0].hexdigest())


def _same(etag: str, expected: str) -> None:
    try:
        _check(etag, expected)
    except Damaged as error:
        raise Outside(FAILED) from error


def exists(key: str) -> bool:
    try:
        attempt(lambda: client().head_object(**_where(key)))
    except ClientError as error:
        if _code(error) in NOT_FOUND:
            return False
        raise
    return True


def keys(prefix: str) -> list[str]:
    """Every key that begins with `prefix`, in order."""
    return [one["Key"] for one in _listed("list_objects_v2", "Contents", prefix)]


def sizes(prefix: str) -> dict[str, int]:
    """The size of every object whose key begins with `prefix`."""
    return {one["Key"]: one["Size"] for one in _listed("list_objects_v2", "Contents", prefix)}


def older(prefix: str, than: datetime) -> list[str]:
    """Every key that begins with `prefix`, of an object written before `than`."""
    return [one["Key"] for one in _listed("list_objects_v2", "Contents", prefix) if one["LastModified"] < than]


def _listed(what: str, where: str, prefix: str) -> list[dict[str, Any]]:
    pages = client().get_paginator(what)
    asked = {"Bucket": settings.S3["bucket"], "Prefix": prefix}
    return attempt(lambda: [one for page in pages.paginate(**asked) for one in page.get(where, [])])


def delete(keys: Iterable[str]) -> None:
    """Remove these objects; harmless when they are not there.

    Raises: Outside.
    """
    names = list(keys)
    for start in range(0, len(names), 1000):
        batch = {"Objects": [{"Key": key} for key in names[start : start + 1000]], "Quiet": True}
        attempt(lambda batch=batch: _delete(batch))  # type: ignore[misc]


def _delete(batch: dict[str, Any]) -> None:
    if faults := client().delete_objects(Bucket=settings.S3["bucket"], Delete=batch).get("Errors"):
        raise Damaged(f"not removed: {faults[0]}")


def abort_all(prefix: str) -> None:
    """Give up every sending in parts under `prefix`: one whose opening was never answered has no other name."""
    for one in _listed("list_multipart_uploads", "Uploads", prefix):
        abort(one["Key"], one["UploadId"])


def link(key: str, *, method: str, life_s: int, **told: str) -> str:
    """An address that gives this object to whoever holds it, for `life_s` seconds and no longer."""
    verb = "head_object" if method == "HEAD" else "get_object"
    asked = _where(key) | (told if verb == "get_object" else {})
    return str(client(public=True).generate_presigned_url(verb, Params=asked, ExpiresIn=life_s))
