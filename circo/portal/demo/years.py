"""The three years as they were lived: the moves that led here, half of the wishes, who is at the door, two notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import cycle

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from circo.models import Person, Posting
from circo.portal.demo.accounts import DOMAIN, READING
from circo.portal.demo.schools import HERE
from circo.rules import Role
from networks.groups.rules import NOWHERE, Origin, Stage, Standing, State, Verb
from networks.models import (
    Candidate,
    Membership,
    MembershipMove,
    MutualisationGroup,
    RelayCommitment,
    Wish,
    WishCampaign,
)

BATCH = 1000
OPEN_DAYS = 12  # left to answer
WORDS = {
    "CONTINUE": (
        "Avec plaisir, si le groupe reste en petit comité.",
        "",
        "J’aimerais filmer une séance de production.",
    ),
    "PAUSE": ("Un congé parental commence en septembre.",),
    "LEAVE": ("Je change de niveau, et de projet.",),
}
ANSWERS = ("CONTINUE", "CONTINUE", "PAUSE", "CONTINUE", "CONTINUE", "LEAVE")
NOTES = (
    "A proposé un défi calcul à toute l’école en octobre. Disponible le mercredi matin.",
    "Souhaite filmer une séance de lecture à voix haute, dit la directrice.",
)
TO_ANSWER = ("amina", "bruno")  # who finds the wish among what waits


@transaction.atomic
def fill() -> None:
    """Write what surrounds the memberships that are there."""
    MembershipMove.objects.bulk_create(_moves(), batch_size=BATCH)
    group = MutualisationGroup.objects.get(network__district__name=HERE, name=READING)
    _companions(group)
    campaign = _campaign(group)
    _wishes(campaign)
    _relays(campaign)
    invited, asking, *noted = _free_teachers(group, 4)
    _at_the_door(
        group, invited, Standing.INVITED, Verb.INVITE, "On parle de vous en salle des maîtres\u00a0: venez voir."
    )
    _at_the_door(group, asking, Standing.REQUESTED, Verb.REQUEST, "Je cherche des idées pour mes ateliers de lecture.")
    adviser = group.adviser
    for person, why in zip(noted, NOTES, strict=True):
        Candidate.objects.create(district=campaign.district, person=person, group=group, why=why, noted_by=adviser)


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8)))


def _moves() -> list[MembershipMove]:
    """The log of each membership: how it began, and how it ended if it did."""
    rows = Membership.objects.select_related("school_year").order_by("person", "group", "school_year__first_day", "pk")
    before: dict[tuple[int, int], Membership] = {}
    moves = []
    for row in rows:
        former = before.get((row.person_id, row.group_id))
        member = State(row.stage, Standing.ACTIVE.value)
        advanced = former is not None and former.stage != row.stage and former.standing == Standing.ACTIVE
        if former is not None and former.standing == Standing.ACTIVE:
            source, verb = former.state, Verb.ADVANCE if advanced else Verb.STAY
        else:
            source, verb = NOWHERE, Verb.ENROL
        moves.append(_move(row, verb, source, member, row.school_year.first_day))
        if row.left_on:
            moves.append(_move(row, Verb.LEAVE, member, row.state, row.left_on))
        before[row.person_id, row.group_id] = row
    return moves


def _move(row: Membership, verb: Verb, source: State, target: State, day: date) -> MembershipMove:
    return MembershipMove(
        membership=row,
        verb=verb.value,
        from_stage=source.stage,
        from_standing=source.standing,
        to_stage=target.stage,
        to_standing=target.standing,
        at=_morning(day),
    )


def _companions(group: MutualisationGroup) -> None:
    """Each second year of the group is accompanied by its adviser, but one, whom the lists of the admin find."""
    second = Membership.objects.in_force().filter(group=group, stage=Stage.SECOND_YEAR).order_by("pk")
    chosen = [row.pk for row in second][:-1] or [row.pk for row in second]
    Membership.objects.filter(pk__in=chosen).update(accompanied_by=group.adviser)


def _campaign(group: MutualisationGroup) -> WishCampaign:
    district, today = group.network.district, timezone.localdate()
    inspector = Person.objects.filter(postings__role=Role.INSPECTOR, postings__district=district).order_by("pk").first()
    member = Membership.objects.in_force().filter(group=group).select_related("school_year").order_by("pk")[0]
    return WishCampaign.objects.create(
        district=district,
        school_year=member.school_year,
        closes_on=min(today + timedelta(days=OPEN_DAYS), member.school_year.last_day),
        opened_by=inspector,
        opened_at=timezone.now() - timedelta(days=6),
    )


def _wishes(campaign: WishCampaign) -> None:
    rows = Membership.objects.in_force().filter(group__network__district=campaign.district).order_by("group", "pk")
    rows = rows.exclude(person__email__in=[f"{name}@{DOMAIN}" for name in TO_ANSWER])
    answers, words = cycle(ANSWERS), {answer: cycle(said) for answer, said in WORDS.items()}
    found = []
    for row in list(rows)[::2]:
        answer = next(answers)
        found.append(Wish(membership=row, answer=answer, word=next(words[answer])))
    Wish.objects.bulk_create(found, batch_size=BATCH)


def _relays(campaign: WishCampaign) -> None:
    rows = Membership.objects.in_force().filter(stage=Stage.RELAY, group__network__district=campaign.district)
    for row in rows.order_by("pk")[:6]:
        held = Posting.objects.in_force(timezone.localdate()).filter(person=row.person_id, school__isnull=False)
        posting = held.select_related("school").order_by("pk").first()
        if posting and posting.school:
            made = RelayCommitment.objects.create(membership=row, territory=f"{posting.school.commune} et alentours")
            made.schools.add(posting.school)


def _free_teachers(group: MutualisationGroup, count: int) -> Sequence[Person]:
    """Teachers of the district who were never of a group."""
    held = Posting.objects.in_force(timezone.localdate()).filter(
        role=Role.TEACHER, school__district=group.network.district_id
    )
    taken = Membership.objects.order_by().values("person_id")
    rows = Person.objects.filter(pk__in=held.order_by().values("person_id")).exclude(pk__in=taken)
    return list(rows.order_by("email")[:count])


def _at_the_door(group: MutualisationGroup, person: Person, standing: Standing, verb: Verb, word: str) -> None:
    year = Membership.objects.in_force().filter(group=group).order_by("pk").values_list("school_year_id", flat=True)[0]
    origin = Origin.INVITED if standing == Standing.INVITED else Origin.VOLUNTEER
    row = Membership(person=person, group=group, school_year_id=year, standing=standing.value, origin=origin.value)
    (made,) = bulk_create_with_history([row], Membership)
    MembershipMove.objects.create(
        membership=made,
        verb=verb.value,
        to_stage=made.stage,
        to_standing=made.standing,
        by=group.adviser if standing == Standing.INVITED else person,
        at=timezone.now() - timedelta(days=2),
        why=word,
    )
