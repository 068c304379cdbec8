"""The pages of those who propose a stand or a workshop, and of those who decide."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx, writing
from circo.access import Permission, requires, signed_in
from circo.drafts.forms import follow, forgets_draft
from circo.refusals import refusals_above, refusals_in
from events.festival import actions, moving, queries
from events.festival.forms import AnimationForm, DecisionForm, SessionForm
from events.festival.rules import AnimationState
from events.festival.views.preparing import opened, parents_of
from events.models import Animation, AnimationSession, Festival

ANIMATION, ANIMATION_FORM = "events/festival/animation_page.html", "events/festival/animation_form.html"
TIME_FORM = "events/festival/animation_time.html"


def _animation(request: HttpRequest, pk: int) -> Animation:
    return get_object_or_404(queries.animations(request.user), pk=pk)


def _edited(request: HttpRequest, pk: int) -> Animation:
    """The animation, if it is one's own, or of a festival that one prepares."""
    animation = _animation(request, pk)
    if not (animation.is_mine or animation.is_prepared):
        raise Http404
    return animation


def to_animation(pk: int, done: str = "") -> HttpResponse:
    return redirect(reverse("events:animation_page", args=[pk], query={"fait": done} if done else {}))


def _animation_form(
    request: HttpRequest,
    form: AnimationForm,
    festival: Festival,
    session: SessionForm | None = None,
    animation: Animation | None = None,
    status: int = 200,
) -> HttpResponse:
    place = f"animation:{animation.pk}" if animation else f"festival:{festival.pk}/animation"
    follow(request, {place: form}, over=animation)
    follow(request, {f"{place}/time": session})
    context = {
        "form": form,
        "session": session,
        "festival": festival,
        "animation": animation,
        "parents": parents_of(festival),
    }
    return htmx.page(request, ANIMATION_FORM, "form", context, status=status)


def _proposed(request: HttpRequest, pk: int) -> Festival:
    festival = opened(request, pk)
    if not queries.may_propose(festival, request.user):
        raise Http404
    return festival


@signed_in
@require_safe
def animation_new(request: HttpRequest, pk: int) -> HttpResponse:
    festival = _proposed(request, pk)
    return _animation_form(request, AnimationForm(), festival, SessionForm(festival=festival))


@signed_in
@require_POST
@forgets_draft
def animation_create(request: HttpRequest, pk: int) -> HttpResponse:
    festival = _proposed(request, pk)
    form, session = AnimationForm(request.POST), SessionForm(request.POST, festival=festival)
    if form.is_valid() & session.is_valid():
        with refusals_in(session):
            wanted, moment = form.wanted(), session.moment()
            made = actions.propose(festival=festival, wanted=wanted, moment=moment, by=request.user)
            return to_animation(made.pk, "proposee")
    return _animation_form(request, form, festival, session, status=422)


@signed_in
@require_safe
def animation_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _animation(request, pk))


def _show(
    request: HttpRequest,
    animation: Animation,
    decision: DecisionForm | None = None,
    session: SessionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    festival = animation.festival
    may_change = festival.is_open and (
        animation.is_prepared or (animation.is_mine and animation.state == AnimationState.PROPOSED)
    )
    may_decide = festival.is_open and animation.is_prepared and animation.state != AnimationState.WITHDRAWN
    said = {"state": animation.state, "spot": animation.spot, "word": animation.aside_word}
    reads_visitors = animation.is_mine or animation.is_prepared
    visitors = queries.visitors_of(animation) if reads_visitors else {}
    decision = (decision or DecisionForm(initial=said)) if may_decide else None
    if decision is not None:
        follow(request, {f"animation:{animation.pk}/decision": decision}, over=said)
    context = {
        "animation": animation,
        "festival": festival,
        "times": [(one, visitors.get(one.pk, [])) for one in animation.sessions.all()],
        "reads_visitors": reads_visitors,
        "words": writing.to_html(animation.words),
        "may_change": may_change,
        "decision": decision,
        "session": (session or SessionForm(festival=festival)) if may_change else None,
        "done": request.GET.get("fait", ""),
        "parents": parents_of(festival),
    }
    return htmx.page(request, ANIMATION, "animation", context, status=status)


@signed_in
@require_safe
def animation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    animation = _edited(request, pk)
    return _animation_form(request, AnimationForm(animation=animation), animation.festival, animation=animation)


@signed_in
@require_POST
@forgets_draft
def animation_change(request: HttpRequest, pk: int) -> HttpResponse:
    animation, form = _edited(request, pk), AnimationForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.rework(animation=animation, wanted=form.wanted(), by=request.user)
            return to_animation(pk, "change")
    return _animation_form(request, form, animation.festival, animation=animation, status=422)


@requires(Permission.PREPARE_FESTIVAL)
@require_POST
@forgets_draft
def animation_decide(request: HttpRequest, pk: int) -> HttpResponse:
    animation, form = _edited(request, pk), DecisionForm(request.POST)
    if not animation.is_prepared:
        raise Http404
    if form.is_valid():
        with refusals_in(form):
            data = form.cleaned_data
            state = AnimationState(data["state"])
            actions.decide(animation=animation, state=state, word=data["word"], spot=data["spot"], by=request.user)
            return to_animation(pk, "decide")
    return _show(request, animation, decision=form, status=422)


@signed_in
@require_POST
def animation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    with refusals_above(request):
        actions.withdraw(animation=_edited(request, pk), by=request.user)
        return to_animation(pk, "retiree")
    return to_animation(pk)


@signed_in
@require_POST
def animation_put_back(request: HttpRequest, pk: int) -> HttpResponse:
    with refusals_above(request):
        actions.put_back(animation=_edited(request, pk), by=request.user)
        return to_animation(pk, "remise")
    return to_animation(pk)


@signed_in
@require_POST
def animation_time_add(request: HttpRequest, pk: int) -> HttpResponse:
    animation = _edited(request, pk)
    form = SessionForm(request.POST, festival=animation.festival)
    if form.is_valid():
        with refusals_in(form):
            actions.add_session(animation=animation, moment=form.moment(), by=request.user)
            return to_animation(pk, "seance")
    return _show(request, animation, session=form, status=422)


@signed_in
@require_POST
def animation_time_remove(request: HttpRequest, pk: int, time_pk: int) -> HttpResponse:
    rows = _edited(request, pk).sessions.select_related("animation__festival")
    session = get_object_or_404(rows, pk=time_pk)
    with refusals_above(request):
        actions.remove_session(session=session, by=request.user)
        return to_animation(pk, "seance-retiree")
    return to_animation(pk)


def _time(request: HttpRequest, pk: int, time_pk: int) -> AnimationSession:
    rows = _edited(request, pk).sessions.select_related("animation__festival__district")
    return get_object_or_404(rows, pk=time_pk)


def _time_form(request: HttpRequest, session: AnimationSession, form: SessionForm, status: int = 200) -> HttpResponse:
    animation = session.animation
    parents = [
        *parents_of(animation.festival),
        (animation.title, reverse("events:animation_page", args=[animation.pk])),
    ]
    return htmx.page(request, TIME_FORM, "form", {"form": form, "session": session, "parents": parents}, status=status)


@signed_in
@require_safe
def animation_time_edit(request: HttpRequest, pk: int, time_pk: int) -> HttpResponse:
    session = _time(request, pk, time_pk)
    return _time_form(request, session, SessionForm(festival=session.animation.festival, session=session))


@signed_in
@require_POST
def animation_time_move(request: HttpRequest, pk: int, time_pk: int) -> HttpResponse:
    session = _time(request, pk, time_pk)
    form = SessionForm(request.POST, festival=session.animation.festival)
    if form.is_valid():
        with refusals_in(form):
            moving.move_session(session=session, moment=form.moment(), by=request.user)
            return to_animation(pk, "deplacee")
    return _time_form(request, session, form, status=422)
