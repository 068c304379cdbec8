"""The command `demo`: prepare the data once, then serve them until somebody stops it."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from circo import rules
from circo.errors import Refusal
from circo.models import Person
from circo.portal import serving
from circo.portal.demo import (
    brigade,
    days,
    experiments,
    festival,
    films,
    here,
    hosting,
    mentoring,
    observing,
    papers,
    partner,
    paths,
    placements,
    proposals,
    salons,
    showcase,
    years,
)
from circo.portal.demo.accounts import ACCOUNTS, PASSWORD
from circo.portal.demo.meetings import write_meetings
from circo.portal.demo.places import write_places
from circo.portal.demo.plan import plan
from circo.portal.demo.schools import SIZES
from circo.portal.demo.visiting import fill as fill_visits
from circo.portal.demo.writing import write
from videos.receiving import NotTaken

Say = Callable[[str], object]
MADE_BY_US = ("db.sqlite3*", "media", "mails", "valkey", "beat*", "uploads", "work")  # under DATA_DIR


def run(*, size: str, reset: bool, say: Say) -> None:
    """Make the data if there are none (or anew), serve, and tell how to enter.

    Raises: Refusal where a demonstration has no place, or if the port or the data are taken; Outside if a part fails.
    """
    here.refuse_in_public()
    with serving.alone_with_the_data(), serving.listening(settings.PORT) as listener:
        if reset:
            erase(settings.DATA_DIR, str(settings.DATABASES["default"]["NAME"]))
        say("Préparation de la base…")
        call_command("migrate", verbosity=0, interactive=False)
        if fill(size):
            say("Données de démonstration écrites.")
            add_films(SIZES[size].films, say)
        else:
            say("Les données de la dernière fois sont gardées (make demo-reset repart de rien).")
        serving.serve(listener, say=say, started=lambda: welcome(say))


def erase(folder: Path, database: str) -> None:
    """Remove the data of the former demonstration, and nothing else of the folder.

    Raises: Refusal if the data are in a database that is not the embedded one.
    """
    if Path(database) != folder / "db.sqlite3":
        raise Refusal("Seule la base embarquée peut être effacée : videz vous-même celle de DATABASE_URL.")
    for pattern in MADE_BY_US:
        for path in folder.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def fill(size: str) -> bool:
    """Write the demonstration if nobody is there yet; tell whether it was written."""
    if Person.objects.exists():
        return False
    _hush()
    write(plan(size=size, today=timezone.localdate()))
    fill_visits()
    write_places()
    experiments.write()
    write_meetings()
    salons.write()
    years.fill()
    mentoring.write()
    days.write()
    brigade.write()
    festival.write()
    partner.write()
    hosting.write()
    placements.write()
    observing.write()
    papers.write()
    proposals.write()
    paths.write()
    showcase.write()
    return True


def _hush() -> None:
    """Redis starts later, and hears of all this then: nobody need be warned of it."""
    for name in ("circo.bell", "circo.live"):
        logging.getLogger(name).setLevel(logging.ERROR)


def add_films(count: int, say: Say) -> None:
    """Deposit the films; the demonstration does without them where there is no room."""
    _hush()
    try:
        films.deposit_all(films.CLIPS[-count:])
    except (NotTaken, OSError, subprocess.SubprocessError) as reason:
        say(f"Les films de démonstration manquent : {reason}")
    else:
        say("Films de démonstration déposés : un travail en arrière-plan les prépare en une minute.")


def welcome(say: Say) -> None:
    """Tell the address, the accounts, and how to pass the second factor."""
    site = settings.SITE_URL
    say(f"\n{settings.PLATFORM['name']} : {site}\n")
    say(f"Comptes de démonstration (mot de passe de tous : {PASSWORD})")
    for account in ACCOUNTS:
        role = rules.ROLE_LABELS[account.role] if account.role else "Administration technique"
        say(f"  {account.email:<37}{'*' if account.needs_code else ' '} {role}")
    say(f"  * demande aussi un code à six chiffres : {site}/demo/comptes/")
    say(f"\nLes e-mails se lisent ici : {site}/demo/mails/")
    say("Ctrl-C arrête tout ; make demo-reset repart de rien.\n")
