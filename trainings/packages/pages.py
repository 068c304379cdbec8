"""What packages for other platforms have in common: pages that stand alone, files under safe names, and a zip that is
always the same for the same path."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from django.template.loader import render_to_string
from django.utils.text import slugify

from circo.writing import to_html
from trainings.outlines import File, FilmLink, Module, Step
from trainings.paths.rules import StepKind
from trainings.quizzes.rules import Question, QuestionKind, folded

ASSETS = Path(__file__).parent / "assets"
STYLE = "commun/parcours.css"
SCRIPT = "commun/parcours.js"
THEN = (1980, 1, 1, 0, 0, 0)  # the day of every file: the same path gives the same bytes

_PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}
_DOCUMENTS = {"pdf", "odt", "ods", "odp", "docx", "xlsx", "pptx", "txt", "vtt", "mp3", "ics"}
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What a learner does on the platform and nowhere else.
ELSEWHERE = {
    StepKind.LOG: "Écrivez-le dans votre journal de bord, sur la plateforme Les partages, ou dans un cahier.",
    StepKind.GRID: "La grille se remplit sur la plateforme Les partages.",
    StepKind.DEPOSIT: "Le film se dépose sur la plateforme Les partages.",
    StepKind.VISIT: "La visite se choisit sur la plateforme Les partages.",
    StepKind.SALON: "Le salon se trouve sur la plateforme Les partages.",
    StepKind.MEETING: "La date et le lieu de la rencontre sont sur la plateforme Les partages.",
    StepKind.PACKAGE: "Cette activité se fait sur la plateforme Les partages.",
}


@dataclass(frozen=True)
class Attached:
    """A file of a step in a package: where it is, from the root, and what it is called."""

    path: str
    name: str
    alt: str
    is_picture: bool


class Package:
    """A zip that is being written. A file that several steps show is there once."""

    def __init__(self, target: IO[bytes]):
        self.zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self.attached: dict[str, Attached] = {}

    def write(self, path: str, content: str | bytes) -> None:
        info = zipfile.ZipInfo(path, THEN)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        self.zip.writestr(info, content)

    def attach(self, files: Sequence[File]) -> list[Attached]:
        """Write the files of a step, and say where."""
        return [self._attach(file) for file in files]

    def _attach(self, file: File) -> Attached:
        digest = hashlib.sha256(file.content).hexdigest()
        if digest not in self.attached:
            suffix, is_picture = kind_of(file)
            stem = slugify(file.name.rpartition(".")[0] or file.name)[:60] or "fichier"
            path = f"fichiers/{len(self.attached) + 1:03}-{stem}.{suffix}"
            self.write(path, file.content)
            self.attached[digest] = Attached(path, file.name, file.alt, is_picture)
        known = self.attached[digest]
        return replace(known, name=file.name, alt=file.alt)


def kind_of(file: File) -> tuple[str, bool]:
    """The end of the name under which a file travels, and whether it is a picture: never one that a browser runs."""
    for head, suffix in _PICTURES.items():
        if file.content.startswith(head):
            return suffix, True
    suffix = file.name.rpartition(".")[2].lower()
    return (suffix if suffix in _DOCUMENTS else "bin"), False


def xml_text(text: str) -> str:
    """A text without the signs that XML forbids."""
    return _NO_XML.sub("", text)


def minutes(film: FilmLink) -> int:
    return max(1, round(film.seconds / 60))


def step_page(step: Step, rank: int, files: Sequence[Attached]) -> dict[str, object]:
    """What a page says of a step."""
    return {
        "rank": rank,
        "title": step.title,
        "html": to_html(step.text),
        "pictures": [file for file in files if file.is_picture],
        "documents": [file for file in files if not file.is_picture],
        "films": [{"title": film.title, "url": film.url, "minutes": minutes(film)} for film in step.films],
        "elsewhere": ELSEWHERE.get(step.kind, ""),
        "pass_percent": step.pass_percent,
        "questions": [question_page(question, number) for number, question in enumerate(step.questions, 1)],
    }


def question_page(question: Question, number: int) -> dict[str, object]:
    """What a page asks. Things to put in order are shown in another, always the same."""
    offered = [{"rank": rank, "text": choice.text} for rank, choice in enumerate(question.choices)]
    if question.kind is QuestionKind.ORDER:
        offered = [offered[rank] for rank in mixed(question)]
    return {
        "number": number,
        "kind": question.kind.value,
        "lines": question.text.splitlines(),
        "offered": [] if question.kind is QuestionKind.SHORT else offered,
    }


def mixed(question: Question) -> list[int]:
    """The ranks of what is to be put in order, so that the right order is never the one shown."""
    ranks = list(range(len(question.choices)))
    found = sorted(ranks, key=lambda rank: hashlib.sha256(question.choices[rank].text.encode()).digest())
    return found if found != ranks else [*found[1:], found[0]]


def key_of(question: Question) -> dict[str, object]:
    """What the script of a page needs to tell whether an answer is right, and what to say of it."""
    choices = question.choices
    right = [rank for rank, choice in enumerate(choices) if choice.is_right or question.kind is QuestionKind.ORDER]
    return {
        "kind": question.kind.value,
        "right": [folded(choice.text) for choice in choices] if question.kind is QuestionKind.SHORT else right,
        "said": [choice.feedback for choice in choices],
        "feedback": question.feedback,
    }


def module_page(module: Module, steps: Sequence[dict[str, object]], keys: object) -> str:
    """A whole module as one page, which plays alone or in a platform that speaks SCORM 1.2."""
    return render_to_string("trainings/packages/module.html", {"module": module, "steps": steps, "keys": keys})


def assets() -> dict[str, bytes]:
    """The files that every page of a package uses, by where they go."""
    return {path: (ASSETS / Path(path).name).read_bytes() for path in (STYLE, SCRIPT)}
