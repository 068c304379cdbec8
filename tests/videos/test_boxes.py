"""Boxes of fragmented films: taken apart, moved, and doubted."""

import struct
import subprocess
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.videos.films import FFMPEG, clip
from videos import boxes, publishing

pytestmark = pytest.mark.media


@pytest.fixture(scope="module")
def fragmented(tmp_path_factory, django_db_setup) -> bytes:
    folder = tmp_path_factory.mktemp("boxes")
    (folder / "clip.mp4").write_bytes(clip())
    flags = "+cmaf+empty_moov+default_base_moof+negative_cts_offsets+skip_trailer+frag_keyframe"
    coded = ["-an", "-c:v", "libx264", "-g", "10", "-keyint_min", "10", "-sc_threshold", "0", "-movflags", flags]
    subprocess.run([FFMPEG, "-v", "error", "-i", folder / "clip.mp4", *coded, folder / "f.mp4"], check=True)
    return (folder / "f.mp4").read_bytes()


def test_fragments_hold_every_picture_and_every_tick(fragmented):
    taken = boxes.split(fragmented)
    assert [one.samples for one in taken.fragments] == [10] * 5
    assert sum(one.ticks for one in taken.fragments) == 2 * taken.timescale
    assert taken.init + b"".join(one.data for one in taken.fragments) == fragmented


@given(ticks=st.integers(0, 2**40), number=st.integers(1, 2**31))
def test_moved_fragment_differs_by_its_place_alone(fragmented, ticks, number):
    fragment = boxes.split(fragmented).fragments[1].data
    moved = boxes.moved(fragment, ticks=ticks, number=number)
    assert len(moved) == len(fragment)
    box = next(boxes.inner(moved, b"tfdt"))
    before = struct.unpack_from(">Q", fragment, box.body + 4)[0]
    assert struct.unpack_from(">Q", moved, box.body + 4)[0] == before + ticks
    assert struct.unpack_from(">I", moved, next(boxes.inner(moved, b"mfhd")).body + 4)[0] == number


@given(cut=st.integers(0, 4000))
def test_file_cut_anywhere_is_broken_or_lacks_whole_fragments(fragmented, cut):
    try:
        taken = boxes.split(fragmented[: len(fragmented) - cut])
    except boxes.Broken:
        return
    assert taken.fragments == boxes.split(fragmented).fragments[: len(taken.fragments)]


@given(noise=st.binary(max_size=300))
def test_noise_is_broken_and_nothing_worse(noise):
    with pytest.raises(boxes.Broken):
        boxes.split(noise)
    with suppress(boxes.Broken):
        boxes.whole_ends(noise, (b"ftyp", b"moov"))


@given(step=st.integers(1, 700))
def test_whole_pairs_are_known_as_soon_as_they_are_there(fragmented, step):
    ends = boxes.whole_ends(fragmented, (b"ftyp", b"moov"))
    assert ends == len(boxes.split(fragmented).init)
    assert boxes.whole_ends(fragmented[: ends - step], (b"ftyp", b"moov")) is None


def test_segments_join_at_their_place(fragmented):
    taken = boxes.split(fragmented)
    segments = publishing.in_segments(taken, first=3, start_s=10, length_s=0.8)
    assert [one.number for one in segments] == [3, 4, 5]
    assert [one.length_s for one in segments] == [0.8, 0.8, 0.4]
    starts = [struct.unpack_from(">Q", one.data, next(boxes.inner(one.data, b"tfdt")).body + 4)[0] for one in segments]
    assert [start / taken.timescale for start in starts] == [10, 10.8, 11.6]
