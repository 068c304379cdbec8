"""The pages of transfers: take a path away, bring a course, add the questions of a file to a quiz."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from circo import htmx, parcels
from circo.access import Permission, requires
from circo.errors import Refusal
from circo.imports.forms import LimitedUpload
from circo.logs import security
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from trainings.models import LearningPath, PathTransfer, Step
from trainings.paths.rules import StepKind
from trainings.paths.views.parts import parents, path_of
from trainings.paths.views.steps import step_of
from trainings.quizzes import rules as quizzes
from trainings.transfers import actions, bringing, queries
from trainings.transfers.forms import CourseForm, QuestionsForm, TakeForm
from trainings.transfers.rules import SUFFIXES, TransferForm, TransferState

TYPES = {TransferForm.SCORM: "application/zip", TransferForm.CARTRIDGE: "application/vnd.ims.imsccv1p1"}


# --- Take a path away -------------------------------------------------------------------------------------------------
def _take(request: HttpRequest, path: LearningPath, form: TakeForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "path": path,
        "transfers": queries.of_path(request.user, path),
        "parents": parents(path.versions.first()),
    }
    return htmx.page(request, "trainings/transfers/take.html", "form", context, status=status)


@requires(Permission.WRITE_PATHS)
@require_safe
def export_new(request: HttpRequest, pk: int) -> HttpResponse:
    path = path_of(request, pk)
    return _take(request, path, TakeForm(path=path))


@requires(Permission.WRITE_PATHS)
@require_POST
def export_ask(request: HttpRequest, pk: int) -> HttpResponse:
    path = path_of(request, pk)
    form = TakeForm(request.POST, path=path)
    if form.is_valid():
        with refusals_in(form):
            asked = TransferForm(form.cleaned_data["form"])
            transfer = actions.take(version=form.chosen, form=asked, by=request.user)
            return redirect("trainings:transfer_page", transfer.pk)
    return _take(request, path, form, status=422)


# --- Bring a course ---------------------------------------------------------------------------------------------------
def _course(request: HttpRequest, form: CourseForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "transfers": queries.courses(request.user), "parents": parents()}
    return htmx.page(request, "trainings/transfers/course.html", "form", context, status=status)


@requires(Permission.WRITE_PATHS)
@require_safe
def course_new(request: HttpRequest) -> HttpResponse:
    return _course(request, CourseForm(person=request.user))


@requires(Permission.WRITE_PATHS)
@csrf_exempt  # only so that the limit is set before the body is read; `_sent` checks the token
@require_POST
def course_send(request: HttpRequest) -> HttpResponse:
    return _sent(request, LimitedUpload.on(request, settings.COURSE_MAX_BYTES))


@csrf_protect
def _sent(request: HttpRequest, limit: LimitedUpload) -> HttpResponse:
    typed, files = request.POST, request.FILES  # read now: the limit knows the size only after
    form = CourseForm(typed, files, person=request.user, too_big=limit.size if limit.is_too_big else 0)
    if form.is_valid():
        with refusals_in(form, "file"):
            transfer = actions.bring(file=form.cleaned_data["file"], district=form.place, by=request.user)
            return redirect("trainings:transfer_page", transfer.pk)
    return _course(request, form, status=422)


# --- One of them ------------------------------------------------------------------------------------------------------
def _transfer(request: HttpRequest, pk: UUID) -> PathTransfer:
    return get_object_or_404(queries.of_person(request.user), pk=pk)


@requires(Permission.WRITE_PATHS)
@require_safe
def transfer_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    transfer = _transfer(request, pk)
    context = {
        "transfer": transfer,
        "progress": queries.progress_of(transfer),
        "parents": parents(transfer.version),
    }
    return htmx.page(request, "trainings/transfers/transfer.html", "transfer", context)


@requires(Permission.WRITE_PATHS)
@require_safe
def transfer_download(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    transfer = _transfer(request, pk)
    if transfer.is_course or transfer.state != TransferState.READY or not transfer.file:
        raise Http404
    form = TransferForm(transfer.form)
    day = f"{timezone.localtime(transfer.asked_at):%Y-%m-%d}"
    name = f"{slugify(transfer.title)[:80] or 'parcours'}-{day}.{SUFFIXES[form]}"
    return parcels.give(parcels.Parcel(transfer.file, TYPES[form], name=name), request)


@requires(Permission.WRITE_PATHS)
@require_POST
def transfer_forget(request: HttpRequest, pk: UUID) -> HttpResponse:
    transfer = get_object_or_404(PathTransfer.objects.editable_by(request.user).select_related("version"), pk=pk)
    where = reverse("trainings:course_new")
    if not transfer.is_course and transfer.version:
        where = reverse("trainings:export_new", args=[transfer.version.path_id])
    actions.forget(transfer=transfer, by=request.user)
    messages.success(request, "C’est effacé.")
    return redirect(where)


# --- Questions of a file ----------------------------------------------------------------------------------------------
def _quiz(request: HttpRequest, pk: int) -> Step:
    step = step_of(request, pk)
    if step.kind != StepKind.QUIZ:
        raise Http404
    return step


def _questions(
    request: HttpRequest, step: Step, form: QuestionsForm, status: int = 200, **found: object
) -> HttpResponse:
    back = reverse("trainings:step_edit", args=[step.pk])
    context = {
        "form": form,
        "step": step,
        "back_url": back,
        "parents": [*parents(step.module.version), (step.title, back)],
        **found,
    }
    return htmx.page(request, "trainings/transfers/questions.html", "found", context, status=status)


@requires(Permission.WRITE_PATHS)
@require_safe
def questions_bring(request: HttpRequest, pk: int) -> HttpResponse:
    return _questions(request, _quiz(request, pk), QuestionsForm())


@requires(Permission.WRITE_PATHS)
@require_POST
def questions_try(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a file holds; nothing is written."""
    step, form = _quiz(request, pk), QuestionsForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_in(form, "file"):
            return _tried(request, step, form)
    return _questions(request, step, form, status=422)


def _tried(request: HttpRequest, step: Step, form: QuestionsForm) -> HttpResponse:
    try:
        questions, left_out = bringing.read(form.cleaned_data["file"])
    except Refusal as refusal:
        security.warning("questions brought by person %s refused: %s", request.user.pk, refusal)
        raise
    room = max(quizzes.QUESTIONS_MAX - step.questions.count(), 0)
    found = {
        "questions": questions[:room],
        "beyond": len(questions[room:]),
        "left_out": left_out,
        "sealed": bringing.sealed(questions[:room], step, request.user) if questions[:room] else "",
        "read": True,
    }
    return _questions(request, step, form, **found)


@requires(Permission.WRITE_PATHS)
@require_POST
def questions_add(request: HttpRequest, pk: int) -> HttpResponse:
    step = _quiz(request, pk)
    with refusals_above(request):
        questions = bringing.opened(request.POST.get("questions", ""), step, request.user)
        added = actions.add_questions(step=step, questions=questions, by=request.user)
        keys = "-".join(str(one.pk) for one in added)
        return redirect(reverse("trainings:step_edit", args=[pk], query={"ajoutees": keys}))
    return redirect("trainings:questions_bring", pk)


@requires(Permission.WRITE_PATHS)
@require_POST
def questions_undo(request: HttpRequest, pk: int) -> HttpResponse:
    step = _quiz(request, pk)
    keys = [number for text in request.GET.get("ajoutees", "").split("-") if (number := number_in(text))]
    with refusals_above(request):
        actions.remove_questions(step=step, keys=keys, by=request.user)
        messages.success(request, "Ces questions sont retirées.")
    return redirect("trainings:step_edit", pk)
