"""Count the accounts of a district again: what each source gives by the rules of now, beside what is written.

What is planned is what is shown, and what is shown is what is applied: a person whose hours have changed since is left
as they are, and told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.hours import queries, recounting, rules, writing
from circo.hours.recounting import Asked, Claim
from circo.hours.rules import CATEGORY_LABELS, MODE_LABELS, Category, Fate, Mode, State
from circo.models import HourEntry, HoursReplay, Person, Posting, ReplayLine, ReplayState, SchoolYear, SelfPacedRules

COUNT, APPLY = queries.COUNT, queries.APPLY
REPORT_EVERY = 20  # people
SIGNED = (State.CONFIRMED, State.VALIDATED)


@dataclass(frozen=True)
class Change:
    """What one source gives now to one person, where it is not what is written. Units: minutes."""

    claim: Claim  # as the district counts it, before the cap
    entry: HourEntry | None
    becomes: int

    @property
    def was(self) -> int:
        return self.entry.minutes if self.entry else 0

    @property
    def fate(self) -> Fate:
        return rules.fate_of(State(self.entry.state) if self.entry else None)

    @property
    def detail(self) -> str:
        """What else changes, in words."""
        if self.entry is None or not self.becomes:
            return ""
        said = []
        if self.entry.category != self.claim.category:
            said.append(f"au titre de\u00a0: {CATEGORY_LABELS[self.claim.category]}")
        if self.entry.mode != self.claim.mode:
            said.append(MODE_LABELS[self.claim.mode])
        if self.entry.on != self.claim.on:
            said.append(f"le {self.claim.on:%d/%m/%Y}")
        return ", ".join(said)

    @property
    def key(self) -> tuple[str, int, int, str]:
        """What tells whether it is the change that somebody was shown."""
        return self.claim.source, self.was, self.becomes, self.detail


# --- What would change ------------------------------------------------------------------------------------------------
def people_of(district_id: int, year: SchoolYear) -> list[int]:
    """The people who owed hours in a district that year."""
    here = Q(school__district_id=district_id) | Q(district_id=district_id)
    rows = queries.postings_with_hours(year).filter(here)
    return sorted(set(rows.order_by().values_list("person_id", flat=True)))


def changes(district_id: int, year: SchoolYear, person_ids: Collection[int]) -> dict[int, list[Change]]:
    """What is not as the rules of now say, by person: those who have nothing to change are not in it.

    Bound: the same number of queries however many the people.
    """
    held = queries.services(person_ids, year)
    counting = queries.self_paced_rules(district_id)
    entries: dict[int, dict[str, HourEntry]] = {pk: {} for pk in held}
    rows = HourEntry.objects.filter(person_id__in=list(held), school_year=year).select_related("person")
    for entry in rows.order_by("pk"):
        if entry.person_id is not None:
            entries[entry.person_id][entry.source] = entry
    claims: dict[int, dict[str, Claim]] = {pk: {} for pk in held}
    asked = Asked(district_id, list(held), year.first_day, year.last_day)
    for claim in (claim for one in recounting.recounters() for claim in one.claims(asked)):
        mine = held.get(claim.person.pk, ())
        if year.first_day <= claim.on <= year.last_day and district_on(mine, claim.on) == district_id:
            claims[claim.person.pk][claim.source] = _counted(claim, counting)
    found = {}
    for pk, own in entries.items():
        claims[pk] = {entry.source: _counted(_itself(entry), counting) for entry in _paced(own, district_id)} | claims[
            pk
        ]
        if differing := list(_differing(claims[pk], own, counting.cap_minutes)):
            found[pk] = differing
    return found


def district_on(held: Sequence[Posting], on: date) -> int | None:
    """The district that answers for somebody's hours on a day, as `queries.district_on`, from services already read."""
    here = [one for one in held if one.starts_on <= on and (one.ends_on is None or on <= one.ends_on)]
    for one in sorted(here, key=lambda one: one.school is None):
        return one.school.district_id if one.school else one.district_id
    return None


def _counted(claim: Claim, counting: SelfPacedRules) -> Claim:
    """A claim as the district counts it: self-paced hours are on the account that it says."""
    if claim.mode is Mode.SELF_PACED and counting.category:
        return replace(claim, category=Category(counting.category))
    return claim


def _paced(entries: dict[str, HourEntry], district_id: int) -> Iterator[HourEntry]:
    """The self-paced entries that wait: the cap moves them also where no app says again what they are."""
    for entry in entries.values():
        if entry.mode == Mode.SELF_PACED and entry.state == State.PROPOSED and entry.district_id == district_id:
            yield entry


def _itself(entry: HourEntry) -> Claim:
    assert entry.person is not None  # noqa: S101 (those of nobody are not asked for)
    return Claim(
        person=entry.person,
        on=entry.on,
        minutes=entry.announced_minutes or entry.minutes,
        category=Category(entry.category),
        mode=Mode(entry.mode),
        source=entry.source,
        label=entry.label,
        path=entry.path,
    )


def _differing(claims: dict[str, Claim], entries: dict[str, HourEntry], cap: int | None) -> Iterator[Change]:
    """What differs, for one person."""
    becomes = _minutes(claims, entries, cap)
    for source, claim in sorted(claims.items(), key=lambda one: (one[1].on, one[0])):
        entry = entries.get(source)
        if entry is not None and entry.state == State.REFUSED:
            continue
        change = Change(claim, entry, becomes[source])
        if change.was != change.becomes or change.detail:
            yield change


def _minutes(claims: dict[str, Claim], entries: dict[str, HourEntry], cap: int | None) -> dict[str, int]:
    """What counts of each claim: signed hours take their part of the cap first, then those that came first."""
    found = {source: claim.minutes for source, claim in claims.items()}
    paced = [source for source, claim in claims.items() if claim.mode is Mode.SELF_PACED]
    used = 0
    signed = sorted(
        (e for e in entries.values() if e.state in SIGNED), key=lambda e: (e.state != State.VALIDATED, e.pk)
    )
    for entry in (one for one in signed if one.mode == Mode.SELF_PACED):
        if entry.source in paced:
            found[entry.source] = rules.within_cap(claims[entry.source].minutes, cap, used)
        used += entry.minutes
    # Of a district that is not ours to count: they stay, and take their part.
    used += sum(
        entry.minutes
        for entry in entries.values()
        if entry.mode == Mode.SELF_PACED and entry.state == State.PROPOSED and entry.source not in claims
    )
    waiting = [s for s in paced if s not in entries or entries[s].state == State.PROPOSED]
    waiting.sort(key=lambda s: (s not in entries, entries[s].pk if s in entries else 0, claims[s].on, s))
    counted = rules.shared_out([claims[source].minutes for source in waiting], cap, used)
    return found | dict(zip(waiting, counted, strict=True))


# --- The work of a worker ---------------------------------------------------------------------------------------------
def count(attempt: jobs.Run) -> None:
    """Write what would change, and nothing else."""
    replay = HoursReplay.objects.select_related("school_year").get(pk=attempt.subject_id)
    people, lines = people_of(replay.district_id, replay.school_year), []
    for start in range(0, len(people), REPORT_EVERY):
        attempt.report(start / len(people))
        some = changes(replay.district_id, replay.school_year, people[start : start + REPORT_EVERY])
        lines += [_line(replay, change) for own in some.values() for change in own]
    with attempt.finish():
        replay.lines.all().delete()
        ReplayLine.objects.bulk_create(lines, batch_size=500)
        HoursReplay.objects.filter(pk=replay.pk).update(state=ReplayState.READY, reason="")


def _line(replay: HoursReplay, change: Change) -> ReplayLine:
    return ReplayLine(
        replay=replay,
        person=change.claim.person,
        entry=change.entry,
        source=change.claim.source,
        label=change.claim.label[:200],
        on=change.claim.on,
        fate=change.fate.value,
        was_minutes=change.was,
        becomes_minutes=change.becomes,
        detail=change.detail,
    )


def apply(attempt: jobs.Run) -> None:
    """Do what was shown, one person after another; safe to run twice."""
    replay = HoursReplay.objects.select_related("school_year", "asked_by").get(pk=attempt.subject_id)
    if replay.asked_by is None:
        raise Refusal("La personne qui a demandé ce calcul n’est plus là\u00a0: demandez-le à nouveau.")
    waiting: dict[int, list[ReplayLine]] = defaultdict(list)
    for line in replay.lines.filter(fate=Fate.CHANGE, applied_at=None).order_by("person_id", "pk"):
        waiting[line.person_id].append(line)
    for number, (person_id, lines) in enumerate(waiting.items()):
        attempt.report(number / len(waiting))
        _apply_to(replay, person_id, lines, replay.asked_by)
    with attempt.finish():
        HoursReplay.objects.filter(pk=replay.pk).update(state=ReplayState.DONE, reason="")


@transaction.atomic
def _apply_to(replay: HoursReplay, person_id: int, lines: Iterable[ReplayLine], by: Person) -> None:
    """Change the hours of one person as was shown; if something is no longer so, nothing of that person."""
    writing.hold_account(person_id)
    own = HourEntry.objects.filter(person_id=person_id, school_year=replay.school_year)
    list(own.select_for_update(of=("self",)).order_by("pk").values_list("pk"))  # nobody signs one meanwhile
    found = changes(replay.district_id, replay.school_year, [person_id]).get(person_id, [])
    mine = [change for change in found if change.fate is Fate.CHANGE]
    shown = {(line.source, line.was_minutes, line.becomes_minutes, line.detail): line for line in lines}
    if {change.key for change in mine} != set(shown):
        return
    for change in mine:
        if change.becomes:
            writing.write(
                change.claim,
                minutes=change.becomes,
                year=replay.school_year,
                district_id=replay.district_id,
                by=by,
            )
        else:
            writing.unless_proposed(change.claim.person, change.claim.source, by=by)
    ReplayLine.objects.filter(pk__in=[line.pk for line in lines]).update(applied_at=timezone.now())


def failed(subject_id: str, reason: str) -> None:
    """Tell that nobody will try again by itself."""
    HoursReplay.objects.filter(pk=subject_id).update(state=ReplayState.FAILED, reason=reason)
