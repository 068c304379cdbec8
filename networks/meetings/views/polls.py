"""Find a date together."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_to
from networks.meetings import actions, queries
from networks.meetings.forms import AnswerForm, ChooseForm, PollForm, RangeForm, usual_range
from networks.meetings.rules import Candidate
from networks.meetings.views.common import attended, called, led, parents_of, to_meeting
from networks.meetings.views.pages import show
from networks.models import Meeting, MutualisationGroup

NEW, CHOOSE = "networks/meetings/poll_new.html", "networks/meetings/poll_choose.html"


def _found(request: HttpRequest, group: MutualisationGroup) -> tuple[RangeForm, list[Candidate]]:
    """The moments of the days that are asked, and the form that asks them; nothing if it has an error."""
    asked = request.GET if "first" in request.GET else usual_range(timezone.localdate())
    form = RangeForm(asked)
    if not form.is_valid():
        return form, []
    data = form.cleaned_data
    length = timedelta(hours=data["hours"])
    also = {name: data[name] for name in ("with_taken", "in_class")}
    return form, queries.candidates(group, data["first"], data["last"], length, **also)


def _new(
    request: HttpRequest,
    group: MutualisationGroup,
    form: PollForm | None = None,
    status: int = 200,
) -> HttpResponse:
    asked, found = _found(request, group)
    query = request.GET.urlencode()
    context = {
        "group": group,
        "range": asked,
        "form": followed(form or PollForm(candidates=found), request, f"group:{group.pk}/poll"),
        "found": found,
        "action": reverse("networks:poll_create", args=[group.pk]) + (f"?{query}" if query else ""),
        "parents": parents_of(group),
    }
    return htmx.page(request, NEW, "form", context, status=status)


@signed_in
@require_safe
def poll_new(request: HttpRequest, group_pk: int) -> HttpResponse:
    return _new(request, called(request, group_pk))


@signed_in
@require_POST
@forgets_draft
def poll_create(request: HttpRequest, group_pk: int) -> HttpResponse:
    group = called(request, group_pk)
    _, found = _found(request, group)
    form = PollForm(request.POST, candidates=found)
    if form.is_valid():
        with refusals_to(form.say):
            return to_meeting(actions.open_poll(group=group, sought=form.sought(), by=request.user).pk, "sondage")
    return _new(request, group, form, status=422)


@signed_in
@require_POST
def poll_answer(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = attended(request, pk)
    form = AnswerForm(request.POST, poll=queries.poll_of(meeting, request.user))
    if form.is_valid():
        actions.answer(meeting=meeting, choices=form.choices(), by=request.user)
        return to_meeting(pk, "repondu", "dates")
    return show(request, meeting, answers=form, status=422)


def _choose(request: HttpRequest, form: ChooseForm, meeting: Meeting, status: int = 200) -> HttpResponse:
    poll = queries.poll_of(meeting, request.user)
    followed(form, request, f"meeting:{meeting.pk}/date")
    context = {"form": form, "meeting": meeting, "poll": poll, "parents": parents_of(meeting.group, meeting)}
    return htmx.page(request, CHOOSE, "form", context, status=status)


@signed_in
@require_safe
def poll_close(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = led(request, pk)
    best = next((row.option.pk for row in queries.poll_of(meeting, request.user).rows if row.is_best), None)
    return _choose(request, ChooseForm(person=request.user, meeting=meeting, initial={"option": best}), meeting)


@signed_in
@require_POST
@forgets_draft
def poll_choose(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = led(request, pk)
    form = ChooseForm(request.POST, person=request.user, meeting=meeting)
    if form.is_valid():
        with refusals_to(form.say):
            chosen = form.cleaned_data["option"]
            actions.choose(meeting=meeting, option=chosen, wanted=form.wanted(), by=request.user)
            return to_meeting(pk, "prevue")
    return _choose(request, form, meeting, status=422)
