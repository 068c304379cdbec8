"""Publish what flows from ffmpeg while it flows: the source's own pictures, and the sound, which is never cut into
pieces.

The work of the jobs « film-copy » and « film-sound ». Segments are published as they come, so that a film of an hour
plays as soon as one of a minute.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import transaction

from circo import jobs
from circo.errors import Outside
from circo.jobs import LeaseLost, Run
from videos import boxes, commands, pictures, publishing, queries, runner, working
from videos.models import Blurring, Preparation, Rendition, Voice
from videos.plans import rules as plans
from videos.plans.rules import Plan

TELL_EVERY_S = 2.0
BYTES_A_SECOND = 4 * 1024**2  # at least, from a slow disk
SHORT_BY_S = 0.5  # what may lack at the end of a sound or of a copy
SEMITONES = {Voice.AS_IT_IS: 0, Voice.LOWER: -4, Voice.HIGHER: 4}


class Flow:
    """Fragments as they come, grouped into segments and handed on. `push` takes any bytes, `close` what is left."""

    def __init__(self, hand_on: Callable[[bytes, list[publishing.Segment]], None]) -> None:
        self.hand_on = hand_on
        self.init, self.timescale = b"", 0
        self.pending = bytearray()
        self.group: list[boxes.Fragment] = []
        self.lengths: list[float] = []
        self.fragments = 0

    def push(self, block: bytes) -> None:
        """Take some bytes.

        Raises: boxes.Broken if they are not what our own ffmpeg writes.
        """
        self.pending += block
        while fragment := self._take():
            self.group.append(fragment)
            if sum(one.ticks for one in self.group) >= (plans.SEGMENT_S - 0.001) * self.timescale:
                self._hand_on()

    def close(self) -> None:
        if self.group:
            self._hand_on()

    def _take(self) -> boxes.Fragment | None:
        """The next whole fragment; the head is taken first."""
        data = bytes(self.pending) if self.init else bytes(self.pending[: boxes.HEAD_MAX])
        ends = boxes.whole_ends(data, (b"moof", b"mdat") if self.init else (b"ftyp", b"moov"))
        if ends is None:
            return None
        taken, self.pending = bytes(self.pending[:ends]), self.pending[ends:]
        if not self.init:
            self.init, self.timescale = boxes.split(taken).init, boxes.timescale(taken)
            return self._take()
        return boxes.split(self.init + taken).fragments[0]

    def _hand_on(self) -> None:
        number = len(self.lengths)
        made = boxes.Pieces(self.init, self.timescale, self.group)
        joined = publishing.in_segments(made, first=number, start_s=0, length_s=1e9)
        self.group = []
        self.lengths += [one.length_s for one in joined]
        self.hand_on(self.init, joined)


class Publisher:
    """Keeps the segments of one rendition, and writes how far it reaches, at once and then now and again."""

    def __init__(self, run: Run, folder: Path, film_id: UUID, output: str, name: str, plan: Plan) -> None:
        self.run, self.folder, self.film_id, self.output, self.name = run, folder, film_id, output, name
        self.plan = plan
        self.told_at: float | None = None
        self.lengths: list[float] = []
        self.bytes_sent = self.peak_rate = 0

    def __call__(self, init: bytes, segments: list[publishing.Segment]) -> None:
        if self.run.lost.is_set():
            raise LeaseLost
        if not self.lengths:
            publishing.remember_init(self.film_id, self.output, self.name, init)
        names = publishing.write(self.folder, self.name, init, segments)
        publishing.keep(self.folder, names, self.film_id, self.output)
        self.lengths += [one.length_s for one in segments]
        for one in segments:
            self.bytes_sent += len(one.data)
            self.peak_rate = max(self.peak_rate, int(8 * len(one.data) / max(one.length_s, 0.1)))
        if self.told_at is None:
            self.tell()
            if self.name == plans.ORIGINAL:
                pictures.early_poster(self.film_id, self.output, self.name, self.folder)
        elif time.monotonic() - self.told_at > TELL_EVERY_S:
            self.tell()

    @transaction.atomic
    def tell(self) -> None:
        if not self.run.mine().exists():
            raise LeaseLost
        preparation, film = publishing.locked(self.film_id, self.output)
        publishing.grow(self.film_id, self.output, self.name, self.lengths, is_whole=False)
        self.rates()
        publishing.advance(preparation, film, self.plan)
        self.told_at = time.monotonic()

    def rates(self) -> None:
        average = int(8 * self.bytes_sent / max(sum(self.lengths), 0.1))
        rows = publishing.renditions(self.film_id, self.output).filter(name=self.name)
        rows.update(peak_rate=self.peak_rate, average_rate=average)


def copy(run: Run) -> None:
    """Publish the source's own pictures, as they are: the film plays before anything is encoded.

    Raises: Refusal, Outside, LeaseLost as `working.run`.
    """
    if preparation := _preparation(run):
        _flow(run, preparation, plans.ORIGINAL, lambda source, plan, _: commands.copy(source, plan))


def sound(run: Run) -> None:
    """Publish the sound; of a film still on its way, as far as its bytes reach.

    Raises: Refusal, Outside, LeaseLost as `working.run`.
    """
    preparation = _preparation(run)
    if preparation and preparation.is_blurring:  # the sound is made already, and only its voices may change
        blurring = Blurring.objects.get(film=preparation.film_id)
        semitones, read = SEMITONES[Voice(blurring.voice)], partial(_sound_before, blurring.before)
        _flow(run, preparation, plans.AUDIO, lambda heard, *_: commands.voice(heard, semitones=semitones), read)
    elif preparation:
        _flow(run, preparation, plans.AUDIO, lambda heard, plan, until_s: commands.sound(heard, plan, until_s=until_s))


def _preparation(run: Run) -> Preparation | None:
    """What this run is of; none, and the job is done, if it was finished, refused or removed meanwhile."""
    film_id, output = run.subject_id.split(":")
    preparation = Preparation.objects.filter(film_id=film_id, output=output).first()
    if preparation is None:
        with run.finish():
            pass
    return preparation


@contextmanager
def _sound_before(output: str, film_id: UUID, folder: Path) -> Iterator[Path]:
    """The sound that was published before, in one file."""
    row = Rendition.objects.get(film=film_id, output=output, name=plans.AUDIO)
    yield pictures.joined(film_id, output, plans.AUDIO, folder, segments=len(row.lengths))


def _flow(
    run: Run,
    preparation: Preparation,
    name: str,
    command: Callable[[Path, Plan, float | None], list[str]],
    read: Callable[[UUID, Path], AbstractContextManager[Path]] = working.source,
) -> None:
    film_id, output, plan = preparation.film_id, preparation.output, Plan.from_json(preparation.plan)
    until_s = preparation.sound_until_s if preparation.is_early else None
    with working.folder(run, f"{film_id}.{output}.{name}") as folder, read(film_id, folder) as source:
        publisher = Publisher(run, folder, film_id, output, name, plan)
        flow = Flow(publisher)
        wall_s = 120 + source.stat().st_size / BYTES_A_SECOND
        limits = runner.Limits(wall_s=wall_s, cpu_s=int(wall_s))
        argv = command(source, plan, until_s)
        try:
            working.run(argv, limits=limits, reads=[source], folder=folder, on_bytes=flow.push, lost=run.lost)
            if not preparation.is_early:  # the last segment of what has arrived is not a whole one
                flow.close()
        except (boxes.Broken, OSError) as error:
            raise working.fault_of(error) from error
        _end(run, publisher, name, is_early=preparation.is_early)


def _end(run: Run, publisher: Publisher, name: str, *, is_early: bool) -> None:
    plan, seconds = publisher.plan, sum(publisher.lengths)
    wanted = plan.source.end_s if name == plans.ORIGINAL else plan.source.audio_end_s
    if not is_early and seconds < wanted - max(SHORT_BY_S, 0.02 * wanted) and not plan.source.lacks_its_end:
        raise Outside(working.TOOL_FAILED)  # cut short by a full disk: the exit code is 0 then, too
    with run.finish():
        preparation, film = publishing.locked(publisher.film_id, publisher.output)
        if publisher.lengths:
            publishing.grow(publisher.film_id, publisher.output, name, publisher.lengths, is_whole=not is_early)
            publisher.rates()
        if not is_early:
            setattr(preparation, "copy_done" if name == plans.ORIGINAL else "sound_done", True)
            preparation.save(update_fields=["copy_done", "sound_done"])
        elif not preparation.is_early:  # the last byte came meanwhile: asked for again while we worked, and not heard
            author_key = str(film.author_id)
            jobs.ask(queries.SOUND, subject(film.pk, preparation.output), rank=0, owner_key=author_key)
        publishing.advance(preparation, film, plan)


def subject(film_id: UUID, output: str) -> str:
    """The subject of the jobs that copy the pictures, and that make the sound."""
    return f"{film_id}:{output}"
