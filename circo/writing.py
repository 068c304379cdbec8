"""What people write at length: Markdown, made into the few tags of a text, and nothing that acts.

Raw HTML is text for the parser, and what it makes passes an allow-list all the same: two locks on one door.
"""

from __future__ import annotations

from collections.abc import Sequence

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.tree import SyntaxTreeNode

TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "ul",
    "ol",
    "li",
    "blockquote",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "code",
    "pre",
    "a",
    "hr",
}
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}}  # without "*", `title` and `lang` would pass
SCHEMES = {"http", "https", "mailto"}
TOP_HEADING = 3  # h1 and h2 are, most often, the page's own


def _lower_headings(state: StateCore) -> None:
    """The highest heading that somebody wrote follows the page's own, whichever it is."""
    headings = [token for token in state.tokens if token.type in ("heading_open", "heading_close")]
    lower_by = state.env.get("top", TOP_HEADING) - min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) + lower_by, 6)}"


_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).disable(["image", "autolink"])
_PARSER.core.ruler.push("lower_headings", _lower_headings)


def to_html(text: str, top: int = TOP_HEADING) -> SafeString:
    """Make of what somebody wrote the HTML that a page may show; `top`: the level of its highest heading, from 2 on."""
    made = nh3.clean(
        _PARSER.render(text, {"top": top}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    return mark_safe(made)  # noqa: S308 (nh3 has just made it safe)


def to_blocks(text: str) -> list[dict[str, object]]:
    """Make of what somebody wrote the data that a document shows, with the tags of the page.

    A node has a `kind` (a type of CommonMark's, as markdown-it names it), a `text` or what is `inside`; an ordered list
    has its first number, a link its `address`.
    """
    return _nodes(SyntaxTreeNode(_PARSER.parse(text)).children)


def _nodes(nodes: Sequence[SyntaxTreeNode]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for node in nodes:
        if node.type == "inline" or (node.type == "paragraph" and node.hidden):  # hidden: of a list without gaps
            found += _nodes(node.children)
            continue
        made: dict[str, object] = {"kind": node.type}
        if node.type == "ordered_list":
            made["first"] = int(node.attrs.get("start", 1))
        elif node.type == "link":
            made["address"] = node.attrs["href"]
        found.append(made | ({"inside": _nodes(node.children)} if node.children else {"text": node.content}))
    return found
