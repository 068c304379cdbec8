"""Quote a thing from its own page: in which salon first, then the box to write in with the quote ready."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from circo.access import signed_in
from circo.errors import Refusal
from networks.salons import queries, quoting
from networks.salons.views.pages import crumbs

PER_PAGE = 30


@signed_in
@require_safe
def quote_new(request: HttpRequest) -> HttpResponse:
    address = request.GET.get("adresse", "")
    try:
        card = quoting.card_at(request.user, address)
    except Refusal as refusal:
        raise Http404(str(refusal)) from refusal
    page = Paginator(queries.salon_list(request.user), PER_PAGE).get_page(request.GET.get("page"))
    offered = [
        (salon, f"{reverse('networks:salon_page', args=[salon.pk], query={'citer': address})}#ecrire") for salon in page
    ]
    context = {
        "card": card,
        "page": page,
        "salons": offered,
        "query": urlencode({"adresse": address}),
        "parents": crumbs(),
    }
    return render(request, "networks/salons/quote_new.html", context)
