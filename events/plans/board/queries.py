"""Reads of the classes of a plan, page by page: which ones one asks for, who takes them, the last changes by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from circo.calendar.rules import HALVES, HalfDay
from circo.dates import planned_in_words
from circo.models import District
from circo.models.folding import words_of
from circo.queries import Filter
from circo.rules import GradeLevel, number_in
from events.models import CoverAssignment, CoverEdit, CoverNeed, CoverPlan
from events.needs.rules import Span
from events.plans import queries, rules

ROWS_A_PAGE, BOARD_ROWS = 40, 60
REASONS_SHOWN, ALIKE_SHOWN = 8, 6  # on the page of a plan: the list has all classes
GESTURES_SHOWN = 6
BROKEN = "rompue"  # of a draft alone: a published plan is repaired
STATES = {
    "sans": "sans personne",
    "prise": "prises",
    "verrou": "prises, verrouillées",
    "souple": "prises, non verrouillées",
    BROKEN: "prises, qui ne tiennent plus",
}


# --- What one asks for ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    """By what one narrows the classes of a plan, as an address says it; a nonsense is no choice."""

    moments: Sequence[HalfDay]
    districts: Sequence[District]
    moment: HalfDay | None
    district: District | None
    level: str
    state: str
    school: str
    who: str
    is_draft: bool = True

    @cached_property
    def chosen(self) -> dict[str, str]:
        """What an address holds of it."""
        found = {
            "moment": code_of(self.moment) if self.moment else "",
            "secteur": str(self.district.pk) if self.district else "",
            "niveau": self.level,
            "etat": self.state,
            "ecole": self.school,
            "remplacant": self.who,
        }
        return {name: value for name, value in found.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.chosen)

    @property
    def is_narrowed(self) -> bool:
        """Whether something other than the half-day narrows it."""
        return bool(set(self.chosen) - {"moment"})

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """The half-days as links to sister pages: words, what the address holds, whether one is there."""
        today = timezone.localdate()
        return [
            (planned_in_words(one, today), urlencode(self.chosen | {"moment": code_of(one)}), one == self.moment)
            for one in self.moments
        ]

    @property
    def filters(self) -> list[Filter]:
        today, chosen = timezone.localdate(), self.chosen
        moments = [(code_of(one), planned_in_words(one, today)) for one in self.moments]
        districts = [(str(one.pk), one.name) for one in self.districts] if len(self.districts) > 1 else []
        states = [(code, words) for code, words in STATES.items() if code != BROKEN or self.is_draft]
        levels = [(level.value, level.value) for level in GradeLevel]
        return [
            Filter("moment", "Demi-journée", moments, chosen.get("moment", ""), "Toutes"),
            Filter("secteur", "Circonscription", districts, chosen.get("secteur", ""), "Toutes"),
            Filter("niveau", "Niveau", levels, chosen.get("niveau", ""), "Tous"),
            Filter("etat", "Classes", states, chosen.get("etat", ""), "Toutes"),
        ]


def code_of(half_day: HalfDay) -> str:
    return f"{half_day.day.isoformat()}-{half_day.half}"


def moments_of(plan: CoverPlan) -> list[HalfDay]:
    """The half-days of a plan, in order. Reads nothing if its days were prefetched."""
    days: set[date] = {day.on for day in plan.days}
    return [HalfDay(day, half) for day in sorted(days) for half in HALVES]


def asked_of(plan: CoverPlan, given: Mapping[str, str]) -> Asked:
    """Read an address."""
    moments = moments_of(plan)
    districts = list({day.district_id: day.district for day in plan.days}.values())
    at = given.get("moment", "")
    district = number_in(given.get("secteur"))
    level, state = given.get("niveau", ""), given.get("etat", "")
    return Asked(
        moments,
        districts,
        moment=next((one for one in moments if code_of(one) == at), None),
        district=next((one for one in districts if one.pk == district), None),
        level=level if level in GradeLevel else "",
        state=state if state in STATES else "",
        school=given.get("ecole", "").strip()[:60],
        who=given.get("remplacant", "").strip()[:60],
        is_draft=plan.is_draft,
    )


def classes(plan: CoverPlan, asked: Asked) -> QuerySet[CoverNeed]:
    """The classes that one asks for: each stays at its place when somebody is given to it."""
    rows = queries.needs_of(plan)
    if asked.moment:
        rows = rows.filter(day__on=asked.moment.day, span__in=(Span.DAY, asked.moment.half))
    if asked.district:
        rows = rows.filter(school__district=asked.district)
    for word in words_of(asked.school):
        rows = rows.filter(school__folded__contains=word)
    held = CoverAssignment.objects.filter(plan=plan, need=OuterRef("pk")).order_by()
    for word in words_of(asked.who):
        held = held.filter(substitute__folded__contains=word)
    if asked.who or asked.state in ("prise", "verrou", "souple", BROKEN):
        locks = {"verrou": Q(is_locked=True), "souple": Q(is_locked=False)}
        rows = rows.filter(Exists(held.filter(locks.get(asked.state, Q()))))
    if asked.state == "sans":
        rows = rows.exclude(Exists(held))
    if asked.level:  # a list in JSON: one that both databases read alike
        known = rows.order_by("pk").values_list("pk", "levels")
        rows = rows.filter(pk__in=[pk for pk, levels in known if asked.level in levels])
    return rows.order_by("day__on", "school__commune", "school__name", "span", "pk")


# --- Rows -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ClassRow(queries.Row):
    """One class, with the rule that who takes it breaks by now, and the mark that says what one saw."""

    broken: str = ""

    @property
    def mark(self) -> str:
        held = self.assignment
        return rules.mark_of(held.substitute_id if held else None, is_locked=held is not None and held.is_locked)


def rows_of(plan: CoverPlan, needs: Sequence[CoverNeed], broken: Mapping[int, str] | None = None) -> list[ClassRow]:
    """These classes with who takes them. One query."""
    found = queries.assignments(plan).filter(need__in=[need.pk for need in needs])
    by_need, why, broken = {one.need_id: one for one in found}, queries.reasons_of(plan), broken or {}
    return [
        ClassRow(
            need,
            one := by_need.get(need.pk),
            () if one else why.get(str(need.pk), ()),
            broken.get(need.pk, "") if one else "",
        )
        for need in needs
    ]


@dataclass(frozen=True)
class ClassesPage:
    asked: Asked
    page: Page
    rows: Sequence[ClassRow] = field(default_factory=list)

    @property
    def count(self) -> str:
        number = self.page.paginator.count
        return "Aucune classe" if not number else "Une classe" if number == 1 else f"{number}\u00a0classes"


def page_of(rows: QuerySet[CoverNeed], number: str | None, *, per_page: int = ROWS_A_PAGE) -> Page:
    return Paginator(rows, per_page).get_page(number)


def without_anybody(plan: CoverPlan) -> QuerySet[CoverNeed]:
    """The classes that nobody takes, the first ranks first."""
    held = CoverAssignment.objects.filter(plan=plan, need=OuterRef("pk")).order_by()
    rows = queries.needs_of(plan).exclude(Exists(held))
    return rows.order_by("priority", "day__on", "school__commune", "school__name", "pk")


@dataclass(frozen=True)
class Alike:
    """Classes that nobody takes, for the same reason: what all are told is said once, the rest with each."""

    words: Sequence[str]
    count: int
    rows: Sequence[ClassRow]

    @property
    def others(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


def without_anybody_alike(plan: CoverPlan) -> list[Alike]:
    """The classes that nobody takes, by reason; of each reason some, the first ranks first. Constant queries."""
    why = queries.reasons_of(plan)
    by_reason: dict[str, list[int]] = {}
    for pk in without_anybody(plan).values_list("pk", flat=True):
        by_reason.setdefault(next(iter(why.get(str(pk), ())), ""), []).append(pk)
    found = list(by_reason.values())[:REASONS_SHOWN]
    shown = [pk for pks in found for pk in pks[:ALIKE_SHOWN]]
    needs = without_anybody(plan).filter(pk__in=shown)
    rows = {need.pk: ClassRow(need, None, why.get(str(need.pk), ())) for need in needs}
    return [_alike([rows[pk] for pk in pks[:ALIKE_SHOWN]], len(pks)) for pks in found]


def _alike(rows: Sequence[ClassRow], count: int) -> Alike:
    shared = [words for words in rows[0].reasons if all(words in row.reasons for row in rows)]
    apart = [replace(row, reasons=[words for words in row.reasons if words not in shared]) for row in rows]
    return Alike(shared, count, apart)


# --- Gestures ---------------------------------------------------------------------------------------------------------
def gestures(plan: CoverPlan) -> list[CoverEdit]:
    """The last changes by hand that still stand, the newest first; none where nothing can be taken back."""
    if not plan.is_draft:
        return []
    rows = plan.edits.filter(undone_at=None, gesture=None).select_related("by")
    return list(rows[:GESTURES_SHOWN])


def needs_of_gesture(plan: CoverPlan, edit_pk: int | None) -> list[int]:
    """The classes that a change by hand, or the last one, touched."""
    standing = plan.edits.filter(undone_at=None, gesture=None)
    edit = (standing.filter(pk=edit_pk) if edit_pk is not None else standing).first()
    return [] if edit is None else [edit.need_id, *edit.parts.order_by("pk").values_list("need_id", flat=True)]


def last_words(plan: CoverPlan) -> str:
    """What was just done by hand, or taken back, as one reads it aloud."""
    edit = plan.edits.filter(gesture=None).order_by(Coalesce("undone_at", "at").desc(), "-pk").first()
    if edit is None:
        return ""
    return f"Annulé\u00a0: {edit.words}." if edit.undone_at else f"{edit.words}."
