"""Verbs of the showcase: propose and write a practice, agree to it, publish it, take it back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import District, Person
from trainings.models import Showcase, ShowcaseAuthor
from trainings.showcase import rules, telling
from trainings.showcase.queries import checks, parts
from trainings.showcase.rules import Answer, Reach, State, Verb

NOT_YOURS = "Cette pratique n’est pas de celles que vous pouvez changer."
CHANGED = "Quelqu’un a changé cette pratique pendant que vous écriviez. Relisez-la dans un autre onglet."
WHY = "Dites en une phrase pourquoi\u00a0: ses auteurs la liront."


@transaction.atomic
def propose(*, district: District, texts: Mapping[str, Any], by: Person) -> Showcase:
    """Propose a practice, and ask its authors.

    Raises: Refusal if it is another district’s, or its parts are not ones that `by` reads.
    """
    if district not in parts.districts(by):
        raise Refusal("Choisissez une circonscription où vous êtes.")
    made = Showcase(district=district, proposed_by=by)
    _write(made, texts, by)
    made.save()
    _ask_authors(made, by)
    return made


@transaction.atomic
def write(*, showcase: Showcase, texts: Mapping[str, Any], seen: datetime, by: Person) -> Showcase:
    """Change what it says. Its authors are asked again: they agreed to another text.

    Raises: Refusal if it is published, is not for `by` to write, or was changed by somebody else since `seen`.
    """
    held = _held(Showcase.objects.editable_by(by), showcase)
    if held.updated_at > seen:
        raise Refusal(CHANGED)
    _write(held, texts, by)
    held.updated_at = timezone.now()
    held.save()
    held.authors.exclude(answer=Answer.NO).update(answer=Answer.PENDING, answered_at=None)
    _ask_authors(held, by)
    return held


def _write(showcase: Showcase, texts: Mapping[str, Any], by: Person) -> None:
    for name in ("title", *(name for name, _, _ in rules.CRITERIA)):
        setattr(showcase, name, texts[name].strip())
    _choose(showcase, "sheet", texts["sheet"], parts.sheets(by))
    _choose(showcase, "path", texts["path"], parts.learning_paths(by))
    _choose(showcase, "experiment", texts["experiment"], parts.experiments_of(by))


def _choose(showcase: Showcase, name: str, row: Any, among: Any) -> None:
    """Join a part that `by` reads; what was joined before may stay."""
    former = getattr(showcase, f"{name}_id")
    if row is not None and row.pk != former and not among.filter(pk=row.pk).exists():
        raise Refusal("Choisissez dans la liste ce que vous joignez.")
    setattr(showcase, name, row)


def _ask_authors(showcase: Showcase, by: Person) -> None:
    """Ask each author once more; those who are none any more are no longer asked."""
    wanted = parts.authors_of(showcase)
    showcase.authors.exclude(person__in=wanted).delete()
    known = set(showcase.authors.values_list("person_id", flat=True))
    ShowcaseAuthor.objects.bulk_create(ShowcaseAuthor(showcase=showcase, person_id=pk) for pk in sorted(wanted - known))
    telling.asked(showcase, by)


@transaction.atomic
def answer(*, showcase: Showcase, answer: Answer, is_named: bool, by: Person) -> ShowcaseAuthor:
    """Say, as an author, whether and how far it may be shown. A narrower answer takes it back at once.

    Raises: Refusal if `by` is no author of it.
    """
    held = _held(Showcase.objects.concerning(by), showcase)
    mine = ShowcaseAuthor.objects.editable_by(by).filter(showcase=held).first()
    if mine is None or answer is Answer.PENDING:
        raise Refusal("Ses auteurs répondent, chacun pour soi.")
    mine.answer, mine.is_named, mine.answered_at = answer, is_named, timezone.now()
    mine.save()
    agreed = rules.agreed(held.authors.values_list("answer", flat=True))
    if held.state == State.PUBLISHED and agreed < held.reach:
        _move(held, Verb.WITHDRAW, by, why="Un de ses auteurs ne souhaite plus qu’elle soit montrée aussi loin.")
        telling.withdrawn(held, by)
    return mine


@transaction.atomic
def publish(*, showcase: Showcase, reach: Reach, by: Person) -> Showcase:
    """Show it to the district or to the département.

    Raises: Refusal if `by` does not lead that district, or with the first thing that keeps it from being shown.
    """
    held = _held(Showcase.objects.led_by(by), showcase)
    rules.MOVES[Verb.PUBLISH].check(held.state)
    answers: Collection[str] = list(held.authors.values_list("answer", flat=True))
    blocking = [one.text for one in checks.problems(held, reach, list(answers)) if one.is_blocking]
    if reach not in rules.PUBLIC or blocking:
        raise Refusal(blocking[0] if blocking else "Choisissez à qui la montrer.")
    held.published_at = timezone.now()
    _move(held, Verb.PUBLISH, by, reach=reach)
    telling.published(held, by)
    return held


@transaction.atomic
def withdraw(*, showcase: Showcase, why: str, by: Person) -> Showcase:
    """Take it back from the showcase, as its team. `publish` puts it back.

    Raises: Refusal without a reason, if it is not published, or if `by` does not lead that district.
    """
    held = _led(showcase, Verb.WITHDRAW, why, by)
    telling.withdrawn(held, by)
    return held


@transaction.atomic
def set_aside(*, showcase: Showcase, why: str, by: Person) -> Showcase:
    """Say that it will not be shown, and why; `resume` takes it up again."""
    held = _led(showcase, Verb.SET_ASIDE, why, by)
    telling.set_aside(held, by)
    return held


@transaction.atomic
def resume(*, showcase: Showcase, by: Person) -> Showcase:
    """Take up again what was set aside."""
    held = _held(Showcase.objects.led_by(by), showcase)
    _move(held, Verb.RESUME, by)
    return held


def _led(showcase: Showcase, verb: Verb, why: str, by: Person) -> Showcase:
    held = _held(Showcase.objects.led_by(by), showcase)
    if not why.strip():
        raise Refusal(WHY)
    _move(held, verb, by, why=why.strip())
    return held


def _held(rows: Any, showcase: Showcase) -> Showcase:
    """Hold the row, then read it: on PostgreSQL, what was read before the wait is old."""
    if not Showcase.objects.select_for_update(of=("self",)).filter(pk=showcase.pk).exists():
        raise Refusal(NOT_YOURS)
    held: Showcase | None = (
        rows.filter(pk=showcase.pk).select_related("district", "sheet", "path", "experiment").first()
    )
    if held is None:
        raise Refusal(NOT_YOURS)
    return held


def _move(showcase: Showcase, verb: Verb, by: Person, *, reach: Reach = Reach.NOBODY, why: str = "") -> None:
    showcase.state = rules.MOVES[verb].check(showcase.state)
    showcase.reach = reach
    showcase.save(update_fields=["state", "reach", "published_at"])
    showcase.moves.create(verb=verb, reach=reach, by=by, why=why[: rules.WHY_MAX])
