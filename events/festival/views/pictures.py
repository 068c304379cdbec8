"""The pictures of a festival, and its figures: shown to all, kept by the team."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx, parcels
from circo.access import Permission, public, requires
from circo.refusals import refusals_above, refusals_in
from events.festival import picturing, queries
from events.festival.forms import FiguresForm, PictureForm
from events.festival.rules import PictureKind
from events.festival.views.preparing import parents_of, prepared
from events.festival.views.public import shown
from events.models import Festival, FestivalPicture

KEPT = "private, no-cache"  # by a browser, which asks again each time: taken away, it is gone


# --- Everybody --------------------------------------------------------------------------------------------------------
@public
@require_safe
def festival_photos(request: HttpRequest, pk: int) -> HttpResponse:
    festival = shown(pk)
    photos = list(festival.pictures.filter(kind=PictureKind.PHOTO, removed_at=None))
    return render(request, "events/festival/photos.html", {"festival": festival, "photos": photos})


@public
@require_safe
def festival_picture(request: HttpRequest, pk: int, picture_pk: UUID) -> HttpResponseBase:
    festival = queries.shown_festivals().filter(pk=pk).first() or prepared(request, pk)  # the team looks before
    picture = get_object_or_404(festival.pictures.filter(removed_at=None), pk=picture_pk)
    cache = KEPT if festival.is_shown else parcels.KEPT_BY_NOBODY
    return parcels.give(parcels.Parcel(picture.key, "image/jpeg", cache=cache), request)


# --- The team ---------------------------------------------------------------------------------------------------------
@requires(Permission.PREPARE_FESTIVAL)
@require_safe
def picture_list(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, prepared(request, pk))


def _page(
    request: HttpRequest,
    festival: Festival,
    form: PictureForm | None = None,
    figures: FiguresForm | None = None,
    status: int = 200,
) -> HttpResponse:
    removed = request.GET.get("retiree", "")
    context = {
        "festival": festival,
        "pictures": list(festival.pictures.filter(removed_at=None)),
        "form": form or PictureForm(initial={"kind": PictureKind.PHOTO.value}),
        "figures": figures or FiguresForm(initial={"visitors": festival.visitors}),
        "counted": queries.figures_of(festival).pairs,
        "removed": removed if any(str(one.pk) == removed for one in festival.pictures.all()) else "",
        "parents": parents_of(festival),
    }
    return htmx.page(request, "events/festival/picture_list.html", "pictures", context, status=status)


@requires(Permission.PREPARE_FESTIVAL)
@require_POST
def picture_add(request: HttpRequest, pk: int) -> HttpResponse:
    festival, form = prepared(request, pk), PictureForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_in(form, "file"):
            data = form.cleaned_data | {"kind": PictureKind(form.cleaned_data["kind"])}
            picturing.add(festival=festival, by=request.user, **data)
            return redirect("events:picture_list", pk)
    return _page(request, festival, form, status=422)


def _picture(request: HttpRequest, pk: int, picture_pk: UUID) -> FestivalPicture:
    return get_object_or_404(prepared(request, pk).pictures.select_related("festival"), pk=picture_pk)


@requires(Permission.PREPARE_FESTIVAL)
@require_POST
def picture_remove(request: HttpRequest, pk: int, picture_pk: UUID) -> HttpResponse:
    picturing.remove(picture=_picture(request, pk, picture_pk), by=request.user)
    return redirect(reverse("events:picture_list", args=[pk], query={"retiree": str(picture_pk)}))


@requires(Permission.PREPARE_FESTIVAL)
@require_POST
def picture_restore(request: HttpRequest, pk: int, picture_pk: UUID) -> HttpResponse:
    with refusals_above(request):
        picturing.restore(picture=_picture(request, pk, picture_pk), by=request.user)
    return redirect("events:picture_list", pk)


@requires(Permission.PREPARE_FESTIVAL)
@require_POST
def festival_count(request: HttpRequest, pk: int) -> HttpResponse:
    festival, form = prepared(request, pk), FiguresForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            picturing.count_visitors(festival=festival, visitors=form.cleaned_data["visitors"], by=request.user)
            return redirect("events:picture_list", pk)
    return _page(request, festival, figures=form, status=422)
