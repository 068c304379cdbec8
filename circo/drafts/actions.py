"""Keep what is typed, forget it, set it aside and take it up again."""

from __future__ import annotations

import json

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from circo.drafts import rules
from circo.drafts.tickets import Ticket
from circo.errors import Refusal
from circo.models import FormDraft, Person


@transaction.atomic
def keep(*, ticket: Ticket, typed: QueryDict, by: Person) -> FormDraft | None:
    """Keep what is typed, of what the ticket names, over what was kept before; nothing written keeps nothing.

    Raises: Refusal if it is too long.
    """
    kept = {name: typed.getlist(name) for name in ticket.names}
    if rules.length(kept) > rules.DRAFT_MAX:
        raise Refusal(rules.TOO_LONG)
    if rules.is_blank(kept, ticket.worded):
        forget(place=ticket.place, by=by)
        return None
    values = {
        "typed": json.dumps(kept, ensure_ascii=False),
        "base": ticket.base,
        "kept_at": timezone.now(),
        "aside_at": None,
    }
    mine = FormDraft.objects.editable_by(by)
    draft, is_new = mine.update_or_create(person=by, place=ticket.place, defaults=values)
    if is_new:
        beyond = mine.order_by("-kept_at", "-pk").values_list("pk", flat=True)[rules.DRAFTS_OF_ONE_MAX :]
        mine.filter(pk__in=list(beyond)).delete()
    return draft


def forget(*, place: str, by: Person) -> None:
    """Forget what one has typed in a place: it is sent, or nothing is left of it."""
    FormDraft.objects.editable_by(by).filter(place=place).delete()


def set_aside(*, place: str, by: Person) -> None:
    """Put what one has typed aside: the form is as it was, and for a day one may take it up again."""
    FormDraft.objects.editable_by(by).filter(place=place).update(aside_at=timezone.now())


def take_up(*, place: str, by: Person) -> None:
    """Take up again what one had put aside."""
    FormDraft.objects.editable_by(by).filter(place=place).update(aside_at=None)
