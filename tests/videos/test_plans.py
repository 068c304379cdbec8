"""Plans of films: whatever the source, its pieces cover it once, on the grid of the segments."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videos.plans import rules as plans
from videos.plans.rules import Plan, Source
from videos.rules import Size

PHONE = Source(
    container="mov,mp4",
    video=0,
    video_codec="h264",
    pixel_format="yuv420p",
    shown=Size(1920, 1080),
    rate=30,
    source_rate=30.0,
    end_s=600.0,
    keyframe_gap_s=1.0,
    frame_gap_s=0.034,
    bit_rate=17_000_000,
    transfer=1,
    interlaced=False,
    audio=1,
    audio_end_s=600.0,
)
sources = st.builds(
    replace,
    st.just(PHONE),
    video_codec=st.sampled_from(["h264", "hevc", "vp8"]),
    shown=st.builds(Size, st.integers(64, 4096), st.integers(64, 2304)),
    end_s=st.floats(0.04, 3900),
    keyframe_gap_s=st.floats(0.1, 300),
    frame_gap_s=st.floats(0.01, 60),
    bit_rate=st.integers(10_000, 60_000_000),
    seeks=st.booleans(),
)


@given(sources, st.booleans())
def test_pieces_cover_the_film_once_in_each_rendition(source, is_early):
    plan = plans.make(source, is_early=is_early)
    assert plan.rungs or plan.keeps_copy
    for rung in plan.rungs:
        of_rung = [piece for piece in plan.pieces if rung.name in piece.rungs]
        assert of_rung[0].start_s == 0
        assert of_rung[-1].is_last
        assert of_rung[-1].start_s < source.end_s
        for piece, after in itertools.pairwise(of_rung):
            assert piece.start_s + piece.length_s == after.start_s
            assert piece.first_segment + plans.segments_of(piece.length_s) == after.first_segment
            assert piece.length_s % plans.KEYFRAME_S == 0
            assert piece.length_s % plans.SEGMENT_S in (0, piece.length_s if piece.number == 0 else 0)
    assert len({piece.key for piece in plan.pieces}) == len(plan.pieces)


@given(sources)
def test_lost_worker_costs_little(source):
    """But for sources that cannot be sought, where a piece is long so that decoding from the beginning costs little."""
    for piece in plans.make(source).pieces:
        if plans.is_sought(source):
            assert plans.make(source).seconds(piece) <= plans.PIECE_S + plans.TAIL_S + plans.SEGMENT_S


@given(sources)
def test_pieces_of_a_short_film_are_for_several_workers(source):
    """Without it, a minute of film would have half of its work in its last piece."""
    plan = plans.make(source)
    if plans.is_sought(source) and source.end_s >= 2 * plans.SHARES * plans.PIECE_MIN_S:
        longest = max(plan.seconds(piece) for piece in plan.pieces)
        assert longest <= source.end_s / plans.SHARES + plans.TAIL_S + plans.SEGMENT_S


@given(sources)
def test_decoding_from_the_beginning_costs_twice_at_the_most(source):
    source = replace(source, seeks=False)
    starts = {piece.start_s for piece in plans.make(source).pieces}
    assert sum(starts) <= source.end_s * 1.4 + 60


@given(sources)
def test_ladder_goes_down_and_never_above_the_source(source):
    for copy_is_top in (False, True):
        sides = [min(rung.width, rung.height) for rung in plans.ladder(source, copy_is_top=copy_is_top)]
        assert sides == sorted(set(sides), reverse=True)
        assert all(side <= min(1080, source.shown.short_side + 1) for side in sides)


@given(sources, st.booleans())
def test_plan_comes_back_from_the_database_as_it_was(source, is_early):
    plan = plans.make(source, is_early=is_early)
    assert Plan.from_json(plan.to_json()) == plan


@pytest.mark.parametrize(
    ("changed", "copyable"),
    [
        ({}, True),
        ({"video_codec": "hevc"}, False),
        ({"pixel_format": "yuv420p10le"}, False),
        ({"interlaced": True}, False),
        ({"shown": Size(3840, 2160)}, False),
        ({"source_rate": 120.0}, False),
        ({"keyframe_gap_s": 12.0}, False),
        ({"lacks_its_end": True}, False),
        ({"seeks": False}, False),
    ],
)
def test_what_browsers_play_is_published_as_it_is(changed, copyable):
    assert plans.is_copyable(replace(PHONE, **changed)) is copyable


def test_heavy_original_gives_way_and_light_one_stays():
    heavy, light = plans.make(PHONE), plans.make(replace(PHONE, bit_rate=6_000_000))
    assert (heavy.copied, heavy.keeps_copy) == (True, False)
    assert [rung.name for rung in heavy.rungs] == ["video-1080", "video-720", "video-480", "video-360"]
    assert (light.copied, light.keeps_copy) == (True, True)
    assert [rung.name for rung in light.rungs] == ["video-720", "video-480", "video-360"]


def test_first_piece_is_short_and_of_one_rendition():
    plan = plans.make(replace(PHONE, video_codec="hevc"))
    first, rest = plan.pieces[:2]
    assert (first.start_s, first.length_s, first.rungs) == (0, 2, ("video-480",))
    assert (rest.start_s, rest.length_s, rest.rungs) == (0, 2, ("video-1080", "video-720", "video-360"))
    assert [piece.start_s for piece in plan.pieces[2:7]] == [2, 6, 14, 30, 62]


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=50), st.integers(0, 12_000))
def test_seconds_held_by_bytes_are_never_overstated(steps, byte_count):
    held = [sum(steps[: n + 1]) for n in range(len(steps))]
    seconds = plans.seconds_within(held, byte_count)
    assert seconds == 0 or held[seconds] <= byte_count


def row(**fields) -> object:
    given_fields = {"name": "x", "width": 1, "height": 1, "seconds": 10.0, "is_whole": False, "is_kept": True} | fields
    return type("Row", (), given_fields)()


def test_only_renditions_that_reach_as_far_are_offered_while_they_grow():
    rows = [
        row(name="small", height=480, seconds=30.0),
        row(name="large", height=720, seconds=2.0),
        row(name="a", width=0),
    ]
    assert [one.name for one in plans.offered(rows)] == ["small"]
    rows[1].seconds = 30.0
    assert [one.name for one in plans.offered(rows)] == ["large", "small"]


def test_heavy_original_is_offered_until_ours_are_whole():
    rows = [row(name="original", height=1080, is_whole=True, is_kept=False), row(name="ours", height=720, seconds=2.0)]
    assert [one.name for one in plans.offered(rows)] == ["original"]
    rows[1].seconds, rows[1].is_whole = 10.0, True
    assert [one.name for one in plans.offered(rows)] == ["ours"]
