"""Deposit films from files: bulk, migration, trials. The rules are those of the page."""

from __future__ import annotations

import errno
import hashlib
import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from io import SEEK_END
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from circo import jobs
from circo.access import Permission
from circo.errors import Refusal
from circo.models import Job, JobState, Person
from networks.models import MutualisationGroup
from videos import actions, queries
from videos.models import Film, FilmState, Rendition, Upload

LOOK_EVERY_S = 0.2
HELP_AFTER_S = 1.0  # nobody has taken the work by then: no worker runs, so this command does it
SAMPLE_BYTES = 64 * 1024  # of each end of a file, as pages do: see static/js/depot-envois.js
UNREADABLE = {
    errno.ENOENT: "Ce fichier n’existe pas.",
    errno.EACCES: "Ce fichier n’est pas lisible avec ce compte de la machine.",
}


class Command(BaseCommand):
    help = "Dépose des films depuis des fichiers, selon les mêmes règles que la page « Déposer un film »."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="les films, ou des dossiers de films")
        parser.add_argument("--author", required=True, metavar="EMAIL", help="l’adresse de l’auteur ou de l’autrice")
        parser.add_argument("--title", default="", help="le titre d’un seul film (par défaut : le nom du fichier)")
        parser.add_argument("--group", default="", help="le nom du groupe, si la personne est membre de plusieurs")
        parser.add_argument("--once", action="store_true", help="laisser ceux que cette personne a déjà déposés")
        parser.add_argument("--wait", action="store_true", help="attendre que chaque film soit prêt ou refusé")
        parser.add_argument("--json", action="store_true", help="une ligne JSON par film")

    def handle(self, *args: Any, **options: Any) -> None:
        files = list(_files(options["files"]))
        if options["title"] and len(files) > 1:
            raise CommandError("--title vaut pour un seul film. Sans lui, chacun prend le nom de son fichier.")
        author = _author_of(options["author"])
        group = _group_of(author, options["group"])
        refused = 0
        for file in files:
            told = {"file": str(file)} | _deposit(
                file, author, group, options["title"] or file.stem, wait=options["wait"], once=options["once"]
            )
            refused += bool(told["refusal"])
            self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else _in_words(file, told))
        if refused:
            raise SystemExit(1)


def _files(named: Sequence[Path]) -> Iterator[Path]:
    """The files that are named, and those of the folders that are, by name; hidden ones are no films."""
    for path in named:
        if path.is_dir():
            yield from sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
        else:
            yield path


def _author_of(email: str) -> Person:
    author = Person.objects.filter(email__iexact=email, is_active=True).first()
    if author is None:
        raise CommandError(f"Personne n’a de compte ouvert à l’adresse {email}.")
    if not author.reach().can(Permission.DEPOSIT_FILM):
        raise CommandError(f"Aucune fonction en cours ne permet à {author} de déposer un film.")
    return author


def _group_of(author: Person, name: str) -> MutualisationGroup:
    groups = list(MutualisationGroup.objects.of_member(author))
    found = [group for group in groups if name in ("", group.name)]
    if len(found) == 1:
        return found[0]
    if not groups:
        raise CommandError(f"Cette année, {author} n’est membre d’aucun groupe.")
    names = ", ".join(group.name for group in groups)
    raise CommandError(f"Dites le groupe avec --group. Ceux de {author} : {names}.")


def _deposit(
    file: Path, author: Person, group: MutualisationGroup, title: str, *, wait: bool, once: bool
) -> dict[str, Any]:
    """Deposit one film and tell what became of it. Times are in seconds from the last byte."""
    try:
        with file.open("rb") as stream:
            size, fingerprint = file.stat().st_size, _fingerprint(stream)
            known = {"size_bytes": size, "file_name": file.name, "fingerprint": fingerprint}
            same = queries.same_film(Upload(owner=author, **known)) if once else None
            if same is not None:
                return _told(same)
            upload = actions.keep_file(file=stream, by=author, **known)
        arrived = time.monotonic()
        film = actions.deposit(upload=upload, title=title, group=group, by=author)
    except OSError as error:
        return _told(None, refusal=UNREADABLE.get(error.errno or 0, "Ce fichier ne peut pas être lu."))
    except Refusal as refusal:
        return _told(None, refusal=str(refusal))
    playable_s = _wait(film, arrived) if wait else None
    complete_s = time.monotonic() - arrived if wait else None
    film.refresh_from_db()
    return _told(film, playable_s=playable_s, complete_s=complete_s if film.state == FilmState.READY else None)


def _fingerprint(file: IO[bytes]) -> str:
    """What a page would say of the bytes of a file: both its ends, one after the other."""
    begin = file.read(SAMPLE_BYTES)
    size = file.seek(0, SEEK_END)
    file.seek(max(size - SAMPLE_BYTES, 0))
    end = file.read(SAMPLE_BYTES)
    file.seek(0)
    return hashlib.sha256(begin + end).hexdigest()


def _wait(film: Film, arrived: float) -> float | None:
    """Wait until nothing is left to do, and return when the film first played."""
    playable_s = None
    while True:
        film.refresh_from_db()
        now_s = time.monotonic() - arrived
        if film.playable_at and playable_s is None:
            playable_s = now_s
        if film.state in (FilmState.READY, FilmState.REFUSED):
            return playable_s
        taken = Job.objects.filter(subject_id__startswith=str(film.pk)).exclude(state=JobState.QUEUED).exists()
        if now_s < HELP_AFTER_S or (taken and not _is_alone(film)) or not _help():
            time.sleep(LOOK_EVERY_S)


def _is_alone(film: Film) -> bool:
    """Tell whether no worker is at this film."""
    return not Job.objects.filter(subject_id__startswith=str(film.pk), state=JobState.RUNNING).exists()


def _help() -> bool:
    return jobs.run_next(queries.QUICK) or jobs.run_next(queries.HEAVY)


def _told(
    film: Film | None, *, playable_s: float | None = None, complete_s: float | None = None, refusal: str = ""
) -> dict[str, Any]:
    names = Rendition.objects.filter(film=film, output=film.output).values_list("name", flat=True) if film else []
    return {
        "id": str(film.pk) if film else None,
        "state": film.state if film else FilmState.REFUSED.value,
        "duration_s": film.duration_s if film else None,
        "renditions": sorted(names),
        "first_playable_s": None if playable_s is None else round(playable_s, 3),
        "complete_s": None if complete_s is None else round(complete_s, 3),
        "refusal": refusal or (film.refusal if film else ""),
    }


def _in_words(file: Path, told: dict[str, Any]) -> str:
    if told["refusal"]:
        return f"{file.name} : refusé. {told['refusal']}"
    return f"{file.name} : {FilmState(told['state']).label} ({told['id']})"
