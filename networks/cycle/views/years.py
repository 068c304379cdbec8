"""The pages of the yearly cycle: wishes, decisions, the preview of the new year and its opening."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo.access import Permission, requires, signed_in
from circo.drafts.forms import forgets_draft
from circo.errors import Refusal
from circo.models import District
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from networks import registries
from networks.cycle import actions, queries
from networks.cycle.forms import ClosingForm, CommitmentForm, DecideForm, WishForm
from networks.cycle.rules import Case, is_open
from networks.groups import queries as group_queries
from networks.groups.views.memberships import page_of
from networks.models import Membership, WishCampaign

PER_PAGE = 50
CAMPAIGNS_PER_PAGE = 30


# --- One's own wish and commitment -----------------------------------------------------------------------------------
def _own(request: HttpRequest, pk: int) -> Membership:
    return get_object_or_404(group_queries.memberships_to_read(request.user).filter(person=request.user), pk=pk)


@signed_in
@require_POST
@forgets_draft
def wish_answer(request: HttpRequest, pk: int) -> HttpResponse:
    membership, form = _own(request, pk), WishForm(request.POST)
    if form.is_valid():
        try:
            actions.answer(membership=membership, by=request.user, **form.cleaned_data)
            messages.success(request, "Votre vœu est enregistré. Vous pouvez le changer jusqu’au dernier jour.")
            return redirect("networks:membership_page", pk=pk)
        except Refusal as refusal:
            if isinstance(refusal, actions.Overtaken):  # sent again, it replaces the other knowingly
                typed = request.POST.copy()
                typed["version"] = str(refusal.wish.version)
                form = WishForm(typed)
            form.add_error(None, str(refusal))
    return page_of(request, membership, status=422, wish_form=form)


@signed_in
@require_POST
@forgets_draft
def commitment_save(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _own(request, pk)
    form = CommitmentForm(request.POST, by=request.user, district_id=membership.group.network.district_id)
    if form.is_valid():
        with refusals_in(form):
            actions.commit(membership=membership, by=request.user, **form.cleaned_data)
            messages.success(request, "Votre engagement de relais est enregistré.")
            return redirect("networks:membership_page", pk=pk)
    return page_of(request, membership, status=422, commitment_form=form)


# --- The inspector's year -----------------------------------------------------------------------------------------
@requires(Permission.MANAGE_GROUPS)
@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    return _campaigns(request)


def _campaigns(request: HttpRequest, form: ClosingForm | None = None, status: int = 200) -> HttpResponse:
    year = queries.current_year()
    context = {
        "page": Paginator(queries.campaigns(request.user), CAMPAIGNS_PER_PAGE).get_page(request.GET.get("page")),
        "districts": queries.districts_to_ask(request.user),
        "year": year,
        "form": form or (ClosingForm(year=year) if year else None),
        "parents": [("Groupes", reverse("networks:group_list"))],
    }
    return render(request, "networks/campaign_list.html", context, status=status)


@requires(Permission.DECIDE_GROUPS)
@require_POST
def campaign_open(request: HttpRequest) -> HttpResponse:
    year = queries.current_year()
    districts = District.objects.visible_to(request.user).filter(
        pk__in=request.user.reach().district_ids_for(Permission.DECIDE_GROUPS)
    )
    number = number_in(request.POST.get("district"))
    district = districts.first() if number is None else get_object_or_404(districts, pk=number)
    if year is None or district is None:
        raise Http404
    form = ClosingForm(request.POST, year=year)
    if form.is_valid():
        with refusals_in(form, "closes_on"):
            made = actions.open_wishes(district=district, school_year=year, by=request.user, **form.cleaned_data)
            messages.success(request, "Les vœux sont ouverts, et les membres des groupes sont prévenus.")
            return redirect("networks:campaign_page", pk=made.pk)
    return _campaigns(request, form, status=422)


def _campaign(request: HttpRequest, pk: int) -> WishCampaign:
    return get_object_or_404(queries.campaigns(request.user), pk=pk)


def _decided(request: HttpRequest, pk: int) -> WishCampaign:
    rows = WishCampaign.objects.editable_by(request.user).select_related("district", "school_year")
    return get_object_or_404(rows, pk=pk)


def _frame(request: HttpRequest, campaign: WishCampaign, here: str) -> dict[str, Any]:
    """What the three pages of a campaign share."""
    names = (("Vœux", "campaign_page"), ("Décisions", "decision_list"), ("Nouvelle année", "year_preview"))
    opening = queries.opening_of(campaign)
    reach = request.user.reach()
    return {
        "campaign": campaign,
        "decides": campaign.district_id in reach.district_ids_for(Permission.DECIDE_GROUPS),
        "takes_wishes": is_open(campaign.closes_on, timezone.localdate()),
        "opening": opening,
        "next_label": queries.next_label(campaign),
        "tabs": [(label, reverse(f"networks:{name}", args=[campaign.pk]), name == here) for label, name in names],
        "parents": [("Groupes", reverse("networks:group_list")), ("Vœux", reverse("networks:campaign_list"))],
    }


@requires(Permission.MANAGE_GROUPS)
@require_safe
def campaign_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _campaign_page(request, _campaign(request, pk))


def _campaign_page(
    request: HttpRequest, campaign: WishCampaign, form: ClosingForm | None = None, status: int = 200
) -> HttpResponse:
    form = form or ClosingForm(initial={"closes_on": campaign.closes_on}, year=campaign.school_year)
    context = _frame(request, campaign, "campaign_page") | {
        "tally": queries.tally(campaign),
        "page": Paginator(queries.without_answer(campaign), PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "yesterday": timezone.localdate() - timedelta(days=1),
        "reminded_today": campaign.reminded_on == timezone.localdate(),
    }
    return render(request, "networks/campaign_page.html", context, status=status)


@requires(Permission.DECIDE_GROUPS)
@require_POST
def campaign_update(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = _decided(request, pk)
    form = ClosingForm(request.POST, year=campaign.school_year)
    if form.is_valid():
        with refusals_in(form, "closes_on"):
            actions.move_closing(campaign=campaign, by=request.user, **form.cleaned_data)
            said = "Le dernier jour pour répondre est changé."
            if not is_open(form.cleaned_data["closes_on"], timezone.localdate()):
                said = "Les vœux sont clos. Un autre dernier jour les rouvrirait."
            messages.success(request, said)
            return redirect("networks:campaign_page", pk=pk)
    return _campaign_page(request, campaign, form, status=422)


@requires(Permission.DECIDE_GROUPS)
@require_POST
def campaign_remind(request: HttpRequest, pk: int) -> HttpResponse:
    with refusals_above(request):
        count = actions.remind(campaign=_decided(request, pk), by=request.user)
        messages.success(request, f"Rappel envoyé à {count} personne{'s' if count > 1 else ''}.")
    return redirect("networks:campaign_page", pk=pk)


# --- Decisions ----------------------------------------------------------------------------------------------------
@requires(Permission.MANAGE_GROUPS)
@require_safe
def decision_list(request: HttpRequest, pk: int) -> HttpResponse:
    return _decisions(request, _campaign(request, pk))


def _decisions(
    request: HttpRequest, campaign: WishCampaign, form: DecideForm | None = None, status: int = 200
) -> HttpResponse:
    which = request.GET.get("liste", "")
    page = Paginator(queries.decision_rows(campaign, which), PER_PAGE).get_page(request.GET.get("page"))
    address = reverse("networks:decision_list", args=[campaign.pk])
    context = _frame(request, campaign, "decision_list") | {
        "page": page,
        "lines": queries.decision_lines(campaign, page.object_list),
        "chosen": request.POST.getlist("membership"),
        "form": form or DecideForm(by=request.user, district_id=campaign.district_id),
        "knows_attendance": registries.knows_attendance(),
        "which": which,
        "query": f"liste={which}" if which in queries.FILTERS and which else "",
        "filters": [(label, f"{address}?liste={key}", key == which) for key, label in queries.FILTERS.items()],
    }
    return render(request, "networks/decision_list.html", context, status=status)


@requires(Permission.DECIDE_GROUPS)
@require_POST
def decision_save(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = _decided(request, pk)
    form = DecideForm(request.POST, by=request.user, district_id=campaign.district_id)
    if form.is_valid():
        chosen = _chosen(request, campaign)
        with refusals_in(form):
            count = _decide(request, campaign, chosen, **form.cleaned_data)
            messages.success(
                request, f"{count} décision{'s' if count > 1 else ''} enregistrée{'s' if count > 1 else ''}."
            )
            query = request.GET.urlencode()
            return redirect(reverse("networks:decision_list", args=[pk]) + (f"?{query}" if query else ""))
    return _decisions(request, campaign, form, status=422)


def _chosen(request: HttpRequest, campaign: WishCampaign) -> list[int]:
    """The rows ticked, or the whole list as it is narrowed."""
    if request.POST.get("whole"):
        rows = queries.decision_rows(campaign, request.GET.get("liste", ""))
        return list(rows.exclude(person=request.user).values_list("pk", flat=True))
    return [pk for one in request.POST.getlist("membership") if (pk := number_in(one)) is not None]


def _decide(request: HttpRequest, campaign: WishCampaign, chosen: list[int], verb, companion) -> int:
    common = {"campaign": campaign, "by": request.user, "companion": companion}
    if verb is not None or not chosen:
        return actions.decide(memberships=chosen, verb=verb, **common)
    return actions.decide_as_wished(memberships=chosen, **common)


@requires(Permission.DECIDE_GROUPS)
@require_POST
def decision_remove(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    campaign = _decided(request, pk)
    membership = get_object_or_404(Membership.objects.editable_by(request.user), pk=membership_pk)
    with refusals_above(request):
        actions.undecide(campaign=campaign, membership=membership, by=request.user)
        messages.success(request, "La décision est retirée.")
    return redirect("networks:decision_list", pk=pk)


# --- The new year -------------------------------------------------------------------------------------------------
@requires(Permission.MANAGE_GROUPS)
@require_safe
def year_preview(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = _campaign(request, pk)
    case = request.GET.get("cas", "")
    case = case if case in set(Case) else ""
    frame = _frame(request, campaign, "year_preview")
    preview = queries.preview(campaign, case)
    address = reverse("networks:year_preview", args=[pk])
    cases = [(f"{label} ({count})", f"{address}?cas={one.value}", one == case) for one, label, count in preview.counts]
    context = frame | {
        "preview": preview,
        "page": Paginator(preview.lines, PER_PAGE).get_page(request.GET.get("page")),
        "query": f"cas={case}" if case else "",
        "cases": [(f"Toutes ({preview.total})", address, not case), *cases],
        "missing": next((count for one, _, count in preview.counts if one == Case.MISSING), 0),
        "can_take_back": frame["opening"] is not None and queries.can_take_back(frame["opening"]),
    }
    return render(request, "networks/year_preview.html", context)


@requires(Permission.DECIDE_GROUPS)
@require_POST
def year_open(request: HttpRequest, pk: int) -> HttpResponse:
    with refusals_above(request):
        actions.open_year(campaign=_decided(request, pk), by=request.user)
        messages.success(request, "La nouvelle année est ouverte, et les personnes concernées sont prévenues.")
    return redirect("networks:year_preview", pk=pk)


@requires(Permission.DECIDE_GROUPS)
@require_POST
def year_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = _decided(request, pk)
    opening = queries.opening_of(campaign)
    with refusals_above(request):
        if opening is not None:
            actions.take_back(opening=opening, by=request.user)
        messages.success(request, "L’ouverture de la nouvelle année est annulée.")
    return redirect("networks:year_preview", pk=pk)
