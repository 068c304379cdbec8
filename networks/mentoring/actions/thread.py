"""Write to each other, and write one's goals."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from circo import notices
from circo.errors import Refusal
from circo.models import Notice, Person
from networks.mentoring import queries, rules
from networks.mentoring.actions.pairs import held, note_change, on, ring
from networks.models import MentoringGoal, MentoringMessage, MentoringPair

GONE = "Ce n’est plus là, ou ne se change plus."


@transaction.atomic
def send(*, pair: MentoringPair, text: str, by: Person) -> MentoringMessage:
    """Write to the other, who is told that something awaits.

    Raises: Refusal if the pair is not one's own or is not on, if there is no text or too much of it, or too many.
    """
    mine = on(pair, by)
    text = rules.checked(text, rules.MESSAGE_MAX, "votre message")
    written = MentoringMessage.objects.filter(pair=mine, author=by)
    if written.count() >= rules.MESSAGES_MAX:
        raise Refusal("Ce fil est plein\u00a0: effacez d’anciens messages pour continuer.")
    lately = timezone.now() - timedelta(minutes=1)
    if written.filter(created_at__gte=lately).count() >= rules.A_MINUTE:
        raise Refusal("Vous écrivez très vite\u00a0: attendez une minute.")
    message = MentoringMessage.objects.create(pair=mine, author=by, text=text, number=note_change(mine))
    _tell(mine, message, by)
    return message


def _tell(pair: MentoringPair, message: MentoringMessage, by: Person) -> None:
    """Say once that there is something to read, until it is read: neither how much, nor what."""
    other, path = pair.other_of(by), queries.address(pair)
    if other is None or not other.is_active:
        return
    waiting = Notice.objects.filter(person=other, kind=queries.MESSAGE, path=path, read_at=None)
    if not waiting.exists():
        key = f"message-{message.pk}"
        title = "Un message de votre binôme"
        notices.tell(person=other, kind=queries.MESSAGE, key=key, title=title, path=path)


@transaction.atomic
def edit_message(*, message: MentoringMessage, text: str, by: Person) -> None:
    """Change one's own message of the last minutes.

    Raises: Refusal if it is not one's own, is too old, or if there is no text or too much of it.
    """
    mine = on(message.pair, by)
    fresh = MentoringMessage.objects.editable_by(by).filter(pk=message.pk, pair=mine).first()
    if fresh is None:
        raise Refusal(GONE)
    text = rules.checked(text, rules.MESSAGE_MAX, "votre message")
    if text != fresh.text:
        fresh.text, fresh.edited_at = text, timezone.now()
        fresh.save(update_fields=["text", "edited_at"])
        note_change(mine)


@transaction.atomic
def remove(*, row: MentoringMessage | MentoringGoal, by: Person) -> None:
    """Take away one's own words; `restore` brings them back for some minutes, then they are erased.

    Raises: Refusal if they are not one's own.
    """
    mine = held(row.pair, by)
    rows = type(row).objects.visible_to(by).filter(pk=row.pk, pair=mine, author=by)
    if not rows.update(removed_at=timezone.now()):
        raise Refusal(GONE)
    note_change(mine)


@transaction.atomic
def restore(*, row: MentoringMessage | MentoringGoal, by: Person) -> None:
    """Bring back one's own words that one has just taken away.

    Raises: Refusal if they are not one's own, or if it was too long ago.
    """
    mine = held(row.pair, by)
    if not type(row).objects.restorable_by(by).filter(pk=row.pk, pair=mine).update(removed_at=None):
        raise Refusal("Il est trop tard pour le remettre.")
    note_change(mine)


@transaction.atomic
def mark_read(*, pair: MentoringPair, by: Person) -> None:
    """Note that one has read what the other wrote.

    Raises: Refusal if it is not one's own.
    """
    mine = held(pair, by)
    name, last = f"{mine.side_of(by)}_read", queries.last_number(mine, by)
    path = queries.address(mine)
    Notice.objects.editable_by(by).filter(kind=queries.MESSAGE, path=path, read_at=None).update(read_at=timezone.now())
    if last > getattr(mine, name):
        setattr(mine, name, last)
        mine.save(update_fields=[name])
        ring(mine)


# --- Goals ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_goal(*, pair: MentoringPair, text: str, by: Person) -> MentoringGoal:
    """Write a goal, as the newcomer.

    Raises: Refusal if `by` is not the newcomer, or if there are many, or if there is no text or too much of it.
    """
    mine = on(pair, by)
    if mine.side_of(by) != "newcomer":
        raise Refusal("Les objectifs s’écrivent avec les mots de la personne qui arrive.")
    if MentoringGoal.objects.filter(pair=mine, removed_at=None).count() >= rules.GOALS_MAX:
        raise Refusal("Cela fait déjà beaucoup d’objectifs\u00a0: retirez-en un.")
    text = rules.checked(text, rules.GOAL_MAX, "votre objectif")
    goal = MentoringGoal.objects.create(pair=mine, author=by, text=text)
    note_change(mine)
    return goal


def _own_goal(goal: MentoringGoal, by: Person) -> tuple[MentoringPair, MentoringGoal]:
    mine = on(goal.pair, by)
    fresh = MentoringGoal.objects.editable_by(by).filter(pk=goal.pk, pair=mine).first()
    if fresh is None:
        raise Refusal(GONE)
    return mine, fresh


@transaction.atomic
def write_goal(*, goal: MentoringGoal, text: str, by: Person) -> None:
    """Change the words of one's own goal.

    Raises: Refusal if it is not one's own, or if there is no text or too much of it.
    """
    mine, fresh = _own_goal(goal, by)
    fresh.text = rules.checked(text, rules.GOAL_MAX, "votre objectif")
    fresh.save(update_fields=["text"])
    note_change(mine)


@transaction.atomic
def reach_goal(*, goal: MentoringGoal, by: Person) -> None:
    """Say that one has reached one's own goal, or not after all.

    Raises: Refusal if it is not one's own.
    """
    mine, fresh = _own_goal(goal, by)
    fresh.reached_at = None if fresh.reached_at else timezone.now()
    fresh.save(update_fields=["reached_at"])
    note_change(mine)
