"""The list of groups, the page of one, and how one comes to it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo.access import Permission, requires, signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.models import Person
from circo.queries import Filter
from circo.refusals import refusals_in
from circo.rules import worded
from networks import registries
from networks.cycle import queries as cycle_queries
from networks.experiments import queries as experiments
from networks.groups import actions, queries
from networks.groups.forms import InviteForm, RequestForm
from networks.groups.hands import hands_of
from networks.groups.rules import STAGE_LABELS, WAITING, Hand, Stage
from networks.meetings import queries as meetings
from networks.models import MutualisationGroup
from networks.models.groups import MAY_JOIN
from networks.salons import queries as salons
from networks.visits import queries as visits

PER_PAGE = 30
SCHOOLS_PER_PAGE = 50


@signed_in
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    reach = request.user.reach()
    is_team = reach.can(Permission.VIEW_TEAM)
    network, stage = request.GET.get("reseau", ""), request.GET.get("etape", "")
    stage = stage if stage in set(Stage) else ""
    rows = queries.group_list(request.user)
    if is_team:
        rows = queries.narrowed(rows, network, stage)
    manages = reach.can(Permission.MANAGE_GROUPS)
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "is_team": is_team,
        "manages": manages,
        "questions": _questions(manages=manages) if is_team else [],
        "joins": bool(reach.roles & MAY_JOIN),
        "filters": _filters(request.user, network, stage) if is_team else [],
        "query": urlencode({key: value for key, value in (("reseau", network), ("etape", stage)) if value}),
    }
    return render(request, "networks/group_list.html", context)


def _filters(person: Person, network: str, stage: str) -> list[Filter]:
    networks = list(queries.networks_of(person))
    in_several = len({one.district_id for one in networks}) > 1
    named = [(str(one.pk), f"{one.name}, {one.district.name}" if in_several else one.name) for one in networks]
    stages = [(value, label.capitalize()) for value, label in worded(STAGE_LABELS)]
    return [
        Filter("reseau", "Réseau", named, network, none="Tous"),
        Filter("etape", "Avec des membres en", stages, stage, none="Toutes les étapes"),
    ]


def _questions(*, manages: bool) -> list[tuple[str, str]]:
    """What a team asks itself of its groups, each with the list that answers it."""
    groups, members = "admin:networks_mutualisationgroup_changelist", "admin:networks_membership_changelist"
    year = cycle_queries.current_year()
    now = {"school_year__id__exact": year.pk} if year else {}
    found = [
        ("Quelles écoles n’ont personne dans un groupe\u00a0?", reverse("networks:school_gaps")),
        ("Quels groupes ne se sont pas réunis depuis six semaines\u00a0?", reverse(groups, query={"met": "long"})),
        ("Quels groupes n’ont personne pour les animer\u00a0?", reverse(groups, query={"members": "alone"})),
        (
            "Quelles deuxièmes années n’ont personne pour les accompagner\u00a0?",
            reverse(members, query={"companion": "none", **now}),
        ),
    ]
    if manages:
        found.append(("Qui n’a pas encore dit son vœu\u00a0?", reverse(members, query={"wish": "none", **now})))
    return found


@signed_in
@require_safe
def group_page(request: HttpRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(queries.group_of_page(request.user), pk=pk)
    members = list(queries.members_of(request.user, group))
    leads = group.adviser_id == request.user.pk
    manages = Hand.TEAM in hands_of(request.user, group, 0)
    context = {
        "group": group,
        "members": members,
        "is_in_circle": request.user.pk in {group.adviser_id, *(member.person_id for member in members)},
        "manages": manages,
        "reads_pages": manages or leads,
        "sites": visits.sites_of_group(request.user, group),
        "experiments": experiments.of_group(request.user, group),
        "meetings": meetings.of_group(group, request.user),
        "salons": salons.salons_of_group(request.user, group.pk),
        "parents": [("Groupes", reverse("networks:group_list"))],
        **_for_the_team(request.user, group, members, leads=leads, manages=manages),
    }
    return render(request, "networks/group_page.html", context)


def _for_the_team(person: Person, group: MutualisationGroup, members: list, *, leads: bool, manages: bool) -> dict:
    """Who waits, who is away; and, for the adviser alone, who has been silent."""
    others = list(queries.others_of(person, group)) if leads or manages else []
    watches = leads and registries.watches_activity()
    return {
        "waiting": [one for one in others if one.standing in WAITING],
        "away": [one for one in others if one.standing not in WAITING],
        "silent": queries.silent_of(group, members, timezone.localdate()) if watches else [],
        "silent_weeks": queries.SILENT_WEEKS,
        "watches": watches,
    }


# --- Joining ------------------------------------------------------------------------------------------------------
@requires(Permission.DEPOSIT_FILM)
@require_safe
def group_browse(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.joinable_groups(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "parents": [("Groupes", reverse("networks:group_list"))]}
    return render(request, "networks/group_browse.html", context)


@requires(Permission.DEPOSIT_FILM)
@require_safe
def group_ask(request: HttpRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(queries.joinable_groups(request.user), pk=pk)
    return _ask(request, group, RequestForm())


def _ask(request: HttpRequest, group: MutualisationGroup, form: RequestForm, status: int = 200) -> HttpResponse:
    parents = [("Groupes", reverse("networks:group_list")), ("Rejoindre un groupe", reverse("networks:group_browse"))]
    followed(form, request, f"group:{group.pk}/request")
    context = {"group": group, "form": form, "parents": parents}
    return render(request, "networks/group_ask.html", context, status=status)


@requires(Permission.DEPOSIT_FILM)
@require_POST
@forgets_draft
def group_request(request: HttpRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(queries.joinable_groups(request.user), pk=pk)
    form = RequestForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            made = actions.request(group=group, by=request.user, **form.cleaned_data)
            messages.success(request, "Votre demande est partie. Vous serez prévenu·e de la réponse.")
            return redirect("networks:membership_page", pk=made.pk)
    return _ask(request, group, form, status=422)


@requires(Permission.MANAGE_GROUPS)
@require_safe
def group_invite(request: HttpRequest, pk: int) -> HttpResponse:
    group = _managed(request, pk)
    return _invite(request, group, _invite_form(request, group))


def _managed(request: HttpRequest, pk: int) -> MutualisationGroup:
    return get_object_or_404(MutualisationGroup.objects.editable_by(request.user).select_related("network"), pk=pk)


def _invite_form(request: HttpRequest, group: MutualisationGroup, data=None) -> InviteForm:
    is_inspector = queries.inspects(request.user, group.network.district_id)
    return InviteForm(data, by=request.user, group=group, is_inspector=is_inspector)


def _invite(request: HttpRequest, group: MutualisationGroup, form: InviteForm, status: int = 200) -> HttpResponse:
    parents = [
        ("Groupes", reverse("networks:group_list")),
        (group.name, reverse("networks:group_page", args=[group.pk])),
    ]
    followed(form, request, f"group:{group.pk}/invitation")
    context = {"group": group, "form": form, "parents": parents}
    return render(request, "networks/group_invite.html", context, status=status)


@requires(Permission.MANAGE_GROUPS)
@require_POST
@forgets_draft
def invitation_create(request: HttpRequest, pk: int) -> HttpResponse:
    group = _managed(request, pk)
    form = _invite_form(request, group, request.POST)
    if form.is_valid():
        typed = dict(form.cleaned_data)
        career_meeting = typed.pop("career_meeting", False)
        with refusals_in(form):
            made = actions.invite(group=group, by=request.user, career_meeting=career_meeting, **typed)
            messages.success(request, f"L’invitation est partie\u00a0: {made.person}.")
            return redirect("networks:group_page", pk=group.pk)
    return _invite(request, group, form, status=422)


# --- What the team looks for --------------------------------------------------------------------------------------
@requires(Permission.VIEW_TEAM)
@require_safe
def school_gaps(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.schools_without_anybody(request.user), SCHOOLS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "networks/school_gaps.html",
        {"page": page, "parents": [("Groupes", reverse("networks:group_list"))]},
    )
