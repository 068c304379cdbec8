"""Write in a salon, change and take away what one wrote, react, pin.

Each change takes the salon's next number under the lock of its row, so that numbers follow commits: whoever asks for
« everything since » misses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from circo import live, mentions, notices
from circo.errors import Refusal
from circo.models import Person
from networks.models import Post, Salon
from networks.salons import keeping, queries, quoting, rules
from networks.salons.rules import ANSWER, MENTION

CLOSED = "Ce salon est archivé, ou ne vous est plus ouvert\u00a0: on n’y écrit plus."


def locked(salon_id: int, by: Person) -> Salon:
    """The salon, its row locked, if one may write in it.

    Raises: Refusal.
    """
    rows = Salon.objects.writable_by(by).select_related(*queries.READ_WITH).select_for_update(of=("self",))
    if (salon := rows.filter(pk=salon_id).first()) is None:
        raise Refusal(CLOSED)
    return salon


def next_number(salon: Salon) -> int:
    """Take the next number of a salon whose row is locked."""
    salon.last_seq += 1
    salon.save(update_fields=["last_seq", "last_post_at"])
    return salon.last_seq


def touch(salon: Salon, post: Post, *fields: str) -> None:
    """Save these columns under a new number, and wake whoever has the salon open."""
    post.changed_seq = next_number(salon)
    post.save(update_fields=[*fields, "changed_seq"])
    ring(salon)


def ring(salon: Salon) -> None:
    """Wake the hubs of a salon once this is written."""
    name = salon.channel
    transaction.on_commit(lambda: live.ring(name), robust=True)


def address(post: Post) -> str:
    """Where a message is read."""
    return reverse("networks:post_page", args=[post.salon_id, post.seq])


def write_post(
    *,
    salon: Salon,
    text: str,
    by: Person,
    files: Sequence[UploadedFile] = (),
    quotes: Iterable[str] = (),
    parent: Post | None = None,
    client_key: UUID | None = None,
) -> Post:
    """Write a message, in answer to `parent` or not, with documents and quotes (`quotes`: their addresses). With the
    `client_key` of a message that was received already, return that one.

    Raises: Refusal if the salon is closed to `by`, if there is nothing to read, too much of it, or too often; for a
        mention of somebody outside, and for what may not be attached or quoted.
    """
    text = rules.checked(text, alone=not files and not list(quotes))
    quoted = [quoting.found(by, one) for one in quotes][: rules.QUOTES_MAX]
    ready = keeping.made_ready(files, by)
    with transaction.atomic():
        salon = locked(salon.pk, by)
        if client_key and (sent := Post.objects.filter(author=by, client_key=client_key).first()):
            return sent
        _check_pace(by)
        post = Post(salon=salon, author=by, text=text, client_key=client_key, parent=_first_of_thread(salon, parent))
        salon.last_post_at = post.created_at
        post.seq = post.changed_seq = next_number(salon)
        post.save()
        for kind, pk in dict.fromkeys(quoted):
            post.quotes.create(kind=kind, object_id=pk)
        keeping.keep(post, ready)
        _end_writing(salon, post, by)
    return post


def _first_of_thread(salon: Salon, parent: Post | None) -> Post | None:
    """The message that begins the thread: a thread has one level."""
    if parent is None:
        return None
    found = Post.objects.filter(salon=salon, pk=parent.parent_id or parent.pk).first()
    if found is None or not found.is_shown:
        raise Refusal("Ce message n’est plus là\u00a0: écrivez le vôtre sans y répondre.")
    return found


def _check_pace(by: Person) -> None:
    lately = Post.objects.filter(author=by, created_at__gt=timezone.now() - rules.WRITTEN_WITHIN)
    if lately.count() >= rules.WRITTEN_OF_ONE_MAX:
        raise Refusal("Vous avez beaucoup écrit en peu de temps. Publiez ceci dans quelques minutes.")


def _end_writing(salon: Salon, post: Post, by: Person) -> None:
    named = _mention(salon, post, by)
    if post.parent is not None:
        _count_answers(salon, post.parent)
        _tell_of_answer(salon, post, by, named)
    ring(salon)


def _count_answers(salon: Salon, parent: Post) -> None:
    parent.answer_count = Post.objects.shown().filter(parent=parent).count()
    touch(salon, parent, "answer_count")


def _mention(salon: Salon, post: Post, by: Person) -> set[int]:
    """Note whom a message mentions, and tell them. Raises: Refusal for somebody who is not of the room."""
    if "@" not in post.text:
        post.mentioned.clear()
        return set()
    people = {one.pk: one for one in queries.people_of(salon)}
    names = {pk: str(one) for pk, one in people.items()}
    if strange := mentions.strangers(post.text, names):
        raise Refusal(
            f"«\u00a0@{strange[0]}\u00a0» n’appelle personne de ce salon, ou plusieurs personnes à la fois. Écrivez le "
            "nom entier d’une personne du salon, ou retirez le @."
        )
    named = set(mentions.mentioned(post.text, names)) - {by.pk}
    post.mentioned.set(named)
    title = f"{by} vous mentionne dans un salon"
    notices.tell_many(
        [people[pk] for pk in named],
        kind=MENTION,
        key=f"post-{post.pk}",
        title=title,
        text=salon.title,
        path=address(post),
    )
    return named


def _tell_of_answer(salon: Salon, post: Post, by: Person, named: set[int]) -> None:
    author_id = post.parent.author_id if post.parent else None
    if author_id is None or author_id == by.pk or author_id in named:
        return
    notices.tell_many(
        queries.people_of(salon).filter(pk=author_id),
        kind=ANSWER,
        key=f"post-{post.pk}",
        title=f"{by} a répondu à votre message dans un salon",
        text=salon.title,
        path=address(post),
    )


def _own(post: Post, by: Person) -> tuple[Salon, Post]:
    salon = locked(post.salon_id, by)
    if (held := Post.objects.editable_by(by).filter(pk=post.pk).first()) is None:
        raise Refusal("Seule la personne qui a écrit un message peut le changer.")
    return salon, held


@transaction.atomic
def edit_post(*, post: Post, text: str, by: Person) -> Post:
    """Change the text of one's own message; it is marked as changed.

    Raises: Refusal if it is not one's own, and for what `write_post` refuses of a text.
    """
    salon, held = _own(post, by)
    text = rules.checked(text, alone=not held.files.exists() and not held.quotes.exists())
    if text != held.text:
        held.text, held.edited_at = text, timezone.now()
        touch(salon, held, "text", "edited_at")
        _mention(salon, held, by)
    return held


@transaction.atomic
def remove_post(*, post: Post, by: Person) -> Post:
    """Take one's own message away; `restore_post` brings it back for some minutes.

    Raises: Refusal if it is not one's own.
    """
    salon, held = _own(post, by)
    held.removed_at, held.pinned_at = timezone.now(), None
    touch(salon, held, "removed_at", "pinned_at")
    _recount(salon, held)
    return held


@transaction.atomic
def restore_post(*, post: Post, by: Person) -> Post:
    """Bring back one's own message that one has just removed.

    Raises: Refusal if it is not one's own, or if it was removed too long ago.
    """
    salon = locked(post.salon_id, by)
    if (held := Post.objects.restorable_by(by).filter(pk=post.pk).first()) is None:
        raise Refusal("Ce message ne peut plus être remis.")
    held.removed_at = None
    touch(salon, held, "removed_at")
    _recount(salon, held)
    return held


def _recount(salon: Salon, post: Post) -> None:
    parent = Post.objects.filter(pk=post.parent_id).first() if post.parent_id else None
    if parent is not None:
        _count_answers(salon, parent)


@transaction.atomic
def react(*, post: Post, code: str, by: Person) -> bool:
    """Give a reaction to a message, or take it back; tell whether it is given now.

    Raises: Refusal for a reaction that does not exist, for a message that is not shown, in a salon closed to `by`.
    """
    reaction = rules.reaction_named(code)
    salon = locked(post.salon_id, by)
    if (held := Post.objects.shown().filter(salon=salon, pk=post.pk).first()) is None:
        raise Refusal("Ce message n’est plus là.")
    taken_back, _ = held.reactions.filter(person=by, code=reaction).delete()
    if not taken_back:
        held.reactions.create(person=by, code=reaction)
    touch(salon, held)
    return not taken_back


@transaction.atomic
def pin_post(*, post: Post, pinned: bool, by: Person) -> Post:
    """Pin a message at the top of its salon, or take it down. Twice is once.

    Raises: Refusal if `by` does not keep the salon in order, or if enough is pinned.
    """
    salon = locked(post.salon_id, by)
    held = Post.objects.shown().filter(salon=salon, pk=post.pk).first()
    if held is None or not Salon.objects.editable_by(by).filter(pk=salon.pk).exists():
        raise Refusal("Seules la personne qui a ouvert ce salon et celles qui l’animent y épinglent un message.")
    if pinned and salon.posts.exclude(pinned_at=None).exclude(pk=held.pk).count() >= rules.PINS_MAX:
        raise Refusal(f"Un salon porte {rules.PINS_MAX}\u00a0messages épinglés au plus.")
    if pinned != (held.pinned_at is not None):
        held.pinned_at = timezone.now() if pinned else None
        touch(salon, held, "pinned_at")
    return held
