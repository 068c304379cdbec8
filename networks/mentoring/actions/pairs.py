"""The verbs of a pair: propose, introduce, accept, end, take back, erase."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from circo import live, notices
from circo.errors import Refusal
from circo.models import FormDraft, Person
from networks.mentoring import queries, rules
from networks.models import MentoringGoal, MentoringMessage, MentoringPair

NOT_YOURS = "Ce binôme n’est pas le vôtre."
NOT_THESE = "L’une de ces deux personnes ne peut pas être accompagnée, ou accompagner, dans votre réseau cette année."


def held(pair: MentoringPair, by: Person) -> MentoringPair:
    """Read a pair anew and lock it, if `by` is one of the two.

    Raises: Refusal.
    """
    rows = MentoringPair.objects.visible_to(by).select_for_update(of=("self",)).select_related("newcomer", "mentor")
    found = rows.filter(pk=pair.pk).first()
    if found is None:
        raise Refusal(NOT_YOURS)
    return found


def on(pair: MentoringPair, by: Person) -> MentoringPair:
    """The same, of a pair that is on.

    Raises: Refusal.
    """
    mine = held(pair, by)
    if not mine.is_on:
        raise Refusal("Ce binôme n’est pas en cours\u00a0: vos échanges se relisent, et ne se continuent pas.")
    return mine


def ring(pair: MentoringPair) -> None:
    """Tell the open pages of the two that something has changed, once it is written."""
    transaction.on_commit(lambda: live.ring(f"mentoring-{pair.pk}"), robust=True)


def note_change(pair: MentoringPair) -> int:
    """Take the next number of a thread that the caller has locked."""
    pair.number += 1
    pair.save(update_fields=["number"])
    ring(pair)
    return pair.number


def tell(pair: MentoringPair, people: list[Person | None], what: str, title: str) -> None:
    """Tell that something awaits, and never what, nor by whom."""
    told = [person for person in people if person is not None and person.is_active]
    key = f"{what}-{pair.pk}-{timezone.now():%Y%m%d%H%M%S%f}"
    notices.tell_many(told, kind=queries.NEWS, key=key, title=title, path=queries.address(pair))


def _begin(newcomer: Person, mentor: Person, **fields: object) -> MentoringPair:
    district = queries.district_of(newcomer, mentor)
    if district is None or newcomer.pk == mentor.pk:
        raise Refusal(NOT_THESE)
    for person in (newcomer, mentor):
        open_pairs = MentoringPair.objects.visible_to(person).filter(state__in=rules.OPEN)
        if open_pairs.count() >= rules.PAIRS_MAX:
            raise Refusal("Cela fait déjà beaucoup de binômes en même temps.")
    try:
        with transaction.atomic():
            return MentoringPair.objects.create(newcomer=newcomer, mentor=mentor, district=district, **fields)
    except IntegrityError as error:
        raise Refusal("Ces deux personnes ont déjà un binôme, proposé ou en cours.") from error


@transaction.atomic
def propose(*, to: Person, by: Person) -> MentoringPair:
    """Propose a pair: a newcomer to who may accompany, or the other way round.

    Raises: Refusal if the other is not of one's network, or if the two already have a pair.
    """
    now = timezone.now()
    if queries.mentors_for(by).filter(pk=to.pk).exists():
        pair = _begin(by, to, newcomer_accepted_at=now)
    elif queries.newcomers_for(by).filter(pk=to.pk).exists():
        pair = _begin(to, by, mentor_accepted_at=now)
    else:
        raise Refusal(NOT_THESE)
    tell(pair, [to], "proposed", "Un mentorat vous est proposé")
    return pair


@transaction.atomic
def introduce(*, newcomer: Person, mentor: Person, by: Person) -> MentoringPair:
    """Introduce two people to each other, as an adviser; both accept, or not, and the adviser is told nothing.

    Two who have a pair already are told nothing, nor is the adviser.
    Raises: Refusal if `by` is no adviser of theirs, or if they are not a newcomer and who may accompany.
    """
    known = queries.to_introduce(by, queries.NEWCOMERS).filter(pk=newcomer.pk).exists()
    if not known or not queries.to_introduce(by, queries.MENTORS).filter(pk=mentor.pk).exists():
        raise Refusal(NOT_THESE)
    try:
        with transaction.atomic():
            pair = _begin(newcomer, mentor, introduced_by=by)
    except Refusal:
        if (district := queries.district_of(newcomer, mentor)) is None or newcomer.pk == mentor.pk:
            raise
        # A refusal would tell that the two have a pair: it is answered as one that they decline, in silence.
        fields = {"newcomer": newcomer, "mentor": mentor, "district": district, "introduced_by": by}
        return MentoringPair.objects.create(state=rules.State.DECLINED, **fields)
    tell(pair, [newcomer, mentor], "introduced", "Un mentorat vous est proposé")
    return pair


@transaction.atomic
def accept(*, pair: MentoringPair, by: Person) -> MentoringPair:
    """Say yes; the pair begins once both have.

    Raises: Refusal if it is not one's own, or awaits no answer.
    """
    mine = held(pair, by)
    target = rules.MOVES["accept"].check(mine.state)
    name = f"{mine.side_of(by)}_accepted_at"
    setattr(mine, name, getattr(mine, name) or timezone.now())
    if mine.newcomer_accepted_at and mine.mentor_accepted_at:
        mine.state = target
        tell(mine, [mine.other_of(by)], "begun", "Votre binôme de mentorat commence")
    mine.save()
    return mine


@transaction.atomic
def decline(*, pair: MentoringPair, by: Person) -> None:
    """Say no, or withdraw one's own proposal; no reason is asked.

    Raises: Refusal if it is not one's own, or awaits no answer.
    """
    mine = held(pair, by)
    mine.state = rules.MOVES["decline"].check(mine.state)
    mine.save(update_fields=["state"])


@transaction.atomic
def end(*, pair: MentoringPair, by: Person) -> MentoringPair:
    """End a pair, without a reason; both still read their thread.

    Raises: Refusal if it is not one's own, or is not on.
    """
    mine = held(pair, by)
    mine.state = rules.MOVES["end"].check(mine.state)
    mine.ended_at, mine.ended_by = timezone.now(), by
    mine.save(update_fields=["state", "ended_at", "ended_by"])
    _touch_meetings(mine)
    note_change(mine)
    tell(mine, [mine.other_of(by)], "ended", "Votre binôme de mentorat a pris fin")
    return mine


def _touch_meetings(pair: MentoringPair) -> None:
    """What agendas hold of a pair changes with its state."""
    coming = pair.meetings.filter(starts_at__gte=timezone.now(), cancelled_at=None)
    for meeting in coming.order_by("pk"):
        meeting.sequence += 1
        meeting.updated_at = timezone.now()
        meeting.save(update_fields=["sequence", "updated_at"])


@transaction.atomic
def take_back_end(*, pair: MentoringPair, by: Person) -> MentoringPair:
    """Take back that one has just ended a pair.

    Raises: Refusal if somebody else ended it, if it was too long ago, or if the two have another pair since.
    """
    mine = held(pair, by)
    target = rules.MOVES["take_back"].check(mine.state)
    if mine.ended_by_id != by.pk or mine.ended_at is None or timezone.now() - mine.ended_at > rules.UNDO:
        raise Refusal("Il est trop tard pour reprendre ce binôme\u00a0: vous pouvez en proposer un nouveau.")
    mine.state, mine.ended_at, mine.ended_by = target, None, None
    try:
        with transaction.atomic():
            mine.save(update_fields=["state", "ended_at", "ended_by"])
    except IntegrityError as error:
        raise Refusal("Vous avez déjà un autre binôme avec cette personne.") from error
    _touch_meetings(mine)
    note_change(mine)
    tell(mine, [mine.other_of(by)], "taken-back", "Votre binôme de mentorat continue")
    return mine


# --- Erasing --------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask_erasure(*, pair: MentoringPair, by: Person) -> bool:
    """Ask that all that was written be erased, or agree to it; tell whether it has been, for good.

    Raises: Refusal if it is not one's own.
    """
    mine = held(pair, by)
    if mine.erasure_asked_by_id in (None, by.pk):
        mine.erasure_asked_by = by
        mine.save(update_fields=["erasure_asked_by"])
        note_change(mine)
        tell(mine, [mine.other_of(by)], "erasure", "Votre binôme souhaite effacer vos échanges")
        if mine.other_of(by) is not None:
            return False
    MentoringMessage.objects.filter(pair=mine).delete()
    MentoringGoal.objects.filter(pair=mine).delete()
    FormDraft.objects.of_place(mine.drafts_place).delete()
    mine.erasure_asked_by = None
    mine.save(update_fields=["erasure_asked_by"])
    note_change(mine)
    return True


@transaction.atomic
def withdraw_erasure(*, pair: MentoringPair, by: Person) -> None:
    """Take back one's wish to erase, or say no to the other's.

    Raises: Refusal if it is not one's own.
    """
    mine = held(pair, by)
    mine.erasure_asked_by = None
    mine.save(update_fields=["erasure_asked_by"])
    note_change(mine)


@transaction.atomic
def erase_mine(*, pair: MentoringPair, by: Person) -> int:
    """Take away all of one's own messages; `restore_mine` brings them back for some minutes. Return how many.

    Raises: Refusal if it is not one's own.
    """
    mine = held(pair, by)
    now = timezone.now()
    FormDraft.objects.editable_by(by).of_place(mine.drafts_place).delete()
    gone = MentoringMessage.objects.filter(pair=mine, author=by, removed_at=None).update(removed_at=now)
    note_change(mine)
    return gone


@transaction.atomic
def restore_mine(*, pair: MentoringPair, by: Person) -> int:
    """Bring back the messages that one has just taken away together.

    Raises: Refusal if it is not one's own, or if there is nothing to bring back.
    """
    mine = held(pair, by)
    rows = MentoringMessage.objects.restorable_by(by).filter(pair=mine)
    last = rows.order_by("-removed_at").values_list("removed_at", flat=True).first()
    back = rows.filter(removed_at=last).order_by().update(removed_at=None) if last else 0
    if not back:
        raise Refusal("Il n’y a plus rien à remettre.")
    note_change(mine)
    return back
