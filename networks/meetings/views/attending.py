"""Who comes, who came."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.documents.letters import Present, SignInSheet
from circo.documents.pacing import paced
from circo.documents.rules import Slot as PrintedSlot
from circo.documents.rules import duration
from circo.downloads import download
from circo.errors import Refusal
from circo.refusals import refusals_in
from circo.scanning import TURNS_S
from networks.meetings import actions, attending, queries
from networks.meetings.forms import PresenceForm
from networks.meetings.rules import PRESENCE_LABELS, Presence
from networks.meetings.views.common import attended, led, parents_of, to_meeting
from networks.models import Meeting

LIST, SCREEN = "networks/meetings/attendance.html", "networks/meetings/screen.html"
SCAN = "networks/meetings/scan.html"
BLANK_ROWS = 3
STRANGER = "Ce code ne mène à aucune rencontre de vos groupes."


@signed_in
@require_POST
def attendance_excuse(request: HttpRequest, pk: int) -> HttpResponse:
    excused = request.POST.get("excused") != "0"
    actions.excuse(meeting=attended(request, pk), excused=excused, by=request.user)
    return to_meeting(pk, "excuse" if excused else "present", "presence")


@signed_in
@require_POST
def attendance_declare(request: HttpRequest, pk: int) -> HttpResponse:
    actions.declare(meeting=attended(request, pk), by=request.user)
    return to_meeting(pk, "declare", "presence")


def _list(request: HttpRequest, meeting: Meeting, form: PresenceForm, status: int = 200) -> HttpResponse:
    context = {"meeting": meeting, "form": form, "parents": parents_of(meeting.group, meeting)}
    return htmx.page(request, LIST, "form", context, status=status)


@signed_in
@require_safe
def attendance_list(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = led(request, pk)
    return _list(request, meeting, PresenceForm(lines=queries.lines_of(meeting)))


@signed_in
@require_POST
def attendance_record(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = led(request, pk)
    form = PresenceForm(request.POST, lines=queries.lines_of(meeting))
    if form.is_valid():
        with refusals_in(form):
            actions.record(meeting=meeting, noted=form.noted(), by=request.user)
            return to_meeting(pk, "presences", "presence")
    return _list(request, meeting, form, status=422)


@signed_in
@require_POST
def attendance_confirm(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    meeting = led(request, pk)
    said = get_object_or_404(meeting.attendances.select_related("person"), person_id=person_pk)
    actions.confirm(meeting=meeting, person=said.person, by=request.user)
    return to_meeting(pk, "confirme", "presence")


@signed_in
@require_POST
def meeting_close(request: HttpRequest, pk: int) -> HttpResponse:
    actions.close(meeting=led(request, pk), by=request.user)
    return to_meeting(pk, "tenue")


@signed_in
@require_POST
def meeting_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    actions.reopen(meeting=led(request, pk), by=request.user)
    return to_meeting(pk, "rouverte")


# --- The code on the screen -------------------------------------------------------------------------------------------
@signed_in
@require_safe
def attendance_screen(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = led(request, pk)
    lines = queries.lines_of(meeting)
    context = {
        "meeting": meeting,
        "square": attending.picture(meeting, timezone.now()),
        "turn_s": TURNS_S,
        "present": sum(1 for line in lines if line.attendance and line.attendance.counts),
        "called": len(lines),
        "parents": parents_of(meeting.group, meeting),
    }
    return htmx.page(request, SCREEN, "screen", context)


def _scan(request: HttpRequest, meeting: Meeting | None, refusal: str = "") -> HttpResponse:
    """The page of whoever has scanned: a button, or why there is none. Of a stranger's meeting it says nothing."""
    context = {
        "meeting": meeting,
        "ticket": attending.scanned(meeting).ticket_for(request.user) if meeting and not refusal else "",
        "refusal": refusal,
    }
    return htmx.page(request, SCAN, "scan", context, status=200 if not refusal else 422 if meeting else 404)


def _of_mine(request: HttpRequest, pk: int) -> Meeting | None:
    meeting = queries.meetings(request.user).filter(pk=pk).first()
    return meeting if meeting and queries.is_called(meeting, request.user) else None


@signed_in
@require_safe
def attendance_scan(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    meeting = _of_mine(request, pk)
    if meeting is None:
        return _scan(request, None, STRANGER)
    try:
        attending.scanned(meeting).check_code(code, timezone.now())
    except Refusal as refusal:
        return _scan(request, meeting, str(refusal))
    return _scan(request, meeting)


@signed_in
@require_POST
def attendance_sign(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _of_mine(request, pk)
    if meeting is None:
        return _scan(request, None, STRANGER)
    try:
        actions.sign(meeting=meeting, ticket=request.POST.get("ticket", ""), by=request.user)
    except Refusal as refusal:
        return _scan(request, meeting, str(refusal))
    return to_meeting(pk, "signe", "presence")


# --- On paper ---------------------------------------------------------------------------------------------------------
@signed_in
@require_safe
@paced
def sign_in_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = led(request, pk)
    slot = meeting.slot
    if slot is None:
        raise Refusal("La date de cette rencontre n’est pas encore choisie.")
    people = [Present(name=str(line.person), note=_note(line)) for line in queries.lines_of(meeting)]
    sheet = SignInSheet(
        subject=f"{meeting.group.name}\u00a0: {meeting.title}",
        slots=(PrintedSlot(slot.starts_at.date(), slot.starts_at.time(), slot.ends_at.time()),),
        place=meeting.place_words or "à préciser",
        people=tuple(people),
        trainers=(str(meeting.group.adviser),) if meeting.group.adviser else (),
        hours=duration(meeting.duration_minutes),
        blank_rows=BLANK_ROWS,
    )
    return download(sheet.pdf(), f"emargement-{meeting.pk}.pdf")


def _note(line: queries.Line) -> str:
    held = line.attendance
    return PRESENCE_LABELS[Presence.EXCUSED].capitalize() if held and held.presence == Presence.EXCUSED else ""
