"""The plan as a PDF made by a worker; the statement of a substitute and month, read, printed, exported."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.documents import actions as documents
from circo.documents.pacing import paced
from circo.downloads import download
from circo.imports import exporting
from circo.models import Person
from circo.refusals import refusals_above
from events.papers import printing, queries, rules
from events.papers.rules import Month
from events.plans.rules import euros
from events.plans.views import plan_read


@requires(Permission.PLAN_COVER)
@require_POST
def plan_paper(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_read(request, pk)
    with refusals_above(request):
        letters = printing.plan_letters(plan)
        batch = documents.start_batch(title=f"{plan}", letters=letters, by=request.user)
        return redirect("documents:batch_page", pk=batch.pk)
    return redirect("events:plan_page", pk=plan.pk)


# --- Statements -------------------------------------------------------------------------------------------------------
def _month(request: HttpRequest) -> Month:
    return rules.month_of(request.GET.get("mois", ""), timezone.localdate())


@requires(Permission.MANAGE_BRIGADE)
@require_safe
def statement_list(request: HttpRequest) -> HttpResponse:
    month = _month(request)
    rows = [(who, held, euros(held.cents)) for who, held in queries.statements(request.user, month)]
    context = {
        "month": month,
        "rows": rows,
        "total": euros(sum(held.cents for _, held, _ in rows)),
        "estimate": rules.ESTIMATE,
        "parents": [("Brigade", reverse("events:brigade_list"))],
    }
    return htmx.page(request, "events/papers/statements.html", "rows", context)


@requires(Permission.MANAGE_BRIGADE)
@require_safe
def statement_table(request: HttpRequest) -> HttpResponse:
    month = _month(request)
    body = exporting.to_csv(queries.exported(queries.statements(request.user, month)))
    return download(body, f"issr-{month.code}.csv")


def _who(request: HttpRequest, pk: int) -> Person:
    found = queries.substitute_of(request.user, pk)
    if found is None:
        raise Http404
    return found


@signed_in
@require_safe
def statement_page(request: HttpRequest, pk: int) -> HttpResponse:
    who, month = _who(request, pk), _month(request)
    found = queries.statement(request.user, who, month)
    is_own = who == request.user
    context = {
        "who": who,
        "month": month,
        "statement": found,
        "days": [(day, euros(day.cents), [(one, queries.far(one)) for one in day.parts]) for day in found.days],
        "total": euros(found.cents),
        "planned": euros(found.planned_cents) if found.planned_cents else "",
        "estimate": rules.ESTIMATE,
        "parents": [("Mes remplacements", reverse("events:mission_list"))]
        if is_own
        else [("Relevés", reverse("events:statement_list", query={"mois": month.code}))],
    }
    return htmx.page(request, "events/papers/statement.html", "statement", context)


@signed_in
@require_safe
def statement_export(request: HttpRequest, pk: int) -> HttpResponse:
    who, month = _who(request, pk), _month(request)
    body = exporting.to_csv(queries.exported([(who, queries.statement(request.user, who, month))]))
    return download(body, f"issr-{month.code}.csv")


@signed_in
@require_safe
@paced
def statement_paper(request: HttpRequest, pk: int) -> HttpResponse:
    who, month = _who(request, pk), _month(request)
    letter = printing.statement_letter(who, month, queries.statement(request.user, who, month))
    return download(letter.pdf(), f"issr-{month.code}.pdf")
