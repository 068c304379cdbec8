"""Look at what a film holds, decide what is made of it, and ask for it: the work of the job « film-prepare ».

Asked when the last byte has come, or before, of a film whose index has come first: what has arrived is then encoded
while the rest is on its way.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

from circo import jobs
from circo.errors import Refusal
from circo.jobs import LeaseLost, Run
from videos import commands, encoding, flowing, paths, probing, publishing, queries, runner, working
from videos.models import Blurring, Film, FilmState, Preparation, Rendition, Upload
from videos.plans import rules as plans
from videos.plans.rules import Piece, Plan, Source

REPACKED_FORMATS = ("mpegts", "mpeg", "matroska", "flv")  # those that a new container makes seekable
FIRST_BIT_RATE_SHARE = 0.7  # of the highest that is allowed, as long as nothing is measured


def prepare(run: Run) -> None:
    """Probe one film, plan it, and ask for all that can be made of the bytes that are there.

    Raises: Refusal if it is no film, or costs too much; Outside if the disk or a tool fails; LeaseLost.
    """
    film_id = UUID(run.subject_id)
    upload = Upload.objects.filter(film_id=film_id).select_related("film").first()
    if upload is None or upload.film is None or upload.film.state not in (FilmState.UPLOADING, FilmState.PROCESSING):
        with run.finish():
            return
    if Blurring.objects.applying(film_id).exists():  # what is hidden would be shown
        with run.finish():
            return
    early = Preparation.objects.filter(film_id=film_id, is_early=True).first()
    goes_on = early is not None and not upload.index_changed
    found = None if goes_on else look(run, upload)
    with run.finish():
        now = Upload.objects.select_for_update().filter(pk=upload.pk).first()
        if now is None:
            raise LeaseLost
        if found is not None:
            plan = plans.make(found, is_early=not upload.is_complete)
            _begin_anew(upload.film, plan, output=str(run.epoch), upload=upload)
        elif goes_on and upload.is_complete:
            _all_is_there(film_id)
        if now.is_complete and not upload.is_complete:
            # The last byte came meanwhile, and found this job running: nobody else would look at the film again.
            jobs.ask(queries.PREPARE, run.subject_id, rank=0, owner_key=str(upload.film.author_id))


def look(run: Run, upload: Upload) -> Source | None:
    """What the bytes of a film hold; None if they do not tell yet.

    Raises: Refusal if it is no film, or costs too much; Outside if the disk or a tool fails; LeaseLost.
    """
    with working.folder(run, str(upload.film_id)) as folder, working.source(UUID(run.subject_id), folder) as source:
        try:
            arrived = None if upload.is_complete else upload.offset_bytes
            found = probing.probe(source, folder, run.lost, arrived=arrived)
            if not found.seeks and found.container.startswith(REPACKED_FORMATS):
                return _repacked(upload, source, folder, found, run)
            return found
        except probing.NotYet:
            return None
        except runner.Abandoned as error:
            raise LeaseLost from error


def _repacked(upload: Upload, source: Path, folder: Path, found: Source, run: Run) -> Source:
    """Put the streams in a container that can be sought; where that fails, pieces are decoded from the beginning."""
    target = paths.repacked(upload.pk)
    wall_s = 60 + source.stat().st_size / flowing.BYTES_A_SECOND
    limits = runner.Limits(wall_s=wall_s, stall_s=wall_s, cpu_s=int(wall_s))
    argv = commands.repacked(source, plans.Plan(found, (), (), copied=False, keeps_copy=False), target.name)
    try:
        working.run(argv, limits=limits, reads=[source], folder=folder, lost=run.lost)
    except Refusal:
        return found
    (folder / target.name).rename(target)
    paths.sync_folder(target.parent)
    return replace(found, seeks=True)


def _begin_anew(film: Film, plan: Plan, *, output: str, upload: Upload) -> None:
    """Forget what was made of the film, and begin.

    Raises: LeaseLost if the film has gone, or gone further, meanwhile.
    """
    held = Film.objects.select_for_update(of=("self",)).filter(pk=film.pk).first()
    if held is None or held.state not in (FilmState.UPLOADING, FilmState.PROCESSING):
        raise LeaseLost
    if held.output:  # what was made early of an index that was not the right one
        held.output, held.playable_at = "", None
        held.save(update_fields=["output", "playable_at"])
    Rendition.objects.filter(film=held).delete()
    begin(held, plan, output=output, upload=upload)


def begin(film: Film, plan: Plan, *, output: str, upload: Upload, is_blurring: bool = False) -> None:
    """Write the plan, and ask for what can be made now. Under the lock of the film."""
    Preparation.objects.filter(film=film).delete()
    preparation = Preparation.objects.create(
        film=film,
        output=output,
        plan=plan.to_json(),
        is_early=not upload.is_complete,
        is_blurring=is_blurring,
        pieces=len(plan.pieces),
    )
    Rendition.objects.bulk_create(_renditions(film, output, plan))
    if film.lacks_its_end != plan.source.lacks_its_end:
        film.lacks_its_end = plan.source.lacks_its_end
        film.save(update_fields=["lacks_its_end"])
    _ask_for_what_is_there(preparation, plan, upload, author_key=str(film.author_id))


def _renditions(film: Film, output: str, plan: Plan) -> list[Rendition]:
    source = plan.source
    made = [
        Rendition(
            name=rung.name,
            width=rung.width,
            height=rung.height,
            rate=source.rate,
            peak_rate=rung.max_rate,
            average_rate=int(FIRST_BIT_RATE_SHARE * rung.max_rate),
        )
        for rung in plan.rungs
    ]
    if plan.copied:
        size = {"width": source.shown.width, "height": source.shown.height, "rate": source.source_rate}
        made.append(Rendition(name=plans.ORIGINAL, peak_rate=source.bit_rate, is_kept=plan.keeps_copy, **size))
    if source.audio is not None:
        made.append(
            Rendition(name=plans.AUDIO, peak_rate=commands.AUDIO_BIT_RATE, average_rate=commands.AUDIO_BIT_RATE)
        )
    for one in made:
        one.film, one.output = film, output
    return made


def _ask_for_what_is_there(preparation: Preparation, plan: Plan, upload: Upload, *, author_key: str) -> None:
    if not preparation.is_early:
        whole = flowing.subject(preparation.film_id, preparation.output)
        if plan.copied:
            jobs.ask(queries.COPY, whole, rank=0, owner_key=author_key)
        if plan.source.audio is not None:
            jobs.ask(queries.SOUND, whole, rank=0, owner_key=author_key)
    _ask_for_pieces(preparation, plan, upload, author_key)
    if preparation.is_early:
        _ask_for_early_sound(preparation, plan, upload, author_key)


def _ask_for_pieces(preparation: Preparation, plan: Plan, upload: Upload, author_key: str) -> None:
    """Ask for the pieces whose bytes are there, in the order of the film."""
    asked = []
    for piece in plan.pieces[preparation.asked :]:
        if preparation.is_early and (piece.needs_bytes is None or piece.needs_bytes > upload.offset_bytes):
            break
        subject = encoding.subject(preparation.film_id, preparation.output, piece.key)
        asked.append(jobs.Asked(subject, 0 if piece.key == plan.first_key else 1, _cost(plan, piece)))
    jobs.ask_all(queries.PIECE, asked, owner_key=author_key)
    preparation.asked += len(asked)
    preparation.save(update_fields=["asked"])


def _cost(plan: Plan, piece: Piece) -> float:
    """How long a piece keeps a worker, in seconds of a film in all renditions."""
    return plan.seconds(piece) * len(piece.rungs) / max(len(plan.rungs), 1)


def _all_is_there(film_id: UUID) -> None:
    """Go on with what was begun early, now that the last byte has come."""
    locked = Preparation.objects.select_for_update().filter(pk=film_id, is_early=True).first()
    if locked is None:
        return
    locked.is_early = False
    locked.save(update_fields=["is_early"])
    upload, film = Upload.objects.get(film_id=film_id), Film.objects.get(pk=film_id)
    plan = Plan.from_json(locked.plan)
    _ask_for_what_is_there(locked, plan, upload, author_key=str(film.author_id))
    publishing.advance(locked, film, plan)


def more_arrived(upload: Upload, *, is_first: bool = False) -> None:
    """Begin a film whose bytes still arrive, if they may tell what it holds, or go on with it. Under the upload's lock.

    `is_first`: nothing was known of the film before. Later, only an index that was sent ahead makes it worth a look.
    """
    if upload.film is None:
        return
    author_key = str(upload.film.author_id)
    preparation = Preparation.objects.filter(film=upload.film).first()
    if preparation is None:
        if upload.offset_bytes and (is_first or upload.has_index):
            jobs.ask(queries.PREPARE, str(upload.film_id), rank=0, owner_key=author_key)
        return
    plan = Plan.from_json(preparation.plan)
    _ask_for_pieces(preparation, plan, upload, author_key)
    _ask_for_early_sound(preparation, plan, upload, author_key)


def _ask_for_early_sound(preparation: Preparation, plan: Plan, upload: Upload, author_key: str) -> None:
    """Make the sound as far as it has come; again when twice as much of it is there, so that all of it costs little."""
    if plan.source.audio is None or not preparation.asked:
        return
    heard_s = plans.seconds_within(plan.source.audio_bytes, upload.offset_bytes)
    if heard_s < 2 * preparation.sound_until_s + plans.SEGMENT_S:
        return
    preparation.sound_until_s = heard_s
    preparation.save(update_fields=["sound_until_s"])
    jobs.ask(queries.SOUND, flowing.subject(preparation.film_id, preparation.output), rank=0, owner_key=author_key)
