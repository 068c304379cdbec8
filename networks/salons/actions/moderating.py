"""Ask that a message be looked at, hide it or not, and tell those concerned: who, when and why stay written."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.errors import Refusal
from circo.mentions import clean
from circo.models import Person
from networks.models import Post, PostReport, Salon
from networks.salons import queries, rules
from networks.salons.actions.posts import address, touch
from networks.salons.rules import DECISION, REPORT, Decision

NOT_YOURS = "Ce message n’est pas de ceux que vous pouvez masquer."


def _said(word: str) -> str:
    word = " ".join(clean(word).split())
    if len(word) > rules.REASON_MAX:
        raise Refusal(f"Dites-le en {rules.REASON_MAX}\u00a0signes au plus.")
    return word


@transaction.atomic
def report_post(*, post: Post, word: str, by: Person) -> PostReport:
    """Ask the moderators to look at a message. Asking twice is asking once.

    Raises: Refusal if the message is one's own, or is not shown to `by`.
    """
    held = Post.objects.visible_to(by).shown().filter(pk=post.pk).select_related("salon").first()
    if held is None or held.author_id == by.pk:
        raise Refusal("Ce message ne peut pas être signalé.")
    report, is_new = PostReport.objects.get_or_create(
        post=held, reporter=by, decision="", defaults={"word": _said(word)}
    )
    if is_new:
        salon = Salon.objects.select_related(*queries.READ_WITH).get(pk=held.salon_id)
        notices.tell_many(
            queries.moderators_for(salon, held),
            kind=REPORT,
            key=f"report-{report.pk}",
            title="Un message d’un salon est signalé, et attend votre décision",
            path=reverse("networks:report_list"),
        )
    return report


@transaction.atomic
def decide(*, report: PostReport, decision: Decision, reason: str, by: Person) -> PostReport:
    """Hide the message of a report, or dismiss the report. All that wait about this message are answered at once.

    Raises: Refusal if `by` does not decide on it, if it is decided already, or if a message is hidden without a reason.
    """
    salon, post = _locked(report.post)
    waiting = PostReport.objects.editable_by(by).filter(post=post).select_related("reporter")
    if not waiting.filter(pk=report.pk).exists():
        raise Refusal("Ce signalement ne vous attend plus.")
    reason = _said(reason)
    if decision is Decision.HIDDEN:
        _hide(salon, post, reason, by)
    reporters = [one.reporter for one in waiting if one.reporter]
    waiting.update(decision=decision, reason=reason, decided_by=by, decided_at=timezone.now())
    outcome = "est masqué" if decision is Decision.HIDDEN else "reste visible"
    notices.tell_many(
        reporters,
        kind=DECISION,
        key=f"report-{report.pk}",
        title=f"Le message que vous avez signalé {outcome}",
        text=reason,
    )
    report.refresh_from_db()
    return report


def _locked(post: Post) -> tuple[Salon, Post]:
    salon = Salon.objects.select_for_update(of=("self",)).get(pk=post.salon_id)
    return salon, Post.objects.select_related("author").get(pk=post.pk)


def _hide(salon: Salon, post: Post, reason: str, by: Person) -> None:
    if not reason:
        raise Refusal("Dites en une phrase pourquoi ce message est masqué\u00a0: son auteur ou son autrice la lira.")
    post.hidden_at, post.hidden_by, post.hidden_reason, post.pinned_at = timezone.now(), by, reason, None
    touch(salon, post, "hidden_at", "hidden_by", "hidden_reason", "pinned_at")
    if post.author is not None:
        notices.tell(
            person=post.author,
            kind=DECISION,
            key=f"hidden-{post.pk}-{post.changed_seq}",
            title="L’un de vos messages est masqué dans un salon",
            text=reason,
            path=address(post),
        )


@transaction.atomic
def hide_post(*, post: Post, reason: str, by: Person) -> Post:
    """Hide a message that nobody has reported; the decision is written as the others.

    Raises: Refusal if `by` does not moderate its salon, wrote it, or gives no reason.
    """
    salon, held = _locked(post)
    if not Post.objects.moderated_by(by).shown().filter(pk=held.pk).exists():
        raise Refusal(NOT_YOURS)
    _hide(salon, held, _said(reason), by)
    _note(held, Decision.HIDDEN, held.hidden_reason, by)
    return held


@transaction.atomic
def show_post(*, post: Post, by: Person) -> Post:
    """Show a hidden message again.

    Raises: Refusal if `by` does not moderate its salon, or wrote it.
    """
    salon, held = _locked(post)
    if held.hidden_at is None or not Post.objects.moderated_by(by).filter(pk=held.pk).exists():
        raise Refusal(NOT_YOURS)
    held.hidden_at, held.hidden_by, held.hidden_reason = None, None, ""
    touch(salon, held, "hidden_at", "hidden_by", "hidden_reason")
    _note(held, Decision.DISMISSED, "Message remis à la vue.", by)
    return held


def _note(post: Post, decision: Decision, reason: str, by: Person) -> None:
    PostReport.objects.create(
        post=post, reporter=by, decision=decision, reason=reason, decided_by=by, decided_at=timezone.now()
    )
