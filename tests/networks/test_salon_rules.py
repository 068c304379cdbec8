"""The pure rules of salons, and that a page ends with what the database holds, however it hears of it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import playwright
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from circo import mentions
from circo.errors import Refusal
from networks.salons import rules
from networks.salons.rules import Known, Reaction, changes_after

NODE = Path(playwright.__file__).parent / "driver/node"  # Playwright brings one along


# --- Merging by number ---
@st.composite
def histories(draw) -> tuple[dict[int, int], list[tuple[int, int]]]:
    """A salon's life: the last change of each message, and the pieces that were sent live, each as it then was."""
    rows: dict[int, int] = {}
    pieces, sent = [], 0
    for last, is_new in enumerate(draw(st.lists(st.booleans(), min_size=1, max_size=25)), start=1):
        if is_new or not rows:
            rows[last] = last
        else:
            rows[draw(st.sampled_from(sorted(rows)))] = last
        if draw(st.booleans()):
            pieces.append({"since": sent, "seq": last, "posts": [p for p in sorted(rows.items()) if p[1] > sent]})
            sent = last
    return rows, pieces


@st.composite
def hearings(draw) -> tuple[dict[int, int], list[dict], list[bool]]:
    """The pieces as a page hears them: in any order, some never, some twice, with catch-ups wherever they fall."""
    rows, pieces = draw(histories())
    heard = draw(st.lists(st.sampled_from(pieces), max_size=20)) if pieces else []
    return rows, heard, draw(st.lists(st.booleans(), min_size=len(heard), max_size=len(heard)))


def catch_up(known: Known, rows: dict[int, int], most: int) -> None:
    while True:
        changes, upto = changes_after(rows, known.cursor, most)
        assert known.hear(known.cursor, upto, changes)
        if len(changes) < most:
            return


@given(hearings(), st.integers(1, 5))
def test_a_page_ends_with_exactly_what_the_database_holds(heard, most):
    rows, pieces, asks = heard
    known = Known()
    for piece, asks_now in zip(pieces, asks, strict=True):
        whole = known.hear(piece["since"], piece["seq"], piece["posts"])
        if not whole or asks_now:
            catch_up(known, rows, most)
        assert all(changed <= rows[seq] for seq, changed in known.changed.items()), "nothing that never was"
    catch_up(known, rows, most)
    assert known.changed == rows
    assert known.cursor == max(rows.values())


@given(hearings())
def test_a_hole_is_never_passed_over(heard):
    """Whatever is behind the cursor is known: a reconnect may ask from there, and miss nothing."""
    rows, pieces, _ = heard
    known = Known()
    for piece in pieces:
        known.hear(piece["since"], piece["seq"], piece["posts"])
        assert all(known.changed.get(seq) == changed for seq, changed in rows.items() if changed <= known.cursor)


SCRIPT = """
import { Known } from %s;
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  const known = new Known();
  const posts = (piece) => piece.posts.map(([seq, changed]) => ({ seq, changed }));
  const holes = JSON.parse(line).map((piece) => known.hear({ ...piece, posts: posts(piece) }).hole);
  console.log(JSON.stringify([known.cursor, [...known.changed].sort((a, b) => a[0] - b[0]), holes]));
}
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The module that pages run, in Node: one line asks, one line answers."""
    module = Path(settings.BASE_DIR) / "static/js/salon-suite.js"
    folder = tmp_path_factory.mktemp("suite")
    (folder / "suite.mjs").write_bytes(module.read_bytes())
    script = folder / "play.mjs"
    script.write_text(SCRIPT % json.dumps("./suite.mjs"))
    with subprocess.Popen([NODE, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.stdin.close()


@given(heard=hearings())
def test_the_page_s_own_script_merges_alike(page, heard):
    _, pieces, _ = heard
    known = Known()
    holes = [not known.hear(piece["since"], piece["seq"], piece["posts"]) for piece in pieces]
    page.stdin.write(json.dumps(pieces) + "\n")
    page.stdin.flush()
    cursor, changed, found = json.loads(page.stdout.readline())
    assert (cursor, dict(changed), found) == (known.cursor, known.changed, holes)


# --- Texts, reactions, mentions ---
def test_nothing_is_no_message_unless_something_is_attached():
    for text in ("", " \n ", "\u200e\u202e", "\x00"):
        with pytest.raises(Refusal, match="Écrivez votre message"):
            rules.checked(text)
        assert rules.checked(text, alone=False) == ""


@given(st.text(max_size=60))
def test_only_known_reactions_exist(code):
    known = {one.value for one in Reaction} | {one.sign for one in Reaction}
    if code in known:
        assert rules.reaction_named(code) in Reaction
    else:
        with pytest.raises(Refusal, match="Choisissez parmi"):
            rules.reaction_named(code)


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("@Bruno et @Bruno Petit", []),
        ("@Chloé, tu viens ?", ["Chloé"]),
        ("@Amina", ["Amina"]),  # two of them
        ("@Amina Petit (@Éloi)", ["Éloi"]),
        ("amina@ecole.fr à 18h, @18h, @", []),
        ("«@tous»", ["tous"]),
    ],
)
def test_a_mention_that_calls_nobody_is_told(text, strange):
    names = {1: "Amina Petit", 2: "Amina Martin", 3: "Bruno Petit"}
    assert mentions.strangers(text, names) == strange


def test_unread_is_counted_to_a_point():
    assert [rules.unread_label(count) for count in (0, 99, 100)] == ["0", "99", "99+"]
