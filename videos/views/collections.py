"""Collections of films and excerpts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from videos import actions, queries
from videos.forms.collections import CollectionForm
from videos.models import Collection, CollectionItem


def _list(request: HttpRequest, form: CollectionForm | None = None, status: int = 200) -> HttpResponse:
    asked = {"number": request.GET.get("page", ""), "removed": number_in(request.GET.get("retire"))}
    page = queries.collection_list_page(request.user, adding=request.GET.get("quoi", ""), **asked)
    context = {"page": page, "form": form or CollectionForm(person=request.user)}
    return htmx.page(request, "videos/collections/collection_list.html", "rows", context, status=status)


@signed_in
@require_safe
def collection_list(request: HttpRequest) -> HttpResponse:
    return _list(request)


@signed_in
@require_POST
def collection_create(request: HttpRequest) -> HttpResponse:
    form = CollectionForm(request.POST, person=request.user)
    if form.is_valid():
        with refusals_in(form, "title"):
            collection = actions.create_collection(**form.cleaned_data, by=request.user)
            if what := queries.thing_named(request.user, request.GET.get("quoi", "")):
                actions.collect(collection=collection, what=what, by=request.user)
            return redirect("videos:collection_page", collection.pk)
    return _list(request, form, status=422)


def _page(request: HttpRequest, row: Collection, form: CollectionForm | None = None, status: int = 200) -> HttpResponse:
    if row.is_mine:
        form = form or CollectionForm(person=request.user, collection=row)
    page = queries.collection_page(row, request.user, removed=number_in(request.GET.get("retire")))
    context = {"page": page, "form": form}
    return htmx.page(request, "videos/collections/collection_page.html", "items", context, status=status)


@signed_in
@require_safe
def collection_page(request: HttpRequest, collection_id: int) -> HttpResponse:
    return _page(request, get_object_or_404(queries.collections(request.user), pk=collection_id))


def _mine(request: HttpRequest, collection_id: int) -> Collection:
    return get_object_or_404(queries.collections(request.user).filter(is_mine=True), pk=collection_id)


@signed_in
@require_POST
def collection_update(request: HttpRequest, collection_id: int) -> HttpResponse:
    collection = _mine(request, collection_id)
    form = CollectionForm(request.POST, person=request.user, collection=collection)
    if not form.is_valid():
        return _page(request, collection, form, status=422)
    actions.describe_collection(collection=collection, **form.cleaned_data, by=request.user)
    messages.success(request, "La collection est enregistrée.")
    return redirect("videos:collection_page", collection.pk)


@signed_in
@require_POST
def collection_remove(request: HttpRequest, collection_id: int) -> HttpResponse:
    actions.remove_collection(collection=_mine(request, collection_id), by=request.user)
    return redirect(reverse("videos:collection_list", query={"retire": collection_id}))


@signed_in
@require_POST
def collection_restore(request: HttpRequest, collection_id: int) -> HttpResponse:
    collection = get_object_or_404(Collection.objects.restorable_by(request.user), pk=collection_id)
    actions.restore_collection(collection=collection, by=request.user)
    return redirect("videos:collection_page", collection.pk)


@signed_in
@require_POST
def item_create(request: HttpRequest, collection_id: int) -> HttpResponse:
    collection = _mine(request, collection_id)
    what = queries.thing_named(request.user, request.POST.get("quoi", ""))
    if what is None:
        raise Http404
    with refusals_above(request):
        actions.collect(collection=collection, what=what, by=request.user)
    return redirect("videos:collection_page", collection.pk)


def _item(request: HttpRequest, collection_id: int, item_id: int) -> CollectionItem:
    return get_object_or_404(CollectionItem.objects.editable_by(request.user), collection_id=collection_id, pk=item_id)


@signed_in
@require_POST
def item_move(request: HttpRequest, collection_id: int, item_id: int) -> HttpResponse:
    item = _item(request, collection_id, item_id)
    actions.move_item(item=item, up=request.POST.get("sens") != "bas", by=request.user)
    return redirect(f"{reverse('videos:collection_page', args=[collection_id])}#element-{item.pk}")


@signed_in
@require_POST
def item_remove(request: HttpRequest, collection_id: int, item_id: int) -> HttpResponse:
    actions.remove_item(item=_item(request, collection_id, item_id), by=request.user)
    return redirect(reverse("videos:collection_page", args=[collection_id], query={"retire": item_id}))


@signed_in
@require_POST
def item_restore(request: HttpRequest, collection_id: int, item_id: int) -> HttpResponse:
    actions.restore_item(item=_item(request, collection_id, item_id), by=request.user)
    return redirect("videos:collection_page", collection_id)
