"""What is told of the showcase to those whose practices it shows."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.models import Delivery, Person
from trainings.models import Showcase
from trainings.showcase.rules import Answer

SHOWCASE = notices.NoticeKind(
    "showcase",
    "La vitrine",
    "Quand une de vos pratiques y est proposée, publiée, retirée, ou quand elle est mise de côté.",
    Delivery.AT_ONCE,
)


def _tell(showcase: Showcase, people: Iterable[Person], key: str, title: str, text: str = "") -> None:
    notices.tell_many(
        people,
        kind=SHOWCASE.name,
        key=f"{key}-{showcase.pk}-{timezone.now():%Y%m%d%H%M%S%f}",
        title=title,
        text=text or f"«\u00a0{showcase.title}\u00a0»",
        path=reverse("trainings:showcase_page", args=[showcase.pk]),
    )


def _authors(showcase: Showcase, by: Person) -> list[Person]:
    return [one.person for one in showcase.authors.exclude(person=by).select_related("person")]


def asked(showcase: Showcase, by: Person) -> None:
    pending = showcase.authors.filter(answer=Answer.PENDING).exclude(person=by).select_related("person")
    _tell(showcase, [one.person for one in pending], "asked", "Une de vos pratiques est proposée pour la vitrine")


def published(showcase: Showcase, by: Person) -> None:
    _tell(showcase, _authors(showcase, by), "published", f"Votre pratique est montrée {showcase.shown_in}")


def withdrawn(showcase: Showcase, by: Person) -> None:
    people = [*_authors(showcase, by), *([showcase.proposed_by] if showcase.proposed_by else [])]
    _tell(showcase, {one for one in people if one != by}, "withdrawn", "Une pratique est retirée de la vitrine")


def set_aside(showcase: Showcase, by: Person) -> None:
    people = [*_authors(showcase, by), *([showcase.proposed_by] if showcase.proposed_by else [])]
    why = showcase.moves.first()
    text = f"«\u00a0{showcase.title}\u00a0»\u00a0: {why.why}" if why else ""
    _tell(showcase, {one for one in people if one != by}, "aside", "Une pratique proposée est mise de côté", text)
