"""Read meetings, plan them, call them off."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx, writing
from circo.access import signed_in
from circo.calendar import feed
from circo.downloads import download
from circo.drafts.forms import followed, forgets_draft
from circo.errors import Refusal
from circo.refusals import refusals_to
from networks.groups.queries import group_of_page
from networks.meetings import actions, queries, rules
from networks.meetings.forms import AnswerForm, DocumentForm, MeetingForm
from networks.meetings.rules import MeetingState, Presence
from networks.meetings.views.common import attended, called, led, opened, parents_of, to_meeting
from networks.models import Meeting, MutualisationGroup

PER_PAGE = 30
LIST, PAGE = "networks/meetings/meeting_list.html", "networks/meetings/meeting_page.html"
FORM = "networks/meetings/meeting_form.html"


@signed_in
@require_safe
def meeting_list(request: HttpRequest, group_pk: int) -> HttpResponse:
    group = get_object_or_404(group_of_page(request.user), pk=group_pk)
    rows = queries.meeting_list(group, request.user)
    context = {
        "group": group,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_call": queries.groups_to_meet(request.user).filter(pk=group.pk).exists(),
        "parents": parents_of(group)[:-1],
    }
    return htmx.page(request, LIST, "rows", context)


@signed_in
@require_safe
def meeting_page(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, opened(request, pk))


def show(
    request: HttpRequest,
    meeting: Meeting,
    answers: AnswerForm | None = None,
    document: DocumentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the page of a meeting; with a form that has an error, where it was sent from."""
    person, slot, now = request.user, meeting.slot, timezone.localtime()
    is_polling = meeting.state == MeetingState.POLLING
    poll = queries.poll_of(meeting, person) if is_polling else None
    is_called = queries.is_called(meeting, person)
    lines = queries.lines_of(meeting)
    has_begun = slot is not None and now >= slot.starts_at - rules.SCAN_MARGIN
    context = {
        "meeting": meeting,
        "poll": poll,
        "answers": (answers or AnswerForm(poll=poll)) if poll and is_called else None,
        "is_called": is_called,
        "mine": next((line.attendance for line in lines if line.person.pk == person.pk), None),
        "lines": lines,
        "present": [line for line in lines if line.attendance and line.attendance.counts],
        "excused": [line for line in lines if line.attendance and line.attendance.presence == Presence.EXCUSED],
        "waiting": [line for line in lines if line.waits],
        "has_begun": has_begun,
        "is_scanned": slot is not None and rules.is_scanned_now(slot, now),
        "is_over": slot is not None and now > slot.ends_at,
        "agenda": writing.to_html(meeting.agenda),
        "minutes": writing.to_html(meeting.minutes) if meeting.is_read else "",
        "documents": list(meeting.documents.visible_to(person)) if meeting.is_read else [],
        "removed": _removed(request, meeting),
        "document_form": (document or DocumentForm()) if is_called else None,
        "done": request.GET.get("fait", ""),
        "parents": parents_of(meeting.group),
    }
    return htmx.page(request, PAGE, "meeting", context, status=status)


def _removed(request: HttpRequest, meeting: Meeting) -> object:
    """The document that one has just taken away, if it can still come back."""
    asked = request.GET.get("retire", "")
    rows = meeting.documents.editable_by(request.user).filter(removed_at__isnull=False)
    return next((row for row in rows if str(row.pk) == asked), None) if asked else None


def _form(
    request: HttpRequest,
    form: MeetingForm,
    group: MutualisationGroup,
    meeting: Meeting | None = None,
    status: int = 200,
) -> HttpResponse:
    action = reverse("networks:meeting_change", args=[meeting.pk]) if meeting else ""
    place = f"meeting:{meeting.pk}/form" if meeting else f"group:{group.pk}/meeting"
    context = {
        "form": followed(form, request, place, but=request.GET, over=meeting),
        "group": group,
        "meeting": meeting,
        "action": action or reverse("networks:meeting_plan", args=[group.pk]),
        "parents": parents_of(group, meeting),
    }
    return htmx.page(request, FORM, "form", context, status=status)


@signed_in
@require_safe
def meeting_new(request: HttpRequest, group_pk: int) -> HttpResponse:
    group = called(request, group_pk)
    asked = {name: request.GET[name] for name in ("place", "day", "starts", "ends") if name in request.GET}
    return _form(request, MeetingForm(person=request.user, initial=asked), group)


@signed_in
@require_POST
@forgets_draft
def meeting_plan(request: HttpRequest, group_pk: int) -> HttpResponse:
    group = called(request, group_pk)
    form = MeetingForm(request.POST, person=request.user)
    if form.is_valid():
        with refusals_to(form.say):
            return to_meeting(actions.plan(group=group, wanted=form.wanted(), by=request.user).pk, "prevue")
    return _form(request, form, group, status=422)


@signed_in
@require_safe
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = led(request, pk)
    return _form(request, MeetingForm(person=request.user, meeting=meeting), meeting.group, meeting)


@signed_in
@require_POST
@forgets_draft
def meeting_change(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = led(request, pk)
    form = MeetingForm(request.POST, person=request.user, meeting=meeting)
    if form.is_valid():
        with refusals_to(form.say):
            actions.change(meeting=meeting, wanted=form.wanted(), by=request.user)
            return to_meeting(meeting.pk, "changee")
    return _form(request, form, meeting.group, meeting, status=422)


@signed_in
@require_safe
def meeting_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting as a file for another calendar; what was called off goes out of it."""
    meeting = attended(request, pk)
    if meeting.slot is None:
        raise Refusal("La date de cette rencontre n’est pas encore choisie.")
    event = queries.event_of(meeting)
    body = feed.invitation(event, method="CANCEL" if event.cancelled else "REQUEST", attendee=request.user)
    return download(body, f"rencontre-{meeting.pk}.ics")


@signed_in
@require_POST
def meeting_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    actions.cancel(meeting=led(request, pk), by=request.user)
    return to_meeting(pk, "annulee")


@signed_in
@require_POST
def meeting_restore(request: HttpRequest, pk: int) -> HttpResponse:
    actions.restore(meeting=led(request, pk), by=request.user)
    return to_meeting(pk, "remise")
