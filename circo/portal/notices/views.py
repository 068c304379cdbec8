from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from circo import htmx, queries, unsubscribing
from circo import notices as verbs
from circo.access import public, signed_in
from circo.models import Notice
from circo.portal.notices.forms import WishesForm
from circo.unsubscribing import Subscription, Undo

PER_PAGE = 20


@signed_in
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.notices_page(request.user), PER_PAGE).get_page(request.GET.get("page"))
    unread = Notice.objects.visible_to(request.user).unread().count()
    return render(request, "notices/notices.html", {"page": page, "unread": unread})


@signed_in
@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow a notice: a POST, since to follow it is to have read it."""
    notice = get_object_or_404(Notice.objects.editable_by(request.user), pk=pk)
    verbs.mark_read(notice=notice)
    return redirect(notice.path or "portal:notices")


@signed_in
@require_POST
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    verbs.mark_read(notice=get_object_or_404(Notice.objects.editable_by(request.user), pk=pk))
    return redirect("portal:notices")


@signed_in
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    if verbs.mark_all_read(person=request.user):
        messages.success(request, "Tous vos avis sont marqués comme lus.")
    return redirect("portal:notices")


@signed_in
@require_safe
def notice_preferences(request: HttpRequest) -> HttpResponse:
    form = WishesForm(initial=verbs.wishes_of(request.user))
    return _preferences(request, form, unsubscribing.undo_of(request.GET.get("avant", "")))


@signed_in
@require_POST
def notice_preferences_save(request: HttpRequest) -> HttpResponse:
    form = WishesForm(request.POST)
    if not form.is_valid():
        return _preferences(request, form, None, status=422)
    before = verbs.choose(person=request.user, wishes=form.cleaned_data)
    memory = unsubscribing.undo_token(request.user, before)
    return redirect(reverse("portal:notice_preferences", query={"avant": memory}))


def _preferences(request: HttpRequest, form: WishesForm, memory: Undo | None, status: int = 200) -> HttpResponse:
    """The page of wishes; `memory` is what they were before the save that led here."""
    is_mine = memory is not None and memory.person == request.user
    can_undo = is_mine and not memory.is_done()
    context = {
        "form": form,
        "parents": [("Mes avis", reverse("portal:notices"))],
        "saved": can_undo or (is_mine and not memory.before),
        "undo": request.GET["avant"] if can_undo else "",
    }
    return htmx.page(request, "notices/preferences.html", "saved", context, status)


@public
@require_POST
def notice_restore(request: HttpRequest, signed: str) -> HttpResponse:
    memory = _undo_or_404(signed)
    unsubscribing.undo(memory)
    if request.user != memory.person:
        return redirect("portal:unsubscribed", signed)
    messages.success(request, "Vos choix d’avant sont rétablis.")
    return redirect("portal:notice_preferences")


@public
@csrf_exempt  # for mail readers only (RFC 8058), which send no cookie; `_unsubscribe` checks everybody else
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, signed: str) -> HttpResponse:
    subscription = unsubscribing.subscription_of(signed)
    if subscription is None:
        raise Http404
    if request.method == "POST" and request.POST.dict() == {"List-Unsubscribe": "One-Click"}:
        unsubscribing.leave(subscription)
        return HttpResponse("C’est fait.", content_type="text/plain; charset=utf-8")
    return _unsubscribe(request, subscription)


@csrf_protect
def _unsubscribe(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    if request.method == "POST":
        return redirect("portal:unsubscribed", unsubscribing.leave(subscription))
    context = {"subscription": subscription, "is_subscribed": bool(subscription.kinds())}
    return render(request, "notices/unsubscribe.html", context)


@public
@never_cache
@require_safe
def unsubscribed(request: HttpRequest, signed: str) -> HttpResponse:
    memory = _undo_or_404(signed)
    return render(request, "notices/unsubscribed.html", {"signed": signed, "is_undone": memory.is_done()})


def _undo_or_404(signed: str) -> Undo:
    memory = unsubscribing.undo_of(signed)
    if memory is None:
        raise Http404
    return memory
