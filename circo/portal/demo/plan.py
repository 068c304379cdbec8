"""The demonstration as a pure function: the same seed, size and school year give the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random  # a drawing of lots, not a secret

from circo import rules
from circo.portal.demo.accounts import ACCOUNTS
from circo.portal.demo.careers import Careers, careers
from circo.portal.demo.classes import posts_of
from circo.portal.demo.groups import groups_of, memberships, with_trainers
from circo.portal.demo.people import Registry
from circo.portal.demo.rows import DerogationRow, Plan, PostingRow, SchoolRow
from circo.portal.demo.schools import DEPARTEMENT, INSTITUTION, SIZES, schools_of
from circo.rules import PLACE_OF_ROLE, Place, Role

SEED = 2026
YEARS = 3
STUDENTS_PER_DISTRICT = 8
TEAM = {Role.INSPECTOR: 1, Role.SECRETARY: 1, Role.ADVISER: 3, Role.TRAINER: 3}


def plan(*, size: str, today: date, seed: int = SEED) -> Plan:
    """Everything of the demonstration of that size, for the school year that holds `today`."""
    years = _school_years(today)
    schools = schools_of(SIZES[size], seed)
    districts = tuple(dict.fromkeys(school.district for school in schools))
    registry = Registry()
    for account in ACCOUNTS:
        registry.account(account, years[-account.years_here])
    postings = [*_posts_above(years, len(districts), registry, Random(f"{seed}/above"))]  # noqa: S311
    groups, members = [], []
    for district in districts:
        random = Random(f"{seed}/district/{district}")  # noqa: S311
        done = _careers_in(district, schools, years, registry, random)
        team = _team(district, years, registry, random)
        advisers = [row.email for row in team if row.role is Role.ADVISER]
        trainers = [row.email for row in team if row.role is Role.TRAINER]
        own_groups = groups_of(district, len(done.posts), advisers)
        postings += [*done.postings, *team]
        groups += own_groups
        own_members = list(memberships(own_groups, done, years, random))
        members += with_trainers(own_groups, own_members, trainers, years[-1])
    return Plan(
        years=years,
        districts=districts,
        schools=schools,
        people=tuple(registry.people.values()),
        postings=tuple(postings),
        groups=tuple(groups),
        memberships=tuple(members),
        derogations=tuple(_derogation(district, years) for district in districts),
    )


def _school_years(today: date) -> tuple[date, ...]:
    this_year = rules.school_year_bounds(today)[0]
    return tuple(date(this_year.year - back, 9, 1) for back in reversed(range(YEARS)))


def _careers_in(
    district: str, schools: Sequence[SchoolRow], years: Sequence[date], registry: Registry, random: Random
) -> Careers:
    own = [school for school in schools if school.district == district]
    return careers([post for school in own for post in posts_of(school, random)], years, registry, random)


def _team(district: str, years: Sequence[date], registry: Registry, random: Random) -> list[PostingRow]:
    """The inspector's team of a district: the accounts that belong to it, then invented people."""
    rows = []
    for role, count in TEAM.items():
        known = [account.email for account in ACCOUNTS if (account.role, account.place) == (role, district)]
        invented = [registry.newcomer(years[0], random) for _ in range(count - len(known))]
        rows += [PostingRow(email, role, district, years[0]) for email in [*known, *invented]]
    return rows


def _posts_above(years: Sequence[date], districts: int, registry: Registry, random: Random) -> list[PostingRow]:
    """Those of the département and of the institute, accounts first; then the students of this year."""
    rows = [
        PostingRow(account.email, account.role, account.place, years[-account.years_here])
        for account in ACCOUNTS
        if account.role and PLACE_OF_ROLE[account.role] in {Place.DEPARTEMENT, Place.INSTITUTION}
    ]
    for role in (Role.BRIGADE_MANAGER, Role.DEPARTEMENT):
        rows.append(PostingRow(registry.newcomer(years[0], random), role, DEPARTEMENT, years[0]))
    for _ in range(STUDENTS_PER_DISTRICT * districts):
        rows.append(PostingRow(registry.newcomer(years[-1], random), Role.STUDENT, INSTITUTION, years[-1]))
    return rows


def _derogation(district: str, years: Sequence[date]) -> DerogationRow:
    return DerogationRow(
        district=district,
        reference=f"DÉMONSTRATION-{years[-1].year}-01",
        allows="Faire une partie des 18 heures d’animations pédagogiques en parcours, à son propre rythme.",
        starts_on=years[-1],
        ends_on=rules.school_year_bounds(years[-1])[1],
    )
