"""HTML of other platforms becomes text: nothing that it says is lost, and nothing of it acts."""

import re
import time
from contextlib import suppress
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo.errors import Refusal
from circo.writing import to_html
from trainings.packages import texts


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>Bonjour</p><p>à tous</p>", "Bonjour\n\nà tous"),
        ("un<br>deux", "un\\\ndeux"),
        ("<b>gras</b> et <em>penché</em>", "**gras** et *penché*"),
        ("<h3>Titre</h3>suite", "# Titre\n\nsuite"),
        ("<ul><li>a<li>b<ol><li>c</ol></ul>", "- a\n- b\n  \n  1. c"),
        ("<blockquote><p>x</p><p>y</p></blockquote>", "> x\n> \n> y"),
        ('<a href="https://a.fr/b c">là</a>', "[là](<https://a.fr/b%20c>)"),
        ('<a href="javascript:alert(1)">là</a>', "là"),
        ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
        ("<table><tr><th>a</th><td>b</td></tr></table>", "a – b"),
        ("2 * 3 * 4 &lt; 5_6_7 [x](y)", "2 \\* 3 \\* 4 \\< 5\\_6\\_7 \\[x\\](y)"),
        ("<p>1. pas une liste</p><p># pas un titre</p>", "1\\. pas une liste\n\n\\# pas un titre"),
        ("a<script>alert(1)</script>b<style>p{}</style>", "ab"),
        ("<h3>C #</h3>", "# C \\#"),
        ("", ""),
    ],
)
def test_html_becomes_markdown(html, markdown):
    assert texts.markdown(html).markdown == markdown


def test_what_is_shown_or_played_is_told():
    made = texts.markdown('<p>a<img src="@@PLUGINFILE@@/b.png" alt="un b"></p><video src="x">c</video>')
    assert made == texts.Text("a", [texts.Picture("@@PLUGINFILE@@/b.png", "un b")], [], played=True)
    assert texts.markdown('<a href="$@PAGEVIEWBYID*12@$">la page</a>').links == ["$@PAGEVIEWBYID*12@$"]


def test_plain_text_has_a_line_for_each_block():
    assert (
        texts.plain("<p>Un <b>chat</b>&nbsp;?</p><ul><li>oui</li><li>non</li></ul>") == "Un chat\u00a0?\n– oui\n– non"
    )
    assert texts.plain('<p>Voici <img src="x" alt="un chat"></p>') == "Voici [image\u00a0: un chat]"


def said(html):
    """What a page says, without its spaces: what a reader reads."""
    bare = re.sub(r"<[^>]*>", "", html)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", " "), ("&amp;", "&")):
        bare = bare.replace(entity, sign)
    return "".join(bare.split())


words = st.text(st.sampled_from("ab é1.*_`#[]()<>&\\!-+=~|\"'\n:;?0"), max_size=12)
inline = st.recursive(
    words.map(lambda text: escape(text, quote=False)),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["b", "i", "em", "strong", "span", "u", "code"]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)
pages = st.lists(
    st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["p", "div", "h3", "blockquote", "p"]),
        st.lists(inline, max_size=4),
    ),
    max_size=4,
).map("".join)


@given(pages)
def test_a_reader_reads_the_same(html):
    assert said(to_html(texts.markdown(html).markdown)) == said(html)


@given(st.text(st.sampled_from("<>/=\"' abp!-[]&;#x\n"), max_size=200))
def test_any_tag_soup_is_taken(html):
    assert "<script" not in to_html(texts.markdown(html).markdown)
    texts.plain(html)


@pytest.mark.parametrize(
    "piece", ["<div>", "<b>", "<foo>", "<ul><li>", "</p>", "<p>", "<!", "<!--", "<a", "&#", "[", "<p", "\\", "<b>a</b>"]
)
def test_no_page_takes_long(piece):
    began = time.perf_counter()
    with suppress(Refusal):
        texts.markdown(piece * (texts.HTML_MAX // len(piece)))
    assert time.perf_counter() - began < 2


def test_long_pages_are_refused():
    texts.markdown("<div>" * texts.OPEN_MAX)
    for page in ("a" * (texts.HTML_MAX + 1), "<div>" * (texts.OPEN_MAX + 1)):
        with pytest.raises(Refusal, match="trop long"):
            texts.markdown(page)
