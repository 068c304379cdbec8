"""The pages of sharing days."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx, writing
from circo.access import Permission, requires, signed_in
from circo.calendar import feed
from circo.downloads import download
from circo.drafts.forms import followed, forgets_draft
from circo.errors import Refusal
from circo.models import District
from circo.refusals import refusals_to
from events.convening import queries as convening
from events.convening.forms import AnswerForm
from events.days import actions, queries, rules
from events.days.forms import DayForm, PeriodForm, usual_period
from events.days.rules import DayState
from events.evaluation import queries as evaluation
from events.models import Convocation, SharingDay
from events.plans import queries as plans
from events.programme import queries as programme
from events.signing import queries as signing

LIST, PAGE = "events/days/day_list.html", "events/days/day_page.html"
DATES, FORM = "events/days/dates.html", "events/days/day_form.html"
LIST_CRUMB = ("Journées des partages", "events:day_list")


# --- Which day, as far as one may open it -----------------------------------------------------------------------------
def opened(request: HttpRequest, pk: int) -> SharingDay:
    """The day, if this person may open its page.

    Raises: Http404 else.
    """
    return get_object_or_404(queries.days(request.user), pk=pk)


def prepared(request: HttpRequest, pk: int) -> SharingDay:
    """The day, if this person prepares it.

    Raises: Http404 else.
    """
    return get_object_or_404(queries.days(request.user).filter(is_prepared=True), pk=pk)


def to_day(day_id: int, done: str = "", place: str = "") -> HttpResponse:
    query = {"fait": done} if done else {}
    return redirect(reverse("events:day_page", args=[day_id], query=query) + (f"#{place}" if place else ""))


def parents_of(day: SharingDay | None = None) -> list[tuple[str, str]]:
    found = [(LIST_CRUMB[0], reverse(LIST_CRUMB[1]))]
    if day is not None:
        found.append((day.title, reverse("events:day_page", args=[day.pk])))
    return found


# --- Reading ----------------------------------------------------------------------------------------------------------
@signed_in
@require_safe
def day_list(request: HttpRequest) -> HttpResponse:
    context = {
        "listed": queries.day_list(request.user),
        "away": convening.away(request.user),
        "districts": list(queries.districts_prepared_by(request.user)),
    }
    return htmx.page(request, LIST, "rows", context)


@signed_in
@require_safe
def day_page(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, opened(request, pk))


def show(request: HttpRequest, day: SharingDay, answers: AnswerForm | None = None, status: int = 200) -> HttpResponse:
    """Draw the page of a day; with the form of an answer that has an error."""
    mine = convening.own(day, request.user)
    now = timezone.localtime()
    is_answered = mine is not None and mine.is_called and day.state == DayState.PUBLISHED and day.on >= now.date()
    if is_answered:
        answers = followed(answers or AnswerForm(convocation=mine), request, f"sharing-day:{day.pk}/answer", over=mine)
    context = {
        "day": day,
        "words": writing.to_html(day.words),
        "opens_place": _opens_place(request, day),
        "mine": mine,
        "answers": answers if is_answered else None,
        "slots": programme.programme(day) if day.is_prepared or programme.is_shown(day) else [],
        "choices": (choices := _choices(day, mine)),
        "may_evaluate": evaluation.may_evaluate(day, mine),
        "may_wish": programme.may_wish(day) and any(one.leads is None for one in choices),
        "may_move": programme.may_move(day),
        "signed": signing.signed_by(day, request.user) if mine else {},
        "counts": queries.counts_of(day) if day.is_prepared else None,
        "signatures": signing.counts_of(day) if day.is_prepared else None,
        "cover": plans.cover_of(request.user, day) if day.is_prepared else None,
        "half_now": signing.half_now(day, now) if day.is_prepared else None,
        "has_begun": now >= day.at("AM")[0],
        "is_open": day.state in rules.OPEN,
        "inspector": convening.inspector_of(day) if mine else None,
        "moves": list(day.moves.select_related("by")) if day.is_prepared else [],
        "done": request.GET.get("fait", ""),
        "parents": parents_of(),
    }
    return htmx.page(request, PAGE, "day", context, status=status)


def _opens_place(request: HttpRequest, day: SharingDay) -> bool:
    """Whether one may open the page of its place: a guest from elsewhere reads where it is, no more."""
    place = day.place
    return place is not None and (place.is_shared or place.district_id in request.user.reach().district_ids)


def _choices(day: SharingDay, mine: Convocation | None) -> list[programme.Choice]:
    """One's own workshops, if one is called and the programme is shown."""
    if mine is None or not mine.is_called or not programme.is_shown(day):
        return []
    return programme.choices_of(mine, programme.programme(day))


@signed_in
@require_safe
def day_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The day as a file for another calendar; what was called off, or refused, goes out of it."""
    day = opened(request, pk)
    mine = convening.own(day, request.user)
    if mine is None:
        raise Refusal("Cette journée entrera dans votre calendrier quand vous y serez convoqué·e.")
    moments = programme.lines(programme.programme(day)) if programme.is_shown(day) else []
    event = convening.event_of(mine, "\n".join(f"{at}\u00a0: {title}" for at, title in moments))
    body = feed.invitation(event, method="CANCEL" if event.cancelled else "REQUEST", attendee=request.user)
    return download(body, f"journee-{day.on}.ics")


# --- Choosing a date --------------------------------------------------------------------------------------------------
def _district(request: HttpRequest, district_pk: int) -> District:
    return get_object_or_404(queries.districts_prepared_by(request.user), pk=district_pk)


@requires(Permission.PREPARE_DAYS)
@require_safe
def day_dates(request: HttpRequest, district_pk: int) -> HttpResponse:
    district = _district(request, district_pk)
    asked = request.GET if "first" in request.GET else usual_period(timezone.localdate())
    form = PeriodForm(asked)
    planned, held = queries.planned(district), queries.rules_of(district)
    full = queries.full_years(planned, held.days_a_year)
    found = []
    if form.is_valid():
        found = queries.proposals(district, form.cleaned_data["first"], form.cleaned_data["last"])
        found = [one for one in found if not any(year.first_day <= one.on <= year.last_day for year in full)]
    context = {
        "district": district,
        "form": form,
        "months": queries.months(found),
        "alike": queries.warned_alike(found),
        "planned": planned,
        "full": full,
        "rules": held,
        "parents": parents_of(),
    }
    return htmx.page(request, DATES, "dates", context)


def _form(
    request: HttpRequest, form: DayForm, district: District, day: SharingDay | None = None, status: int = 200
) -> HttpResponse:
    creates = reverse("events:day_create", args=[district.pk])
    place = f"sharing-day:{day.pk}/form" if day else f"district:{district.pk}/sharing-day"
    full = [] if day else queries.full_years(queries.planned(district), queries.rules_of(district).days_a_year)
    context = {
        "full": full,
        "form": followed(form, request, place, but=("on",) if "le" in request.GET else (), over=day),
        "district": district,
        "day": day,
        "action": reverse("events:day_change", args=[day.pk]) if day else creates,
        "parents": parents_of(day),
    }
    return htmx.page(request, FORM, "form", context, status=status)


@requires(Permission.PREPARE_DAYS)
@require_safe
def day_new(request: HttpRequest, district_pk: int) -> HttpResponse:
    district = _district(request, district_pk)
    return _form(request, DayForm(person=request.user, district=district, initial=_chosen(request)), district)


def _chosen(request: HttpRequest) -> dict[str, date]:
    try:
        return {"on": date.fromisoformat(request.GET.get("le", ""))}
    except ValueError:
        return {}


@requires(Permission.PREPARE_DAYS)
@require_POST
@forgets_draft
def day_create(request: HttpRequest, district_pk: int) -> HttpResponse:
    district = _district(request, district_pk)
    form = DayForm(request.POST, person=request.user, district=district)
    if form.is_valid():
        with refusals_to(form.say):
            return to_day(actions.choose(district=district, wanted=form.wanted(), by=request.user).pk, "choisie")
    return _form(request, form, district, status=422)


@requires(Permission.PREPARE_DAYS)
@require_safe
def day_edit(request: HttpRequest, pk: int) -> HttpResponse:
    day = prepared(request, pk)
    return _form(request, DayForm(person=request.user, district=day.district, day=day), day.district, day)


@requires(Permission.PREPARE_DAYS)
@require_POST
@forgets_draft
def day_change(request: HttpRequest, pk: int) -> HttpResponse:
    day = prepared(request, pk)
    form = DayForm(request.POST, person=request.user, district=day.district, day=day)
    if form.is_valid():
        with refusals_to(form.say):
            actions.change(day=day, wanted=form.wanted(), by=request.user)
            return to_day(pk, "changee")
    return _form(request, form, day.district, day, status=422)


# --- The life of a day ------------------------------------------------------------------------------------------------
@requires(Permission.PREPARE_DAYS)
@require_POST
def day_publish(request: HttpRequest, pk: int) -> HttpResponse:
    actions.publish(day=prepared(request, pk), by=request.user)
    return to_day(pk, "annoncee")


@requires(Permission.PREPARE_DAYS)
@require_POST
def day_unpublish(request: HttpRequest, pk: int) -> HttpResponse:
    actions.unpublish(day=prepared(request, pk), by=request.user)
    return to_day(pk, "reprise")


@requires(Permission.PREPARE_DAYS)
@require_POST
def day_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    actions.cancel(day=prepared(request, pk), by=request.user)
    return to_day(pk, "annulee")


@requires(Permission.PREPARE_DAYS)
@require_POST
def day_restore(request: HttpRequest, pk: int) -> HttpResponse:
    actions.restore(day=prepared(request, pk), by=request.user)
    return to_day(pk, "remise")
