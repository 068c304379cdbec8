"""What waits in the showcase: an author's answer; for the team, what may be published, and a film that is closed."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from circo.models import Person
from circo.registries import Todo
from trainings.models import Showcase, ShowcaseAuthor
from trainings.showcase.rules import Answer, State
from videos.models import Excerpt, Film


def todos(person: Person) -> list[Todo]:
    """Two queries; four for a team."""
    asked = ShowcaseAuthor.objects.editable_by(person).filter(answer=Answer.PENDING, showcase__state=State.PROPOSED)
    found = [
        _todo(pk, f"Répondre pour «\u00a0{title}\u00a0»", "Une de vos pratiques est proposée pour la vitrine")
        for pk, title in asked.order_by("pk").values_list("showcase_id", "showcase__title")
    ]
    led = Showcase.objects.led_by(person)
    agreed = _agreed(led).order_by("pk").values_list("pk", "title")
    agreed_why = "Ses auteurs sont d’accord"
    found += [_todo(pk, f"Publier «\u00a0{title}\u00a0» dans la vitrine", agreed_why) for pk, title in agreed]
    sealed = _sealed(led).order_by("pk").values_list("pk", "title")
    why = "Un de ses films n’est plus visible"
    return [*found, *(_todo(pk, f"Revoir «\u00a0{title}\u00a0» dans la vitrine", why) for pk, title in sealed)]


def _todo(pk: int, title: str, why: str) -> Todo:
    return Todo(title, why, reverse("trainings:showcase_page", args=[pk]), "eye", None, 10)


def _agreed(led: QuerySet[Showcase]) -> QuerySet[Showcase]:
    rows = ShowcaseAuthor.objects.filter(showcase=OuterRef("pk"))
    unsaid = rows.filter(answer__in=(Answer.PENDING, Answer.NO))
    return led.filter(~Exists(unsaid), Exists(rows), state=State.PROPOSED)


def _sealed(led: QuerySet[Showcase]) -> QuerySet[Showcase]:
    """Those whose sheet shows a film that is shown to nobody else today."""
    closed = Film.objects.exclude(pk__in=Film.objects.shared().order_by().values("pk")).order_by().values("pk")
    excerpts = Excerpt.objects.filter(film__in=closed).order_by().values("pk")
    return led.filter(Q(sheet__films__in=closed) | Q(sheet__excerpts__in=excerpts), state=State.PUBLISHED).distinct()
