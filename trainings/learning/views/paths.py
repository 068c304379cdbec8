"""A path as its learner finds it, begins it, and settles how to go through it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.documents.pacing import paced
from circo.downloads import download
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_above, refusals_in
from trainings.catalogue import queries as catalogue
from trainings.following import queries as following
from trainings.learning import actions, certificates
from trainings.learning.forms import AssessmentForm, RouteForm, WishesForm
from trainings.learning.queries import lists
from trainings.learning.rules import Route
from trainings.models import Enrolment, LearningPath, Module, PathSession


def _path(request: HttpRequest, pk: int) -> LearningPath:
    return get_object_or_404(LearningPath.objects.visible_to(request.user).select_related("district"), pk=pk)


def enrolment(request: HttpRequest, pk: int) -> Enrolment:
    """One's own enrolment in a path; 404 for whoever does not follow it."""
    rows = Enrolment.objects.visible_to(request.user).select_related("version", "session", "path__district")
    return get_object_or_404(rows, path_id=pk)


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    page = lists.mine_page(request.user, request.GET.get("page", ""))
    return htmx.page(request, "trainings/learning/mine.html", "rows", {"page": page})


@signed_in
@require_safe
def path_show(request: HttpRequest, pk: int) -> HttpResponse:
    path = _path(request, pk)
    context = lists.path_context(path, request.user)
    context |= {
        "side": following.learner_side(context["enrolment"], request.user),
        "may_open_session": context["is_open"] and request.user.reach().can(Permission.WRITE_PATHS),
        "reviews": catalogue.reviews_page(path, context["way"], request.user, request.GET.get("page", "")),
        "undone": catalogue.undoable(path, request.user, request.GET),
    }
    return htmx.page(request, "trainings/learning/path_show.html", "path", context)


@requires(Permission.USE_PORTAL)
@require_POST
def enrol(request: HttpRequest, pk: int) -> HttpResponse:
    path = get_object_or_404(LearningPath.objects.visible_to(request.user), pk=pk)
    session = None
    if asked := request.POST.get("session"):
        rows = PathSession.objects.visible_to(request.user).filter(version__path=path)
        session = get_object_or_404(rows, pk=asked if asked.isdigit() else None)
    followed = session is not None and request.POST.get("suivi") == str(session.tutor_id)
    with refusals_above(request):
        taken = actions.enrol(path=path, session=session, followed=followed, by=request.user)
        if lists.has_statements(taken.version):
            return redirect("trainings:assessment", pk)
    return redirect("trainings:path_show", pk)


@signed_in
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    with refusals_above(request):
        actions.leave(enrolment=enrolment(request, pk), by=request.user)
    return redirect("trainings:path_show", pk)


@signed_in
@require_POST
def come_back(request: HttpRequest, pk: int) -> HttpResponse:
    actions.come_back(enrolment=enrolment(request, pk), by=request.user)
    return redirect("trainings:path_show", pk)


@signed_in
@require_POST
def move_to_current(request: HttpRequest, pk: int) -> HttpResponse:
    with refusals_above(request):
        actions.move_to_current(enrolment=enrolment(request, pk), by=request.user)
    return redirect("trainings:path_show", pk)


def _wishes(request: HttpRequest, row: Enrolment, form: WishesForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"enrolment:{row.pk}/wishes")
    context = {"form": form, "enrolment": row}
    return htmx.page(request, "trainings/learning/wishes.html", "form", context, status=status)


@signed_in
@require_safe
def wishes(request: HttpRequest, pk: int) -> HttpResponse:
    row = enrolment(request, pk)
    return _wishes(request, row, WishesForm(enrolment=row))


@signed_in
@require_POST
@forgets_draft
def wishes_save(request: HttpRequest, pk: int) -> HttpResponse:
    row = enrolment(request, pk)
    form = WishesForm(request.POST, enrolment=row)
    if form.is_valid():
        with refusals_in(form):
            actions.set_wishes(enrolment=row, **form.cleaned_data, by=request.user)
            return redirect("trainings:path_show", pk)
    return _wishes(request, row, form, status=422)


def _assessment(request: HttpRequest, row: Enrolment, data: object = None, status: int = 200) -> HttpResponse:
    form = _assessment_form(row, data)
    context = {"form": form, "enrolment": row}
    return htmx.page(request, "trainings/learning/assessment.html", "form", context, status=status)


def _assessment_form(row: Enrolment, data: object = None) -> AssessmentForm:
    modules, said = lists.statements(row)
    return AssessmentForm(data, modules=modules, said=said)


@signed_in
@require_safe
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    return _assessment(request, enrolment(request, pk))


@signed_in
@require_POST
def assess(request: HttpRequest, pk: int) -> HttpResponse:
    row = enrolment(request, pk)
    form = _assessment_form(row, request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.assess(enrolment=row, levels=form.levels, by=request.user)
            return redirect("trainings:path_show", pk)
    return _assessment(request, row, request.POST, status=422)


@signed_in
@require_POST
def choose(request: HttpRequest, pk: int, module_id: int) -> HttpResponse:
    row = enrolment(request, pk)
    module = get_object_or_404(Module.objects.visible_to(request.user), pk=module_id, version=row.version)
    form = RouteForm(request.POST)
    with refusals_above(request):
        if form.is_valid():
            route = Route(form.cleaned_data["route"])
            actions.choose(enrolment=row, module=module, route=route, by=request.user)
    return redirect("trainings:path_show", pk)


@signed_in
@require_safe
@paced
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Enrolment.objects.visible_to(request.user).select_related("person", "version"), path_id=pk)
    issued = get_object_or_404(lists.certificates_of(row))
    with refusals_above(request):
        letter = certificates.certificate(row, issued, lists.entry_of(row))
        return download(letter.pdf(), f"attestation-parcours-{pk}.pdf")
    return redirect("trainings:path_show", pk)
