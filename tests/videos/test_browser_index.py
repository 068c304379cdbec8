"""Where the script finds the index of a film: run in Chromium, on films of ffmpeg's and on bytes of every kind."""

import base64
import struct

import pytest
from django.urls import reverse

from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.videos.films import make_clip

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIND = """async ([content, most]) => {
  const { indexRange } = await import("/static/js/depot-index.js");
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  const found = await indexRange(new Blob([bytes]), most);
  return found && [found.start, found.end];
}"""
FUZZ = """async ([content, rounds]) => {
  const { indexRange } = await import("/static/js/depot-index.js");
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  let seed = 7;
  const draw = (below) => (seed = (seed * 48271) % 2147483647) % below;
  const faults = [];
  for (let round = 0; round < rounds; round += 1) {
    const broken = bytes.slice(0, 1 + draw(bytes.length));
    for (let n = draw(6); n > 0; n -= 1) broken[draw(Math.min(broken.length, 64))] = draw(256);
    try {
      const found = await indexRange(new Blob([broken]), 1 << 20);
      const inside = !found || (0 < found.start && found.start < found.end && found.end <= broken.length);
      if (!inside) faults.push([round, found]);
    } catch (error) {
      faults.push([round, String(error)]);
    }
  }
  return faults;
}"""


def box(kind: bytes, content: bytes = b"", *, wide: bool = False) -> bytes:
    if wide:
        return struct.pack(">I4sQ", 1, kind, 16 + len(content)) + content
    return struct.pack(">I4s", 8 + len(content), kind) + content


FTYP, MDAT, MOOV = box(b"ftyp", b"isom0000"), box(b"mdat", b"x" * 90), box(b"moov", b"y" * 40)
PHONE = FTYP + MDAT + MOOV
CASES = {
    "phone": (PHONE, 1000, [114, 162]),
    "iPhone": (FTYP + box(b"wide") + MDAT + MOOV, 1000, [122, 170]),
    "64 bits": (FTYP + box(b"mdat", b"x" * 90, wide=True) + MOOV, 1000, [122, 170]),
    "a little behind": (PHONE + box(b"free", b"z" * 10), 1000, [114, 180]),
    "much behind": (PHONE + box(b"free", b"z" * 1000), 100, [114, 162]),
    "too long": (PHONE, 47, None),
    "index first": (FTYP + MOOV + MDAT, 1000, None),
    "no index": (FTYP + MDAT, 1000, None),
    "up to the end": (FTYP + struct.pack(">I4s", 0, b"mdat") + b"x" * 90, 1000, None),
    "cut": (PHONE[:-1], 1000, None),
    "size of nothing": (FTYP + struct.pack(">I4s", 4, b"mdat") + MOOV, 1000, None),
    "cut 64 bits": (FTYP + struct.pack(">I4sI", 1, b"mdat", 0), 1000, None),
    "WebM": (b"\x1aE\xdf\xa3" + b"x" * 100, 1000, None),
    "empty": (b"", 1000, None),
    "boxes without end": (FTYP + box(b"free") * 500 + MDAT + MOOV, 1 << 20, None),
}


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_index_is_found_where_it_lies(page_as, world):  # noqa: F811
    page = page_as(world.amina)
    page.goto(reverse("videos:film_deposit"))
    for name, (content, most, expected) in CASES.items():
        assert page.evaluate(FIND, [encoded(content), most]) == expected, name
    assert page.evaluate(FUZZ, [encoded(PHONE), 400]) == [], "broken bytes are never a fault"
    page.check()


@pytest.mark.media
def test_films_of_ffmpeg(page_as, world, tmp_path):  # noqa: F811
    page = page_as(world.amina)
    page.goto(reverse("videos:film_deposit"))
    late = {"a.mp4": (), "a.mov": ()}
    for name, options in late.items():
        content = make_clip(tmp_path / name, seconds=1, options=options).read_bytes()
        start, end = page.evaluate(FIND, [encoded(content), 1 << 26])
        assert (content[start + 4 : start + 8], end) == (b"moov", len(content)), name
    early = {
        "b.mp4": ("-movflags", "+faststart"),
        "c.mp4": ("-movflags", "+frag_keyframe+empty_moov"),
        "d.mkv": (),
        "e.ts": (),
        "f.avi": (),
    }
    for name, options in early.items():
        content = make_clip(tmp_path / name, seconds=1, options=options).read_bytes()
        assert page.evaluate(FIND, [encoded(content), 1 << 26]) is None, name
