"""Volunteers of the festival: who is where, and when; who signs up, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from circo.access import Permission
from circo.errors import Refusal
from circo.models import Person
from events.festival import rules
from events.festival.queries import NOWHERE
from events.festival.rules import FestivalState, Moment
from events.models import AnimationSession, Festival, FestivalHelper

FULL = "Il y a déjà assez de bénévoles à cette séance. Merci\u00a0! D’autres en cherchent peut-être."
OVER = "La fête a eu lieu\u00a0: son planning ne change plus."


@dataclass(frozen=True)
class Place:
    """One session of the planning, and who is there."""

    session: AnimationSession
    where: str
    helpers: Sequence[str]
    is_mine: bool  # one helps there
    is_host: bool  # one proposed it

    @property
    def missing(self) -> int:
        return max(0, self.session.animation.volunteers - len(self.helpers))


@dataclass(frozen=True)
class Planning:
    by_hour: Sequence[tuple[str, Sequence[Place]]]
    mine: Sequence[Place]
    missing: int


def may_help(festival: Festival, person: Person) -> bool:
    """Teachers of the district, heads, substitutes, trainers, advisers; as long as it is not over."""
    return festival.is_open and festival.district_id in person.reach().district_ids_for(Permission.VISIT_CLASSES)


def planning(festival: Festival, person: Person) -> Planning:
    """Who is where when: three queries, however many sessions."""
    places = [_place(row, person) for row in _sessions(festival) if row.animation.volunteers or row.helpers.all()]
    mine = [_place(row, person) for row in _of(_sessions(festival), person)]
    by_hour = [(hour, list(found)) for hour, found in groupby(places, key=lambda place: str(place.session.moment))]
    return Planning(by_hour, mine, sum(place.missing for place in places))


@transaction.atomic
def help_at(*, session: AnimationSession, by: Person) -> None:
    """Sign up. Twice changes nothing.

    Raises: Refusal if one may not, there are enough, or one is taken elsewhere at that hour.
    """
    # The festival is locked: of two hours that cross, asked at once by one person, the second is refused.
    festival = Festival.objects.select_for_update(of=("self",)).get(pk=session.animation.festival_id)
    if not may_help(festival, by):
        raise Refusal(OVER if festival.state == FestivalState.OVER else "Seuls les enseignants de la circonscription.")
    held = AnimationSession.objects.retained().select_related("animation").filter(pk=session.pk).first()
    if held is None:
        raise Refusal("Cette séance n’est plus au programme.")
    if held.helpers.filter(person=by).exists():
        return
    if held.helpers.count() >= held.animation.volunteers:
        raise Refusal(FULL)
    if name := rules.crossing(held.moment, _taken(festival, by)):
        raise Refusal(f"À cette heure, vous êtes déjà à «\u00a0{name}\u00a0». Choisissez une autre séance.")
    FestivalHelper.objects.create(session=held, person=by)


@transaction.atomic
def stop_helping(*, session: AnimationSession, by: Person) -> None:
    """Take one's name away. Twice changes nothing.

    Raises: Refusal once the festival is over.
    """
    if not session.animation.festival.is_open:
        raise Refusal(OVER)
    FestivalHelper.objects.filter(session=session, person=by).delete()


def _sessions(festival: Festival) -> QuerySet[AnimationSession]:
    helpers = FestivalHelper.objects.select_related("person").order_by("since", "pk")
    rows = AnimationSession.objects.retained().filter(animation__festival=festival).select_related("animation")
    return rows.prefetch_related(Prefetch("helpers", helpers)).order_by(
        "on", "starts", "ends", "animation__title", "pk"
    )


def _of(rows: QuerySet[AnimationSession], person: Person) -> QuerySet[AnimationSession]:
    helped = FestivalHelper.objects.filter(person=person).order_by().values("session_id")
    return rows.filter(Q(animation__proposer=person) | Q(pk__in=helped))


def _taken(festival: Festival, person: Person) -> Iterable[tuple[Moment, str]]:
    return ((row.moment, row.animation.title) for row in _of(_sessions(festival), person))


def _place(row: AnimationSession, person: Person) -> Place:
    helpers = list(row.helpers.all())
    return Place(
        session=row,
        where=row.animation.place or NOWHERE,
        helpers=[str(helper.person) for helper in helpers],
        is_mine=any(helper.person_id == person.pk for helper in helpers),
        is_host=row.animation.proposer_id == person.pk,
    )
