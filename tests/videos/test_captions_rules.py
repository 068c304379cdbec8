"""Reading files of captions as people make them, and writing what is safe to serve."""

import re
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo.errors import Refusal
from videos.captions import rules
from videos.captions.rules import Cue

BONJOUR = Cue(1000, 2500, "Bonjour")


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n\n00:01.000 --> 00:02.500\nBonjour\n",
        "\ufeffWEBVTT - titre\r\n\r\n00:01.000 --> 00:02.500\r\nBonjour\r\n",
        "WEBVTT\rNOTE rien\r\r00:01.000 --> 00:02.500\rBonjour",
        "WEBVTT\n\nSTYLE\n::cue(v) { background: url(http://x.test/) }\n\nNOTE secret\n\n"
        "1\n00:01.000 --> 00:02.500 line:0 align:start\nBonjour",
        "1\n00:00:01,000 --> 00:00:02,500\nBonjour\n",
        "00:00:01.000 --> 00:00:02.500\nBonjour\n",
        "WEBVTT\n\n00:00:01,0 --> 00:00:02,5\nBonjour\n",
        "1\n0:1 --> 0:0:2,5\n{\\an8}<font color=red>Bonjour</font>\n",
        "WEBVTT\n\n00:01.000 --> 00:02.500\n<c.rouge>Bon</c><00:01.500>jour<img src=x onerror=alert(1)>\n",
    ],
)
def test_files_as_people_make_them(text):
    assert rules.read(text.encode()).cues == [BONJOUR]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding):
    text = "1\n00:00:01,000 --> 00:00:02,500\nÀ bientôt, l’élève\n"
    assert rules.read(text.encode(encoding)).cues[0].text == "À bientôt, l’élève"


def test_what_cannot_be_read_is_said_and_the_rest_kept():
    bad = "xx --> yy\nB\n\n00:09.000 --> 00:04.000\nC\n\n99:00:00.000 --> 99:00:01.000\nD"
    text = f"WEBVTT\n\n00:01.000 --> 00:02.500\nBonjour\n\n{bad}"
    found = rules.read(text.encode())
    assert found.cues == [BONJOUR]
    assert found.bad_lines == [6, 9, 12]


def test_every_block_that_is_left_out_is_said():
    text = "WEBVTT\n\nperdu\n\n00:01.000 --> 00:02.500\nBonjour\n\nperdu aussi\n\n3\n\nNOTE de côté\n"
    found = rules.read(text.encode())
    assert found.cues == [BONJOUR]
    assert found.bad_lines == [3, 8]
    assert rules.left_out([9]).startswith("La ligne 9 du fichier")
    assert "\u00a0: 3, 8. Le reste" in rules.left_out(found.bad_lines)
    assert "50, et 10\u00a0de plus." in rules.left_out(range(1, 61))


def test_captions_run_together_and_out_of_order():
    text = "2\n00:00:05,000 --> 00:00:06,000\nEnsuite\n1\n00:00:01,000 --> 00:00:02,500\nBonjour\n\nencore\n"
    assert [cue.text for cue in rules.read(text.encode()).cues] == ["Bonjour\nencore", "Ensuite"]


def test_an_arrow_or_a_sign_in_the_text_is_text():
    cue = rules.read(b"WEBVTT\n\n00:01.000 --> 00:02.500\nun --> deux, 3 < 4 > 2 &lt;b&amp;\n").cues[0]
    assert cue.text == "un --> deux, 3 < 4 > 2 <b&"


def test_a_voice_becomes_its_name():
    cue = rules.read(b"WEBVTT\n\n00:01.000 --> 00:02.500\n<v.fort Amina>Oui, <I>bien</I>.</v>\n").cues[0]
    assert cue.text == "Amina\u00a0: Oui, <i>bien</i>."


@pytest.mark.parametrize(
    "data", [b"", b"WEBVTT\n", b"\x00" * 99, b"<html><script>x</script>", b"x" * (rules.FILE_MAX_BYTES + 1)]
)
def test_other_files_are_refused(data):
    with pytest.raises(Refusal):
        rules.read(data)


def test_too_many_are_refused():
    one = "00:01.000 --> 00:02.000\nOui\n\n"
    with pytest.raises(Refusal, match="plus de"):
        rules.read(("WEBVTT\n\n" + one * (rules.CUES_MAX + 1)).encode())


@pytest.mark.parametrize(
    "pattern", ["<", "<v ", "{\\", "00:", "-->\n\n", "\n", "00:01 --> 00:02\n", "<i>", "&#", " --", "1\n"]
)
def test_reading_takes_time_in_proportion(pattern):
    """No input of the largest size takes long: each pattern is read in far less than a second."""
    data = (f"WEBVTT\n\n00:01.000 --> 00:02.000\n{pattern * (rules.FILE_MAX_BYTES // len(pattern) - 40)}")[
        : rules.FILE_MAX_BYTES
    ]
    began = time.process_time()
    with suppress(Refusal):
        rules.read(data.encode())
    assert time.process_time() - began < 3


texts = st.text(max_size=120).map(rules.clean).filter(bool)
cues = st.builds(
    lambda start, length, text: Cue(start, start + length, text),
    st.integers(0, rules.LATEST_MS - 20_000),
    st.integers(rules.SHORTEST_MS, 20_000),
    texts,
)


@given(st.lists(cues, min_size=1, max_size=8))
def test_what_is_written_is_read_again(written):
    written = sorted(written)
    assert rules.read(rules.webvtt(written).encode()).cues == written


@given(
    st.lists(
        st.builds(
            Cue,
            st.just(1000),
            st.just(2000),
            st.from_regex(r"[a-zé ,.!?-]{1,30}", fullmatch=True).map(rules.clean).filter(bool),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_srt_is_read_again(written):
    written = [Cue(3000 * n + 1000, 3000 * n + 2000, f"a{cue.text}") for n, cue in enumerate(written)]
    assert rules.read(rules.srt(written).encode()).cues == written


@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=400).map(str.encode),
        st.lists(
            st.sampled_from(
                [
                    "WEBVTT\n",
                    "\n",
                    "00:01.000 --> 00:02.000",
                    "\n<v x>",
                    "<img onerror=1>",
                    "&lt;script&gt;",
                    "--> ",
                    "STYLE\n",
                    "::cue(url())",
                    "}",
                    "<i>",
                    "1",
                ]
            ),
            max_size=20,
        ).map(lambda parts: "".join(parts).encode()),
    )
)
def test_whatever_comes_in_only_safe_text_goes_out(data):
    try:
        found = rules.read(data)
    except Refusal:
        return
    written = rules.webvtt(found.cues)
    for line in written.split("\n"):
        bare = re.sub(r"</?[ib]>", "", line) if not rules.TIMING.fullmatch(line) else ""
        assert "<" not in bare
        assert ">" not in bare
    assert "STYLE" not in [line.strip() for line in written.split("\n\n")[0].split("\n")]


def test_shift_keeps_all_or_refuses():
    assert rules.shifted([BONJOUR], -1000)[0] == Cue(0, 1500, "Bonjour")
    with pytest.raises(Refusal, match="0:01 au plus"):
        rules.shifted([BONJOUR], -1001)
    with pytest.raises(Refusal):
        rules.shifted([BONJOUR], rules.LATEST_MS)
    assert rules.shifted([], -5000) == []


def test_hints():
    assert rules.hints(BONJOUR, Cue(2500, 3000, "x")) == []
    assert rules.hints(Cue(0, 500, "Une phrase bien trop longue"), Cue(400, 900, "x")) == [
        "trop rapide à lire",
        "chevauche le suivant",
    ]
    assert rules.hints(Cue(0, 60_000, "a\nb\n" + "c" * 43)) == ["plus de deux lignes", "ligne longue"]


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "0:00"), (3250, "0:03,25"), (3_723_500, "1:02:03,5"), (61_000, "1:01"), (10, "0:00,01")]
)
def test_times_as_people_type_them(ms, text):
    assert rules.clock(ms) == text
