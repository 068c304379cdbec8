"""What waits in the showcase: an author's answer; for the team, what may be published, and a film that is closed."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from circo.access import Permission
from circo.models import Person
from circo.registries import Todo
from trainings.models import Showcase, ShowcaseAuthor
from trainings.showcase.rules import Answer, State
from videos.models import Film, PracticeSheet


def todos(person: Person) -> list[Todo]:
    """One query; two for a team."""
    asked = ShowcaseAuthor.objects.editable_by(person).filter(answer=Answer.PENDING, showcase__state=State.PROPOSED)
    found = [
        _todo(pk, f"Répondre pour «\u00a0{title}\u00a0»", "Une de vos pratiques est proposée pour la vitrine")
        for pk, title in asked.order_by("pk").values_list("showcase_id", "showcase__title")
    ]
    if not person.reach().district_ids_held_for(Permission.MANAGE_GROUPS):
        return found
    waiting = Showcase.objects.led_by(person).filter(_agreed() | _sealed()).order_by("pk")
    for pk, title, state in waiting.values_list("pk", "title", "state"):
        if state == State.PUBLISHED:
            found.append(
                _todo(pk, f"Revoir «\u00a0{title}\u00a0» dans la vitrine", "Un de ses films n’est plus visible")
            )
        else:
            found.append(_todo(pk, f"Publier «\u00a0{title}\u00a0» dans la vitrine", "Ses auteurs sont d’accord"))
    return found


def _todo(pk: int, title: str, why: str) -> Todo:
    return Todo(title, why, reverse("trainings:showcase_page", args=[pk]), "eye", None, 10)


def _agreed() -> Q:
    """Those that all their authors agree to show."""
    authors = ShowcaseAuthor.objects.filter(showcase=OuterRef("pk"))
    unsaid = authors.filter(answer__in=(Answer.PENDING, Answer.NO))
    return Q(~Exists(unsaid), Exists(authors), state=State.PROPOSED)


def _sealed() -> Q:
    """Those whose sheet shows a film that is shown to nobody else today."""
    closed = Film.objects.exclude(pk__in=Film.objects.shared().order_by().values("pk")).order_by().values("pk")
    sheets = PracticeSheet.objects.filter(Q(films__in=closed) | Q(excerpts__film__in=closed)).order_by().values("pk")
    return Q(sheet__in=sheets, state=State.PUBLISHED)
