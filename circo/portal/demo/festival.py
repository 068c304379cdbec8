"""The festival of the demonstration: a published programme in June, some seats booked, some volunteers."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.utils import timezone

from circo.models import District, Person, SchoolYear
from circo.portal.demo.accounts import DOMAIN
from circo.portal.demo.schools import HERE
from events.days import queries as days
from events.festival import actions, booking, helping
from events.festival.actions import WantedAnimation, WantedFestival
from events.festival.booking import Asked
from events.festival.rules import AnimationKind, AnimationState, FestivalVerb, Moment, Span
from events.models import Festival, SeatBooking

SATURDAY = 5
STAND, WORKSHOP = AnimationKind.STAND, AnimationKind.WORKSHOP
# What, of which form, who hosts, for whom, where, seats, volunteers, hours.
ANIMATIONS = (
    ("Fusées à eau", WORKSHOP, "Les CE1 de l’école Jean-Moulin", ("enfants", "parents"), "Cour", 12, 2, (10, 11, 14)),
    ("Défi calcul", STAND, "Les CM2 et leurs aînés", ("enfants", "aines"), "Cour", None, 1, (10,)),
    ("Le jardin des petits", STAND, "Les MS et GS", (), "Jardin", None, 2, (10, 14)),
    (
        "Contes à deux voix",
        WORKSHOP,
        "Les CP et des grands-parents",
        ("parents", "aines"),
        "Salle 3",
        15,
        0,
        (11, 15),
    ),
    (
        "Apprendre à apprendre",
        WORKSHOP,
        "Le groupe Lire en GS",
        ("parents", "associations"),
        "Salle 3",
        20,
        0,
        (14,),
    ),
    ("Le journal de l’école", STAND, "Les CM1, et leur imprimerie", (), "Préau", None, 1, (13,)),
)
VISITORS = (("Nadia", 2), ("Hugo", 4), ("Inès", 3), ("Paul", 4))
WORDS = """Une journée pour voir ce que les élèves apprennent, et apprendre avec eux.

Entrée libre. Quelques ateliers se réservent : les places y sont comptées."""


def write() -> None:
    """Write the festival as the team, the teachers and visitors would; nothing once June is past."""
    adviser = Person.objects.get(email=f"conseillere@{DOMAIN}")
    amina = Person.objects.get(email=f"amina@{DOMAIN}")
    district = District.objects.get(name=HERE)
    on = _saturday_of_june()
    if on is None:
        return
    festival = _called(district, on, adviser)
    teachers = [amina, *days.members(district, timezone.localdate()).exclude(pk=amina.pk)[: len(ANIMATIONS)]]
    for number, what in enumerate(ANIMATIONS, 1):
        _animate(festival, what, number, teachers[(number - 1) % len(teachers)], adviser)
    aside = WantedAnimation(WORKSHOP, "Karaoké des tables", "Les CE2", place="Préau", capacity=10)
    later = actions.propose(festival=festival, wanted=aside, moment=_at(on, 16), by=amina)
    word = "Le préau est pris à cette heure : l’an prochain ?"
    actions.decide(animation=later, state=AnimationState.ASIDE, word=word, by=adviser)
    actions.lead(festival=festival, verb=FestivalVerb.PUBLISH, by=adviser)
    _come(festival, teachers[-1])


def _saturday_of_june() -> date | None:
    today = timezone.localdate()
    year = SchoolYear.objects.holding(today).order_by("pk").first()
    if year is None:
        return None
    on = date(year.last_day.year, 6, 15)
    on += timedelta(days=(SATURDAY - on.weekday()) % 7)
    return on if on > today else None


def _at(on: date, hour: int) -> Moment:
    return Moment(on, time(hour), time(hour + 1))


def _called(district: District, on: date, by: Person) -> Festival:
    wanted = WantedFestival(
        "Fête de l’apprendre",
        Span(on, on, time(10), time(17)),
        "École Jean-Moulin, 12 rue des Écoles, Val-de-Reuil",
        "De plain-pied, parking devant l’école, boucle magnétique à l’accueil.",
        WORDS,
    )
    festival = actions.found(district=district, wanted=wanted, by=by)
    return actions.lead(festival=festival, verb=FestivalVerb.CALL, by=by)


def _animate(festival: Festival, what: tuple, number: int, by: Person, team: Person) -> None:
    title, kind, hosts, audiences, place, capacity, volunteers, (first, *others) = what
    wanted = WantedAnimation(
        kind, title, hosts, audiences=audiences, place=place, capacity=capacity, volunteers=volunteers
    )
    made = actions.propose(festival=festival, wanted=wanted, moment=_at(festival.first_day, first), by=by)
    for hour in others:
        actions.add_session(animation=made, moment=_at(festival.first_day, hour), by=by)
    actions.decide(animation=made, state=AnimationState.ACCEPTED, spot=number, by=team)


def _come(festival: Festival, helper: Person) -> None:
    session = festival.animations.get(title=ANIMATIONS[0][0]).sessions.order_by("starts").first()
    for name, seats in VISITORS:
        booking.ask(session=session, asked=Asked(name, f"{name.lower()}@famille.example", seats))
    for held in SeatBooking.objects.filter(session=session, state="HELD").order_by("pk")[:2]:
        booking.confirm(booking=held)
    garden = festival.animations.get(title="Le jardin des petits").sessions.order_by("starts").last()
    helping.help_at(session=garden, by=helper)
