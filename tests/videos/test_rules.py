import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo.errors import Refusal
from videos import rules
from videos.plans.rules import SIDES
from videos.rules import Size


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("master.m3u8", True),
        ("poster.jpg", True),
        ("audio.m3u8", True),
        ("video-720.m3u8", True),
        ("video-2-init.mp4", True),
        ("audio-00012.m4s", True),
        ("video-12345.m3u8", False),
        ("source", False),
        ("master.m3u8\n", False),
        ("../master.m3u8", False),
        ("./master.m3u8", False),
        ("video-1-٠٠٠٠٠.m4s", False),
        ("video-1-00000.m4s.bak", False),
        ("", False),
    ],
)
def test_media_name_known_by_its_whole_shape(name, known):
    assert rules.is_media_name(name) is known


@given(st.text())
def test_file_label_is_short_plain_and_without_folder(name):
    label = rules.file_label(name)
    assert 0 < len(label) <= rules.FILE_NAME_MAX
    assert not set(label) & {"/", "\\", "\n", "\r", "\0", "\u202e", "\u200f"}


sides = st.integers(rules.SIDE_MIN, 4096)


@given(width=sides, height=sides)
def test_renditions_are_even_upright_and_never_larger(width, height):
    sizes = rules.rendition_sizes(Size(width, height), SIDES)
    assert 1 <= len(sizes) <= len(SIDES)
    assert [size.short_side for size in sizes] == sorted((size.short_side for size in sizes), reverse=True)
    for size in sizes:
        assert size.width % 2 == 0
        assert size.height % 2 == 0
        assert size.short_side <= min(1080, min(width, height) + 1)  # an odd side gains one pixel at most
        assert (size.width > size.height) <= (width >= height)
        assert size.width / size.height == pytest.approx(width / height, rel=0.05)


@pytest.mark.parametrize(
    ("stored", "ratio", "rotation", "shown"),
    [
        ((1920, 1080), 1.0, 0, (1920, 1080)),
        ((1920, 1080), 1.0, -90, (1080, 1920)),
        ((1920, 1080), 1.0, 180, (1920, 1080)),
        ((1440, 1080), 4 / 3, 0, (1920, 1080)),
        ((720, 576), 64 / 45, 0, (1024, 576)),
    ],
)
def test_shown_size_follows_rotation_and_pixel_shape(stored, ratio, rotation, shown):
    assert rules.shown_size(*stored, pixel_ratio=ratio, rotation=rotation) == Size(*shown)


@pytest.mark.parametrize(
    ("rate", "output"),
    [
        (29.97, 30),
        (23.976, 24),
        (25, 25),
        (27.4, 30),
        (59.94, 30),
        (50, 25),
        (120, 30),
        (10, 10),
        (1, 10),
        (None, 30),
        (0, 30),
    ],
)
def test_output_rate_is_a_known_one_near_the_source(rate, output):
    assert rules.output_rate(rate) == output


@pytest.mark.parametrize(
    ("shown", "duration_s", "frames"),
    [
        (Size(32, 32), 10, 250),
        (Size(8192, 4320), 20, 600),
        (Size(640, 480), 3901, 250),
        (Size(640, 480), 360_001, 2),
        (Size(640, 480), 10, 100_000),
        (Size(4096, 2160), 3900, 60 * 3900),
    ],
)
def test_budget_refuses_what_costs_too_much(shown, duration_s, frames):
    with pytest.raises(Refusal):
        rules.check_budget(shown, duration_s=duration_s, frames=frames)


def test_budget_takes_an_hour_of_phone_film():
    rules.check_budget(Size(1920, 1080), duration_s=3600, frames=60 * 3600)
    rules.check_budget(Size(3840, 2160), duration_s=900, frames=60 * 900)


@pytest.mark.parametrize(
    ("declared_s", "held_s", "lacks"),
    [(0, 10, False), (10, 9.5, False), (10, 8, True), (3600, 3500, False), (4, 2.08, True)],
)
def test_film_lacks_its_end_when_clearly_shorter_than_announced(declared_s, held_s, lacks):
    assert rules.lacks_its_end(declared_s, held_s) is lacks


@pytest.mark.parametrize(("at_s", "text"), [(0, "0:00"), (3.9, "0:03"), (75, "1:15"), (3725, "1:02:05")])
def test_timecode_reads_as_people_write_it(at_s, text):
    assert rules.timecode(at_s) == text
