"""The films that a step shows: find one, choose which part."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from trainings.models import Step, StepExcerpt
from trainings.paths.actions import contents as actions
from trainings.paths.forms.contents import ExcerptForm
from trainings.paths.queries import films as queries
from trainings.paths.views.parts import Crumbs, parents, place_asked
from trainings.paths.views.steps import step_of
from videos.models import Excerpt, Film


def _parents(step: Step) -> Crumbs:
    return [*parents(step.module.version), (step.title, reverse("trainings:step_edit", args=[step.pk]))]


def _to_excerpt(excerpt: StepExcerpt) -> HttpResponse:
    return redirect(f"{reverse('trainings:step_edit', args=[excerpt.step_id])}#extrait-{excerpt.pk}")


def _choose(request: HttpRequest, step: Step, here: str, instead: StepExcerpt | None = None) -> HttpResponse:
    page = queries.choosing_page(request.user, request.GET)
    context = {"step": step, "page": page, "here_url": here, "instead": instead, "parents": _parents(step)}
    return htmx.page(request, "trainings/paths/excerpt_choose.html", "found", context)


@requires(Permission.WRITE_PATHS)
@require_safe
def excerpt_choose(request: HttpRequest, pk: int) -> HttpResponse:
    return _choose(request, step_of(request, pk), reverse("trainings:excerpt_choose", args=[pk]))


@requires(Permission.WRITE_PATHS)
@require_safe
def excerpt_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Another film for an excerpt whose stops are kept."""
    excerpt = _excerpt(request, pk)
    return _choose(request, excerpt.step, reverse("trainings:excerpt_replace", args=[pk]), excerpt)


def _instead(request: HttpRequest, step: Step, given: QueryDict) -> StepExcerpt | None:
    """The excerpt whose film is to be another one, if the address or the form names one."""
    if not (number := number_in(given.get("pour"))):
        return None
    return get_object_or_404(StepExcerpt.objects.editable_by(request.user), pk=number, step=step)


def _film(request: HttpRequest, text: str | None) -> Film:
    """The film that the address or the form names."""
    try:
        pk = UUID(text or "")
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(Film.objects.visible_to(request.user).watchable().select_related("author"), pk=pk)


def _form(
    request: HttpRequest,
    form: ExcerptForm,
    step: Step,
    film: Film | None,
    excerpt: StepExcerpt | None = None,
    instead: StepExcerpt | None = None,
    cut: int = 0,
    status: int = 200,
) -> HttpResponse:
    """`cut`: the key of the excerpt that somebody cut, from which one begins; the draft of each is its own."""
    begin_s = form.initial.get("in_s") or 0
    new = f"step-excerpt-of:{step.pk}/{film.pk if film else 0}/{instead.pk if instead else 0}/{cut}"
    followed(form, request, f"step-excerpt:{excerpt.pk}" if excerpt else new, over=excerpt)
    context = {
        "instead": instead,
        "form": form,
        "step": step,
        "film": film,
        "excerpt": excerpt,
        "cut": cut,
        "begin_s": begin_s,
        "parents": _parents(step),
    }
    return htmx.page(request, "trainings/paths/excerpt.html", "form", context, status=status)


@requires(Permission.WRITE_PATHS)
@require_safe
def excerpt_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A whole film to cut, or an excerpt that somebody has cut already."""
    step = step_of(request, pk)
    instead = _instead(request, step, request.GET)
    if number := number_in(request.GET.get("extrait")):
        cut = get_object_or_404(Excerpt.objects.visible_to(request.user).select_related("film__author"), pk=number)
        initial = {"in_s": cut.in_s, "out_s": cut.out_s, "title": cut.title}
        form = ExcerptForm(film=cut.film, initial=initial)
        return _form(request, form, step, cut.film, instead=instead, cut=cut.pk)
    film = _film(request, request.GET.get("film"))
    initial = {"in_s": 0.0, "out_s": film.duration_s or 0.0, "title": film.title}
    return _form(request, ExcerptForm(film=film, initial=initial), step, film, instead=instead)


@requires(Permission.WRITE_PATHS)
@require_POST
@forgets_draft
def excerpt_create(request: HttpRequest, pk: int) -> HttpResponse:
    step, film = step_of(request, pk), _film(request, request.POST.get("film"))
    instead = _instead(request, step, request.POST)
    form = ExcerptForm(request.POST, film=film)
    if form.is_valid():
        with refusals_in(form):
            said = {"film": film, "text": form.said, "by": request.user}
            made = actions.show_instead(excerpt=instead, **said) if instead else actions.show(step=step, **said)
            return _to_excerpt(made)
    cut = number_in(request.POST.get("extrait")) or 0
    return _form(request, form, step, film, instead=instead, cut=cut, status=422)


def _excerpt(request: HttpRequest, pk: int) -> StepExcerpt:
    rows = StepExcerpt.objects.editable_by(request.user).select_related("step__module__version__path")
    return get_object_or_404(rows, pk=pk)


def _seen(request: HttpRequest, excerpt: StepExcerpt) -> Film | None:
    """Its film, if this person sees it: another of the team may not."""
    rows = Film.objects.visible_to(request.user).watchable().select_related("author")
    return rows.filter(pk=excerpt.film_id).first() if excerpt.film_id else None


@requires(Permission.WRITE_PATHS)
@require_safe
def excerpt_edit(request: HttpRequest, pk: int) -> HttpResponse:
    excerpt = _excerpt(request, pk)
    film = _seen(request, excerpt)
    return _form(request, ExcerptForm(film=film, part=excerpt), excerpt.step, film, excerpt)


@requires(Permission.WRITE_PATHS)
@require_POST
@forgets_draft
def excerpt_update(request: HttpRequest, pk: int) -> HttpResponse:
    excerpt = _excerpt(request, pk)
    film = _seen(request, excerpt)
    form = ExcerptForm(request.POST, film=film, part=excerpt)
    if form.is_valid():
        with refusals_in(form):
            return _to_excerpt(actions.cut_otherwise(excerpt=excerpt, text=form.said, by=request.user))
    return _form(request, form, excerpt.step, film, excerpt, status=422)


@requires(Permission.WRITE_PATHS)
@require_POST
def excerpt_move(request: HttpRequest, pk: int) -> HttpResponse:
    excerpt = _excerpt(request, pk)
    with refusals_above(request):
        place = place_asked(request, list(excerpt.step.excerpts.all()), excerpt)
        actions.move(part=excerpt, place=place, by=request.user)
    return _to_excerpt(excerpt)


@requires(Permission.WRITE_PATHS)
@require_POST
def excerpt_remove(request: HttpRequest, pk: int) -> HttpResponse:
    excerpt = _excerpt(request, pk)
    query = {}
    with refusals_above(request):
        query["retire"] = actions.remove(part=excerpt, by=request.user).pk
    return redirect(reverse("trainings:step_edit", args=[excerpt.step_id], query=query))
