"""Observe a film with a grid: invite, note, finish, compare. Blind until all have finished or the author closes."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.errors import Refusal
from circo.models import Person
from videos import queries
from videos.actions import owned
from videos.grids import rules
from videos.models import Criterion, CriterionKind, Entry, Film, Grid, Observation, ObservationRound
from videos.rules import ROUNDS_MAX

NOT_YOUR_FILM = "Seule la personne qui a déposé ce film invite à l’observer."
FINISHED = "Votre regard est terminé\u00a0: il ne change plus."


@transaction.atomic
def open_round(
    *, film: Film, grid: Grid, focus: str, begin_s: float, end_s: float, observers: Iterable[Person], by: Person
) -> ObservationRound:
    """Open a film of one's own, or a part of it, to observers who see it, with a grid that is frozen from now on.

    Raises: Refusal if the film is not one's own or is not ready, if the grid is not seen or is empty, if the part is
            not in the film, or as `invite`.
    Source: docs/decisions/0014-observation-grids.md
    """
    if not Film.objects.editable_by(by).watchable().filter(pk=film.pk).exists():
        raise Refusal(NOT_YOUR_FILM)
    held = Grid.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=grid.pk).first()
    if held is None or not held.criteria.filter(removed_at=None).exists():
        raise Refusal("Choisissez une grille qui contient au moins un repère.")
    if not 0 <= begin_s < end_s <= (film.duration_s or 0) + 1:
        raise Refusal("La partie à observer se place dans le film, la fin après le début.")
    owned.check_count(
        film.rounds.all(),
        ROUNDS_MAX,
        "Ce film a déjà beaucoup d’observations. Supprimez-en une, puis attendez deux jours.",
    )
    opened = ObservationRound.objects.create(
        film=film, grid=held, focus=focus.strip()[: rules.PURPOSE_MAX], begin_s=begin_s, end_s=end_s
    )
    _invite(opened, list(observers), by)
    return opened


@transaction.atomic
def invite(*, round: ObservationRound, observers: Iterable[Person], by: Person) -> None:
    """Invite more observers. Inviting somebody twice changes nothing.

    Raises: Refusal if the film is not one's own, if the looks are already shown to all, if there are none or too many,
            or if one of them may not be invited.
    """
    _invite(_locked(round, by), list(observers), by)


def _locked(round: ObservationRound, by: Person) -> ObservationRound:
    held = owned.locked(round, by, NOT_YOUR_FILM)
    if held.is_revealed:
        raise Refusal("Les regards sont déjà réunis\u00a0: ouvrez une nouvelle observation.")
    return held


def _invite(held: ObservationRound, observers: list[Person], by: Person) -> None:
    if not observers:
        raise Refusal("Choisissez au moins une personne.")
    asked = {person.pk for person in observers}
    if asked - set(queries.invitable(held.film).values_list("pk", flat=True)):
        raise Refusal("On n’invite que des collègues qui voient le film, et jamais la hiérarchie.")
    known = set(held.observations.values_list("observer_id", flat=True))
    if len(asked | known) > rules.OBSERVERS_MAX:
        raise Refusal(f"Une observation réunit {rules.OBSERVERS_MAX}\u00a0personnes au plus.")
    Observation.objects.bulk_create(
        [Observation(round=held, observer=person) for person in observers if person.pk not in known]
    )
    notices.tell_many(
        [person for person in observers if person.pk not in known | {by.pk}],
        kind=queries.OBSERVATION_ASKED,
        key=f"round-{held.pk}",
        title=f"{by} vous invite à observer une séance",
        text=f"{held.film.title}, avec la grille «\u00a0{held.grid.title}\u00a0»",
        path=reverse("videos:round_page", args=[held.film_id, held.pk]),
    )


@transaction.atomic
def note(
    *,
    observation: Observation,
    criterion: Criterion,
    at_s: float,
    value: int | None = None,
    text: str = "",
    key: UUID | None = None,
    by: Person,
) -> Entry:
    """Note something at one second. The same press, sent again with its key, is the same note.

    Raises: Refusal if one's look is finished, if the criterion is of another grid, if the answer does not fit it, or if
            the second is not in what is observed.
    """
    held = owned.locked(observation, by, FINISHED)
    if key and (known := held.entries.filter(key=key).first()):
        return known
    opened = observation.round  # nothing of it changes
    if criterion.grid_id != opened.grid_id or criterion.removed_at is not None:
        raise Refusal("Ce repère n’est pas dans la grille.")
    if not opened.begin_s - 1 <= at_s <= opened.end_s + 1:
        raise Refusal(f"Cette observation va {opened.part}\u00a0: placez votre note dans cette partie.")
    if held.entries.count() >= rules.ENTRIES_MAX:
        raise Refusal("Vous avez atteint le nombre de notes possible pour une observation.")
    answer = _answer(criterion, value)
    if criterion.kind == CriterionKind.NOTE and not text.strip():
        raise Refusal("Écrivez votre note.")
    words = " ".join(text.split())[: rules.NOTE_MAX]
    if answer is not None:
        _replace_answer(held, criterion, at_s)
    return held.entries.create(criterion=criterion, at_s=at_s, value=answer, text=words, key=key or uuid4())


def _replace_answer(held: Observation, criterion: Criterion, at_s: float) -> None:
    """Take back what one answered at the same second, as the film counts them: nobody means « non » and « oui »."""
    second = int(at_s)
    same = held.entries.filter(criterion=criterion, removed_at=None, at_s__gte=second, at_s__lt=second + 1)
    same.update(removed_at=timezone.now())


def _answer(criterion: Criterion, value: int | None) -> int | None:
    if not criterion.answers:
        return None
    if value is None or not 0 <= value < len(criterion.answers):
        raise Refusal("Choisissez l’une des réponses.")
    return value


@transaction.atomic
def remove_entry(*, entry: Entry, by: Person) -> None:
    """Take back a note, as long as one's look is not finished.

    Raises: Refusal if it is finished, or is not one's own.
    """
    owned.locked(entry.observation, by, FINISHED)
    entry.removed_at = entry.removed_at or timezone.now()
    entry.save(update_fields=["removed_at"])


@transaction.atomic
def restore_entry(*, entry: Entry, by: Person) -> None:
    """Put back a note that one has taken back, as long as one's look is not finished.

    Raises: Refusal if it is finished, or is not one's own.
    """
    owned.locked(entry.observation, by, FINISHED)
    entry.removed_at = None
    entry.save(update_fields=["removed_at"])


@transaction.atomic
def finish(*, observation: Observation, by: Person) -> ObservationRound:
    """Say that one has finished. When the last one has, all looks are shown to all.

    Raises: Refusal if it is not one's own, or is finished already.
    """
    # The row of the round is the meeting point: of two who finish at once, the second sees the first.
    held = ObservationRound.objects.select_for_update(of=("self",)).get(pk=observation.round_id)
    mine = owned.locked(observation, by, FINISHED)
    mine.finished_at = timezone.now()
    mine.save(update_fields=["finished_at"])
    if not held.observations.filter(finished_at=None).exists():
        _reveal(held, by)
    return held


@transaction.atomic
def reopen(*, observation: Observation, by: Person) -> None:
    """Go on after all, as long as nobody has seen anybody's notes.

    Raises: Refusal if the looks are already shown.
    """
    ObservationRound.objects.select_for_update(of=("self",)).get(pk=observation.round_id)
    held = Observation.objects.reopenable_by(by).filter(pk=observation.pk).first()
    if held is None:
        raise Refusal("Les regards sont déjà réunis\u00a0: le vôtre ne change plus.")
    held.finished_at = None
    held.save(update_fields=["finished_at"])


@transaction.atomic
def close_round(*, round: ObservationRound, by: Person) -> None:
    """Show all looks to all without waiting for those who have not finished.

    Raises: Refusal if the film is not one's own, if it was done, or if nobody has finished.
    """
    held = _locked(round, by)
    if not held.observations.filter(finished_at__isnull=False).exists():
        raise Refusal("Personne n’a encore terminé\u00a0: il n’y a rien à réunir.")
    _reveal(held, by)


def _reveal(held: ObservationRound, by: Person) -> None:
    held.revealed_at = timezone.now()
    held.save(update_fields=["revealed_at"])
    # Of the observers, those who see the film today: a notice names it.
    concerned = queries.invitable(held.film).filter(Q(observations__round=held) | Q(pk=held.film.author_id))
    notices.tell_many(
        concerned.exclude(pk=by.pk).distinct(),
        kind=queries.OBSERVATION_SHOWN,
        key=f"round-{held.pk}",
        title="Les regards sur une séance sont réunis",
        text=f"{held.film.title}, avec la grille «\u00a0{held.grid.title}\u00a0»",
        path=reverse("videos:round_page", args=[held.film_id, held.pk]),
    )


def remove_round(*, round: ObservationRound, by: Person) -> None:
    """Take an observation of one's own film away from all; `restore_round` brings it back for some minutes.

    Raises: Refusal if the film is not one's own.
    """
    owned.remove(round, by, NOT_YOUR_FILM)


def restore_round(*, round: ObservationRound, by: Person) -> None:
    """Bring back an observation that one has just taken away.

    Raises: Refusal if the film is not one's own, or if it was too long ago.
    """
    owned.restore(round, by, "Cette observation ne peut plus être remise.")
