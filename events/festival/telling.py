"""What the festival tells the teachers who propose: retained, or kept aside."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.models import Delivery, Person
from circo.notices import NoticeKind
from events.festival.rules import AnimationState
from events.models import Animation, AnimationSession

DECIDED = NoticeKind(
    "festival-decided",
    "Vos propositions à la Fête de l’apprendre",
    "Quand l’équipe retient votre proposition, ou la met de côté.",
    Delivery.AT_ONCE,
)
MOVED = NoticeKind(
    "festival-moved",
    "Où et quand vous aidez à la Fête de l’apprendre",
    "Quand une séance où vous êtes bénévole, ou que vous animez, change de lieu ou d’heure.",
    Delivery.AT_ONCE,
)
KINDS = (DECIDED, MOVED)


def tell_decided(animation: Animation, by: Person) -> None:
    """Tell the author of a proposal what was decided of it."""
    if animation.proposer is None or animation.proposer_id == by.pk:
        return
    is_retained = animation.state == AnimationState.ACCEPTED
    notices.tell_many(
        [animation.proposer],
        kind=DECIDED.name,
        key=f"animation-{animation.pk}-{timezone.now():%Y%m%d%H%M%S%f}",
        title=f"Votre proposition est {'retenue' if is_retained else 'mise de côté'}\u00a0: {animation.title}",
        text=animation.aside_word or animation.festival.title,
        path=reverse("events:animation_page", args=[animation.pk]),
    )


def tell_helpers(session: AnimationSession, by: Person | None) -> None:
    """Tell the volunteers of a session, and whoever proposed it, where and when it is now; but not who moved it."""
    animation = session.animation
    people = [helper.person for helper in session.helpers.select_related("person").order_by("pk")]
    people += [animation.proposer] if animation.proposer else []
    notices.tell_many(
        [person for person in people if by is None or person.pk != by.pk],
        kind=MOVED.name,
        key=f"session-{session.pk}-{timezone.now():%Y%m%d%H%M%S%f}",
        title=f"Une séance de la Fête change de lieu ou d’heure\u00a0: {session.moment}",
        text=f"{animation.title}, {animation.place or animation.festival.where}",
        path=reverse("events:helper_planning", args=[animation.festival_id]),
    )
