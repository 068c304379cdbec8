"""One's pairs, and the page of one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from circo import writing
from circo.access import signed_in
from circo.drafts.forms import follow
from circo.refusals import refusals_in
from circo.rules import number_in
from networks.mentoring import actions, queries, rules
from networks.mentoring.forms import GoalForm, IntroduceForm, MeetingForm, MessageForm, ProposeForm
from networks.models import MentoringPair

HOME = "networks/mentoring/mentoring_home.html"
PAGE = "networks/mentoring/mentoring_pair.html"


def crumbs(pair: MentoringPair | None = None) -> list[tuple[str, str]]:
    found = [("Groupes", reverse("networks:group_list"))]
    if pair is not None:
        found += [("Mentorat", reverse("networks:mentoring_home")), ("Mon binôme", queries.address(pair))]
    return found


def _home(request: HttpRequest, status: int = 200, **forms: Any) -> HttpResponse:
    person = request.user
    rows = list(queries.pairs(person))
    for pair in rows:
        pair.other, pair.awaits_me = pair.other_of(person), _awaits(pair, person)
    is_adviser = bool(queries.districts_introduced_in(person))
    context = {
        "pairs": rows,
        "propose": ProposeForm(person=person),
        "introduce": IntroduceForm(person=person) if is_adviser else None,
        "introduced": queries.introduced(person) if is_adviser else [],
        "parents": crumbs(),
        **forms,
    }
    context["can_propose"] = context["propose"].fields["to"].queryset.exists()
    return render(request, HOME, context, status=status)


def _awaits(pair: MentoringPair, person: Any) -> bool:
    return pair.state == rules.State.PROPOSED and getattr(pair, f"{pair.side_of(person)}_accepted_at") is None


@signed_in
@never_cache
@require_safe
def mentoring_home(request: HttpRequest) -> HttpResponse:
    return _home(request)


@signed_in
@require_POST
def mentoring_propose(request: HttpRequest) -> HttpResponse:
    form = ProposeForm(request.POST, person=request.user)
    if form.is_valid():
        with refusals_in(form, "to"):
            pair = actions.propose(to=form.cleaned_data["to"], by=request.user)
            messages.success(request, "Votre proposition est partie. La réponse est libre, et sans explication.")
            return redirect("networks:mentoring_pair", pair.pk)
    return _home(request, status=422, propose=form)


@signed_in
@require_POST
def mentoring_introduce(request: HttpRequest) -> HttpResponse:
    if not queries.districts_introduced_in(request.user):
        raise Http404
    form = IntroduceForm(request.POST, person=request.user)
    if form.is_valid():
        with refusals_in(form):
            actions.introduce(by=request.user, **form.cleaned_data)
            messages.success(request, "C’est transmis. La suite leur appartient.")
            return redirect("networks:mentoring_home")
    return _home(request, status=422, introduce=form)


def mine(request: HttpRequest, pk: int) -> MentoringPair:
    """The pair of which whoever asks is one of the two; 404 for anybody else, whoever it is."""
    return get_object_or_404(queries.pairs(request.user), pk=pk)


def begun(request: HttpRequest, pk: int) -> MentoringPair:
    return get_object_or_404(queries.pairs(request.user).filter(state__in=rules.THREADED), pk=pk)


def page_response(request: HttpRequest, pair: MentoringPair, status: int = 200, **more: Any) -> HttpResponse:
    """Draw the page of a pair, for one of the two."""
    if pair.state == rules.State.PROPOSED:
        context = {"pair": pair, "other": pair.other_of(request.user), "parents": crumbs(pair)[:2]}
        context["awaits_me"] = _awaits(pair, request.user)
        return render(request, "networks/mentoring/proposed.html", context, status=status)
    context = thread_context(request, pair) | {
        "films": queries.shared_films(pair, request.user),
        "is_newcomer": pair.side_of(request.user) == "newcomer",
        "counting": queries.settings_of(pair),
        "can_take_back": _can_take_back(pair, request),
        "message_form": MessageForm(auto_id="message_%s"),
        "goal_form": GoalForm(auto_id="objectif_%s"),
        "meeting_form": MeetingForm(auto_id="rencontre_%s"),
        "undo": undo_of(request, pair),
        "parents": crumbs(pair)[:2],
        **more,
    }
    names = ("message", "goal", "meeting") if pair.is_on else ()
    follow(request, {f"{pair.drafts_place}/{name}": context[f"{name}_form"] for name in names})
    return render(request, PAGE, context, status=status)


def thread_context(request: HttpRequest, pair: MentoringPair) -> dict[str, Any]:
    page = queries.page_of(pair, request.user, before=number_in(request.GET.get("avant")))
    other_side = "mentor" if pair.side_of(request.user) == "newcomer" else "newcomer"
    seen = getattr(pair, f"{other_side}_read")
    own = [message.number for message in page.messages if message.author_id == request.user.pk]
    side = pair.side_of(request.user)
    return {
        "page": page,
        "pair": pair,
        "person": request.user,
        "said": [(message, writing.to_html(message.text)) for message in page.messages],
        "goals": [(goal, writing.to_html(goal.text)) for goal in page.goals],
        "meetings": [
            (
                meeting,
                getattr(meeting, f"{side}_held_at") is not None,
                getattr(meeting, f"{other_side}_held_at") is not None,
            )
            for meeting in page.meetings
        ],
        "last_seen": max((number for number in own if number <= seen), default=0),
        "unread": any(
            message.author_id != request.user.pk and message.number > pair.read_by(request.user)
            for message in page.messages
        ),
        "before": number_in(request.GET.get("avant")),
    }


def _can_take_back(pair: MentoringPair, request: HttpRequest) -> bool:
    lately = pair.ended_at is not None and timezone.now() - pair.ended_at <= rules.UNDO
    return pair.state == rules.State.ENDED and lately and pair.ended_by_id == request.user.pk


UNDOS = {
    "message": ("networks:mentoring_restore", "Message retiré."),
    "objectif": ("networks:mentoring_goal_restore", "Objectif retiré."),
    "rencontre": ("networks:mentoring_meeting_put_back", "Rencontre annulée."),
}


def undo_of(request: HttpRequest, pair: MentoringPair) -> dict[str, str] | None:
    """What was just taken away, as the address says it: the way back is checked when it is taken."""
    asked = request.GET.get("retire", "")
    if asked == "mes-messages":
        url = reverse("networks:mentoring_restore_mine", args=[pair.pk])
        text = (
            "Vos messages sont retirés. Ils se remettent pendant cinq minutes, puis s’effacent dans le quart d’heure."
        )
        return {"text": text, "url": url}
    word, _, number = asked.partition("-")
    row_id = number_in(number)
    if word not in UNDOS or row_id is None:
        return None
    name, text = UNDOS[word]
    return {"text": text, "url": reverse(name, args=[pair.pk, row_id])}


@signed_in
@never_cache
@require_safe
def mentoring_pair(request: HttpRequest, pk: int) -> HttpResponse:
    return page_response(request, mine(request, pk))


def _act(request: HttpRequest, pk: int, act: Callable[..., Any], said: str = "") -> HttpResponse:
    act(pair=mine(request, pk), by=request.user)
    if said:
        messages.success(request, said)
    return redirect("networks:mentoring_pair", pk)


@signed_in
@require_POST
def mentoring_accept(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, actions.accept)


@signed_in
@require_POST
def mentoring_decline(request: HttpRequest, pk: int) -> HttpResponse:
    actions.decline(pair=mine(request, pk), by=request.user)
    messages.success(request, "C’est noté. Personne n’en demandera la raison.")
    return redirect("networks:mentoring_home")


@signed_in
@require_POST
def mentoring_end(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, actions.end)


@signed_in
@require_POST
def mentoring_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, actions.take_back_end, "Votre binôme continue.")


@signed_in
@require_POST
def mentoring_erase(request: HttpRequest, pk: int) -> HttpResponse:
    if actions.ask_erasure(pair=begun(request, pk), by=request.user):
        messages.success(request, "Vos échanges sont effacés, pour vous deux et pour toujours.")
    return redirect("networks:mentoring_pair", pk)


@signed_in
@require_POST
def mentoring_keep(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, actions.withdraw_erasure)


@signed_in
@require_POST
def mentoring_erase_mine(request: HttpRequest, pk: int) -> HttpResponse:
    actions.erase_mine(pair=begun(request, pk), by=request.user)
    return redirect(reverse("networks:mentoring_pair", args=[pk], query={"retire": "mes-messages"}))


@signed_in
@require_POST
def mentoring_restore_mine(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, actions.restore_mine)
