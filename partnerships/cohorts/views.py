"""The pages of an institution: its courses, statuses and cohorts, and what is missing before anybody is placed."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.drafts.forms import followed, forgets_draft
from circo.models import Institution
from circo.rules import number_in
from partnerships.cohorts import actions, queries, rules
from partnerships.cohorts.forms import CohortForm, OfInstitutionForm, PeriodForm, ProgrammeForm, StatusForm
from partnerships.models import Cohort, Programme, StudentStatus, UniversityPeriod
from partnerships.students import queries as students
from partnerships.students.forms import NewStudentForm

EDIT, COHORT = "partnerships/cohorts/edit.html", "partnerships/cohorts/page.html"
PER_PAGE = 40
HOME = "partnerships:home"


def _institution(request: HttpRequest) -> Institution:
    """The one that is asked, or the first whose students one manages."""
    rows = queries.institutions(request.user)
    asked = number_in(request.GET.get("institut"))
    found = (rows.filter(pk=asked) if asked else rows).first()
    if found is None:
        raise Http404
    return found


def _home(institution: Institution, done: str = "") -> str:
    return reverse(HOME, query={"institut": institution.pk} | ({"fait": done} if done else {}))


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    institution = _institution(request)
    cohorts = Paginator(queries.cohorts(institution), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "institution": institution,
        "institutions": list(queries.institutions(request.user)),
        "page": cohorts,
        "query": f"institut={institution.pk}",
        "programmes": list(queries.programmes(institution)),
        "statuses": list(queries.statuses(institution)),
        "models": rules.COURSE_MODELS,
        "is_saved": request.GET.get("fait") == "change",
    }
    return htmx.page(request, "partnerships/cohorts/home.html", "cohorts", context)


# --- Courses, statuses, cohorts ---------------------------------------------------------------------------------------
# What the page of each says while the row is new, and where it is sent: to be created, to be updated.
ROWS: dict[type, tuple[str, str, str]] = {
    Programme: ("Nouvelle formation", "partnerships:programme_create", "partnerships:programme_update"),
    StudentStatus: ("Nouveau statut", "partnerships:status_create", "partnerships:status_update"),
    Cohort: ("Nouvelle promotion", "partnerships:cohort_create", "partnerships:cohort_update"),
}


def _edit(request: HttpRequest, form: OfInstitutionForm, status: int = 200) -> HttpResponse:
    row, home = form.instance, _home(form.instance.institution)
    title, create, update = ROWS[type(row)]
    action, back = reverse(create, query={"institut": row.institution_id}), home
    if row.pk:
        title, action = form.initial["name"], reverse(update, args=[row.pk])  # its name as it stands, whatever is typed
        back = _of_cohort(row.pk) if isinstance(row, Cohort) else home
    place = f"{row._meta.model_name}:{row.pk or f'new-{row.institution_id}'}"
    followed(form, request, place, over=row if row.pk else None)
    context = {"form": form, "title": title, "action": action, "back_url": back, "parents": [("Stages", home)]}
    return htmx.page(request, EDIT, "form", context, status=status)


def _save(request: HttpRequest, form: OfInstitutionForm) -> HttpResponse:
    """Save a row, and lead to the page of a cohort, else to that of the institution; or show what is wrong."""
    row, is_new = form.instance, form.instance.pk is None
    if not actions.saved(form):
        return _edit(request, form, status=422)
    if isinstance(row, Cohort):
        return redirect(_of_cohort(row.pk, "" if is_new else "change"))
    return redirect(_home(row.institution, "change"))


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def programme_new(request: HttpRequest) -> HttpResponse:
    row = Programme(institution=_institution(request))
    if model := rules.course_model(request.GET.get("modele", "")):
        row.name, row.weeks, row.kinds = model.name, model.weeks, list(model.kinds)
        row.before_accompanied, row.before_responsibility = model.before_accompanied, model.before_responsibility
    return _edit(request, ProgrammeForm(instance=row))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
@forgets_draft
def programme_create(request: HttpRequest) -> HttpResponse:
    return _save(request, ProgrammeForm(request.POST, instance=Programme(institution=_institution(request))))


def _programme(request: HttpRequest, pk: int) -> Programme:
    return get_object_or_404(Programme.objects.editable_by(request.user).select_related("institution"), pk=pk)


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def programme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, ProgrammeForm(instance=_programme(request, pk)))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
@forgets_draft
def programme_update(request: HttpRequest, pk: int) -> HttpResponse:
    return _save(request, ProgrammeForm(request.POST, instance=_programme(request, pk)))


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def status_new(request: HttpRequest) -> HttpResponse:
    return _edit(request, StatusForm(instance=StudentStatus(institution=_institution(request))))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
@forgets_draft
def status_create(request: HttpRequest) -> HttpResponse:
    return _save(request, StatusForm(request.POST, instance=StudentStatus(institution=_institution(request))))


def _status(request: HttpRequest, pk: int) -> StudentStatus:
    return get_object_or_404(StudentStatus.objects.editable_by(request.user).select_related("institution"), pk=pk)


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def status_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, StatusForm(instance=_status(request, pk)))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
@forgets_draft
def status_update(request: HttpRequest, pk: int) -> HttpResponse:
    return _save(request, StatusForm(request.POST, instance=_status(request, pk)))


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def cohort_new(request: HttpRequest) -> HttpResponse:
    row = Cohort(institution=_institution(request), school_year=queries.current_year())
    return _edit(request, CohortForm(instance=row))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
@forgets_draft
def cohort_create(request: HttpRequest) -> HttpResponse:
    return _save(request, CohortForm(request.POST, instance=Cohort(institution=_institution(request))))


def cohort_of(request: HttpRequest, pk: int) -> Cohort:
    """A cohort whose students one manages.

    Raises: Http404 else.
    """
    rows = Cohort.objects.editable_by(request.user).select_related("institution", "programme", "school_year")
    return get_object_or_404(rows, pk=pk)


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def cohort_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, CohortForm(instance=cohort_of(request, pk)))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
@forgets_draft
def cohort_update(request: HttpRequest, pk: int) -> HttpResponse:
    return _save(request, CohortForm(request.POST, instance=cohort_of(request, pk)))


# --- One cohort -------------------------------------------------------------------------------------------------------
def _of_cohort(pk: int, done: str = "") -> str:
    return reverse("partnerships:cohort_page", args=[pk], query={"fait": done} if done else {})


def show(
    request: HttpRequest,
    cohort: Cohort,
    *,
    period: PeriodForm | None = None,
    student: NewStudentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the page of a cohort, with the form that could not be received, if there is one."""
    period = period or PeriodForm(instance=UniversityPeriod(cohort=cohort))
    student = student or NewStudentForm(cohort=cohort)
    followed(period, request, f"cohort:{cohort.pk}/period")
    followed(student, request, f"cohort:{cohort.pk}/student")
    words, lack = request.GET.get("mots", "")[:100], students.missing_filter(request.GET.get("manque", ""))
    rows = students.of_cohort(cohort, words=words, missing=lack.chosen)
    done = request.GET.get("fait", "").partition("-")
    context = {
        "cohort": cohort,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "query": "&".join(f"{name}={value}" for name, value in (("mots", words), ("manque", lack.chosen)) if value),
        "words": words,
        "lack": lack,
        "missing": students.missing(cohort),
        "has_terms": queries.has_terms(cohort),
        "periods": list(queries.periods(cohort)),
        "period_form": period,
        "student_form": student,
        "done": done[0],
        "number": number_in(done[2]),
        "parents": [("Stages", _home(cohort.institution))],
    }
    return htmx.page(request, COHORT, "cohort", context, status=status)


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def cohort_page(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, cohort_of(request, pk))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
@forgets_draft
def period_add(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = cohort_of(request, pk)
    form = PeriodForm(request.POST, instance=UniversityPeriod(cohort=cohort))
    if form.is_valid():
        form.save()
        _say_who_is_away(request, form.instance)
        return redirect(_of_cohort(pk, "periode"))
    return show(request, cohort, period=form, status=422)


def _say_who_is_away(request: HttpRequest, period: UniversityPeriod) -> None:
    """Say that students are in a class on days that the university now keeps: it moves nobody by itself."""
    if count := queries.half_days_in(period):
        many = "s" if count > 1 else ""
        said = f"{count}\u00a0demi-journée{many} de stage tombe{'nt' if many else ''} ces jours-là\u00a0: "
        messages.warning(request, said + ("déplacez-les, ou libérez-les." if many else "déplacez-la, ou libérez-la."))


def _period(request: HttpRequest, pk: int) -> UniversityPeriod:
    return get_object_or_404(UniversityPeriod.objects.editable_by(request.user), pk=pk)


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def period_remove(request: HttpRequest, pk: int) -> HttpResponse:
    period = actions.remove(period=_period(request, pk))
    return redirect(_of_cohort(period.cohort_id, f"retiree-{pk}"))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def period_restore(request: HttpRequest, pk: int) -> HttpResponse:
    period = actions.restore(period=_period(request, pk))
    return redirect(_of_cohort(period.cohort_id, "periode"))
