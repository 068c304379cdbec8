"""One's years in groups, and the page of one membership: what it was, what one may do now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo.access import Permission, requires, signed_in
from circo.drafts.forms import follow, forgets_draft
from circo.models import Person
from circo.refusals import refusals_in
from networks.cycle import queries as cycle_queries
from networks.cycle.forms import CommitmentForm, WishForm
from networks.groups import actions, queries
from networks.groups.forms import CompanionForm, MoveForm, OriginForm
from networks.groups.hands import hands_on
from networks.groups.rules import ACTS, OVER_THE_YEAR, Hand, Stage, Standing, Verb, moves_from
from networks.models import Membership

PER_PAGE = 30
WITHIN = [verb for verb in Verb if verb not in OVER_THE_YEAR]
KINDS = {
    Verb.PAUSE: "second",
    Verb.CANCEL: "second",
    Verb.DECLINE: "quiet",
    Verb.LEAVE: "quiet",
    Verb.REFUSE: "quiet",
    Verb.MOVE_AWAY: "quiet",
}


@signed_in
@require_safe
def my_years(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.years_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "parents": [("Groupes", reverse("networks:group_list"))]}
    return render(request, "networks/my_years.html", context)


@signed_in
@require_safe
def membership_page(request: HttpRequest, pk: int) -> HttpResponse:
    return page_of(request, _membership(request, pk))


def _membership(request: HttpRequest, pk: int) -> Membership:
    return get_object_or_404(queries.memberships_to_read(request.user), pk=pk)


def page_of(request: HttpRequest, membership: Membership, status: int = 200, **forms: Any) -> HttpResponse:
    """The page, with the forms that something is wrong in."""
    hands = hands_on(request.user, membership)
    context = {
        "membership": membership,
        "is_own": Hand.PERSON in hands,
        "manages": Hand.TEAM in hands,
        "buttons": _buttons(membership, hands),
        "move_form": MoveForm(auto_id="move_%s", is_own=Hand.PERSON in hands),
        "years": queries.path_of(request.user, membership),
        "opens_group": membership.standing == Standing.ACTIVE or Hand.PERSON not in hands,
        "parents": [("Groupes", reverse("networks:group_list"))],
        **_own_forms(request.user, membership, hands),
        **_team_forms(request.user, membership, hands),
        **forms,
    }
    names = ("wish", "commitment", "move")
    follow(request, {f"membership:{membership.pk}/{name}": context[f"{name}_form"] for name in names})
    return render(request, "networks/membership_page.html", context, status=status)


def _buttons(membership: Membership, hands: frozenset[Hand]) -> list[tuple[str, str, str]]:
    """The moves that these hands may make from here: verb, label, kind. Those into a year that ended are past."""
    if membership.school_year.last_day < timezone.localdate():
        return []
    found = dict.fromkeys(move.verb for move in moves_from(membership.state, hands, WITHIN))
    return [
        (verb.value, ACTS[verb].label, KINDS.get(verb, "second" if index else "")) for index, verb in enumerate(found)
    ]


def _own_forms(person: Person, membership: Membership, hands: frozenset[Hand]) -> dict[str, Any]:
    """One's own wish while it is asked, and the commitment of a relay."""
    if Hand.PERSON not in hands:
        return {"campaign": None, "wish": None, "wish_form": None, "commitment": None, "commitment_form": None}
    campaign = cycle_queries.campaign_of(membership)
    wish = cycle_queries.wish_of(membership)
    is_relay = membership.stage == Stage.RELAY and membership.standing == Standing.ACTIVE
    commitment = cycle_queries.commitment_of(membership) if is_relay else None
    asked = campaign is not None and cycle_queries.takes_wishes(campaign, membership)
    return {
        "campaign": campaign,
        "wish": wish,
        "wish_form": WishForm(initial=WishForm.initial_of(wish)) if asked else None,
        "commitment": commitment,
        "commitment_form": CommitmentForm.of(membership, commitment, by=person) if is_relay else None,
    }


def _team_forms(person: Person, membership: Membership, hands: frozenset[Hand]) -> dict[str, Any]:
    if Hand.TEAM not in hands:
        return {"origin_form": None, "companion_form": None, "reads_wish": None}
    meeting = queries.career_meeting_of(person, membership)
    origin = OriginForm(
        initial={"origin": membership.origin, "career_meeting": meeting}, is_inspector=meeting is not None
    )
    companion = None
    if membership.stage == Stage.SECOND_YEAR:
        companion = CompanionForm(
            initial={"companion": membership.accompanied_by_id},
            by=person,
            district_id=membership.group.network.district_id,
        )
    return {
        "origin_form": origin,
        "companion_form": companion,
        "reads_wish": cycle_queries.wish_of(membership),
    }


@signed_in
@require_POST
@forgets_draft
def membership_move(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    is_own = Hand.PERSON in hands_on(request.user, membership)
    form = MoveForm(request.POST, auto_id="move_%s", is_own=is_own)
    if form.is_valid():
        with refusals_in(form):
            actions.move(membership=membership, by=request.user, **form.cleaned_data)
            messages.success(request, f"C’est noté\u00a0: {ACTS[form.cleaned_data['verb']].told}.")
            return redirect("networks:membership_page", pk=pk)
    return page_of(request, _membership(request, pk), status=422, move_form=form)


@requires(Permission.MANAGE_GROUPS)
@require_POST
def membership_origin(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    meeting = queries.career_meeting_of(request.user, membership)
    form = OriginForm(request.POST, is_inspector=meeting is not None)
    if form.is_valid():
        with refusals_in(form):
            actions.note_origin(membership=membership, origin=form.cleaned_data["origin"], by=request.user)
            if meeting is not None:
                noted = form.cleaned_data["career_meeting"]
                actions.note_career_meeting(membership=membership, by=request.user, noted=noted)
            messages.success(request, "La venue est notée.")
            return redirect("networks:membership_page", pk=pk)
    return page_of(request, membership, status=422, origin_form=form)


@requires(Permission.MANAGE_GROUPS)
@require_POST
def membership_companion(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    form = CompanionForm(request.POST, by=request.user, district_id=membership.group.network.district_id)
    if form.is_valid():
        with refusals_in(form):
            actions.name_companion(membership=membership, companion=form.cleaned_data["companion"], by=request.user)
            messages.success(request, "L’accompagnement est noté, et les deux personnes sont prévenues.")
            return redirect("networks:membership_page", pk=pk)
    return page_of(request, membership, status=422, companion_form=form)
