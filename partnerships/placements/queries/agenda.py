"""When placements take people, what is on whose calendar, who is freed, and what waits for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from circo import french
from circo.access import Permission
from circo.calendar.rules import HalfDay
from circo.dates import day_in_words
from circo.models import Derogation, Person, Posting
from circo.registries import Busy, CalendarEvent, Todo
from circo.rules import Role
from networks.models.sites import schools_headed_by
from networks.visits.queries.slots import ends_at, starts_at
from partnerships.agreements.rules import AgreementState
from partnerships.cohorts.rules import KIND_LABELS, DayKind
from partnerships.models import (
    PartnerAgreement,
    Placement,
    PlacementDay,
    PlacementReview,
    PlacementStudent,
    TutorVisit,
)
from partnerships.models.placements import followed_by
from partnerships.placements import rules
from partnerships.placements.rules import PlacementState


def busy(person_ids: Collection[int], first: date, last: date) -> Iterator[Busy]:
    """When students are taken by a placement, held or known. Teachers are with their class, or freed."""
    rows = PlacementDay.objects.standing().filter(person_id__in=person_ids, day__range=(first, last))
    for person_id, day, half in rows.order_by("day", "half", "pk").values_list("person_id", "day", "half"):
        yield Busy(person_id, rules.half_day_of(day, half), rules.BUSY_REASON)


def in_charge(first: date, last: date) -> QuerySet[PlacementDay]:
    """The half-days between two days, both included, on which students hold a class, by published placement."""
    return PlacementDay.objects.standing().filter(
        kind=DayKind.RESPONSIBILITY, placement__state__in=sorted(rules.KNOWN), day__range=(first, last)
    )


def freed(first: date, last: date, *, offer_ids: Collection[int] | None = None) -> list[tuple[int, int, HalfDay]]:
    """The teachers whose class students hold, by published placement: person, class, half-day; each once.

    Who stays to answer for the students is not freed.
    """
    rows = in_charge(first, last)
    rows = rows if offer_ids is None else rows.filter(offer_id__in=offer_ids)
    found = rows.order_by().values_list("offer__person_id", "offer_id", "day", "half", "adult_id").distinct()
    return sorted(
        {(pk, offer_id, rules.half_day_of(day, half)) for pk, offer_id, day, half, adult in found if adult != pk}
    )


# --- Calendars --------------------------------------------------------------------------------------------------------
def events_of(person: Person, since: date) -> Iterator[CalendarEvent]:
    """One's half-days as a student, those in one's class, the visits that one makes as a tutor. What was given up
    before anybody was told is nobody's."""
    mine = Q(person_id=person.pk, placement__published_at__isnull=False)
    received = Q(offer__person_id=person.pk, placement__published_at__isnull=False)
    rows = PlacementDay.objects.filter(mine | received, day__gte=since)
    rows = rows.exclude(freed_at__lt=F("placement__published_at"))
    rows = rows.select_related("placement", "offer__school", "offer__person", "person")
    together: dict[tuple[int, HalfDay], list[PlacementDay]] = defaultdict(list)
    for row in rows.order_by("day", "half", "pk"):
        if row.person_id == person.pk:
            kind = KIND_LABELS[DayKind(row.kind)]
            yield _event(row, f"Stage chez {row.offer.person}\u00a0: {kind}", row.freed_at, f"{row.pk}-student")
        else:
            together[row.placement_id, row.half_day].append(row)
    for of_class in together.values():
        standing = [row for row in of_class if row.freed_at is None]
        first = of_class[0]
        names = " et ".join(str(row.person) for row in standing or of_class)
        said = f"{names}\u00a0: {KIND_LABELS[DayKind(first.kind)]} dans ma classe"
        yield _event(first, said, None if standing else first.freed_at, f"{first.pk}-host")
    yield from _visits_of(person, since)


def _event(row: PlacementDay, title: str, off_at: datetime | None, key: str) -> CalendarEvent:
    placement = row.placement
    return CalendarEvent(
        uid=f"placement-day-{key}@partages",
        sequence=placement.sequence,
        starts_at=starts_at(row.half_day),
        ends_at=ends_at(row.half_day),
        title=title,
        place=str(row.offer.school),
        url=reverse("partnerships:placement_page", args=[placement.pk]),
        cancelled=off_at is not None,
        updated_at=max(placement.updated_at, off_at or placement.updated_at),
    )


def _visits_of(person: Person, since: date) -> Iterator[CalendarEvent]:
    rows = TutorVisit.objects.visible_to(person).filter(day__gte=since)
    rows = rows.filter(
        Q(tutor=person) | Q(placement__offer__person=person) | Q(placement__students__student__person=person)
    )
    rows = rows.select_related("placement__offer__school", "tutor")
    for visit in rows.order_by("day", "half", "pk"):
        mine = visit.tutor_id == person.pk
        yield CalendarEvent(
            uid=f"tutor-visit-{visit.pk}@partages",
            sequence=1 if visit.cancelled_at else 0,
            starts_at=starts_at(visit.half_day),
            ends_at=ends_at(visit.half_day),
            title="Visite de stage" if mine else f"{visit.tutor} vient voir le stage",
            place=str(visit.placement.offer.school),
            url=reverse("partnerships:placement_page", args=[visit.placement_id]),
            cancelled=visit.cancelled_at is not None,
            updated_at=visit.cancelled_at or visit.created_at,
        )


# --- What is missing --------------------------------------------------------------------------------------------------
def answers() -> Exists:
    """Of a half-day: whether the adult that is named is still in the school on that day, with an account."""
    held = Posting.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("day")),
        person_id=OuterRef("adult_id"),
        person__is_active=True,
        school_id=OuterRef("offer__school_id"),
        starts_on__lte=OuterRef("day"),
    )
    return Exists(held.exclude(role=Role.STUDENT))


def unfounded() -> QuerySet[PlacementDay]:
    """The half-days to come, made public, on which students would hold a class without what that takes: nobody answers
    there, or nothing lets them any more."""
    in_force = Derogation.objects.filter(
        pk=OuterRef("derogation_id"),
        allows_students_alone=True,
        starts_on__lte=OuterRef("day"),
        ends_on__gte=OuterRef("day"),
    )
    rows = PlacementDay.objects.standing().filter(
        kind=DayKind.RESPONSIBILITY, placement__state=PlacementState.PUBLISHED, day__gte=timezone.localdate()
    )
    return rows.filter(~answers() | (Q(student__status__may_be_alone=False) & ~Exists(in_force)))


def without_adult() -> QuerySet[PlacementDay]:
    """The half-days to come on which students hold the class, confirmed or public, and for which nobody is named, or
    somebody who has left the school."""
    return PlacementDay.objects.standing().filter(
        ~answers(),
        kind=DayKind.RESPONSIBILITY,
        placement__state__in=sorted(rules.EXPECTED),
        day__gte=timezone.localdate(),
    )


def unsigned() -> QuerySet[PlacementStudent]:
    """The students whom a class expects, and whose agreement has not come back signed."""
    return PlacementStudent.objects.filter(placement__state__in=sorted(rules.EXPECTED), agreement_signed_on=None)


def todos(person: Person) -> list[Todo]:
    """What placements wait for: an adult to name (head teacher, teacher), a class that would be held without a basis,
    agreements to have signed, a placement to end, a review to give. Nothing is asked for whom no role concerns."""
    reach, found = person.reach(), list[Todo]()
    teaches, coordinates = reach.can(Permission.OFFER_CLASS), reach.can(Permission.MANAGE_STUDENTS)
    if teaches:
        found += _adults_to_name(person)
    if coordinates:
        found += _to_end(person)
        found += _agreements_to_sign(person)
        found += _yearly_agreement_to_sign(person)
    if reach.can(Permission.PUBLISH_PLACEMENTS):
        found += _without_basis(person)
    return found + list(_reviews_to_give(person)) if teaches or coordinates else found


def _adults_to_name(person: Person) -> Iterator[Todo]:
    here = Q(offer__school_id__in=schools_headed_by(person)) | Q(offer__person_id=person.pk)
    found: dict[int, list[PlacementDay]] = defaultdict(list)
    for row in without_adult().filter(here).select_related("offer__person").order_by("day", "half", "pk"):
        found[row.placement_id].append(row)
    for pk, rows in found.items():
        url = reverse("partnerships:placement_page", args=[pk])
        detail = f"Des étudiants tiennent la classe {french.of(rows[0].offer.person)}, {rows[0].when}"
        yield Todo("Nommer l’adulte référent sur place", detail, url, "person", rows[0].day, 2)


def _without_basis(person: Person) -> Iterator[Todo]:
    mine = Placement.objects.publishable_by(person).order_by().values("pk")
    rows = unfounded().filter(placement__in=mine).order_by("day").values_list("day", flat=True)
    if days := list(rows):
        detail = "Rien ne le permet plus, ou personne ne répond sur place"
        url = reverse("partnerships:basis_list")
        yield Todo("Revoir des classes tenues sans fondement", detail, url, "warning", days[0], 5)


def _agreements_to_sign(person: Person) -> Iterator[Todo]:
    today = timezone.localdate()
    coming = PlacementDay.objects.standing().filter(
        placement=OuterRef("placement"), student=OuterRef("student"), day__gte=today
    )
    rows = unsigned().filter(placement__in=Placement.objects.editable_by(person).order_by().values("pk"))
    first_on = Subquery(coming.order_by("day").values("day")[:1])
    soon = today + timedelta(days=rules.AGREEMENT_ASKED_DAYS)
    days = sorted(rows.annotate(first_on=first_on).filter(first_on__lte=soon).values_list("first_on", flat=True))
    if days:
        title = "Faire signer une convention" if len(days) == 1 else f"Faire signer {len(days)} conventions"
        detail = f"La prochaine de ces demi-journées est le {day_in_words(days[0], today)}"
        url = reverse("partnerships:placement_list", query={"manque": "convention"})
        yield Todo(title, detail, url, "pencil", days[0], 5)


def _yearly_agreement_to_sign(person: Person) -> Iterator[Todo]:
    """Students are about to go to a département with which nothing is signed for that day."""
    today = timezone.localdate()
    signed = PartnerAgreement.objects.filter(
        state=AgreementState.SIGNED,
        institution=OuterRef("placement__cohort__institution"),
        departement=OuterRef("offer__school__district__departement"),
        starts_on__lte=OuterRef("day"),
        ends_on__gte=OuterRef("day"),
    )
    soon = (today, today + timedelta(days=rules.AGREEMENT_ASKED_DAYS))
    mine = Placement.objects.editable_by(person).filter(state__in=sorted(rules.EXPECTED)).order_by().values("pk")
    rows = PlacementDay.objects.standing().filter(~Exists(signed), placement__in=mine, day__range=soon)
    if first := rows.order_by("day").values_list("day", flat=True).first():
        detail = f"Des stages commencent sans elle le {day_in_words(first, today)}"
        url = reverse("partnerships:agreement_list")
        yield Todo("Faire signer la convention avec le département", detail, url, "pencil", first, 4)


def _to_end(person: Person) -> Iterator[Todo]:
    coming = PlacementDay.objects.standing().filter(placement=OuterRef("pk"), day__gte=timezone.localdate())
    rows = Placement.objects.editable_by(person).filter(~Exists(coming), state=PlacementState.PUBLISHED)
    for row in rows.select_related("offer__person").prefetch_related("students__student__person").order_by("pk")[:20]:
        url = reverse("partnerships:placement_page", args=[row.pk])
        yield Todo(f"Terminer le stage {french.of(row.names)}", f"Chez {row.offer.person}", url, "check", None, 1)


def _reviews_to_give(person: Person) -> Iterator[Todo]:
    given = PlacementReview.objects.filter(of__placement=OuterRef("pk"), author_id=person.pk, given_at__isnull=False)
    mine = Q(offer__person_id=person.pk) | followed_by(person)
    since = timezone.now() - timedelta(days=rules.REVIEW_ASKED_DAYS)
    rows = Placement.objects.filter(mine, ~Exists(given), state=PlacementState.ENDED, updated_at__gte=since)
    for row in rows.prefetch_related("students__student__person").order_by("pk")[:20]:
        url = reverse("partnerships:placement_page", args=[row.pk])
        yield Todo(
            f"Écrire le bilan du stage {french.of(row.names)}",
            "Ce qui est acquis, ce qui reste",
            url,
            "pencil",
            None,
            15,
        )
