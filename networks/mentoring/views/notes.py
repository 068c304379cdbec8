"""Goals and meetings of a pair."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from circo.access import signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_in
from networks.mentoring import actions, queries
from networks.mentoring.forms import GoalForm, MeetingForm
from networks.mentoring.views.pairs import begun, crumbs, page_response
from networks.models import MentoringGoal, MentoringMeeting, MentoringPair


def _form(request: HttpRequest, pair: MentoringPair, form: Any, title: str, action: str, status: int) -> HttpResponse:
    context = {"form": form, "title": title, "action": action, "parents": crumbs(pair)}
    return render(request, "networks/mentoring/words.html", context, status=status)


@signed_in
@require_POST
@forgets_draft
def goal_add(request: HttpRequest, pk: int) -> HttpResponse:
    pair, form = begun(request, pk), GoalForm(request.POST, auto_id="objectif_%s")
    if form.is_valid():
        with refusals_in(form, "text"):
            actions.add_goal(pair=pair, by=request.user, **form.cleaned_data)
            return redirect(queries.address(pair, "objectifs"))
    return page_response(request, pair, status=422, goal_form=form)


def _goal(request: HttpRequest, pk: int, row_id: int) -> MentoringGoal:
    rows = MentoringGoal.objects.editable_by(request.user).select_related("pair")
    return get_object_or_404(rows, pk=row_id, pair=begun(request, pk))


def _goal_form(request: HttpRequest, goal: MentoringGoal, form: GoalForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"{goal.pair.drafts_place}/goal/{goal.pk}")
    action = reverse("networks:mentoring_goal_update", args=[goal.pair_id, goal.pk])
    return _form(request, goal.pair, form, "Modifier mon objectif", action, status)


@signed_in
@never_cache
@require_safe
def goal_edit(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    goal = _goal(request, pk, row_id)
    return _goal_form(request, goal, GoalForm(initial={"text": goal.text}))


@signed_in
@require_POST
@forgets_draft
def goal_update(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    goal, form = _goal(request, pk, row_id), GoalForm(request.POST)
    if form.is_valid():
        with refusals_in(form, "text"):
            actions.write_goal(goal=goal, by=request.user, **form.cleaned_data)
            return redirect(queries.address(goal.pair, "objectifs"))
    return _goal_form(request, goal, form, status=422)


@signed_in
@require_POST
def goal_reach(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    goal = _goal(request, pk, row_id)
    actions.reach_goal(goal=goal, by=request.user)
    return redirect(queries.address(goal.pair, "objectifs"))


@signed_in
@require_POST
def goal_remove(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    actions.remove(row=_goal(request, pk, row_id), by=request.user)
    return redirect(reverse("networks:mentoring_pair", args=[pk], query={"retire": f"objectif-{row_id}"}))


@signed_in
@require_POST
def goal_restore(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    rows = MentoringGoal.objects.restorable_by(request.user).select_related("pair")
    goal = get_object_or_404(rows, pk=row_id, pair=begun(request, pk))
    actions.restore(row=goal, by=request.user)
    return redirect(queries.address(goal.pair, "objectifs"))


# --- Meetings -------------------------------------------------------------------------------------------------------
@signed_in
@require_POST
@forgets_draft
def meeting_add(request: HttpRequest, pk: int) -> HttpResponse:
    pair, form = begun(request, pk), MeetingForm(request.POST, auto_id="rencontre_%s")
    if form.is_valid():
        with refusals_in(form):
            actions.meet(pair=pair, by=request.user, **form.cleaned_data)
            return redirect(queries.address(pair, "rencontres"))
    return page_response(request, pair, status=422, meeting_form=form)


def _meeting(request: HttpRequest, pk: int, row_id: int) -> MentoringMeeting:
    rows = MentoringMeeting.objects.visible_to(request.user).select_related("pair")
    return get_object_or_404(rows, pk=row_id, pair=begun(request, pk))


def _meeting_form(
    request: HttpRequest, meeting: MentoringMeeting, form: MeetingForm, status: int = 200
) -> HttpResponse:
    followed(form, request, f"{meeting.pair.drafts_place}/meeting/{meeting.pk}")
    action = reverse("networks:mentoring_meeting_update", args=[meeting.pair_id, meeting.pk])
    return _form(request, meeting.pair, form, "Changer la rencontre", action, status)


@signed_in
@never_cache
@require_safe
def meeting_edit(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    meeting = _meeting(request, pk, row_id)
    return _meeting_form(request, meeting, MeetingForm.of(meeting))


@signed_in
@require_POST
@forgets_draft
def meeting_update(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    meeting, form = _meeting(request, pk, row_id), MeetingForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.write_meeting(meeting=meeting, by=request.user, **form.cleaned_data)
            return redirect(queries.address(meeting.pair, "rencontres"))
    return _meeting_form(request, meeting, form, status=422)


@signed_in
@require_POST
def meeting_call_off(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    actions.call_off(meeting=_meeting(request, pk, row_id), by=request.user)
    return redirect(reverse("networks:mentoring_pair", args=[pk], query={"retire": f"rencontre-{row_id}"}))


@signed_in
@require_POST
def meeting_put_back(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    meeting = _meeting(request, pk, row_id)
    actions.put_back(meeting=meeting, by=request.user)
    return redirect(queries.address(meeting.pair, "rencontres"))


@signed_in
@require_POST
def meeting_hold(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    meeting = _meeting(request, pk, row_id)
    actions.hold(meeting=meeting, counts="compter" in request.POST, by=request.user)
    return redirect(queries.address(meeting.pair, "rencontres"))
