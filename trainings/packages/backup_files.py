"""The files of a course backup: which ones it lists, and those of them that a path may take."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field

from circo.archives import MIB, Archive, elements
from circo.attaching import rules as attaching
from circo.errors import Refusal
from trainings.outlines import File
from trainings.packages.backup_bank import text_of
from trainings.packages.moodle_xml import number

INDEX = "files.xml"
FILES_MAX = 200 * MIB  # all that a path may take at once
SUMMARY = "course/section"  # the area of the files that the presentation of a section shows

NO_FILE = "«\u00a0{}\u00a0» n’est pas dans la sauvegarde."
DAMAGED = "«\u00a0{}\u00a0» n’est pas repris\u00a0: son contenu est abîmé."
TOO_HEAVY = "«\u00a0{}\u00a0» n’est pas repris\u00a0: il dépasse 10\u00a0Mo."
TOO_MANY_FILES = "«\u00a0{}\u00a0» n’est pas repris\u00a0: les fichiers du cours dépassent ensemble 200\u00a0Mo."


@dataclass(frozen=True)
class Stored:
    """A file of the course, as `files.xml` tells it."""

    content_hash: str
    area: str
    item: str
    path: str  # in its area, from "/"
    size: int

    @property
    def name(self) -> str:
        return attaching.shown_name(self.path)


@dataclass
class Files:
    """The files that texts and activities may show, by the context or the section to which they belong."""

    archive: Archive
    by_context: dict[str, list[Stored]] = field(default_factory=lambda: defaultdict(list))
    by_section: dict[str, list[Stored]] = field(default_factory=lambda: defaultdict(list))
    weight: int = 0  # bytes taken

    def take(self, stored: Stored, alt: str = "") -> File | str:
        """Return a file with its content; or why not, if it may not be attached, or is not what the course says.

        Raises: Refusal if the archive is hostile.
        """
        name = stored.name
        path = f"files/{stored.content_hash[:2]}/{stored.content_hash}"
        if stored.size > attaching.BYTES_MAX:
            return TOO_HEAVY.format(name)
        if self.weight + stored.size > FILES_MAX:
            return TOO_MANY_FILES.format(name)
        if path not in self.archive.names:
            return NO_FILE.format(name)
        content = self.archive.read(path, at_most=attaching.BYTES_MAX)
        if hashlib.sha1(content, usedforsecurity=False).hexdigest() != stored.content_hash:
            return DAMAGED.format(name)
        try:
            attaching.kind_of(content)
        except Refusal as refusal:
            return f"«\u00a0{name}\u00a0» n’est pas repris. {refusal}"
        self.weight += len(content)
        return File(name, content, alt[:300])


def listed(archive: Archive) -> Files:
    """List the files of a course."""
    files = Files(archive)
    if INDEX not in archive.names:
        return files
    for node in elements(archive.open(INDEX), "file"):
        content_hash, name = text_of(node, "contenthash"), text_of(node, "filename")
        component = text_of(node, "component").removeprefix("mod_")
        area = f"{component}/{text_of(node, 'filearea')}"
        if name in ("", ".") or not re.fullmatch(r"[0-9a-f]{40}", content_hash) or "/" not in area:
            continue
        if not area.endswith(("/content", "/intro")) and area != SUMMARY:
            continue
        path = (text_of(node, "filepath") or "/") + name
        stored = Stored(content_hash, area, text_of(node, "itemid"), path, int(number(text_of(node, "filesize"))))
        owner = files.by_section[stored.item] if area == SUMMARY else files.by_context[text_of(node, "contextid")]
        owner.append(stored)
    return files
