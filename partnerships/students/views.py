"""The pages of students: for who coordinates them, and for each of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from partnerships.cohorts import views as cohorts
from partnerships.models import Student
from partnerships.papers import queries as papers
from partnerships.placements.queries import lists as placements
from partnerships.students import actions, queries
from partnerships.students.forms import NewStudentForm, PairForm, StudentForm, WishesForm

PAGE, EDIT, WISHES = (
    "partnerships/students/page.html",
    "partnerships/students/edit.html",
    "partnerships/students/wishes.html",
)


def _student(request: HttpRequest, pk: int) -> Student:
    rows = Student.objects.editable_by(request.user)
    related = ("person", "status", "home", "cohort__institution", "cohort__programme", "cohort__school_year")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def _to(pk: int, done: str = "") -> HttpResponse:
    return redirect(reverse("partnerships:student_page", args=[pk], query={"fait": done} if done else {}))


def _to_cohort(student: Student, done: str) -> HttpResponse:
    return redirect(reverse("partnerships:cohort_page", args=[student.cohort_id], query={"fait": done}))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
@forgets_draft
def student_add(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = cohorts.cohort_of(request, pk)
    form = NewStudentForm(request.POST, cohort=cohort)
    if form.is_valid():
        with refusals_in(form, "email"):
            student = actions.add(cohort=cohort, by=request.user, **form.cleaned_data)
            return _to_cohort(student, f"ajout-{student.pk}")
    return cohorts.show(request, cohort, student=form, status=422)


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def students_invite(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = cohorts.cohort_of(request, pk)
    count = actions.invite_all(cohort=cohort, by=request.user)
    return redirect(reverse("partnerships:cohort_page", args=[pk], query={"fait": f"invites-{count}"}))


# --- One student ------------------------------------------------------------------------------------------------------
def _parents(student: Student, *, page: bool = False) -> list[tuple[str, str]]:
    cohort = student.cohort
    found = [
        ("Stages", reverse("partnerships:home", query={"institut": cohort.institution_id})),
        (str(cohort), reverse("partnerships:cohort_page", args=[cohort.pk])),
    ]
    return [*found, (str(student), reverse("partnerships:student_page", args=[student.pk]))] if page else found


def _show(request: HttpRequest, student: Student, pair: PairForm, status: int = 200) -> HttpResponse:
    context = {
        "student": student,
        "has_account": student.person.has_usable_password(),
        "pair_form": pair,
        "has_partners": student.pair_id is None and queries.partners_for(student).exists(),
        "placements": placements.of_student(student),
        "grid_url": reverse("partnerships:grid_page", query={"promo": student.cohort_id, "qui": student.party_code}),
        "done": request.GET.get("fait", ""),
        "parents": _parents(student),
    }
    return htmx.page(request, PAGE, "student", context, status=status)


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def student_page(request: HttpRequest, pk: int) -> HttpResponse:
    student = _student(request, pk)
    return _show(request, student, PairForm(student=student))


def _edit(request: HttpRequest, student: Student, form: StudentForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"student:{student.pk}", over=student)
    context = {
        "student": student,
        "form": form,
        "communes": queries.communes(),
        "parents": _parents(student, page=True),
    }
    return htmx.page(request, EDIT, "form", context, status=status)


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def student_edit(request: HttpRequest, pk: int) -> HttpResponse:
    student = _student(request, pk)
    return _edit(request, student, StudentForm(student=student))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
@forgets_draft
def student_update(request: HttpRequest, pk: int) -> HttpResponse:
    student = _student(request, pk)
    form = StudentForm(request.POST, student=student)
    if form.is_valid():
        with refusals_in(form):
            status, wishes = form.cleaned_data["status"], form.wishes()
            actions.describe(student=student, status=status, wishes=wishes, by=request.user)
            return _to(pk, "change")
    return _edit(request, student, form, status=422)


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def student_pair(request: HttpRequest, pk: int) -> HttpResponse:
    student = _student(request, pk)
    form = PairForm(request.POST, student=student)
    if form.is_valid():
        with refusals_in(form, "other"):
            actions.pair(one=student, other=form.cleaned_data["other"], by=request.user)
            return _to(pk, "binome")
    return _show(request, student, form, status=422)


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def student_unpair(request: HttpRequest, pk: int) -> HttpResponse:
    actions.unpair(student=_student(request, pk), by=request.user)
    return _to(pk, "defait")


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def student_invite(request: HttpRequest, pk: int) -> HttpResponse:
    with refusals_above(request):
        actions.invite(student=_student(request, pk), by=request.user)
        return _to(pk, "invite")
    return _to(pk)


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def student_leave(request: HttpRequest, pk: int) -> HttpResponse:
    with refusals_above(request):
        student = actions.leave(student=_student(request, pk), by=request.user)
        return _to_cohort(student, f"parti-{pk}")
    return _to(pk)


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def student_restore(request: HttpRequest, pk: int) -> HttpResponse:
    actions.restore(student=_student(request, pk), by=request.user)
    return _to(pk, "remis")


# --- One's own --------------------------------------------------------------------------------------------------------
@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    done = number_in(request.GET.get("fait", "").partition("-")[2])
    context = {
        "rows": list(queries.own(request.user)),
        "placements": placements.own(request.user),
        "next_days": placements.next_days(request.user),
        "unsigned": papers.unsigned(request.user, timezone.localdate()),
        "done": done,
    }
    return htmx.page(request, "partnerships/students/mine.html", "studies", context)


def _own(request: HttpRequest, pk: int) -> Student:
    return get_object_or_404(queries.own(request.user), pk=pk)


def _wishes(request: HttpRequest, student: Student, form: WishesForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"student:{student.pk}/wishes", over=student)
    context = {
        "student": student,
        "form": form,
        "communes": queries.communes(),
        "parents": [("Mes stages", reverse("partnerships:mine"))],
    }
    return htmx.page(request, WISHES, "form", context, status=status)


@signed_in
@require_safe
def wishes_edit(request: HttpRequest, pk: int) -> HttpResponse:
    student = _own(request, pk)
    return _wishes(request, student, WishesForm(student=student))


@signed_in
@require_POST
@forgets_draft
def wishes_update(request: HttpRequest, pk: int) -> HttpResponse:
    student = _own(request, pk)
    form = WishesForm(request.POST, student=student)
    if form.is_valid():
        with refusals_in(form):
            actions.wish(student=student, wishes=form.wishes(), by=request.user)
            return redirect(reverse("partnerships:mine", query={"fait": f"voeux-{pk}"}))
    return _wishes(request, student, form, status=422)
