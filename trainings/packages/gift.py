"""GIFT, the text in which teachers write questions for Moodle: to our questions, and what is left out line by line.

Source: Moodle's documentation of the format, and how Moodle 4.1 reads it where that is silent: a blank line ends a
question, `//` begins a line of comment, a backslash keeps the sign after it from acting.
No library reads it in Python; those of the registry write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from circo.errors import Refusal
from trainings.packages import texts
from trainings.packages.rules import (
    FALSE,
    QUESTIONS_MAX,
    RIGHT,
    TOO_MANY,
    TRUE,
    Answer,
    Asked,
    LeftOut,
    question_of,
)
from trainings.quizzes.rules import Question

BYTES_MAX = 2 * 1024 * 1024
ANSWERS_READ = 100  # of one question: one that has as many is not taken
BLANK = "_____"  # the word to find, as Moodle shows it

# Signs that act, and the private ones that stand for them while they must not.
_ACTING = {sign: chr(0xE000 + ord(sign)) for sign in ":#={}~\\"} | {"n": "\ue00a"}
_ESCAPED = re.compile(r"\\([:#={}~\\n])")
_STILL = str.maketrans({still: "\n" if sign == "n" else sign for sign, still in _ACTING.items()})
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]", re.I)
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d*)?)%")
_ORDERING = re.compile(r">[^\n]*\n")
UNREADABLE = "Ce fichier n’est pas du texte\u00a0: enregistrez-le en texte simple, codé en UTF-8."
TOO_BIG = "Ce fichier de questions est trop gros\u00a0: il dépasse 2\u00a0Mo."
NO_QUESTION = "Ce fichier ne contient aucune question au format GIFT."
BRACES = "elle n’est pas reprise. Ses accolades ne vont pas par deux."


def read(content: bytes) -> tuple[list[Question], list[LeftOut]]:
    """Read the questions of a GIFT file. Raises: Refusal if it is not one, or too big."""
    questions: list[Question] = []
    left_out: list[LeftOut] = []
    for number, block in _blocks(_decoded(content)):
        where = f"Ligne {number}"
        if len(questions) + len(left_out) >= QUESTIONS_MAX:
            left_out.append(LeftOut(where, TOO_MANY))
            break
        try:
            asked = _asked(block)
        except Refusal as refusal:
            left_out.append(LeftOut(where, f"elle n’est pas reprise. {refusal}"))
            continue
        question, notes = question_of(asked) if asked else (None, [BRACES])
        questions += [question] if question else []
        left_out += [LeftOut(where, note) for note in notes]
    if not questions and not left_out:
        raise Refusal(NO_QUESTION)
    return questions, left_out


def _decoded(content: bytes) -> str:
    if len(content) > BYTES_MAX:
        raise Refusal(TOO_BIG)
    if b"\0" in content:
        raise Refusal(UNREADABLE)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # what Windows writes where nobody chooses


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Each question with the number of its first line; categories and comments aside."""
    lines: list[str] = []
    first = 0
    for number, line in enumerate([*text.splitlines(), ""], 1):
        bare = line.strip()
        if not bare:
            if lines:
                yield first, "\n".join(lines).strip()
            lines = []
        elif lines or not bare.startswith(("//", "$CATEGORY:")):
            first = first if lines else number
            lines.append("" if bare.startswith("//") else line)


def _asked(block: str) -> Asked | None:
    """Take one question apart; None if its braces do not match."""
    block = _ESCAPED.sub(lambda found: _ACTING[found[1]], block)
    name = ""
    if block.startswith("::") and "::" in block[2:]:
        name, _, block = block[2:].partition("::")
        block = block.strip()
    start, end = block.find("{"), block.find("}")
    if start < 0 and end < 0:
        return Asked("description", _text(block, "moodle")[0])
    if start < 0 or end < start:
        return None
    inside, after = block[start + 1 : end].strip(), block[end + 1 :]
    text, how = _text(block[:start] + (BLANK + after if after.strip() else ""), "moodle")
    general = ""
    if "####" in inside:
        inside, _, general = inside.rpartition("####")
    kind, answers, is_single = _answers(inside.strip(), how)
    return Asked(
        kind,
        text or name.translate(_STILL).strip(),
        answers,
        _text(general, how)[0],
        is_single=is_single,
        has_files=how != "plain" and texts.has_media(block.translate(_STILL)),
    )


def _text(written: str, how: str) -> tuple[str, str]:
    """A text as one reads it, and how it was written: by its own mark, else as what it belongs to."""
    written = written.strip()
    if mark := _FORMAT.match(written):
        written, how = written[mark.end() :], mark[1].lower()
    written = written.translate(_STILL).strip()
    if how == "html" or (how == "moodle" and texts.looks_like_html(written)):
        return texts.plain(written), how
    return "\n".join(line.strip() for line in written.splitlines()), how


def _answers(inside: str, how: str) -> tuple[str, list[Answer], bool]:
    """The kind of a question, its answers, and whether only one may be chosen."""
    bare = inside.partition("#")[0].strip()
    if not inside:
        return "essay", [], True
    if inside.startswith("#"):
        return "numerical", [], True
    if ordering := _ORDERING.match(inside):
        items = [line for line in inside[ordering.end() :].splitlines() if line.strip()][:ANSWERS_READ]
        return "ordering", [Answer(_text(item, how)[0], rank) for rank, item in enumerate(items)], True
    if "~" in inside:
        parts = re.findall(r"[~=][^~=]*", inside)
        return "multichoice", [_answer(part, how) for part in parts[:ANSWERS_READ]], "=" in inside
    if "=" in inside and "->" in inside:
        return "match", [], True
    if bare in ("T", "TRUE", "F", "FALSE"):
        return "truefalse", _true_or_false(inside, how, is_true=bare.startswith("T")), True
    parts = [part for part in inside.split("=") if part.strip()]
    return "shortanswer", [_answer("=" + part, how) for part in parts[:ANSWERS_READ]], True


def _answer(part: str, how: str) -> Answer:
    percent, written = (100.0 if part[0] == "=" else 0.0), part[1:].strip()
    if weight := _WEIGHT.match(written):
        percent, written = float(weight[1]), written[weight.end() :]
    text, _, feedback = written.partition("#")
    return Answer(_text(text, how)[0], percent, _text(feedback, how)[0])


def _true_or_false(inside: str, how: str, *, is_true: bool) -> list[Answer]:
    """Moodle writes first what is said to who is wrong, then to who is right."""
    wrong, right = (_text(said, how)[0] for said in ([*inside.split("#", 2)[1:], "", ""])[:2])
    return [
        Answer(TRUE, RIGHT * is_true, right if is_true else wrong),
        Answer(FALSE, RIGHT * (not is_true), wrong if is_true else right),
    ]
