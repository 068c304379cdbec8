"""The pages of an inspector who lets more teachers leave a school."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.drafts.forms import followed, forgets_draft
from circo.models import School
from circo.refusals import refusals_in
from events.models import LeavingException, SharingDay
from events.needs import queries
from events.needs.leaving import actions
from events.needs.leaving.forms import ExceptionForm

FORM = "events/needs/leaving.html"


def _day(request: HttpRequest, day_pk: int) -> SharingDay:
    """A day whose district one inspects."""
    inspected = request.user.reach().district_ids_for(Permission.EXCEED_LEAVING)
    return get_object_or_404(queries.days(request.user).filter(district_id__in=inspected), pk=day_pk)


def _school(day: SharingDay, school_pk: int) -> School:
    """A school that some whom the day calls leave: an exception is of no use elsewhere."""
    found = queries.facts_of(day).schools.get(school_pk)
    if found is None:
        raise Http404
    return found


def _form(
    request: HttpRequest, day: SharingDay, school: School, form: ExceptionForm, status: int = 200
) -> HttpResponse:
    followed(form, request, f"sharing-day:{day.pk}/leaving/{school.pk}")
    parents = [("Classes à prendre", reverse("events:need_list", args=[day.pk]))]
    context = {"day": day, "school": school, "form": form, "parents": parents}
    return htmx.page(request, FORM, "form", context, status=status)


def _to(day_id: int, done: str) -> HttpResponse:
    return redirect(reverse("events:need_list", args=[day_id], query={"fait": done}))


@requires(Permission.EXCEED_LEAVING)
@require_safe
def leaving_new(request: HttpRequest, day_pk: int, school_pk: int) -> HttpResponse:
    day = _day(request, day_pk)
    return _form(request, day, _school(day, school_pk), ExceptionForm())


@requires(Permission.EXCEED_LEAVING)
@require_POST
@forgets_draft
def leaving_grant(request: HttpRequest, day_pk: int, school_pk: int) -> HttpResponse:
    day = _day(request, day_pk)
    school, form = _school(day, school_pk), ExceptionForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.grant(day=day, school=school, reason=form.cleaned_data["reason"], by=request.user)
            return _to(day_pk, "exception")
    return _form(request, day, school, form, status=422)


def _exception(request: HttpRequest, pk: int) -> LeavingException:
    return get_object_or_404(LeavingException.objects.editable_by(request.user).select_related("day"), pk=pk)


@requires(Permission.EXCEED_LEAVING)
@require_POST
def leaving_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    held = actions.take_back(exception=_exception(request, pk), by=request.user)
    return _to(held.day_id, f"retire-{held.pk}")


@requires(Permission.EXCEED_LEAVING)
@require_POST
def leaving_put_back(request: HttpRequest, pk: int) -> HttpResponse:
    held = actions.put_back(exception=_exception(request, pk), by=request.user)
    return _to(held.day_id, "exception")
