"""What people are told of placements. Never a word of a log, nor of a review."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from circo import french, notices
from circo.models import Delivery, Person
from networks.visits.queries import heads_of
from partnerships.models import Placement, PlacementReview, TutorVisit
from partnerships.offers.queries import coordinators

PLACEMENTS = notices.NoticeKind(
    "placements",
    "Stages",
    "Quand un stage est publié, change, s’annule ou se termine\u00a0: le vôtre, dans votre classe ou dans votre école.",
    Delivery.AT_ONCE,
)


def published(placement: Placement) -> None:
    """Tell the students, the teacher, the head teacher and the tutor."""
    first = placement.days.standing().order_by("day", "half").first()
    when = f"\u00a0: première demi-journée, {first.when}" if first else ""
    offer, key = placement.offer, f"published-{placement.sequence}"
    _tell(_students(placement), placement, key, f"Votre stage est publié{when}", str(offer))
    _tell([offer.person], placement, key, f"{placement.names}\u00a0: stage dans votre classe{when}")
    others = [*heads_of(offer.school_id), *_tutor(placement), *_adults(placement)]
    others = [one for one in others if one.pk != offer.person_id]
    _tell(others, placement, key, f"{placement.names}\u00a0: stage dans la classe {french.of(offer.person)}{when}")


def changed(placement: Placement, said: str, by: Person) -> None:
    """Tell whom it concerns that something changed in a placement that they know."""
    people = [one for one in _concerned(placement) if one.pk != by.pk]
    _tell(people, placement, f"changed-{placement.sequence}", f"{placement.title}\u00a0: {said}")


def cancelled(placement: Placement, by: Person) -> None:
    """Tell those who knew of it."""
    people = [one for one in _concerned(placement) if one.pk != by.pk]
    title = f"Le stage {french.of(placement.names)} chez {placement.offer.person} est annulé"
    _tell(people, placement, f"cancelled-{placement.sequence}", title, placement.reason)


def missed(placement: Placement, said: str, by: Person) -> None:
    """Tell whom it concerns, and the institution, that a half-day does not take place."""
    kept = coordinators([placement.cohort.institution_id])
    people = {one.pk: one for one in (*_concerned(placement), *kept) if one.pk != by.pk}
    _tell(people.values(), placement, f"missed-{placement.sequence}", f"{placement.title}\u00a0: {said}")


def adult_named(placement: Placement, adult: Person, when: str) -> None:
    """Tell somebody that they answer for students who hold a class."""
    title = f"Vous êtes l’adulte référent quand {placement.names} tient la classe {french.of(placement.offer.person)}"
    if placement.students.count() > 1:
        title = title.replace(" tient ", " tiennent ")
    _tell([adult], placement, f"adult-{placement.sequence}-{when}", title, when)


def visit_planned(visit: TutorVisit) -> None:
    """Tell the class, the school and the students that the tutor comes."""
    _of_visit(visit, "planned", f"{visit.tutor} vient voir {visit.placement.names}, {visit.when}")


def visit_called_off(visit: TutorVisit) -> None:
    _of_visit(visit, "off", f"{visit.tutor} ne vient pas voir {visit.placement.names}, {visit.when}")


def left(placement: Placement, gone: Person, when: str) -> None:
    """Tell those who counted on somebody whose account is erased, and the institution, that nobody comes. No name."""
    kept = coordinators([placement.cohort.institution_id])
    people = {one.pk: one for one in (*_concerned(placement), *kept) if one.pk != gone.pk}
    title = f"Un stage n’a plus lieu comme prévu, à partir du {when}"
    text = "Une personne a quitté la plateforme."
    students = {one.pk for one in _students(placement)}
    for one in people.values():
        path = reverse("partnerships:mine" if one.pk in students else "partnerships:placement_list")
        key = f"placement-{placement.pk}-left"
        notices.tell_many([one], kind=PLACEMENTS.name, key=key, title=title, text=text, path=path)


def _of_visit(visit: TutorVisit, key: str, title: str) -> None:
    people = [one for one in _concerned(visit.placement) if one.pk != visit.tutor_id]
    _tell(people, visit.placement, f"visit-{visit.pk}-{key}-{visit.placement.sequence}", title)


def review_given(review: PlacementReview) -> None:
    """Tell the student that somebody says what was learnt, never what."""
    title = f"{review.author} vous donne le bilan de votre stage"
    _tell([review.of.student.person], review.of.placement, f"review-{review.pk}", title)


def _concerned(placement: Placement) -> list[Person]:
    """Those who know of it: the class and the school once confirmed, the students once published."""
    found: list[Person] = []
    if placement.confirmed_at is not None:
        found += [placement.offer.person, *heads_of(placement.offer.school_id)]
        found += [*_tutor(placement), *_adults(placement)]
    if placement.published_at is not None:
        found += _students(placement)
    return list({one.pk: one for one in found}.values())


def _students(placement: Placement) -> list[Person]:
    return [one.student.person for one in placement.students.all()]


def _tutor(placement: Placement) -> list[Person]:
    return [placement.tutor] if placement.tutor is not None else []


def _adults(placement: Placement) -> Iterable[Person]:
    """Who answers on the spot from today on, for what was given up meanwhile too."""
    named = placement.days.filter(day__gte=timezone.localdate(), adult__isnull=False).order_by().values("adult")
    return Person.objects.filter(pk__in=named).order_by("pk")


def _tell(people: Iterable[Person], placement: Placement, key: str, title: str, text: str = "") -> None:
    path = reverse("partnerships:placement_page", args=[placement.pk])
    kind, key = PLACEMENTS.name, f"placement-{placement.pk}-{key}"
    notices.tell_many(people, kind=kind, key=key, title=title, text=text, path=path)
