"""What the page of a salon is made of, whichever request draws it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from circo.drafts.forms import followed
from circo.errors import Refusal
from circo.rules import number_in
from networks.models import Post, Salon
from networks.salons import queries, quoting, rules
from networks.salons.drawing import drawn_for
from networks.salons.forms import PostForm

FOUND_PER_PAGE = 20


def salon_of(request: HttpRequest, pk: int) -> Salon:
    return get_object_or_404(queries.salons(request.user), pk=pk)


def post_of(request: HttpRequest, salon: Salon, seq: int) -> Post:
    rows = Post.objects.visible_to(request.user).filter(salon=salon, seq=seq)
    return get_object_or_404(queries.posts(rows))


def crumbs(salon: Salon | None = None) -> list[tuple[str, str]]:
    parents = [("Salons", reverse("networks:salon_list"))]
    return [*parents, (salon.title, reverse("networks:salon_page", args=[salon.pk]))] if salon else parents


def page_response(
    request: HttpRequest,
    salon: Salon,
    *,
    form: PostForm | None = None,
    asked: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the page of a salon. `last_seq` was read before its messages: what comes between is told twice, not lost."""
    person, asked = request.user, request.GET if asked is None else asked
    read = queries.read_seq(salon, person)
    words = asked.get("q", "").strip()
    found = Paginator(queries.found_in(salon, words), FOUND_PER_PAGE).get_page(asked.get("page")) if words else None
    stretch = queries.asked_stretch(salon, asked) if found is None else queries.Stretch()
    kept = queries.pinned(salon) if found is None else []
    drawn = drawn_for(person, [*kept, *stretch.posts])
    removed = Post.objects.restorable_by(person).filter(salon=salon, seq=number_in(asked.get("retire"))).first()
    context = {
        "salon": salon,
        "parents": crumbs(),
        "pinned": drawn[: len(kept)],
        "drawn": drawn[len(kept) :],
        "stretch": stretch,
        "found": found,
        "words": words,
        "read_seq": read,
        "first_unread": next(
            (post.seq for post in stretch.posts if post.seq > read and post.author_id != person.pk), None
        ),
        "is_before": bool(stretch.posts) and stretch.has_older and stretch.first > read,
        "unread": rules.unread_label(queries.unread_count(salon, person, read)),
        "removed": removed,
        "can_write": salon.archived_at is None,
        "can_edit": Salon.objects.editable_by(person).filter(pk=salon.pk).exists(),
    }
    return render(
        request, "networks/salons/salon_page.html", context | writing_context(request, salon, form), status=status
    )


def _quote_asked(request: HttpRequest) -> str:
    """The address that the page of a thing hands over to be quoted; nothing if this person may not quote it."""
    if address := request.GET.get("citer", ""):
        try:
            quoting.found(request.user, address)
        except Refusal:
            return ""
    return address


def writing_context(
    request: HttpRequest, salon: Salon, form: PostForm | None, parent: Post | None = None
) -> dict[str, Any]:
    """What the box to write in needs: the form, what one had begun, whom one may mention."""
    if form is None:
        first = {"client_key": uuid4(), "parent": parent.seq if parent else None}
        form = PostForm(initial={**first, "quote": _quote_asked(request)})
    asked = ("quote",) if "citer" in request.GET else ()
    followed(form, request, f"salon:{salon.pk}/message", but=("client_key", "parent", *asked))
    people = queries.people_of(salon).exclude(pk=request.user.pk)
    return {"form": form, "people": [str(one) for one in people]}
