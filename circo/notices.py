"""What the platform tells people: in the portal always, by e-mail as each one wishes for each kind.

An app registers its kinds in `AppConfig.ready()`, then tells from its actions, inside their transaction:

    tell_many(colleagues, kind="film-comment", key=f"comment-{comment.pk}",
              title="Amina Petit a commenté un film de votre groupe", text=film.title, path=film_url)

`title` leaves by e-mail: it is a sentence of ours with, at most, the names of adults and groups. What somebody typed
(the title of a film may name a child) goes into `text`, which only the portal shows, behind its rights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from circo import bell
from circo.models import Delivery, Notice, NoticePreference, Person

MAIL_TASK = "circo.tasks.mail_notices"
BATCH = 500  # rows per INSERT


@dataclass(frozen=True)
class NoticeKind:
    """One sort of news, as the preferences page shows it: `help` says in one sentence when it comes."""

    name: str
    label: str
    help: str
    default: Delivery = Delivery.DAILY


_KINDS: dict[str, NoticeKind] = {}


def register_kind(kind: NoticeKind) -> None:
    """Make a kind of notice known; called in `AppConfig.ready()`."""
    _KINDS[kind.name] = kind


def kinds() -> list[NoticeKind]:
    """Every kind, in the alphabetical order of what people read."""
    return sorted(_KINDS.values(), key=lambda kind: kind.label)


def kind_named(name: str) -> NoticeKind | None:
    """The kind of that name; None if no app of today registers it."""
    return _KINDS.get(name)


def tell(*, person: Person, kind: str, key: str, title: str, text: str = "", path: str = "") -> None:
    """Tell one person one thing. Telling it again, with the same kind and key, changes nothing."""
    tell_many([person], kind=kind, key=key, title=title, text=text, path=path)


@transaction.atomic
def tell_many(people: Iterable[Person], *, kind: str, key: str, title: str, text: str = "", path: str = "") -> None:
    """Tell each of these people one thing, once; the e-mails leave after the caller's transaction, from a worker.

    Raises: KeyError for a kind that no app registered; ValueError for a path that leaves the site.
    """
    default = _KINDS[kind].default
    if path and not (path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)):
        raise ValueError(f"not a path of this site: {path}")
    ids = sorted({person.pk for person in people})
    wishes = dict(NoticePreference.objects.filter(kind=kind, person_id__in=ids).values_list("person_id", "delivery"))
    title = " ".join(title.split())[:200]  # one line: it becomes the subject of an e-mail
    Notice.objects.bulk_create(
        (
            Notice(
                person_id=pk, kind=kind, key=key, title=title, text=text, path=path, delivery=wishes.get(pk, default)
            )
            for pk in ids
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    if Delivery.AT_ONCE in {wishes.get(pk, default) for pk in ids}:
        transaction.on_commit(ring, robust=True)


def ring() -> None:
    """Tell a worker that e-mails wait."""
    bell.ring(MAIL_TASK)


def mark_read(*, notice: Notice) -> Notice:
    """Mark a notice as read. Reading twice keeps the first instant."""
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at"])
    return notice


def mark_all_read(*, person: Person) -> int:
    """Mark all of one's own notices as read, and return how many were not."""
    return Notice.objects.editable_by(person).unread().update(read_at=timezone.now())


def wishes_of(person: Person) -> dict[str, Delivery]:
    """How this person wishes to hear of each kind."""
    own = dict(NoticePreference.objects.visible_to(person).values_list("kind", "delivery"))
    return {kind.name: Delivery(own.get(kind.name, kind.default)) for kind in kinds()}


@transaction.atomic
def choose(*, person: Person, wishes: Mapping[str, Delivery]) -> dict[str, Delivery]:
    """Write how this person wishes to hear of these kinds, and return the former wishes of those that changed.

    E-mails that were waiting are dropped for a kind that the person silences.
    """
    before = wishes_of(person)
    changed = {name: delivery for name, delivery in wishes.items() if before.get(name, delivery) != delivery}
    NoticePreference.objects.bulk_create(
        (NoticePreference(person=person, kind=name, delivery=delivery) for name, delivery in changed.items()),
        update_conflicts=True,
        unique_fields=["person", "kind"],
        update_fields=["delivery"],
    )
    silenced = [name for name, delivery in changed.items() if delivery == Delivery.NONE]
    Notice.objects.editable_by(person).filter(kind__in=silenced, mailed_at__isnull=True).update(delivery=Delivery.NONE)
    return {name: before[name] for name in changed}
