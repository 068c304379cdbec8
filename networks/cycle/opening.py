"""Opening the new school year, as sets: thousands of memberships in a few statements; and taking it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from circo import notices
from circo.models import District, Person, SchoolYear
from networks.cycle.queries.plan import Line
from networks.cycle.rules import Case
from networks.groups import telling
from networks.groups.rules import NOWHERE, STAGE_LABELS, Stage, Standing, State, Verb
from networks.models import Candidate, CareerMeeting, Decision, Membership, MembershipMove, RelayCommitment, YearOpening

BATCH = 1000  # rows per statement
_STAYS = (Case.MISSING, Case.ALREADY)  # nothing is written of them
_HEARD = {
    Case.GOES_ON: "L’an prochain, vous êtes en {stage}\u00a0: votre groupe vous attend",
    Case.SAME_STAGE: "L’an prochain, vous continuez dans votre groupe",
    Case.BACK: "Votre retour dans le groupe est prévu à la rentrée",
    Case.RESTS: "Votre pause d’un an est notée",
    Case.ON_LEAVE: "Votre congé long est prolongé dans votre groupe",
    Case.LEAVES: "Votre parcours dans le groupe se termine avec l’année scolaire",
    Case.MOVED: "Votre parcours continue dans votre nouvelle circonscription",
    Case.GONE: "Votre parcours dans le groupe se termine avec l’année scolaire",
}


def carry(opening: YearOpening, lines: Sequence[Line], *, by: Person) -> None:
    """Write the new year's memberships of these lines, their moves, what other districts learn, and the notices."""
    active = [line for line in lines if line.outcome.case not in _STAYS]
    goes_on = [line for line in active if line.outcome.target != NOWHERE]
    made = _memberships(opening, goes_on, by)
    ended = _end_those_who_moved(opening, active, by)
    ends = [line for line in active if line.outcome.target == NOWHERE and line.membership.pk not in ended]
    moves = [_move(opening, line, row, by) for line, row in zip(goes_on, made, strict=True)]
    moves += [_move(opening, line, line.membership, by) for line in ends]
    moves += list(ended.values())
    MembershipMove.objects.bulk_create(moves, batch_size=BATCH)
    _candidates(opening, active)
    _tell(opening, active)


def _memberships(opening: YearOpening, lines: Sequence[Line], by: Person) -> list[Membership]:
    rows = [
        Membership(
            person_id=line.membership.person_id,
            group_id=line.membership.group_id,
            school_year_id=opening.to_year_id,
            stage=line.outcome.target.stage,
            standing=line.outcome.target.standing,
            origin=line.membership.origin,
            accompanied_by_id=_companion(line),
            opening=opening,
        )
        for line in lines
    ]
    return bulk_create_with_history(rows, Membership, batch_size=BATCH, default_user=by) if rows else []


def _companion(line: Line) -> int | None:
    if line.outcome.target.stage != Stage.SECOND_YEAR:
        return None
    decision: Decision | None = getattr(line.membership, "decision", None)
    return (decision.accompanied_by_id if decision else None) or line.membership.accompanied_by_id


def _move(opening: YearOpening, line: Line, row: Membership, by: Person) -> MembershipMove:
    source, target = line.membership.state, line.outcome.target
    verb = line.outcome.verb
    return MembershipMove(
        membership=row,
        verb=verb.value if verb else "",
        from_stage=source.stage,
        from_standing=source.standing,
        to_stage=target.stage,
        to_standing=target.standing,
        by=by,
        why=_WHY.get(line.outcome.case, ""),
        opening=opening,
    )


_WHY = {Case.MOVED: "Changement de circonscription.", Case.GONE: "Plus d’affectation connue."}


def _end_those_who_moved(opening: YearOpening, lines: Sequence[Line], by: Person) -> dict[int, MembershipMove]:
    """When the old year is over, who works elsewhere has moved, with the day; before, one is a member until the end."""
    last_day = opening.from_year.last_day
    if timezone.localdate() <= last_day:
        return {}
    moved = [line.membership for line in lines if line.outcome.case == Case.MOVED]
    found = {}
    for row in moved:
        source = row.state
        row.standing, row.left_on = Standing.MOVED.value, last_day
        found[row.pk] = MembershipMove(
            membership=row,
            verb=Verb.MOVE_AWAY.value,
            from_stage=source.stage,
            from_standing=source.standing,
            to_stage=row.stage,
            to_standing=row.standing,
            by=None,
            why=_WHY[Case.MOVED],
            opening=opening,
        )
    if moved:
        bulk_update_with_history(moved, Membership, ["standing", "left_on"], batch_size=BATCH, default_user=by)
    return found


def _candidates(opening: YearOpening, lines: Sequence[Line]) -> None:
    """The receiving district sees whom it may invite: a fact, without a word of the former team."""
    Candidate.objects.bulk_create(
        [
            Candidate(
                district_id=line.receiving_district_id,
                person_id=line.membership.person_id,
                why=moved_words(line.membership.state),
                opening=opening,
            )
            for line in lines
            if line.receiving_district_id
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def moved_words(state: State) -> str:
    """What the receiving district reads of somebody who comes."""
    return f"Était en {STAGE_LABELS[Stage(state.stage)]} dans un groupe d’une autre circonscription."


def _tell(opening: YearOpening, lines: Sequence[Line]) -> None:
    told: dict[str, set[int]] = defaultdict(set)
    for line in lines:
        says = _HEARD[line.outcome.case]
        stage = line.outcome.target.stage
        told[says.format(stage=STAGE_LABELS[Stage(stage)] if stage else "")].add(line.membership.person_id)
    for title, people in told.items():
        tell_people(people, key=f"opening-{opening.pk}-{title[:60]}", title=title)


def tell_people(people: set[int], *, key: str, title: str) -> None:
    """Tell many people by their ids alone: nothing else of them is read."""
    rows = [Person(pk=pk) for pk in people]
    notices.tell_many(rows, kind=telling.KIND.name, key=key, title=title, path=reverse("portal:year"))


def take_back(opening: YearOpening, *, by: Person) -> None:
    """Remove what an opening wrote, and give back to those who had moved the standing that they had."""
    moved = list(opening.moves.filter(verb=Verb.MOVE_AWAY).select_related("membership"))
    for move in moved:
        move.membership.standing, move.membership.left_on = move.from_standing, None
    if moved:
        rows = [move.membership for move in moved]
        bulk_update_with_history(rows, Membership, ["standing", "left_on"], batch_size=BATCH, default_user=by)
    told = set(opening.memberships.order_by().values_list("person_id", flat=True))
    told |= set(opening.moves.order_by().values_list("membership__person_id", flat=True))
    opening.moves.all().delete()
    _give_back_notes(opening)
    opening.memberships.all().delete()
    Candidate.objects.waiting().filter(opening=opening).delete()
    tell_people(
        told,
        key=f"opening-{opening.pk}-undone",
        title="L’annonce de votre prochaine année est annulée\u00a0: votre équipe la reprendra",
    )


def _give_back_notes(opening: YearOpening) -> None:
    """What an inspector noted of a row that goes is kept with the row that it came from."""
    notes = CareerMeeting.objects.filter(membership__opening=opening).order_by("pk")
    came_from = Membership.objects.filter(
        person=OuterRef("membership__person"), group=OuterRef("membership__group"), school_year=opening.from_year
    )
    notes = notes.annotate(former_id=Subquery(came_from.values("pk"))).filter(former_id__isnull=False)
    noted = CareerMeeting.objects.filter(membership__school_year=opening.from_year)
    kept = list(notes.exclude(former_id__in=noted.order_by().values("membership_id")))
    for note in kept:
        note.membership_id = note.former_id
    CareerMeeting.objects.bulk_update(kept, ["membership"], batch_size=BATCH)


def moved_since(district: District, year: SchoolYear) -> bool:
    """Tell whether something happened in the groups of that year by another hand than the opening's."""
    there = {"membership__group__network__district": district, "membership__school_year": year}
    moved = MembershipMove.objects.filter(opening__isnull=True, **there)
    return moved.exists() or RelayCommitment.objects.filter(**there).exists()
