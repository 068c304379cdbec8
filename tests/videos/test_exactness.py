"""A film encoded in pieces is the film: the same pictures, in the same order, whatever the container."""

import subprocess
from dataclasses import replace
from pathlib import Path

import ffmpeg
import pytest

from circo.errors import Refusal
from tests.videos.films import each, make_clip
from videos import commands, probing
from videos.plans import rules as plans
from videos.plans.rules import Piece, Plan, Source

pytestmark = pytest.mark.media
STEP_S = 2


def digests(source: Path, told: Source, piece: Piece) -> list[str]:
    """The digest of each picture that goes into the encoder of a piece."""
    plan = Plan(told, (), (), copied=False, keeps_copy=False)
    picture = commands.pictures_of(source, plan, piece)
    length = {} if piece.length_s is None else {"frames:v": piece.length_s * told.rate}
    output = ffmpeg.output(picture, "pipe:1", f="framemd5", **length).global_args("-nostdin", "-v", "error")
    done = subprocess.run(output.compile(cmd=commands.FFMPEG), capture_output=True, check=True, text=True)
    return [line.rpartition(",")[2].strip() for line in done.stdout.splitlines() if not line.startswith("#")]


def in_pieces(end_s: float) -> list[Piece]:
    starts = list(range(0, max(int(end_s), 1), STEP_S))
    return [Piece(n, 0, at, None if at == starts[-1] else STEP_S, 0, ("video-0",)) for n, at in enumerate(starts)]


def same(source: Path, folder: Path, *, probed: Source | None = None) -> int:
    told = probed or probing.probe(source, folder)
    whole = digests(source, told, Piece(0, 0, 0, None, 0, ("video-0",)))
    pieces = [digests(source, told, piece) for piece in in_pieces(told.end_s)]
    joined = [digest for piece in pieces for digest in piece]
    assert len(joined) == len(whole)
    differing = [n for n, (one, other) in enumerate(zip(joined, whole, strict=True)) if one != other]
    assert not differing, f"{len(differing)} of {len(whole)} pictures differ, the first is number {differing[0]}"
    return len(pieces)


@each("open")
def test_pieces_of_a_real_film_are_the_film(film_file, tmp_path):
    try:
        told = probing.probe(film_file, tmp_path)
    except Refusal:
        return
    if not told.seeks and told.container.startswith(("mpeg", "matroska")):
        plan = Plan(told, (), (), copied=False, keeps_copy=False)
        subprocess.run(commands.repacked(film_file, plan, "repacked.mkv"), cwd=tmp_path, check=True)
        film_file, told = tmp_path / "repacked.mkv", replace(told, seeks=True)
    same(film_file, tmp_path, probed=told)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("long-gop.mp4", ("-g", "250", "-bf", "3")),
        ("ntsc.mp4", ("-r", "30000/1001")),
        ("fifty.mov", ("-r", "50")),
        ("fragments.mp4", ("-movflags", "frag_keyframe+empty_moov", "-g", "25")),
        ("matroska.mkv", ("-g", "50")),
        ("late-pictures.mkv", ("-vf", "setpts=PTS+0.7/TB")),
    ],
)
def test_pieces_of_a_made_film_are_the_film(tmp_path, name, options):
    source = make_clip(tmp_path / name, seconds=9, size="160x90", options=options)
    assert same(source, tmp_path) == 5


def test_pieces_of_a_film_with_a_changing_rate_are_the_film(tmp_path):
    """As a phone in the dark, or a recording of a screen: pictures come when they come."""
    drop = ("-vf", "select='not(between(n,40,95))*mod(n,3)',setpts=PTS", "-fps_mode", "vfr", "-g", "40")
    source = make_clip(tmp_path / "vfr.mp4", seconds=9, size="160x90", options=drop)
    told = probing.probe(source, tmp_path)
    assert told.frame_gap_s > 2
    same(source, tmp_path, probed=told)


def test_without_its_lead_a_piece_loses_pictures(tmp_path, monkeypatch):
    """The canary: the exactness comes from what is decoded before a piece, and dropped."""
    drop = ("-vf", "select='not(between(n,40,95))*mod(n,3)',setpts=PTS", "-fps_mode", "vfr", "-g", "40")
    source = make_clip(tmp_path / "vfr.mp4", seconds=9, size="160x90", options=drop)
    monkeypatch.setattr(plans, "lead_s", lambda source: 0)
    with pytest.raises(AssertionError):
        same(source, tmp_path)
