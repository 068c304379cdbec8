"""The public page of a festival: no account, no script needed, nothing asked of another host."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from circo import writing
from circo.access import public
from circo.downloads import download
from circo.queries import Filter
from events.festival import papers, queries, rules, site_plan
from events.festival.queries import Chosen
from events.models import Festival

# A programme takes the one press of all documents half a second: so many an hour for a festival, whoever asks.
RATE = {"festival_programme": "120/h/key"}


def link_to(request: HttpRequest, festival: Festival) -> str:
    """The address that families share."""
    return request.build_absolute_uri(reverse("events:festival_public", args=[festival.pk]))


def shown(pk: int) -> Festival:
    """The festival, once its programme was published.

    Raises: Http404 before.
    """
    return get_object_or_404(queries.shown_festivals(), pk=pk)


@public
@require_safe
def festival_public(request: HttpRequest, pk: int) -> HttpResponse:
    festival = shown(pk)
    chosen = Chosen(request.GET.get("pour", ""), request.GET.get("heure", ""), request.GET.get("lieu", ""))
    programme = queries.programme(festival, chosen)
    areas, height = site_plan.draw(queries.stands(festival))
    pictures = list(festival.pictures.filter(removed_at=None))
    context = {
        "festival": festival,
        "words": writing.to_html(festival.words),
        "programme": programme,
        "filters": [
            Filter("pour", "Pour qui", programme.audiences, chosen.audience, "Tout public"),
            Filter("heure", "À quelle heure", programme.hours, chosen.hour, "Toute la fête"),
            Filter("lieu", "Où", programme.places, chosen.place, "Partout"),
        ],
        "is_narrowed": any((chosen.audience, chosen.hour, chosen.place)),
        "areas": areas,
        "plan": next((one for one in pictures if one.kind == rules.PictureKind.PLAN), None),
        "has_photos": any(one.kind == rules.PictureKind.PHOTO for one in pictures),
        "figures": queries.figures_of(festival).pairs if festival.state == rules.FestivalState.OVER else [],
        "plan_box": f"0 0 {site_plan.WIDTH} {height}",
        "plan_width": site_plan.WIDTH - 2,
    }
    return render(request, "events/festival/public.html", context)


@public
@require_safe
def festival_programme(request: HttpRequest, pk: int) -> HttpResponse:
    festival = shown(pk)
    refused = ratelimit.consume_or_429(
        request, action="festival_programme", config=RATE, key=str(festival.pk), limit_get=True
    )
    if refused:
        return refused
    return download(papers.programme(festival, link_to(request, festival)).pdf(), f"programme-{festival.first_day}.pdf")
