"""Classes of the demonstration that are offered to students, in every state: all invented."""

from __future__ import annotations

from django.db.models import F, Q
from django.utils import timezone

from circo.models import Institution, Person, Posting, SchoolYear
from circo.portal.demo.accounts import ACCOUNTS, DOMAIN
from circo.rules import HALF_DAYS, Role, WeekPattern
from networks.models import Membership
from networks.visits.rules import Practice
from partnerships.models import HostOffer, OfferMove
from partnerships.offers.rules import MOVES, Actor, OfferState, Verb

OFFERS_MOST = 24
OF_THE_HEAD = 3  # classes of the school that an account heads: the first waits for it, others are open
WEEKS = (
    tuple(code for code in HALF_DAYS if not code.startswith("WED")),
    ("MON_AM", "MON_PM", "TUE_AM", "TUE_PM"),
    ("THU_AM", "FRI_AM"),
    ("MON_AM", "TUE_AM", "THU_AM", "FRI_AM"),
)
SHOWN = ((Practice.READING, Practice.ORAL), (Practice.AUTONOMY,), (Practice.PROBLEMS, Practice.TOGETHER), ())
CONDITIONS = ("Arriver à 8 h 15, entrer par la salle des maîtres.", "", "Prévoir des baskets le jeudi.", "")
# What was done of each, in turn: most are open by now.
LIVES = (
    (Verb.AGREE, Verb.OPEN),
    (Verb.AGREE, Verb.OPEN),
    (Verb.AGREE,),
    (Verb.AGREE, Verb.OPEN),
    (Verb.AGREE, Verb.OPEN, Verb.CLOSE),
    (Verb.REFUSE,),
)


def write() -> None:
    """Write what teachers, head teachers and the team did since September."""
    year = SchoolYear.objects.holding(timezone.localdate()).get()
    institution = Institution.objects.get(postings__person__email=f"institut@{DOMAIN}")
    by = {
        Actor.HEAD: Person.objects.get(email=f"directrice@{DOMAIN}"),
        Actor.TEAM: Person.objects.get(email=f"inspectrice@{DOMAIN}"),
    }
    heading = Posting.objects.in_force(timezone.localdate()).filter(role=Role.HEAD_TEACHER)
    heads = {one.school_id: one.person for one in heading.select_related("person")}
    for rank, posting in enumerate(_hosts(by[Actor.HEAD])):
        lives = LIVES[rank % len(LIVES)] if rank else ()
        agrees = heads.get(posting.school_id, by[Actor.TEAM])  # who answers for a school without a head teacher
        _write(posting, rank, year, institution, lives, by | {Actor.HEAD: agrees})


def _hosts(head: Person) -> list[Posting]:
    """Members of the groups with a class: those of the head teacher's school first, then the accounts of teachers."""
    members = Membership.objects.in_force().order_by().values("person_id")
    held = Posting.objects.in_force(timezone.localdate()).filter(role=Role.TEACHER, person_id__in=members)
    district = held.filter(school__district__in=head.reach().district_ids).select_related("person", "school")
    home = head.postings.filter(role=Role.HEAD_TEACHER).values("school_id")
    known = [account.email for account in ACCOUNTS]
    first = list(district.filter(school__in=home).order_by("pk")[:OF_THE_HEAD])
    named = list(district.filter(person__email__in=known).order_by("person__email"))
    others = district.exclude(Q(school__in=home) | Q(person__email__in=known)).order_by(F("school__commune"), "pk")
    return [*first, *named, *others[: OFFERS_MOST - len(first) - len(named)]]


def _write(
    posting: Posting,
    rank: int,
    year: SchoolYear,
    institution: Institution,
    lives: tuple[Verb, ...],
    by: dict[Actor, Person],
) -> None:
    week = WEEKS[rank % len(WEEKS)]
    usual = posting.school.week_pattern if posting.school else WeekPattern.FOUR_DAYS
    offer = HostOffer.objects.create(
        person=posting.person,
        school=posting.school,
        school_year=year,
        levels=posting.levels or ["CP"],
        practices=[one.value for one in SHOWN[rank % len(SHOWN)]],
        seats=1 + rank % 2,
        week=[*week, "WED_AM"] if usual == WeekPattern.FOUR_DAYS_AND_A_HALF and rank % len(WEEKS) == 0 else list(week),
        periods=[3, 4, 5] if rank % 5 == 4 else [],
        conditions=CONDITIONS[rank % len(CONDITIONS)],
        state=MOVES[lives[-1]].target if lives else OfferState.PROPOSED,
    )
    offer.institutions.set([institution] if Verb.OPEN in lives else [])
    state = ""
    OfferMove.objects.create(offer=offer, target=OfferState.PROPOSED, by=posting.person)
    for verb in lives:
        state, source = MOVES[verb].target, state or OfferState.PROPOSED
        who = by.get(MOVES[verb].actor, posting.person)
        reason = "La classe accueille déjà deux stagiaires cette année." if MOVES[verb].asks_reason else ""
        OfferMove.objects.create(offer=offer, verb=verb, source=source, target=state, by=who, reason=reason)
