"""The list of a half-day, on the screen and on paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.calendar.rules import Half
from circo.documents.letters import Present, SignInSheet
from circo.documents.pacing import paced
from circo.documents.rules import duration
from circo.downloads import download
from circo.drafts.forms import followed, forgets_draft
from circo.errors import Refusal
from circo.imports import exporting
from circo.models import Person
from circo.refusals import refusals_in
from circo.rules import HALF_WORDS, number_in
from events.convening.queries import guests_found
from events.days.views import parents_of, prepared
from events.models import Convocation, SharingDay
from events.signing import actions, queries
from events.signing.forms import ListForm, StayForm
from events.signing.rules import SLUGS, Way
from events.signing.views.halves import half_of, tabs_of

LIST, STAY = "events/signing/list.html", "events/signing/stay.html"
BLANK_ROWS = 6


# --- The list ---------------------------------------------------------------------------------------------------------
@requires(Permission.PREPARE_DAYS)
@require_safe
def presence_lists(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of the half-day that is going on; before and after, that of the morning."""
    day = prepared(request, pk)
    half = queries.half_now(day, timezone.localtime()) or "AM"
    return redirect("events:presence_list", pk=pk, half=SLUGS[half])


@requires(Permission.PREPARE_DAYS)
@require_safe
def presence_list(request: HttpRequest, pk: int, half: str) -> HttpResponse:
    return _list(request, prepared(request, pk), half_of(half))


def _list(request: HttpRequest, day: SharingDay, half: Half, refusal: str = "", status: int = 200) -> HttpResponse:
    words = request.GET.get("q", "")
    rows = queries.rows_of(day, half, words)
    if request.GET.get("voir") == "absents":
        rows = [row for row in rows if row.presence is None]
    ticked = set(request.POST.getlist("present")) if refusal else None
    counts = queries.counts_of(day)
    context = {
        "day": day,
        "half_words": HALF_WORDS[half],
        "slug": SLUGS[half],
        "rows": [(row, row.presence is not None if ticked is None else str(row.pk) in ticked) for row in rows],
        "shown": ",".join(str(row.pk) for row in rows),
        "present": counts[half],
        "called": queries.called(day).count(),
        "words": words,
        "others": guests_found(day, request.user, words, called=True),
        "only_absent": request.GET.get("voir") == "absents",
        "query": request.GET.urlencode(),
        "tabs": tabs_of(day, "presence_list", half),
        "refusal": refusal,
        "done": request.GET.get("fait", ""),
        "parents": parents_of(day),
    }
    return htmx.page(request, LIST, "rows", context, status=status)


@requires(Permission.PREPARE_DAYS)
@require_POST
def presence_record(request: HttpRequest, pk: int, half: str) -> HttpResponse:
    day, which = prepared(request, pk), half_of(half)
    form = ListForm(request.POST)
    try:
        if not form.is_valid():
            raise Refusal("Cette liste ne se lit pas. Rechargez la page, puis recommencez.")
        data = form.cleaned_data
        given = {"shown": data["shown"], "present": data["present"], "way": Way(data["way"])}
        actions.record(day=day, half=which, by=request.user, **given)
    except Refusal as refusal:
        return _list(request, day, which, str(refusal), status=422)
    return redirect(reverse("events:presence_list", args=[pk, half], query={"fait": "note"}))


@requires(Permission.PREPARE_DAYS)
@require_POST
def presence_add(request: HttpRequest, pk: int, half: str) -> HttpResponse:
    day, which = prepared(request, pk), half_of(half)
    asked = number_in(request.POST.get("person"))
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=asked)
    actions.add(day=day, person=person, half=which, by=request.user)
    return redirect(reverse("events:presence_list", args=[pk, half], query={"fait": "note"}))


def _listed(request: HttpRequest, pk: int, convocation_pk: int) -> Convocation:
    rows = Convocation.objects.editable_by(request.user).called().select_related("person", "day__district")
    return get_object_or_404(rows, day_id=pk, pk=convocation_pk)


def _stay(request: HttpRequest, held: Convocation, half: Half, form: StayForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"convocation:{held.pk}/stay/{SLUGS[half]}", over=held)
    context = {
        "held": held,
        "day": held.day,
        "form": form,
        "half_words": HALF_WORDS[half],
        "slug": SLUGS[half],
        "parents": [
            *parents_of(held.day),
            ("Présences", reverse("events:presence_list", args=[held.day_id, SLUGS[half]])),
        ],
    }
    return htmx.page(request, STAY, "form", context, status=status)


@requires(Permission.PREPARE_DAYS)
@require_safe
def presence_edit(request: HttpRequest, pk: int, half: str, convocation_pk: int) -> HttpResponse:
    held, which = _listed(request, pk, convocation_pk), half_of(half)
    return _stay(request, held, which, StayForm(presence=held.presences.filter(half=which).first()))


@requires(Permission.PREPARE_DAYS)
@require_POST
@forgets_draft
def presence_note(request: HttpRequest, pk: int, half: str, convocation_pk: int) -> HttpResponse:
    held, which = _listed(request, pk, convocation_pk), half_of(half)
    form = StayForm(request.POST, presence=None)
    if form.is_valid():
        with refusals_in(form):
            actions.note_stay(convocation=held, half=which, stay=form.stay(held.day, which), by=request.user)
            return redirect(reverse("events:presence_list", args=[pk, half], query={"fait": "note"}))
    return _stay(request, held, which, form, status=422)


# --- On paper ---------------------------------------------------------------------------------------------------------
@requires(Permission.PREPARE_DAYS)
@require_safe
@paced
def presence_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    day = prepared(request, pk)
    rows = queries.rows_of(day, "AM")
    sheet = SignInSheet(
        subject=day.title,
        slots=day.slots,
        place=", ".join(filter(None, (day.place_words, day.address))) or "à préciser",
        people=tuple(Present(str(row.line.person), row.line.school_name, row.note) for row in rows),
        hours=duration(day.duration_minutes),
        reference=day.reference,
        blank_rows=BLANK_ROWS,
    )
    return download(sheet.pdf(), f"emargement-{day.on}.pdf")


@requires(Permission.PREPARE_DAYS)
@require_safe
def presence_export(request: HttpRequest, pk: int) -> HttpResponse:
    day = prepared(request, pk)
    return download(exporting.to_csv(queries.exported(day)), f"presences-{day.on}.csv")
