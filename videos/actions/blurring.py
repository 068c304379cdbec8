"""Blur a film: look for faces, choose what is hidden, have it made, look at it, and only then show it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Sum, TextField
from django.db.models.functions import Cast, Length

from circo import jobs
from circo.errors import Refusal
from circo.models import Person
from videos import announcing, queries
from videos.actions import owned
from videos.blurring import applying, rules, searching
from videos.blurring.rules import Point
from videos.models import Absence, Blurring, BlurringState, Film, FilmState, HiddenArea, Recorded, Voice

NOT_YOURS = "Seule la personne qui a déposé un film peut le flouter."
NOT_NOW = "Le floutage de ce film n’en est plus là. Rechargez la page."
CHOOSES = (BlurringState.SEARCHING, BlurringState.CHOOSING)
AREAS_MAX = 5000
WAYS_MAX = 8_000_000  # characters of all the ways of a film: some two hundred thousand points


@transaction.atomic
def search_faces(*, film: Film, by: Person) -> Blurring:
    """Begin to blur a film: look for its faces. Asked again, the search begins anew; areas drawn by hand stay.

    Raises: Refusal if it is not one's own, or not ready.
    """
    film = owned.locked(film, by, NOT_YOURS)
    if film.state != FilmState.READY:
        raise Refusal("Ce film se floute une fois prêt.")
    Blurring.objects.filter(film=film, state=BlurringState.DONE).delete()
    known = Blurring.objects.select_for_update().filter(film=film).first()
    if known is not None and known.state != BlurringState.CHOOSING:
        return known
    held = known or Blurring(film=film)
    held.state, held.fault = BlurringState.SEARCHING, ""
    held.stretches = searching.ask(film)
    held.save()
    return held


def _choosing(film: Film, by: Person) -> Blurring:
    """Lock the blurring of one's own film, while one may still choose.

    Raises: Refusal.
    """
    film = owned.locked(film, by, NOT_YOURS)
    held = Blurring.objects.select_for_update().filter(film=film, state__in=CHOOSES).first()
    if held is None:
        raise Refusal(NOT_NOW)
    return held


@transaction.atomic
def choose_areas(*, film: Film, among: Collection[int], chosen: Collection[int], by: Person) -> None:
    """Among some areas, hide the chosen ones and leave the others as they are seen.

    Raises: Refusal if it is not one's own, or if it is being made already.
    """
    areas = _choosing(film, by).areas.filter(pk__in=among)
    areas.filter(pk__in=chosen).update(is_chosen=True)
    areas.exclude(pk__in=chosen).update(is_chosen=False)


@transaction.atomic
def choose_all(*, film: Film, chosen: bool, by: Person) -> None:
    """Hide every area, or none.

    Raises: Refusal as `choose_areas`.
    """
    _choosing(film, by).areas.update(is_chosen=chosen)


@transaction.atomic
def draw_area(*, film: Film, start_s: float, end_s: float, path: Sequence[Point], by: Person) -> HiddenArea:
    """Hide a part of the picture, drawn by hand, between two seconds; it moves along `path`.

    Raises: Refusal if it is not one's own, if it is being made already, or if it lies outside the film.
    """
    blurring = _choosing(film, by)
    if blurring.areas.filter(by_hand=True).count() >= AREAS_MAX:  # a long film may well have more faces
        raise Refusal("Vous avez déjà tracé beaucoup de zones dans ce film. Corrigez l’une d’elles.")
    _check_ways(blurring, path)
    return HiddenArea.objects.create(blurring=blurring, by_hand=True, **_drawn(film, start_s, end_s, path))


def _check_ways(blurring: Blurring, path: Sequence[Point]) -> None:
    """Refuse a way of many points to a film that holds too many: each piece of it reads them all.

    Raises: Refusal.
    """
    characters = Sum(Length(Cast("path", TextField())))
    if len(path) > 2 and (blurring.areas.order_by().aggregate(all=characters)["all"] or 0) > WAYS_MAX:
        raise Refusal(
            "Les zones de ce film suivent déjà des chemins très longs. Donnez à celle-ci un début et une fin."
        )


@transaction.atomic
def redraw_area(*, area: HiddenArea, start_s: float, end_s: float, path: Sequence[Point], by: Person) -> HiddenArea:
    """Move an area, or change when it hides; of a face that was followed, too.

    Raises: Refusal as `draw_area`.
    """
    blurring = _choosing(area.blurring.film, by)
    _check_ways(blurring, path)
    blurring.areas.filter(pk=area.pk).update(**_drawn(blurring.film, start_s, end_s, path), is_chosen=True)
    return blurring.areas.get(pk=area.pk)


def _drawn(film: Film, start_s: float, end_s: float, path: Sequence[Point]) -> dict[str, object]:
    start_s, end_s = max(start_s, 0.0), min(end_s, film.duration_s or 0.0)
    if start_s >= end_s:
        raise Refusal("La fin de la zone vient après son début, et dans le film.")
    points = [rules.drawn_point(*point) for point in sorted(path)]
    if not 1 <= len(points) <= rules.POINTS_MAX:
        raise Refusal("Tracez la zone sur l’image.")
    return {"start_s": start_s, "end_s": end_s, "path": [list(point) for point in points]}


@transaction.atomic
def change_voices(*, film: Film, voice: Voice, by: Person) -> None:
    """Choose how voices are heard in the blurred film.

    Raises: Refusal as `choose_areas`.
    """
    blurring = _choosing(film, by)
    blurring.voice = voice
    blurring.save(update_fields=["voice"])


@transaction.atomic
def apply_blur(*, film: Film, by: Person) -> Blurring:
    """Have the blurred film made. From now on, and until its author has looked at it, nobody else sees it.

    Raises: Refusal if it is not one's own, if nothing is chosen, or if faces are still looked for.
    """
    blurring = _choosing(film, by)
    if blurring.state != BlurringState.CHOOSING:
        raise Refusal("Attendez la fin de la recherche des visages.")
    if not blurring.areas.chosen().exists() and blurring.voice == Voice.AS_IT_IS:
        raise Refusal("Choisissez au moins un visage ou une zone à flouter.")
    held = Film.objects.get(pk=film.pk)
    if held.state != FilmState.READY:
        raise Refusal("Ce film se floute une fois prêt.")
    held.state, held.is_held = FilmState.PROCESSING, True
    held.save(update_fields=["state", "is_held"])
    blurring.state, blurring.fault = BlurringState.APPLYING, ""
    blurring.save(update_fields=["state", "fault"])
    announcing.take_back(held)
    jobs.ask(queries.BLUR, str(held.pk), rank=0, owner_key=str(by.pk))
    return blurring


@transaction.atomic
def choose_again(*, film: Film, by: Person) -> Blurring:
    """Go back to the choice of areas, whatever was made of it; the film stays its author's alone.

    Raises: Refusal if it is not one's own, or if there is nothing to go back from.
    """
    applying.drop_preparation(film.pk)  # before the film is locked, as workers do; undone with a refusal
    film = owned.locked(film, by, NOT_YOURS)
    blurring = Blurring.objects.filter(film=film, state__in=[BlurringState.APPLYING, BlurringState.CHECKING]).first()
    if blurring is None:
        raise Refusal(NOT_NOW)
    applying.go_back(film)
    blurring.refresh_from_db()
    return blurring


@transaction.atomic
def give_up_blurring(*, film: Film, by: Person) -> None:
    """Leave the film as it was before; it is shown again to those who saw it.

    Raises: Refusal if it is not one's own, or if what was hidden is gone already.
    """
    applying.drop_preparation(film.pk)  # as `choose_again`
    film = owned.locked(film, by, NOT_YOURS)
    blurring = Blurring.objects.select_for_update().filter(film=film).exclude(state=BlurringState.DONE).first()
    if blurring is None:
        raise Refusal(NOT_NOW)
    if blurring.state in (BlurringState.APPLYING, BlurringState.CHECKING):
        applying.go_back(film)
    blurring.delete()
    jobs.forget_all(f"{film.pk}:", kinds=[queries.FACES])
    film.is_held = False
    film.save(update_fields=["is_held"])
    announcing.announce(film)


@transaction.atomic
def approve_blur(*, film: Film, output: str, hidden: Collection[Recorded], by: Person) -> Film:
    """Write that the author looked at the blurred film, and that `hidden` cannot be recognised in it any more.

    `output` names what was looked at: another tab may have had the film made anew since.

    What was published before, and the file that was sent, are removed for good; the film is shown again.

    Raises: Refusal if it is not one's own, if there is no blurred film to look at, or for people of another project.
    """
    film = owned.locked(film, by, NOT_YOURS)
    blurring = Blurring.objects.select_for_update().filter(film=film, state=BlurringState.CHECKING).first()
    if blurring is None:
        raise Refusal(NOT_NOW)
    if film.output != output:
        raise Refusal("Le film a été flouté de nouveau depuis\u00a0: regardez-le d’abord.")
    if hidden and not blurring.areas.chosen().exists():
        raise Refusal("Rien n’est flouté à l’image\u00a0: on y reconnaît encore tout le monde.")
    if any(one.project_id != film.project_id for one in hidden):
        raise Refusal("Cette personne n’est pas de la liste de ce film.")
    applying.seal(film, blurring)
    for one in hidden:
        Absence.objects.update_or_create(film=film, recorded=one, defaults={"how": Absence.How.BLURRED})
    film.is_held = False
    film.save(update_fields=["is_held"])
    announcing.announce(film)
    return film
