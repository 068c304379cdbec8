"""The backup of a M@gistère or Moodle course (`.mbz`): to a path, and what of it was left out.

Taken: sections, pages, labels, tests with the questions of the bank that they ask, files, folders and addresses. What
participants did is never read: neither `users.xml`, nor marks, nor the attempts that follow the questions of a test.
Source: backups written by Moodle 3.11 to 4.5, as ZIP or TAR.GZ; M@gistère runs 4.1.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import IO
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from circo import archives
from circo.archives import MIB, Archive, Limits, elements, whole
from circo.errors import Refusal
from trainings.outlines import File, Module, Outline, Step
from trainings.packages import backup_bank, backup_files, texts
from trainings.packages.backup_bank import Taken, text_of
from trainings.packages.backup_files import NO_FILE, Files, Stored
from trainings.packages.moodle_xml import number
from trainings.packages.rules import LeftOut
from trainings.paths import rules as paths
from trainings.paths.rules import StepKind
from trainings.quizzes import rules as quizzes
from trainings.quizzes.rules import Question

LIMITS = Limits(members=30_000, unpacked=1024 * MIB)
ACTIVITIES_MAX = paths.MODULES_MAX * paths.STEPS_MAX
BACKUP = "moodle_backup.xml"
_HERE = "@@PLUGINFILE@@"

NOT_A_BACKUP = "Ce fichier n’est pas la sauvegarde d’un cours Moodle ou M@gistère."
OTHER_ACTIVITIES = {
    "assign": "un devoir à rendre",
    "attendance": "une feuille de présence",
    "bigbluebuttonbn": "une classe virtuelle",
    "book": "un livre",
    "choice": "un sondage",
    "customcert": "une attestation",
    "data": "une base de données",
    "feedback": "un questionnaire d’avis",
    "forum": "un forum",
    "glossary": "un glossaire",
    "h5pactivity": "une activité H5P",
    "hvp": "une activité H5P",
    "lesson": "une leçon",
    "lti": "un outil extérieur",
    "questionnaire": "un questionnaire",
    "scorm": "un paquet SCORM",
    "survey": "une enquête",
    "via": "une classe virtuelle",
    "wiki": "un wiki",
    "workshop": "un atelier d’évaluation entre pairs",
}
USERS = "la sauvegarde contient des données de participants\u00a0: elles n’ont pas été lues."
LINKS = "des liens vers d’autres pages du cours ne mènent plus nulle part\u00a0: leur texte est gardé."
ELSEWHERE = "des images montrées depuis un autre site ne sont pas reprises."
PLAYED = "un film, un son ou une page intégrés ne sont pas repris."
RANDOM = "des questions tirées au hasard ne sont pas reprises."
NO_QUESTION = "le test n’a plus aucune question\u00a0: il n’est pas repris."
LOST = "une question du test n’est pas dans la sauvegarde."
BAD_ADDRESS = "l’adresse n’est pas celle d’une page web\u00a0: elle n’est pas reprise."
TOO_MANY_ACTIVITIES = f"elle a plus de {ACTIVITIES_MAX} activités\u00a0: les suivantes ne sont pas reprises."
TOO_MANY_SECTIONS = f"un parcours a au plus {paths.MODULES_MAX} modules\u00a0: cette section n’est pas reprise."


def read(file: IO[bytes]) -> tuple[Outline, list[LeftOut]]:
    """Read a course as a path. Raises: Refusal if the file is none, or is hostile."""
    with archives.opened(file, LIMITS) as archive:
        if BACKUP not in archive.names:
            raise Refusal(NOT_A_BACKUP)
        return _Course(archive, backup_files.listed(archive)).outline()


@dataclass
class _Activity:
    kind: str
    title: str
    section: str
    folder: str

    @property
    def place(self) -> str:
        return f"«\u00a0{self.title}\u00a0»"


@dataclass
class _Course:
    archive: Archive
    files: Files
    left_out: list[LeftOut] = field(default_factory=list)
    bank: dict[str, Taken] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)  # the questions of each test, by its folder

    def outline(self) -> tuple[Outline, list[LeftOut]]:
        information = whole(self.archive.open(BACKUP), "information")
        settings = {node.findtext("name"): node.findtext("value") for node in information.iter("setting")}
        if settings.get("users") == "1":
            self._leave("Sauvegarde", USERS)
        by_section = self._activities(information)
        self._read_bank([one for own in by_section.values() for one in own])
        modules: list[Module] = []
        for node in self._sections(information):
            own = _in_order(by_section.get(node.get("id", ""), []), text_of(node, "sequence"))
            for module in self._modules(node, own) if len(modules) < paths.MODULES_MAX else [_unread(node)]:
                if len(modules) < paths.MODULES_MAX:
                    modules.append(module)
                else:
                    self._leave(f"Section «\u00a0{module.title}\u00a0»", TOO_MANY_SECTIONS)
        title, summary = self._course(information)
        return Outline(title, summary, tuple(modules)), self.left_out

    def _activities(self, information: Element) -> dict[str, list[_Activity]]:
        """The activities of each section, as many in all as a path may have steps."""
        found: dict[str, list[_Activity]] = defaultdict(list)
        listed = information.findall("contents/activities/activity")
        if len(listed) > ACTIVITIES_MAX:
            self._leave("Sauvegarde", TOO_MANY_ACTIVITIES)
        for node in listed[:ACTIVITIES_MAX]:
            activity = _activity(node)
            found[activity.section].append(activity)
        return found

    def _leave(self, where: str, why: str) -> None:
        left = LeftOut(where, why)
        if left not in self.left_out[-20:]:
            self.left_out.append(left)

    def _course(self, information: Element) -> tuple[str, str]:
        title = text_of(information, "original_course_fullname")
        summary = ""
        if "course/course.xml" in self.archive.names:
            node = whole(self.archive.open("course/course.xml"), "course")
            title = text_of(node, "fullname") or title
            summary = self._plain("Présentation du cours", text_of(node, "summary"))
        if len(summary) > paths.SUMMARY_MAX:
            self._leave("Présentation du cours", f"elle est coupée à {paths.SUMMARY_MAX} signes.")
        return _short(title) or "Cours repris", summary[: paths.SUMMARY_MAX]

    def _plain(self, where: str, html: str) -> str:
        try:
            return texts.plain(html)
        except Refusal as refusal:
            self._leave(where, str(refusal))
            return ""

    def _sections(self, information: Element) -> list[Element]:
        """The sections in the order of the course."""
        found = []
        for listed in information.iterfind("contents/sections/section"):
            name = f"{_folder(listed)}/section.xml"
            if name in self.archive.names:
                found.append(whole(self.archive.open(name), "section"))
        return sorted(found, key=lambda node: number(text_of(node, "number")))

    def _modules(self, node: Element, activities: list[_Activity]) -> list[Module]:
        """The module of a section, or several of them where it holds more than one may."""
        title = _unread(node).title
        files = self.files.by_section.get(node.get("id", ""), [])
        steps = self._reading(f"Section «\u00a0{title}\u00a0»", title, text_of(node, "summary"), files)
        for activity in activities:
            steps += self._steps(activity)
        parts = [steps[start : start + paths.STEPS_MAX] for start in range(0, len(steps), paths.STEPS_MAX)]
        return [Module(_numbered(title, rank, len(parts)), steps=tuple(part)) for rank, part in enumerate(parts, 1)]

    def _steps(self, activity: _Activity) -> list[Step]:
        name = f"{activity.folder}/{activity.kind}.xml"
        taken = {"page": self._page, "label": self._label, "url": self._url, "quiz": self._quiz}
        taken |= {"resource": self._documents, "folder": self._documents}
        if activity.kind not in taken:
            what = OTHER_ACTIVITIES.get(activity.kind, f"une activité «\u00a0{activity.kind[:40]}\u00a0»")
            self._leave(activity.place, f"{what}\u00a0: cela ne se reprend pas.")
            return []
        if name not in self.archive.names:
            self._leave(activity.place, NO_FILE.format(name))
            return []
        return taken[activity.kind](activity, name)

    def _page(self, activity: _Activity, name: str) -> list[Step]:
        node, files = self._node(activity, name)
        return self._reading(activity.place, activity.title, text_of(node, "content"), files)

    def _label(self, activity: _Activity, name: str) -> list[Step]:
        node, files = self._node(activity, name)
        return self._reading(activity.place, activity.title, text_of(node, "intro"), files)

    def _url(self, activity: _Activity, name: str) -> list[Step]:
        node, files = self._node(activity, name)
        address = text_of(node, "externalurl").strip()
        if not re.match(r"https?://[^\s<>]+$", address, re.I):
            self._leave(activity.place, BAD_ADDRESS)
            return []
        steps = self._reading(activity.place, activity.title, text_of(node, "intro"), files)
        link = f"[{_escaped(activity.title)}](<{address}>)"
        first = steps[0] if steps else Step(StepKind.READING, activity.title)
        return [replace(first, text=f"{first.text}\n\n{link}".strip()), *steps[1:]]

    def _documents(self, activity: _Activity, name: str) -> list[Step]:
        node, files = self._node(activity, name)
        steps = self._reading(activity.place, activity.title, text_of(node, "intro"), files)
        own = [one for one in files if one.area.endswith("/content")]
        taken = [file for one in own if (file := self._take(activity.place, one))]
        if not taken:
            return steps
        first = steps[0] if steps else Step(StepKind.READING, activity.title)
        return [replace(first, files=(*first.files, *taken)), *steps[1:]]

    def _quiz(self, activity: _Activity, name: str) -> list[Step]:
        questions: list[Question] = []
        for key in self.asked.get(activity.folder, []):
            if key not in self.bank:
                self._leave(activity.place, LOST if key else RANDOM)
                continue
            question, left_out = self.bank[key]
            questions += [question] if question else []
            for left in left_out:
                self._leave(f"{activity.place}, {left.where}", left.why)
        if not questions:
            self._leave(activity.place, NO_QUESTION)
            return []
        intro = next(elements(self.archive.open(name), "intro"), None)
        context = _context_of(self.archive, name)
        before = self._reading(activity.place, activity.title, text_of(intro), self.files.by_context.get(context, []))
        parts = [questions[at : at + quizzes.QUESTIONS_MAX] for at in range(0, len(questions), quizzes.QUESTIONS_MAX)]
        return before + [
            Step(
                StepKind.QUIZ,
                _numbered(activity.title, rank, len(parts)),
                questions=tuple(part),
                pass_percent=quizzes.PASS_PERCENT,
            )
            for rank, part in enumerate(parts, 1)
        ]

    def _node(self, activity: _Activity, name: str) -> tuple[Element, list[Stored]]:
        node = whole(self.archive.open(name), "activity")
        found = node.find(activity.kind)
        files = self.files.by_context.get(node.get("contextid", ""), [])
        return (node if found is None else found), files

    def _reading(self, where: str, title: str, html: str, files: list[Stored]) -> list[Step]:
        """What a text says, with the pictures and the files that it names; nothing if it says nothing."""
        if not html.strip():
            return []
        try:
            made = texts.markdown(html)
        except Refusal as refusal:
            self._leave(where, f"son texte n’est pas repris. {refusal}")
            return []
        if made.played:
            self._leave(where, PLAYED)
        taken = self._named_files(where, made, {one.path: one for one in files})
        if not made.markdown and not taken:
            return []
        parts = list(_parts(made.markdown))
        steps = [Step(StepKind.READING, _numbered(title, rank, len(parts)), one) for rank, one in enumerate(parts, 1)]
        return [replace(steps[0], files=taken), *steps[1:]]

    def _named_files(self, where: str, made: texts.Text, files: dict[str, Stored]) -> tuple[File, ...]:
        """The pictures that a text shows and the files that it leads to."""
        taken: dict[str, File] = {}
        if any(not link.startswith(_HERE) for link in made.links):
            self._leave(where, LINKS)
        if any(not one.address.startswith(_HERE) for one in made.pictures):
            self._leave(where, ELSEWHERE)
        links = [texts.Picture(link, "") for link in made.links]
        for address, alt in (
            (one.address, one.alt) for one in (*made.pictures, *links) if one.address.startswith(_HERE)
        ):
            path = unquote(address.removeprefix(_HERE).partition("?")[0])
            if path not in files:
                self._leave(where, NO_FILE.format(_short(path.rpartition("/")[2])))
            elif path not in taken and (file := self._take(where, files[path], alt)):
                taken[path] = file
        return tuple(taken.values())

    def _take(self, where: str, stored: Stored, alt: str = "") -> File | None:
        """The content of a file, if it is one of those that may be attached."""
        found = self.files.take(stored, alt)
        if isinstance(found, str):
            self._leave(where, found)
            return None
        return found

    def _read_bank(self, activities: list[_Activity]) -> None:
        for activity in activities:
            name = f"{activity.folder}/quiz.xml"
            if activity.kind == "quiz" and name in self.archive.names:
                self.asked[activity.folder] = list(backup_bank.asked_by(self.archive, name))
        self.bank = backup_bank.taken(self.archive, {key for keys in self.asked.values() for key in keys})


def _context_of(archive: Archive, name: str) -> str:
    """The context of an activity, to which its files belong: an attribute of its first element."""
    head = archive.open(name).read(4096).decode("utf-8", errors="replace")
    found = re.search(r'<activity\b[^>]*\bcontextid="(\d+)"', head)
    return found[1] if found else ""


def _unread(node: Element) -> Module:
    """A section by its title alone."""
    rank = text_of(node, "number")
    return Module(_short(text_of(node, "name")) or ("Présentation" if rank == "0" else f"Section {rank}"))


def _activity(node: Element) -> _Activity:
    kind = re.sub(r"\W", "", text_of(node, "modulename"))
    title = _short(text_of(node, "title")) or "Sans titre"
    return _Activity(kind, title, text_of(node, "sectionid"), _folder(node))


def _folder(node: Element) -> str:
    return text_of(node, "directory").strip("/")


def _in_order(activities: list[_Activity], sequence: str) -> list[_Activity]:
    """The activities of a section in the order that it says; those that it forgets come last."""
    ranks = {key.strip(): rank for rank, key in enumerate(sequence.split(","))}
    return sorted(activities, key=lambda one: ranks.get(one.folder.rpartition("_")[2], len(ranks)))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= paths.TITLE_MAX else f"{text[: paths.TITLE_MAX - 1].rstrip()}…"


def _numbered(title: str, rank: int, count: int) -> str:
    if count < 2:
        return title
    mark = f" ({rank}/{count})"
    return title[: paths.TITLE_MAX - len(mark)] + mark


def _escaped(text: str) -> str:
    return re.sub(r"([\\\[\]*_`<&])", r"\\\1", text)


def _parts(text: str) -> Iterator[str]:
    """A text in pieces that a step may hold, cut between paragraphs where there is one."""
    while len(text) > paths.TEXT_MAX:
        cut = text.rfind("\n\n", 1, paths.TEXT_MAX)
        cut = cut if cut > 0 else paths.TEXT_MAX
        yield text[:cut]
        text = text[cut:].lstrip("\n")
    yield text
