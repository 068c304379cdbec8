"""The pages of the brigade."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.downloads import download
from circo.drafts.forms import followed, forgets_draft
from circo.imports import exporting
from circo.models import Departement
from circo.refusals import refusals_in
from circo.rules import number_in
from events.brigade import actions, queries, roads
from events.brigade.forms import PeriodForm, ProfileForm, RulesForm
from events.brigade.queries import Member
from events.models import Unavailability

LIST, WEEK = "events/brigade/list.html", "events/brigade/week.html"
PAGE, EDIT = "events/brigade/substitute.html", "events/brigade/edit.html"
SETTINGS = "events/brigade/settings.html"
PER_PAGE, WEEKS_OF_CAPACITY = 40, 2
FAR = timedelta(days=3 * 365)


def _departement(request: HttpRequest) -> Departement:
    """The one that is asked, or the first whose brigade one reads."""
    rows = queries.departements(request.user)
    asked = request.GET.get("departement", "")
    found = (rows.filter(code=asked) if asked else rows).first()
    if found is None:
        raise Http404
    return found


def _asked_day(text: str | None) -> date:
    today = timezone.localdate()
    try:
        asked = date.fromisoformat(text or "")
    except ValueError:
        return today
    return asked if abs(asked - today) < FAR else today


def _shell(request: HttpRequest, departement: Departement) -> dict:
    """What the two lists share: whose brigade, its filters, and whether one may change it."""
    district = request.GET.get("circonscription", "")
    return {
        "departement": departement,
        "departements": list(queries.departements(request.user)),
        "districts": list(queries.districts_of(departement)),
        "district": district if district.isdecimal() and len(district) < 10 else "",
        "words": request.GET.get("mots", "")[:100],
        "is_manager": queries.is_manager(request.user, departement.pk),
        "on": _asked_day(request.GET.get("semaine")),
    }


def _narrowed(shell: dict) -> list[Member]:
    rows = queries.posts([shell["departement"].pk], timezone.localdate())
    district_id = int(shell["district"]) if shell["district"] else None
    return queries.members(queries.read_fully(queries.narrowed(rows, district_id=district_id, words=shell["words"])))


@requires(Permission.VIEW_BRIGADE)
@require_safe
def brigade_list(request: HttpRequest) -> HttpResponse:
    shell = _shell(request, _departement(request))
    today = timezone.localdate()
    found = _narrowed(shell)
    capacity = queries.capacity(shell["departement"], today, today + timedelta(weeks=WEEKS_OF_CAPACITY))
    context = shell | {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "query": _query(shell),
        "capacity": list(capacity.items()),
        "rules": queries.rules_of(shell["departement"]),
        "plans": request.user.reach().can(Permission.PLAN_COVER),
    }
    return htmx.page(request, LIST, "rows", context)


def _query(shell: dict) -> str:
    kept = {"circonscription": shell["district"], "mots": shell["words"]}
    if len(shell["departements"]) > 1:
        kept["departement"] = shell["departement"].code
    return urlencode({name: value for name, value in kept.items() if value})


@requires(Permission.VIEW_BRIGADE)
@require_safe
def brigade_week(request: HttpRequest) -> HttpResponse:
    shell = _shell(request, _departement(request))
    found = _narrowed(shell)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    week = queries.week_of(found, page.object_list, shell["on"])
    context = shell | {
        "page": page,
        "week": week,
        "narrowing": _query(shell),
        "query": f"semaine={week.first}" + (f"&{_query(shell)}" if _query(shell) else ""),
        "today": timezone.localdate(),
        "parents": _parents(),
    }
    return htmx.page(request, WEEK, "week", context)


@requires(Permission.VIEW_BRIGADE)
@require_safe
def brigade_export(request: HttpRequest) -> HttpResponse:
    shell = _shell(request, _departement(request))
    body = exporting.to_csv(queries.exported(_narrowed(shell), phones=shell["is_manager"]))
    return download(body, f"brigade-{shell['departement'].code}.csv")


@requires(Permission.MANAGE_BRIGADE)
@require_safe
def brigade_settings(request: HttpRequest) -> HttpResponse:
    departement = _managed(request)
    return _settings(request, departement, RulesForm(instance=queries.rules_of(departement)))


def _managed(request: HttpRequest) -> Departement:
    departement = _departement(request)
    if not queries.is_manager(request.user, departement.pk):
        raise Http404
    return departement


def _settings(request: HttpRequest, departement: Departement, form: RulesForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"departement:{departement.pk}/brigade", over=form.instance)
    context = {
        "departement": departement,
        "form": form,
        "roads": roads.count(departement),
        "is_saved": request.GET.get("fait") == "change",
        "parents": _parents(),
    }
    return htmx.page(request, SETTINGS, "form", context, status=status)


@requires(Permission.MANAGE_BRIGADE)
@require_POST
@forgets_draft
def brigade_settings_save(request: HttpRequest) -> HttpResponse:
    departement = _managed(request)
    form = RulesForm(request.POST, instance=queries.rules_of(departement))
    if not form.is_valid():
        return _settings(request, departement, form, status=422)
    form.save()
    asked = {"departement": departement.code, "fait": "change"}
    return redirect(reverse("events:brigade_settings", query=asked))


# --- One substitute ---------------------------------------------------------------------------------------------------
def _parents(member: Member | None = None) -> list[tuple[str, str]]:
    found = [("Brigade", reverse("events:brigade_list"))]
    if member is not None:
        found.append((str(member.person), reverse("events:substitute_page", args=[member.person.pk])))
    return found


def _member(request: HttpRequest, pk: int, *, managed: bool = False) -> Member:
    found = queries.member(request.user, pk)
    if found is None or (managed and not queries.is_manager(request.user, found.school.district.departement_id)):
        raise Http404
    return found


def _to(pk: int, done: str = "") -> HttpResponse:
    return redirect(reverse("events:substitute_page", args=[pk], query={"fait": done} if done else {}))


def _show(request: HttpRequest, member: Member, period: PeriodForm, status: int = 200) -> HttpResponse:
    on = _asked_day(request.GET.get("semaine"))
    is_manager = queries.is_manager(request.user, member.school.district.departement_id)
    if is_manager:
        followed(period, request, f"substitute:{member.person.pk}/period")
    done = request.GET.get("fait", "").partition("-")
    context = {
        "member": member,
        "is_manager": is_manager,
        "week": queries.week_of([member], [member], on),
        "periods": list(queries.unavailabilities(request.user, member.person.pk, timezone.localdate())),
        "form": period,
        "done": done[0],
        "undone": number_in(done[2]),
        "parents": _parents(),
    }
    return htmx.page(request, PAGE, "substitute", context, status=status)


@requires(Permission.VIEW_BRIGADE)
@require_safe
def substitute_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _member(request, pk), PeriodForm())


def _form(request: HttpRequest, member: Member, form: ProfileForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"substitute:{member.person.pk}/profile", over=member.profile)
    context = {"member": member, "form": form, "parents": _parents(member)}
    return htmx.page(request, EDIT, "form", context, status=status)


@requires(Permission.MANAGE_BRIGADE)
@require_safe
def substitute_edit(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk, managed=True)
    return _form(request, member, ProfileForm(profile=member.profile))


@requires(Permission.MANAGE_BRIGADE)
@require_POST
@forgets_draft
def substitute_update(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk, managed=True)
    form = ProfileForm(request.POST, profile=member.profile)
    if form.is_valid():
        with refusals_in(form, "refused"):
            actions.describe(person=member.person, profile=form.profile(), by=request.user)
            return _to(pk, "change")
    return _form(request, member, form, status=422)


@requires(Permission.MANAGE_BRIGADE)
@require_POST
@forgets_draft
def unavailability_add(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk, managed=True)
    form = PeriodForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.withhold(person=member.person, by=request.user, **form.period())
            return _to(pk, "note")
    return _show(request, member, form, status=422)


def _period(request: HttpRequest, pk: int) -> Unavailability:
    return get_object_or_404(Unavailability.objects.editable_by(request.user).select_related("person"), pk=pk)


@requires(Permission.MANAGE_BRIGADE)
@require_POST
def unavailability_remove(request: HttpRequest, pk: int) -> HttpResponse:
    period = actions.release(unavailability=_period(request, pk), by=request.user)
    return _to(period.person_id, f"retire-{period.pk}")


@requires(Permission.MANAGE_BRIGADE)
@require_POST
def unavailability_restore(request: HttpRequest, pk: int) -> HttpResponse:
    period = actions.restore(unavailability=_period(request, pk), by=request.user)
    return _to(period.person_id, "remis")
