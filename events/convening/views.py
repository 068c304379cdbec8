"""Who is called, by which letter, and what each answers."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.documents import actions as documents
from circo.documents.letters import Letter
from circo.documents.pacing import paced
from circo.downloads import download
from circo.drafts.forms import followed, forgets_draft
from circo.errors import Refusal
from circo.models import Person
from circo.refusals import refusals_in
from circo.rules import number_in
from events.convening import actions, letters, queries, rules
from events.convening.forms import AnswerForm, GuestForm, SendForm
from events.days import rules as day_rules
from events.days.rules import DayState
from events.days.views import opened, parents_of, prepared, show, to_day
from events.models import Convocation, SharingDay

LIST = "events/convening/list.html"
KINDS = {"convocations": "Convocations", "ordres": "Ordres de mission"}


# --- The list, for the team -------------------------------------------------------------------------------------------
@requires(Permission.PREPARE_DAYS)
@require_safe
def convocation_list(request: HttpRequest, pk: int) -> HttpResponse:
    return _list(request, prepared(request, pk))


def _list(
    request: HttpRequest,
    day: SharingDay,
    form: SendForm | None = None,
    guest: GuestForm | None = None,
    status: int = 200,
) -> HttpResponse:
    words = request.GET.get("q", "")
    page = queries.list_page(day)
    guest = followed(guest or GuestForm(), request, f"sharing-day:{day.pk}/guest")
    context = {
        "day": day,
        "page": page,
        "shown": [line for line in page.lines if _is_asked(line.convocation, request.GET.get("voir", ""))],
        "tabs": _tabs(request, day, page),
        "counts": queries.counts(page),
        "reads_reasons": queries.may_read_reasons(day, request.user),
        "form": form or SendForm(day=day),
        "guest": guest,
        "words": words,
        "found": queries.guests_found(day, request.user, words),
        "undone": _taken_out(request, page),
        "done": request.GET.get("fait", ""),
        "number": request.GET.get("n", ""),
        "parents": parents_of(day),
    }
    return htmx.page(request, LIST, "list", context, status=status)


FILTERS = (("", "Toute la liste"), ("silence", "Sans réponse"), ("absence", "Ne viennent pas"), ("envoi", "À envoyer"))


def _is_asked(convocation: Convocation, asked: str) -> bool:
    if asked == "silence":
        return convocation.state == rules.ConvocationState.SENT
    if asked == "absence":
        return convocation.answer not in ("", rules.Answer.COMES)
    return asked != "envoi" or convocation.state == rules.ConvocationState.PREPARED


def _tabs(request: HttpRequest, day: SharingDay, page: queries.ListPage) -> list[tuple[str, str, bool]]:
    here, asked = reverse("events:convocation_list", args=[day.pk]), request.GET.get("voir", "")
    found = []
    for code, label in FILTERS:
        count = sum(1 for line in page.lines if _is_asked(line.convocation, code))
        found.append((f"{label} ({count})", f"{here}?{urlencode({'voir': code})}" if code else here, asked == code))
    return found


def _taken_out(request: HttpRequest, page: queries.ListPage) -> queries.Line | None:
    """Who has just been taken out, if they can still come back."""
    asked = request.GET.get("retire", "")
    return next((line for line in page.taken_out if str(line.convocation.pk) == asked), None)


def _back(day_id: int, **query: object) -> HttpResponse:
    return redirect(reverse("events:convocation_list", args=[day_id], query=query))


@requires(Permission.PREPARE_DAYS)
@require_POST
def convocation_refresh(request: HttpRequest, pk: int) -> HttpResponse:
    count = actions.refresh(day=prepared(request, pk), by=request.user)
    return _back(pk, fait="complete", n=count)


@requires(Permission.PREPARE_DAYS)
@require_POST
def convocation_invite(request: HttpRequest, pk: int) -> HttpResponse:
    day = prepared(request, pk)
    asked = number_in(request.POST.get("person"))
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=asked)
    actions.invite(day=day, person=person, by=request.user)
    return _back(pk, fait="invite")


@requires(Permission.PREPARE_DAYS)
@require_POST
@forgets_draft
def convocation_invite_from(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite somebody of another district."""
    day, form = prepared(request, pk), GuestForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.invite_from(day=day, email=form.cleaned_data["email"], by=request.user)
            return _back(pk, fait="invite")
    return _list(request, day, guest=form, status=422)


def _edited(request: HttpRequest, pk: int, convocation_pk: int) -> Convocation:
    return get_object_or_404(Convocation.objects.editable_by(request.user), day_id=pk, pk=convocation_pk)


@requires(Permission.PREPARE_DAYS)
@require_POST
def convocation_take_out(request: HttpRequest, pk: int, convocation_pk: int) -> HttpResponse:
    actions.take_out(convocation=_edited(request, pk, convocation_pk), by=request.user)
    return _back(pk, retire=convocation_pk)


@requires(Permission.PREPARE_DAYS)
@require_POST
def convocation_put_back(request: HttpRequest, pk: int, convocation_pk: int) -> HttpResponse:
    actions.put_back(convocation=_edited(request, pk, convocation_pk), by=request.user)
    return _back(pk, fait="remis")


# --- Sending ----------------------------------------------------------------------------------------------------------
def _convened(request: HttpRequest, pk: int) -> SharingDay:
    """The day, if this person sends its convocations.

    Raises: Http404 else.
    """
    day = prepared(request, pk)
    get_object_or_404(SharingDay.objects.visible_to(request.user).sendable_by(request.user), pk=pk)
    return day


@requires(Permission.CONVENE)
@require_POST
def convocation_send(request: HttpRequest, pk: int) -> HttpResponse:
    day = _convened(request, pk)
    form = SendForm(request.POST, day=day)
    if form.is_valid():
        with refusals_in(form):
            count = actions.send(day=day, by=request.user, **form.cleaned_data)
            return _back(pk, fait="envoye", n=count)
    return _list(request, day, form, status=422)


@requires(Permission.CONVENE)
@require_POST
def convocation_remind(request: HttpRequest, pk: int) -> HttpResponse:
    count = actions.remind(day=_convened(request, pk), by=request.user)
    return _back(pk, fait="relance", n=count)


@requires(Permission.CONVENE)
@require_POST
def convocation_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """Have all the letters of one kind made: one file to print, and an archive with one letter each."""
    day = _convened(request, pk)
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        raise Refusal("Choisissez les convocations, ou les ordres de mission.")
    lines = queries.list_page(day).lines
    made: list[Letter] = [*_made(kind, day, lines, request.user)]
    batch = documents.start_batch(title=f"{KINDS[kind]}, {day.on:%d/%m/%Y}", letters=made, by=request.user)
    return redirect("documents:batch_page", pk=batch.pk)


def _made(kind: str, day: SharingDay, lines: list[queries.Line], by: Person) -> list[Letter]:
    if kind == "ordres":
        return list(letters.mission_orders(day, lines, by))
    return list(letters.convocations(day, lines, by))


def _pdf(day: SharingDay, line: queries.Line, by: Person) -> HttpResponse:
    (letter,) = letters.convocations(day, [line], by)
    return download(letter.pdf(), f"convocation-{day.on}.pdf")


@requires(Permission.PREPARE_DAYS)
@require_safe
@paced
def convocation_preview(request: HttpRequest, pk: int, convocation_pk: int) -> HttpResponse:
    day = prepared(request, pk)
    held = get_object_or_404(queries.with_letter(Convocation.objects.editable_by(request.user), day), pk=convocation_pk)
    return _pdf(day, queries.line_of(held), request.user)


# --- One's own --------------------------------------------------------------------------------------------------------
def _own(request: HttpRequest, day: SharingDay) -> Convocation:
    return get_object_or_404(
        queries.with_letter(Convocation.objects.visible_to(request.user), day), person=request.user
    )


@signed_in
@require_safe
@paced
def convocation_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    day = opened(request, pk)
    held = _own(request, day)
    if held.document_id is None:  # who came without being called was sent no letter
        raise Http404
    if not held.is_called:
        raise Refusal(actions.NO_MORE)
    if day.state == DayState.CANCELLED:
        raise day_rules.LIFE.refusal(DayState.CANCELLED)
    return _pdf(day, queries.line_of(held), held.sent_by or request.user)


@signed_in
@require_POST
@forgets_draft
def convocation_answer(request: HttpRequest, pk: int) -> HttpResponse:
    day = opened(request, pk)
    held = _own(request, day)
    form = AnswerForm(request.POST, convocation=held)
    if form.is_valid():
        with refusals_in(form):
            actions.answer(convocation=held, said=form.said(), by=request.user)
            return to_day(pk, "repondu", "convocation")
    return show(request, day, answers=form, status=422)


@signed_in
@require_POST
def convocation_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    actions.take_back(convocation=_own(request, opened(request, pk)), by=request.user)
    return to_day(pk, "retire", "convocation")
