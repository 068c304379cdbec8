"""What must be true once everything has settled, whatever was killed meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from circo.models import Job, JobState, Notice, Person
from tests.faults.clips import Clip, digests
from tests.faults.stage import Stage
from videos import cleaning, queries
from videos.models import DonePiece, Film, FilmState, Preparation, Upload

SETTLED = (FilmState.READY, FilmState.REFUSED)
ATTEMPTS_MAX = 5


def is_settled() -> bool:
    return not Film.objects.exclude(state__in=SETTLED).exists() and not _open_jobs().exists()


def _open_jobs():
    """Of films: the letter that tells of a refusal leaves a moment later."""
    return Job.objects.filter(kind__in=queries.MAKING, state__in=[JobState.QUEUED, JobState.RUNNING])


def most_attempts() -> int:
    return Job.objects.aggregate(most=Max("attempt"))["most"] or 0


def problems(stage: Stage, deposited: Mapping[Film, Clip]) -> dict[str, list[str]]:
    """Everything that is wrong, by kind; each list is empty when all is well."""
    films = {film: Film.objects.get(pk=film.pk) for film in deposited}
    return {
        "stuck": [f"{film.title}: {film.state}" for film in films.values() if film.state not in SETTLED]
        + [str(job) for job in _open_jobs()],
        "wrong": [told for film, clip in deposited.items() for told in _wrong_end(films[film], clip)],
        "duplicates": _told_twice(),
        "bad": [told for film, clip in deposited.items() for told in _bad_output(films[film], clip)],
        "orphans": [f"{pid}: {command}" for pid, command in stage.orphans().items()]
        + [f"ffmpeg {pid}" for pid in stage.ffmpegs()],
        "leftovers": [*map(str, Preparation.objects.all()), *map(str, DonePiece.objects.all()), *_unnamed()],
        "attempts": [str(most_attempts())] if most_attempts() > ATTEMPTS_MAX else [],
    }


def _wrong_end(film: Film, clip: Clip) -> list[str]:
    wanted = FilmState.READY if clip.digests else FilmState.REFUSED
    if film.state != wanted:
        return [f"{film.title}: {film.state} {film.refusal}"]
    told = Notice.objects.filter(key=f"film-{film.pk}")
    kind = queries.FILM_READY if clip.digests else queries.FILM_REFUSED
    others = told.exclude(kind=kind).count()
    heard = 1 if film.state == FilmState.REFUSED else Person.objects.filter(notices__in=told).distinct().count()
    return [] if heard and told.filter(kind=kind).count() == heard and not others else [f"{film.title}: not told once"]


def _told_twice() -> list[str]:
    counted = Counter(Notice.objects.values_list("person_id", "kind", "key"))
    return [str(key) for key, times in counted.items() if times > 1]


def _bad_output(film: Film, clip: Clip) -> list[str]:
    """What is published must be what an undisturbed preparation publishes, to the byte, and nothing more."""
    if film.state != FilmState.READY:
        return []
    found, problems = digests(film), []
    for name in sorted(found.keys() | clip.digests.keys()):
        if found.get(name) != clip.digests.get(name):
            told = "absent" if name not in found else "unexpected" if name not in clip.digests else "other bytes"
            problems.append(f"{film.title} {name}: {told}")
    rows = film.renditions.filter(is_kept=True)
    problems += [f"{film.title} {row.name}: open" for row in rows if not row.is_whole]
    problems += [f"{film.title} {row.name}: {row.seconds} s" for row in rows if abs(row.seconds - clip.seconds) > 0.1]
    return problems


def _unnamed() -> list[str]:
    """The files and folders that no row names."""
    named = {Path("uploads", str(pk)) for pk in Upload.objects.values_list("pk", flat=True)}
    outputs = {Path("films", str(pk), output) for pk, output in Film.objects.values_list("pk", "output") if output}
    found = []
    media = Path(settings.MEDIA_ROOT)
    for file in media.rglob("*"):
        at = file.relative_to(media)
        if (at.parts[0] == "films" and len(at.parts) < 3) or len(at.parts) == 1:
            continue  # a film's own folder may be empty
        if not any(at == one or one in at.parents for one in named | outputs):
            found.append(str(at))
    return found


def clean_up(monkeypatch) -> None:
    """Do what the nightly cleaning does, to the folders of now."""
    for name in ("LEFT_ALONE_S", "WORK_LEFT_ALONE_S"):
        monkeypatch.setattr(cleaning, name, -1)
    cleaning.clean()
