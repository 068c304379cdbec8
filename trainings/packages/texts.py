"""From the HTML of other platforms to what we keep: Markdown for a step, plain text for a question.

No library but nh3, which reads tag soup as browsers do: those that turn HTML into Markdown keep what they do not know
as HTML, or leave signs unescaped that then act.
Nothing here decides of safety: what is kept is text, and what a page shows of it passes `circo.writing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

from circo.errors import Refusal

HTML_MAX = 100_000  # signs of one text: beyond, purpose-made pages make any parser slow
OPEN_MAX = 500  # tags within tags: each costs as much as all those around it
DEPTH_MAX = 40

_BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "aside",
    "figure",
    "figcaption",
    "address",
    "dl",
}
_BLOCKS |= {
    "dt",
    "dd",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "form",
    "center",
}
_BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "hr", "details", "summary", "fieldset", "nav"}
_VOID = {"br", "hr", "img"}
_KEPT = _BLOCKS | _VOID | {"strong", "b", "em", "i", "a", "td", "th"}
_SILENT = {"script", "style", "title", "noscript", "object", "iframe", "canvas", "svg", "math", "audio", "video"}
_CLOSES_ITSELF = _VOID | {
    "p",
    "li",
    "dt",
    "dd",
    "tr",
    "td",
    "th",
    "input",
    "meta",
    "link",
    "source",
    "col",
    "wbr",
    "option",
}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)")
_PLAYED = re.compile(r"<(?:iframe|object|embed|audio|video|canvas|svg)\b", re.I)
_SHOWN = re.compile(r"<(?:img|iframe|object|embed|audio|video|canvas|svg)\b", re.I)
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*"}
_ALIKE = re.compile(r"</?(?:p|br|div|b|i|u|em|strong|span|ul|ol|li|img|a|sub|sup|code|pre|table|h[1-6])\b[^<>]*>", re.I)
_SPECIAL = re.compile(r"([\\`*_\[\]<&#])")
_AT_START = re.compile(r"^(\d{0,9})([+\-=>~.)])", re.M)
_SPACES = " \\t\\r\\n\\f"
TOO_LONG = "Un de ses textes est trop long, ou mis en page de façon trop compliquée."


@dataclass
class _Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[_Node | str] = field(default_factory=list)


@dataclass(frozen=True)
class Picture:
    """A picture that a text shows: its address as written, and what stands in its place."""

    address: str
    alt: str


@dataclass
class Text:
    """What a piece of HTML became. `links`: addresses that only meant something where it comes from."""

    markdown: str
    pictures: list[Picture] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    played: bool = False  # it held a film, a sound or another page


class _Tree(HTMLParser):
    """Of what nh3 has written: every tag is one that we know, closed where it should be."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node("")
        self.path = [self.root]
        self.beyond: list[str] = []  # tags opened too deep to be looked at

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, {name: value or "" for name, value in attrs})
        if tag in _VOID:
            self.path[-1].children.append(node)
        elif len(self.path) >= DEPTH_MAX:
            self.beyond.append(tag)
        else:
            self.path[-1].children.append(node)
            self.path.append(node)

    def handle_endtag(self, tag: str) -> None:
        if self.beyond:
            self.beyond.pop()
        else:
            self.path.pop()

    def handle_data(self, data: str) -> None:
        self.path[-1].children.append(data)


def _open_tags(html: str) -> int:
    """How many tags are open at once, at most, of those that must be closed."""
    now = most = 0
    for closes, tag in _TAG.findall(html):
        if tag.lower() not in _CLOSES_ITSELF:
            now = max(0, now - 1) if closes else now + 1
            most = max(most, now)
    return most


def _root(html: str) -> _Node:
    if len(html) > HTML_MAX or _open_tags(html) > OPEN_MAX:
        raise Refusal(TOO_LONG)
    tidy = nh3.clean(
        html.replace("\0", ""),
        tags=_KEPT,
        clean_content_tags=_SILENT,
        attributes={"*": set(), "a": {"href"}, "img": {"src", "alt"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    tree = _Tree()
    tree.feed(tidy)
    tree.close()
    return tree.root


def looks_like_html(text: str) -> bool:
    """Tell whether a text that may be HTML or not holds a tag that everybody knows."""
    return bool(_ALIKE.search(text))


def plain(html: str) -> str:
    """Make of HTML the text that it says, a line for each of its blocks. Raises: Refusal if it is very long."""
    lines: list[str] = [""]
    _say(_root(html), lines)
    return "\n".join(filter(None, (re.sub(f"[{_SPACES}]+", " ", line).strip(" ") for line in lines)))


def has_media(html: str) -> bool:
    """Tell whether a piece of HTML shows or plays something."""
    return bool(_SHOWN.search(html))


def _say(node: _Node, lines: list[str]) -> None:
    for child in node.children:
        if isinstance(child, str):
            lines[-1] += child
        elif child.tag == "img":
            alt = child.attributes.get("alt", "").strip()
            lines[-1] += f" [image\u00a0: {alt}] " if alt else ""
        elif child.tag in _BLOCKS or child.tag == "br":
            lines.append("– " if child.tag == "li" else "")
            _say(child, lines)
            lines.append("")
        else:
            lines[-1] += " | " if child.tag in ("td", "th") and lines[-1].strip() else ""
            _say(child, lines)


def markdown(html: str) -> Text:
    """Make of HTML the Markdown of a step. Raises: Refusal if it is very long."""
    made = Text("", played=bool(_PLAYED.search(html)))
    made.markdown = "\n\n".join(_blocks(_root(html).children, made))
    return made


def _blocks(children: Iterable[_Node | str], made: Text) -> list[str]:
    """Each block of a page as Markdown, whatever stands between blocks being a paragraph."""
    found: list[str] = []
    loose: list[_Node | str] = []

    def settle() -> None:
        if text := _paragraph(loose, made):
            found.append(text)
        loose.clear()

    for child in children:
        if isinstance(child, str) or not _holds_block(child):
            loose.append(child)
            continue
        settle()
        found += _block(child, made)
    settle()
    return found


def _holds_block(node: _Node) -> bool:
    return node.tag in _BLOCKS or any(isinstance(child, _Node) and _holds_block(child) for child in node.children)


def _block(node: _Node, made: Text) -> list[str]:
    match node.tag:
        case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
            text = _inline(node.children, made).replace("\\\n", " ")
            return [f"{'#' * max(1, int(node.tag[1]) - 2)} {text}"] if text else []
        case "hr":
            return ["---"]
        case "ul" | "ol":
            return _list(node, made)
        case "blockquote":
            inside = "\n\n".join(_blocks(node.children, made))
            return [re.sub(r"^", "> ", inside, flags=re.M)] if inside else []
        case "pre":
            return _code(node)
        case "tr":
            cells = (_inline([cell], made) for cell in node.children)
            return [line] if (line := " – ".join(filter(None, cells))) else []
        case _:
            return _blocks(node.children, made)


def _list(node: _Node, made: Text) -> list[str]:
    items: list[str] = []
    for child in node.children:
        inside = "\n\n".join(
            _blocks(child.children if isinstance(child, _Node) and child.tag == "li" else [child], made)
        )
        if inside:
            mark = f"{len(items) + 1}. " if node.tag == "ol" else "- "
            items.append(mark + inside.replace("\n", "\n" + " " * len(mark)))
    return ["\n".join(items)] if items else []


def _code(node: _Node) -> list[str]:
    text = _raw(node).strip("\n")
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`+", text))])
    return [f"{fence}\n{text}\n{fence}"] if text.strip() else []


def _raw(node: _Node) -> str:
    return "".join(
        child if isinstance(child, str) else "\n" if child.tag == "br" else _raw(child) for child in node.children
    )


def _paragraph(children: Iterable[_Node | str], made: Text) -> str:
    return _AT_START.sub(r"\1\\\2", _inline(children, made))


def _inline(children: Iterable[_Node | str], made: Text) -> str:
    """The text of one paragraph, with its marks; an end of line that was asked for is a backslash at the end."""
    pieces: list[str] = []
    for child in children:
        _spell(child, pieces, made)
    text = re.sub(f"[{_SPACES}]+", " ", "".join(pieces))
    lines = [line.strip(" ") for line in text.split("\0")]
    return "\\\n".join(filter(None, lines))


def _spell(child: _Node | str, pieces: list[str], made: Text) -> None:
    if isinstance(child, str):
        if child:
            pieces.append(_SPECIAL.sub(r"\\\1", child))
        return
    if child.tag == "br":
        pieces.append("\0")
        return
    if child.tag == "img":
        made.pictures.append(Picture(child.attributes.get("src", ""), child.attributes.get("alt", "").strip()))
        return
    if child.tag == "a" and child.attributes.get("href"):
        if link := _link(child, made):
            pieces.append(link)
        return
    alone = not pieces or pieces[-1][-1] != "*"
    start = len(pieces)
    for one in child.children:
        _spell(one, pieces, made)
    mark, text = _MARKS.get(child.tag, ""), "".join(pieces[start:])
    core = text.strip(" \t\r\n\f")
    # Marks side by side, or one in another, are not always read as they were meant: the inner one stays, alone.
    if mark and core and core[0].isalnum() and core[-1].isalnum() and not {"\0", "*"} & set(core) and alone:
        pieces[start:] = [text.replace(core, f"{mark}{core}{mark}")]


def _link(node: _Node, made: Text) -> str:
    inside: list[str] = []
    for one in node.children:
        if not (isinstance(one, _Node) and one.tag == "a"):
            _spell(one, inside, made)
    text = "".join(inside)
    address = node.attributes["href"].strip()
    if not re.match(r"(?:https?://|mailto:).", address, re.I):
        made.links.append(address)
        return text
    if not text.strip() or "\0" in text:
        return text
    shown = re.sub(r"[<>\\\s]", lambda sign: f"%{ord(sign[0]):02X}", address)
    return f"[{text.strip()}](<{shown}>)"
