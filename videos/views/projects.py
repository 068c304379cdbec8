"""Recording projects: one's list, one project, what is noted of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.documents.actions import start_batch
from circo.refusals import refusals_above, refusals_in
from videos import actions, queries
from videos.consents import letters
from videos.consents.rules import Basis
from videos.forms.projects import AdultsForm, InformedForm, ProjectForm, PupilsForm
from videos.models import RecordingProject


def _mine(request: HttpRequest, project_id: UUID) -> RecordingProject:
    return get_object_or_404(queries.projects(request.user), pk=project_id)


@signed_in
@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    return render(request, "videos/project_list.html", {"page": queries.project_list_page(request.user)})


@requires(Permission.DEPOSIT_FILM)
@require_safe
def project_new(request: HttpRequest) -> HttpResponse:
    return _form_page(request, ProjectForm(person=request.user))


def _form_page(
    request: HttpRequest, form: ProjectForm, project: RecordingProject | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "project": project}
    return htmx.page(request, "videos/project_form.html", "form", context, status=status)


@requires(Permission.DEPOSIT_FILM)
@require_POST
def project_create(request: HttpRequest) -> HttpResponse:
    form = ProjectForm(request.POST, person=request.user)
    if form.is_valid():
        with refusals_in(form):
            project = actions.create_project(values=form.values, by=request.user)
            return redirect("videos:project_page", project.pk)
    return _form_page(request, form, status=422)


def _page(request: HttpRequest, project: RecordingProject, status: int = 200, **forms) -> HttpResponse:
    given = {"pupils": PupilsForm(), "adults": AdultsForm(), "informed": InformedForm()} | forms
    context = {"page": queries.project_page(project), **given}
    return render(request, "videos/project_page.html", context, status=status)


@signed_in
@require_safe
def project_page(request: HttpRequest, project_id: UUID) -> HttpResponse:
    return _page(request, _mine(request, project_id))


@signed_in
@require_safe
def project_edit(request: HttpRequest, project_id: UUID) -> HttpResponse:
    project = _mine(request, project_id)
    return _form_page(request, ProjectForm(person=request.user, project=project), project)


@signed_in
@require_POST
def project_update(request: HttpRequest, project_id: UUID) -> HttpResponse:
    project = _mine(request, project_id)
    form = ProjectForm(request.POST, person=request.user, project=project)
    if form.is_valid():
        with refusals_in(form):
            actions.change_project(project=project, values=form.values, by=request.user)
            return redirect("videos:project_page", project.pk)
    return _form_page(request, form, project, status=422)


@signed_in
@require_POST
def project_delete(request: HttpRequest, project_id: UUID) -> HttpResponse:
    project = _mine(request, project_id)
    with refusals_above(request):
        actions.delete_project(project=project, by=request.user)
        messages.success(request, "Le projet, sa liste et les formulaires joints sont supprimés.")
        return redirect("videos:project_list")
    return redirect("videos:project_page", project.pk)


@signed_in
@require_POST
def project_declare(request: HttpRequest, project_id: UUID) -> HttpResponse:
    actions.declare_whole(project=_mine(request, project_id), by=request.user)
    return redirect("videos:project_page", project_id)


@signed_in
@require_POST
def project_forms(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Have the forms of all who have not agreed made in one go, or those of everybody once all have; under a public
    task, the information of everybody."""
    project = _mine(request, project_id)
    people = list(queries.recorded_page(request.user).filter(project=project))
    informs = project.basis(timezone.localdate()) == Basis.PUBLIC_TASK
    asked = people if informs else [one for one in people if not one.is_agreeing] or people
    forms = [letters.consent_form(one, link=request.build_absolute_uri(letters.withdrawal_path(one))) for one in asked]
    with refusals_above(request):
        title = "Information des familles" if informs else "Autorisations à faire signer"
        batch = start_batch(title=title, letters=forms, by=request.user)
        return redirect("documents:batch_page", batch.pk)
    return redirect("videos:project_page", project.pk)


@signed_in
@require_POST
def project_inform(request: HttpRequest, project_id: UUID) -> HttpResponse:
    project = _mine(request, project_id)
    form = InformedForm(request.POST)
    if form.is_valid():
        with refusals_in(form, "on"):
            actions.inform(project=project, on=form.cleaned_data["on"], by=request.user)
            return redirect("videos:project_page", project.pk)
    return _page(request, project, status=422, informed=form)


@signed_in
@require_POST
def pupils_add(request: HttpRequest, project_id: UUID) -> HttpResponse:
    project = _mine(request, project_id)
    form = PupilsForm(request.POST)
    if form.is_valid():
        labels, holders = form.cleaned_data["pupils"], form.cleaned_data["holders"]
        with refusals_in(form, "pupils"):
            actions.add_pupils(project=project, labels=labels, holders=holders, by=request.user)
            return redirect("videos:project_page", project.pk)
    return _page(request, project, status=422, pupils=form)


@signed_in
@require_POST
def adults_add(request: HttpRequest, project_id: UUID) -> HttpResponse:
    project = _mine(request, project_id)
    form = AdultsForm(request.POST)
    if form.is_valid():
        with refusals_in(form, "adults"):
            actions.add_adults(project=project, names=form.cleaned_data["adults"], by=request.user)
            return redirect("videos:project_page", project.pk)
    return _page(request, project, status=422, adults=form)
