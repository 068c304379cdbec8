"""Folders of the storage, each of which holds the files of one row and bears its number."""

from __future__ import annotations

from collections.abc import Collection

from django.core.files.storage import default_storage


def remove(folder: str) -> None:
    """Delete what a folder holds, then the folder itself where the storage has any."""
    _, files = default_storage.listdir(folder) if default_storage.exists(folder) else ([], [])
    for name in files:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)


def remove_orphans(parent: str, known: Collection[str]) -> None:
    """Remove the folders of `parent` whose names are not among the `known` ones."""
    folders, _ = default_storage.listdir(parent) if default_storage.exists(parent) else ([], [])
    for name in set(folders) - set(known):
        remove(f"{parent}/{name}")
