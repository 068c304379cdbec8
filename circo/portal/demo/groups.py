"""The networks of a district, their groups, and who is a member of which over the years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from circo.portal.demo.accounts import ACCOUNTS, PROBLEMS, READING, Account
from circo.portal.demo.careers import Careers
from circo.portal.demo.rows import GroupRow, MembershipRow
from circo.rules import GradeLevel as Level
from circo.rules import Role

TEACHERS_PER_GROUP = 27
MEMBERS = (8, 12)
STAGES = ("FIRST_YEAR", "SECOND_YEAR", "RELAY")  # `networks.models.Stage`, in order
STAGE_OF_RANK = ("RELAY", "RELAY", "SECOND_YEAR", "SECOND_YEAR", "SECOND_YEAR")  # the others are in first year
LEAVES_AT = (3, 15)  # in mid-March: the month and day when somebody gives up


@dataclass(frozen=True)
class Theme:
    network: str
    name: str
    levels: frozenset[Level]


THEMES = (
    Theme("Lire et comprendre", READING, frozenset({Level.GS, Level.CP})),
    Theme("Résoudre et calculer", PROBLEMS, frozenset({Level.CE1, Level.CE2})),
    Theme("Écrire chaque jour", "Écrits courts au cycle 2", frozenset({Level.CP, Level.CE1})),
    Theme("Apprendre ensemble", "Coopérer en classe multiniveau", frozenset({Level.CE2, Level.CM1})),
    Theme("Lire et comprendre", "Comprendre un texte long au CM", frozenset({Level.CM1, Level.CM2})),
    Theme("Résoudre et calculer", "Manipuler pour compter en maternelle", frozenset({Level.PS, Level.MS, Level.GS})),
    Theme("Écrire chaque jour", "Écrire pour apprendre au CM", frozenset({Level.CM1, Level.CM2})),
    Theme("Apprendre ensemble", "Plans de travail et autonomie", frozenset({Level.CE1, Level.CE2, Level.CM1})),
    Theme("Résoudre et calculer", "Calcul mental au cycle 3", frozenset({Level.CM1, Level.CM2})),
    Theme("Lire et comprendre", "Le langage oral au cœur de la classe", frozenset({Level.MS, Level.GS, Level.CP})),
)


def groups_of(district: str, teachers: int, advisers: Sequence[str]) -> list[GroupRow]:
    """As many groups as the district's teachers can fill, animated by its advisers in turn."""
    count = max(2, min(len(THEMES), teachers // TEACHERS_PER_GROUP))
    return [
        GroupRow(district, theme.network, theme.name, advisers[rank % len(advisers)])
        for rank, theme in enumerate(THEMES[:count])
    ]


def memberships(
    groups: Sequence[GroupRow], done: Careers, years: Sequence[date], random: Random
) -> Iterator[MembershipRow]:
    """This year's members of each group, what they were in the years before, and some who left."""
    taught: dict[str, set[date]] = {}
    for row in done.postings:
        taught.setdefault(row.email, set()).add(row.starts_on)
    accounts = {account.email for account in ACCOUNTS}
    taken: set[str] = set()
    for group, theme in zip(groups, THEMES, strict=False):
        wanted = random.randint(*MEMBERS)
        fitting = [
            email
            for post, email in zip(done.posts, done.holders, strict=True)
            if post.role is Role.TEACHER and theme.levels & set(post.levels) and email not in taken | accounts
        ]
        chosen = random.sample(fitting, min(wanted, len(fitting)))
        known = [account for account in ACCOUNTS if account.group == group.name and account.email in done.holders]
        chosen = chosen[: max(0, wanted - len(known))]
        taken |= set(chosen)
        yield from _of_accounts(known, group, years)
        for rank, email in enumerate(chosen):
            stage = STAGE_OF_RANK[rank] if rank < len(STAGE_OF_RANK) else STAGES[0]
            yield from _years_of_one(email, group, stage, years, taught[email])
        yield from _who_left(group, theme, done, years, taken | accounts, random)


def _of_accounts(known: Sequence[Account], group: GroupRow, years: Sequence[date]) -> Iterator[MembershipRow]:
    for account in known:
        yield from _years_of_one(account.email, group, account.stage, years, set(years[-account.years_here :]))


def _years_of_one(
    email: str, group: GroupRow, stage: str, years: Sequence[date], taught: set[date]
) -> Iterator[MembershipRow]:
    """This year's stage, and those that led to it, as far as the person was there."""
    stages = STAGES[: STAGES.index(stage) + 1]
    for name, year in zip(reversed(stages), reversed(years), strict=False):
        if year not in taught:
            return
        yield MembershipRow(email, group.district, group.name, year, name)


def _who_left(
    group: GroupRow, theme: Theme, done: Careers, years: Sequence[date], others: set[str], random: Random
) -> Iterator[MembershipRow]:
    """One or two who were in first year last year, and gave up in March."""
    last_year = years[-2]
    were_there = sorted(
        {
            row.email
            for row in done.postings
            if row.starts_on == last_year and theme.levels & set(row.levels) and row.email not in others
        }
    )
    for email in random.sample(were_there, min(len(were_there), random.randint(1, 2))):
        left_on = date(last_year.year + 1, *LEAVES_AT)
        yield MembershipRow(email, group.district, group.name, last_year, STAGES[0], left_on)


def with_trainers(
    groups: Sequence[GroupRow], members: Sequence[MembershipRow], trainers: Sequence[str], year: date
) -> list[MembershipRow]:
    """Add each trainer, as a relay, to one of the groups that still has a seat."""
    seats = {group.name: MEMBERS[1] for group in groups}
    for member in members:
        if member.year == year:
            seats[member.group] -= 1
    open_groups = [group for group in groups if seats[group.name] > 0]
    added = [
        MembershipRow(email, group.district, group.name, year, STAGES[-1])
        for email, group in zip(trainers, open_groups, strict=False)
    ]
    return [*members, *added]
