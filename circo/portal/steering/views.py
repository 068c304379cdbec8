from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from circo.access import Permission, requires
from circo.downloads import download
from circo.imports import exporting
from circo.portal.steering import queries, rules
from circo.portal.steering.forms import ChoiceForm

SCHOOL_TITLES = ("école", "commune", "UAI", "professeurs", "membres d’un groupe", "1re année", "2e année", "relais")


def _form(request: HttpRequest) -> ChoiceForm | None:
    years, districts = queries.years_of(request.user), queries.districts_of(request.user)
    networks = queries.networks_of(request.user, districts)
    return ChoiceForm(request.GET, years=years, districts=districts, networks=networks) if years else None


@requires(Permission.VIEW_TEAM)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    form, plans = _form(request), request.user.reach().can(Permission.MANAGE_GROUPS)
    if form is None:
        return render(request, "steering/page.html", {"form": None, "plans": plans})
    choice = form.choice()
    careers = queries.careers(request.user, choice)
    moved = rules.flows(careers, len(choice.years))
    counts = rules.totals(careers, len(choice.years))
    members = queries.stages_of_members(request.user, choice)
    schools, drawn = queries.schools_reached(request.user, choice, members)
    labels = [str(year) for year in choice.years]
    context = {
        "form": form,
        "plans": plans,
        "choice": choice,
        "label": labels[-1],
        "labels": labels,
        "sankey": rules.sankey(labels, counts, moved) if careers else None,
        "counts": [(rules.LABELS[kind], [column[kind] for column in counts]) for kind in rules.ORDER],
        "moves": [(labels[one.step], rules.LABELS[one.before], rules.LABELS[one.after], one.count) for one in moved],
        "members": len(members),
        "schools": schools,
        "reached": sum(one.members > 0 for one in schools),
        "drawn": drawn,
    }
    return render(request, "steering/page.html", context)


@requires(Permission.VIEW_TEAM)
@require_safe
def schools_csv(request: HttpRequest) -> HttpResponse:
    form, schools = _form(request), []
    if form:
        choice = form.choice()
        members = queries.stages_of_members(request.user, choice)
        schools, _ = queries.schools_reached(request.user, choice, members)
    rows = [
        (
            one.school.name,
            one.school.commune,
            one.school.uai,
            one.teachers,
            one.members,
            one.first_years,
            one.second_years,
            one.relays,
        )
        for one in schools
    ]
    return download(exporting.to_csv([SCHOOL_TITLES, *rows]), "ecoles-et-groupes.csv")
