"""Classes that relays of the demonstration open, and visits in every state: all invented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.models import Person, Posting, School
from circo.portal.demo.accounts import DOMAIN
from circo.rules import Role
from networks.models import Membership, ObservationSite, Stage, Visit, VisitReport, VisitSettings
from networks.visits.rules import SEATED, HeadAnswer, Practice, VisitState


@dataclass(frozen=True)
class Opened:
    """What one host shows."""

    title: str
    practices: Sequence[Practice]
    seats: int
    week: Sequence[str]
    conditions: str = ""
    to_prepare: str = ""


SITES = (
    Opened(
        "Un problème ouvert, cherché à deux puis discuté",
        (Practice.PROBLEMS, Practice.TOGETHER),
        2,
        ("TUE_AM", "THU_AM"),
        "Arriver à 8 h 20 par le portail de la cantine. Deux chaises vous attendent au fond.",
        "Lire l’énoncé du jour, que je vous envoie la veille.",
    ),
    Opened("La dictée négociée", (Practice.WRITING,), 1, ("MON_AM", "FRI_AM"), "Se présenter aux élèves suffit."),
    Opened("Le quart d’heure de lecture à voix haute", (Practice.READING, Practice.ORAL), 3, ("MON_PM", "THU_PM")),
    Opened("Un plan de travail dans une classe à trois niveaux", (Practice.AUTONOMY, Practice.LEVELS), 2, ("TUE_PM",)),
    Opened("Compter avec des objets, puis sans", (Practice.NUMBERS,), 2, ("MON_AM", "TUE_AM", "THU_AM", "FRI_AM")),
    Opened("Le conseil d’élèves du vendredi", (Practice.TOGETHER, Practice.ORAL), 4, ("FRI_PM",)),
    Opened("Écrire un court texte chaque matin", (Practice.WRITING,), 1, ("MON_AM", "TUE_AM", "THU_AM", "FRI_AM")),
    Opened("Une séance de sciences avec du matériel simple", (Practice.SCIENCE,), 2, ("THU_PM", "FRI_PM")),
)
FOCUSES = (
    "Comment les élèves se répondent, sans passer par vous.",
    "Ce que vous faites pendant qu’ils cherchent.",
    "La manière dont la consigne est redite.",
    "Le passage du travail à deux au travail ensemble.",
)
# Of the first site: by how many open half-days from today, the state, and the account that comes (or anybody).
VISITS = (
    (-9, VisitState.REPORTED, "bruno"),
    (-7, VisitState.CANCELLED, ""),
    (-5, VisitState.REPORTED, ""),
    (-2, VisitState.HELD, "amina"),
    (-1, VisitState.LAPSED, ""),
    (2, VisitState.CONFIRMED, "bruno"),
    (3, VisitState.ASKED, "amina"),
    (4, VisitState.DECLINED, ""),
    (5, VisitState.OFFERED, ""),
    (5, VisitState.CONFIRMED, ""),
    (5, VisitState.WAITING, ""),
)
WORDS = {
    VisitState.CANCELLED: "Ma classe part au musée ce jour-là.",
    VisitState.DECLINED: "Nous passons les évaluations cette semaine-là.",
}


def fill() -> None:
    """Open the classes of relays, and have colleagues ask, come and tell."""
    hosts = _hosts()[: len(SITES)]
    sites = [_site(host, what) for host, what in zip(hosts, SITES, strict=False)]
    if not sites:
        return
    for district_id in {site.school.district_id for site in sites}:
        VisitSettings.objects.get_or_create(district_id=district_id, defaults={"hours_count": True})
    _visit_all(sites[0])
    for site in sites[1:4]:
        _visit_one(site)


def _hosts() -> list[tuple[Person, School]]:
    """The relays of this year with their schools, the accounts of the demonstration first."""
    relays = Membership.objects.in_force().filter(stage=Stage.RELAY).order_by().values("person_id")
    teaching = Posting.objects.in_force(timezone.localdate()).filter(role=Role.TEACHER, person_id__in=relays)
    rows = teaching.select_related("person", "school").order_by("pk")
    found = {row.person_id: (row.person, row.school) for row in rows if row.school}
    return sorted(found.values(), key=lambda pair: (not pair[0].has_usable_password(), pair[0].pk))


def _site(host: tuple[Person, School], what: Opened) -> ObservationSite:
    person, school = host
    posting = Posting.objects.in_force(timezone.localdate()).filter(person=person, school=school).order_by("pk").first()
    group = Membership.objects.in_force().of(person).select_related("group").first()
    return ObservationSite.objects.create(
        host=person,
        school=school,
        title=what.title,
        network_id=group.group.network_id if group else None,
        practices=[practice.value for practice in what.practices],
        levels=posting.levels if posting and posting.levels else ["CE1"],
        seats=what.seats,
        week=list(what.week),
        conditions=what.conditions,
        to_prepare=what.to_prepare,
        head_answer=HeadAnswer.AGREED,
    )


def _half_days(site: ObservationSite, today: date) -> tuple[list[HalfDay], list[HalfDay]]:
    """The half-days on which a class was open lately, the latest first, and those to come."""
    first, last = today - timedelta(days=70), today + timedelta(days=90)
    days = sorted(calendar.school_half_days([site.school], first, last)[site.school_id])
    opened = [one for one in days if one.week_code in site.week]
    return [one for one in reversed(opened) if one.day < today], [one for one in opened if one.day > today]


def _visitors(site: ObservationSite) -> Iterator[Person]:
    """Colleagues of the district, who are members of a group."""
    members = Membership.objects.in_force().filter(group__network__district_id=site.school.district_id)
    ids = members.exclude(Q(person_id=site.host_id) | Q(stage=Stage.RELAY)).order_by().values("person_id")
    accounts = [f"{name}@{DOMAIN}" for _, _, name in VISITS if name]
    yield from Person.objects.filter(pk__in=ids).exclude(email__in=accounts).order_by("pk")


def _visit_all(site: ObservationSite) -> None:
    past, coming = _half_days(site, timezone.localdate())
    anybody = _visitors(site)
    for number, (steps, state, name) in enumerate(VISITS):
        days, index = (coming, steps - 1) if steps > 0 else (past, -steps - 1)
        visitor = Person.objects.filter(email=f"{name}@{DOMAIN}").first() if name else next(anybody, None)
        if visitor is None or index >= len(days):
            continue
        visit = _visit(site, visitor, days[index], state, FOCUSES[number % len(FOCUSES)])
        if state == VisitState.REPORTED:
            _report(visit, is_opened=bool(name))


def _visit_one(site: ObservationSite) -> None:
    _, coming = _half_days(site, timezone.localdate())
    visitor = next(_visitors(site), None)
    if visitor and len(coming) > site.pk % 7 + 2:
        _visit(site, visitor, coming[site.pk % 7 + 2], VisitState.CONFIRMED, FOCUSES[0])


def _visit(site: ObservationSite, visitor: Person, on: HalfDay, state: VisitState, focus: str) -> Visit:
    said_at = min(timezone.now(), _evening(on.day - timedelta(days=4)))
    taken = Visit.objects.seated().filter(site=site, day=on.day, half=on.half).count()
    agreed = state in (VisitState.CONFIRMED, VisitState.HELD, VisitState.REPORTED)
    return Visit.objects.create(
        site=site,
        visitor=visitor,
        day=on.day,
        half=on.half,
        seat=taken + 1 if state in SEATED else None,
        state=state,
        focus=focus,
        focus_agreed_at=said_at if agreed else None,
        confirmed_at=said_at if agreed or state == VisitState.CANCELLED else None,
        word=WORDS.get(state, ""),
        ended_by=site.host if state in WORDS else None,
        offered_until=_evening(on.day - timedelta(days=1)) if state == VisitState.OFFERED else None,
        thanks="Merci de votre accueil : je repars avec le silence de dix secondes." if state in _TOLD else "",
    )


_TOLD = (VisitState.REPORTED,)


def _evening(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(18)))


def _report(visit: Visit, *, is_opened: bool) -> None:
    group = Membership.objects.in_force().of(visit.site.host).order_by("pk").first() if is_opened else None
    VisitReport.objects.create(
        visit=visit,
        context="Le matin, juste après l’accueil. Tous les élèves sont là.",
        facts=[
            {
                "at": "8 h 50",
                "pupils": "Ils lisent l’énoncé, puis se tournent vers leur voisin.",
                "teacher": "Elle se tait, et compte dix secondes.",
            },
            {
                "at": "9 h 05",
                "pupils": "Deux binômes effacent tout et recommencent.",
                "teacher": "Elle note au tableau ce que chacun essaie, sans dire ce qui est juste.",
            },
            {"at": "9 h 20", "pupils": "Un élève explique à un autre en dessinant.", "teacher": ""},
        ],
        keeps="Écrire les essais au tableau avant de les discuter.",
        questions="Que faites-vous des binômes qui ont fini très tôt ?",
        next_step="J’essaie mardi, et je vous raconte.",
        answer="Pour ceux qui ont fini : une autre manière de faire, au dos de la feuille." if is_opened else "",
        given_at=timezone.now(),
        group_id=group.group_id if group else None,
    )
