"""Where the files of films lie, on this machine's disk or in a bucket: whoever makes, reads or removes one passes here.

A key is a name of Django's storage, the same in both places: `films/<film>/<output>/poster.jpg`.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.core.files.storage import default_storage

from circo import bucket
from videos import paths, rules, sources
from videos.models import Upload


def publish(folder: Path, prefix: str) -> None:
    """Put the files of `folder` under `prefix`, in place of all that lies there. The folder is gone afterwards.

    When this returns, the files are whole and outlive a power cut: a row may name them.
    Raises: Outside if the bucket fails.
    """
    if bucket.is_used():
        _publish_in_bucket(folder, prefix)
        return
    for file in folder.iterdir():
        _sync(file)
    paths.sync_folder(folder)
    target = _path(prefix)
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    folder.rename(target)
    paths.sync_folder(target.parent)


def _publish_in_bucket(folder: Path, prefix: str) -> None:
    files = {f"{prefix}/{file.name}": file for file in sorted(folder.iterdir())}
    for key, file in files.items():
        bucket.put(file, key, rules.media_type(key))
    bucket.delete(key for key in bucket.keys(f"{prefix}/") if key not in files)
    shutil.rmtree(folder)


def put(path: Path, key: str) -> None:
    """Put one file under `key`, in place of the one that lies there. `path` is gone afterwards.

    When this returns, the file is whole and outlives a power cut: a row may name it.
    Raises: Outside if the bucket fails.
    """
    if bucket.is_used():
        bucket.put(path, key, rules.media_type(key))
        path.unlink()
        return
    _sync(path)
    target = _path(key)
    target.parent.mkdir(parents=True, exist_ok=True)
    path.rename(target)
    paths.sync_folder(target.parent)


def put_all(folder: Path, names: Iterable[str], prefix: str) -> None:
    """Put some files of `folder` under `prefix`, each in place of the one of its name. They are gone from `folder`
    afterwards.

    When this returns, the files are whole and outlive a power cut: a row may name them.
    Raises: Outside if the bucket fails.
    """
    if bucket.is_used():
        for name in names:
            put(folder / name, f"{prefix}/{name}")
        return
    target = _path(prefix)
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        _sync(folder / name)
        (folder / name).rename(target / name)
    paths.sync_folder(target)


def fetch(key: str, file: BinaryIO) -> None:
    """Copy what lies under `key` into `file`.

    Raises: FileNotFoundError if nothing does; Outside if the bucket fails.
    """
    if bucket.is_used():
        bucket.copy(key, file)
        return
    with _path(key).open("rb") as stored:
        shutil.copyfileobj(stored, file)


def sizes(prefix: str) -> dict[str, int]:
    """The size in bytes of each file right under the folder `prefix`, by its name there."""
    if bucket.is_used():
        return {key.removeprefix(f"{prefix}/"): size for key, size in bucket.sizes(f"{prefix}/").items()}
    return {file.name: file.stat().st_size for file in _path(prefix).glob("*") if file.is_file()}


def delete(prefix: str) -> None:
    """Remove all that lies under `prefix`, a folder or one file, or was on its way; harmless when there is nothing.

    Raises: Outside if the bucket fails.
    """
    if not prefix.strip("/"):
        raise ValueError("a prefix is needed: everything lies under none")
    if bucket.is_used():
        bucket.abort_all(f"{prefix}/")  # what a killed worker had begun to send
        bucket.delete([prefix, *bucket.keys(f"{prefix}/")])
        return
    target = _path(prefix)
    if target.is_file():
        target.unlink(missing_ok=True)
    else:
        shutil.rmtree(target, ignore_errors=True)


def keys(prefix: str) -> list[str]:
    """List every key under the folder `prefix`, in order."""
    if bucket.is_used():
        return bucket.keys(f"{prefix}/")
    root = _path("")
    return sorted(str(file.relative_to(root)) for file in _path(prefix).rglob("*") if file.is_file())


def older(prefix: str, than: datetime) -> list[str]:
    """List the keys under the folder `prefix` of files written before `than`."""
    if bucket.is_used():
        return bucket.older(f"{prefix}/", than)
    return [key for key in keys(prefix) if _written_at(key) < than.timestamp()]


def _written_at(key: str) -> float:
    try:
        return _path(key).stat().st_mtime
    except FileNotFoundError:  # removed meanwhile
        return math.inf


def source_file(upload: Upload) -> AbstractContextManager[Path]:
    """Give the bytes of an upload as a file of this machine, to be read only, and only inside.

    Raises: FileNotFoundError if they are not there any more; Outside if the bucket fails.
    """
    return sources.copy_of(upload) if bucket.is_used() else _source_on_disk(upload)


@contextmanager
def _source_on_disk(upload: Upload) -> Iterator[Path]:
    file = paths.source(upload.pk)
    if not file.exists():
        raise FileNotFoundError(file)
    yield file


def _path(key: str) -> Path:
    return Path(default_storage.path(key))


def _sync(file: Path) -> None:
    with file.open("rb") as kept:
        os.fsync(kept.fileno())
