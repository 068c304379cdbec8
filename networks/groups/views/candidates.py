"""Whom the team thinks of inviting: a page of the team's own."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo.access import Permission, requires
from circo.drafts.forms import followed, forgets_draft
from circo.models import District
from circo.refusals import refusals_above, refusals_in
from networks.groups import actions, queries
from networks.groups.forms import CandidateForm, ChosenGroupForm
from networks.models import Candidate

PER_PAGE = 50


def _district(request: HttpRequest) -> District | None:
    """The district that one notes for: the only one, for an adviser or an inspector."""
    ids = request.user.reach().district_ids_for(Permission.MANAGE_GROUPS)
    return District.objects.visible_to(request.user).filter(pk__in=ids).order_by("pk").first()


@requires(Permission.MANAGE_GROUPS)
@require_safe
def candidate_list(request: HttpRequest) -> HttpResponse:
    return _list(request)


def _list(request: HttpRequest, form: CandidateForm | None = None, status: int = 200) -> HttpResponse:
    put_away = request.GET.get("classees") == "1"
    district = _district(request)
    if form is None and district is not None:
        form = CandidateForm(by=request.user, district_id=district.pk)
    if form is not None:
        followed(form, request, "candidate")
    rows = queries.candidates(request.user, waiting=not put_away)
    address = reverse("networks:candidate_list")
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "query": "classees=1" if put_away else "",
        "put_away": put_away,
        "form": form,
        "groups": list(ChosenGroupForm(by=request.user).fields["group"].queryset),
        "tabs": [("À inviter", address, not put_away), ("Classées", f"{address}?classees=1", put_away)],
        "parents": [("Groupes", reverse("networks:group_list"))],
    }
    return render(request, "networks/candidate_list.html", context, status=status)


@requires(Permission.MANAGE_GROUPS)
@require_POST
@forgets_draft
def candidate_create(request: HttpRequest) -> HttpResponse:
    district = _district(request)
    form = CandidateForm(request.POST, by=request.user, district_id=district.pk if district else 0)
    if district is not None and form.is_valid():
        with refusals_in(form):
            made = actions.note_candidate(district=district, by=request.user, **form.cleaned_data)
            messages.success(request, f"C’est noté pour l’équipe\u00a0: {made.person}.")
            return redirect("networks:candidate_list")
    return _list(request, form, status=422)


def _candidate(request: HttpRequest, pk: int) -> Candidate:
    return get_object_or_404(Candidate.objects.editable_by(request.user), pk=pk)


@requires(Permission.MANAGE_GROUPS)
@require_POST
def candidate_invite(request: HttpRequest, pk: int) -> HttpResponse:
    candidate = _candidate(request, pk)
    form = ChosenGroupForm(request.POST, by=request.user)
    if not form.is_valid():
        messages.error(request, "Choisissez le groupe dans lequel inviter cette personne.")
        return redirect("networks:candidate_list")
    with refusals_above(request):
        made = actions.invite_candidate(candidate=candidate, by=request.user, **form.cleaned_data)
        messages.success(request, f"L’invitation est partie\u00a0: {made.person}, dans «\u00a0{made.group}\u00a0».")
        return redirect("networks:candidate_list")
    return redirect("networks:candidate_list")


@requires(Permission.MANAGE_GROUPS)
@require_POST
def candidate_close(request: HttpRequest, pk: int) -> HttpResponse:
    return _put(request, pk, closed=True, says="La note est classée.")


@requires(Permission.MANAGE_GROUPS)
@require_POST
def candidate_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    return _put(request, pk, closed=False, says="La note est de nouveau dans la liste.")


def _put(request: HttpRequest, pk: int, *, closed: bool, says: str) -> HttpResponse:
    with refusals_above(request):
        actions.close_candidate(candidate=_candidate(request, pk), by=request.user, closed=closed)
        messages.success(request, says)
    return redirect("networks:candidate_list")
