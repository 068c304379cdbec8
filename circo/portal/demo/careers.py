"""Who holds which post of a district, one school year after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from circo import rules
from circo.portal.demo.accounts import ACCOUNTS, Account
from circo.portal.demo.classes import Post
from circo.portal.demo.people import Registry
from circo.portal.demo.rows import PostingRow
from circo.rules import Role, WeekPattern

LEAVES_SHARE = 0.05  # of the teachers, each year
MOVES_SHARE = 0.06
PART_TIME_SHARE = 0.14
HALF_TIME_SHARE = 0.3  # of the part-time teachers
DAYS = ("MON", "TUE", "THU", "FRI")


@dataclass
class Careers:
    """The postings of a district's schools, year after year; `holders` is who holds each post in the last one."""

    posts: Sequence[Post]
    postings: list[PostingRow] = field(default_factory=list)
    holders: list[str] = field(default_factory=list)


def careers(posts: Sequence[Post], years: Sequence[date], registry: Registry, random: Random) -> Careers:
    """Fill the posts from the first year to the last: some leave, some move, most stay; accounts keep their post."""
    kept = _kept_posts(posts, years)
    done = Careers(posts)
    for year in years:
        holders = _next_holders(done.holders, len(posts), year, registry, random)
        for index, (account, since) in kept.items():
            if since <= year:
                holders[index] = account.email
        done.holders = holders
        done.postings += _postings_of_year(posts, holders, year, years[-1] == year, registry, random)
    return done


def _kept_posts(posts: Sequence[Post], years: Sequence[date]) -> dict[int, tuple[Account, date]]:
    """The post that each account holds, by its index, and since when."""
    kept: dict[int, tuple[Account, date]] = {}
    for account in ACCOUNTS:
        fitting = [
            index
            for index, post in enumerate(posts)
            if (post.school.uai, post.role) == (account.place, account.role) and index not in kept
        ]
        of_level = [index for index in fitting if account.level in posts[index].levels]
        if fitting:
            kept[(of_level or fitting)[0]] = (account, years[-account.years_here])
    return kept


def _next_holders(before: Sequence[str], count: int, year: date, registry: Registry, random: Random) -> list[str]:
    """Whoever held the posts the year before, after the summer's moves."""
    if not before:
        return [registry.newcomer(year, random) for _ in range(count)]
    accounts = {account.email for account in ACCOUNTS}
    holders = list(before)
    free = [index for index, email in enumerate(holders) if email not in accounts]
    movers = random.sample(free, round(len(free) * MOVES_SHARE))
    for index, email in zip(movers, [holders[index] for index in movers[1:] + movers[:1]], strict=True):
        holders[index] = email
    for index in free:
        if random.random() < LEAVES_SHARE:
            holders[index] = registry.newcomer(year, random)
    return holders


def _postings_of_year(
    posts: Sequence[Post], holders: Sequence[str], year: date, is_last: bool, registry: Registry, random: Random
) -> list[PostingRow]:
    ends_on = None if is_last else rules.school_year_bounds(year)[1]
    accounts = {account.email for account in ACCOUNTS}
    rows, gaps = [], []
    for post, email in zip(posts, holders, strict=True):
        part_time = random.random() < PART_TIME_SHARE and post.role is Role.TEACHER and email not in accounts
        off = random.sample(DAYS, 2 if random.random() < HALF_TIME_SHARE else 1) if part_time else []
        row = PostingRow(email, post.role, post.school.uai, year, ends_on, post.levels, post.pupils)
        rows.append(replace(row, half_days=_week_without(post, off)) if off else row)
        gaps += [(post, day) for day in off]
    return rows + _fill_gaps(gaps, year, ends_on, registry, random)


def _week_without(post: Post, days_off: Sequence[str]) -> tuple[str, ...]:
    wednesday = ["WED_AM"] if post.school.week is WeekPattern.FOUR_DAYS_AND_A_HALF else []
    worked = {half for day in DAYS if day not in days_off for half in (f"{day}_AM", f"{day}_PM")} | set(wednesday)
    return tuple(half for half in rules.HALF_DAYS if half in worked)


def _fill_gaps(
    gaps: Sequence[tuple[Post, str]], year: date, ends_on: date | None, registry: Registry, random: Random
) -> list[PostingRow]:
    """Give each day that a part-time teacher leaves to somebody whose service is made of such days."""
    weeks: list[tuple[str, dict[str, Post]]] = []
    for post, day in gaps:
        free = next((week for _, week in weeks if day not in week), None)
        if free is None:
            weeks.append((registry.newcomer(year, random), {day: post}))
        else:
            free[day] = post
    rows = []
    for email, week in weeks:
        schools: dict[str, list[str]] = {}
        for day, post in week.items():
            schools.setdefault(post.school.uai, []).append(day)
        for uai, days in schools.items():
            post = next(post for post in week.values() if post.school.uai == uai)
            half_days = tuple(half for half in rules.HALF_DAYS if half[:3] in days)
            rows.append(PostingRow(email, Role.TEACHER, uai, year, ends_on, post.levels, post.pupils, half_days))
    return rows
