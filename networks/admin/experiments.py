"""Experiments for the team: which run, since when, and which wait for their review. What they say is on their page."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Exists, Max, OuterRef, Subquery
from django.utils import timezone

from circo.access import Permission
from circo.admin.filters import ChoiceFilter
from circo.admin.history import shown
from circo.admin.scoped import ReadOnlyAdmin
from circo.admin.work import Work
from circo.rules import school_year_bounds
from networks.experiments.rules import State
from networks.models import Experiment, ExperimentMove, ExperimentStep


class ReviewFilter(ChoiceFilter):
    title = "bilan"
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [
            ("due", "en cours, toutes les étapes passées"),
            ("old", "en cours depuis une année précédente"),
        ]

    def narrow(self, request, rows, value):
        rows, today = rows.filter(state=State.RUNNING), timezone.localdate()
        if value == "old":
            return rows.filter(launched_at__date__lt=school_year_bounds(today)[0])
        steps = ExperimentStep.objects.filter(experiment=OuterRef("pk"), removed_at=None)
        return rows.filter(Exists(steps), ~Exists(steps.filter(done_on=None, due_on__gte=today)))


class DerogationFilter(ChoiceFilter):
    title = "dérogation"
    parameter_name = "derogation"

    def lookups(self, request, model_admin):
        return [("waiting", "demandée, pas encore obtenue"), ("given", "obtenue")]

    def narrow(self, request, rows, value):
        return rows.filter(asks_derogation=True, derogation__isnull=value == "waiting")


@admin.register(Experiment)
class ExperimentAdmin(ReadOnlyAdmin):
    work = Work.GROUPS
    rank = 5
    seen_with = Permission.VIEW_TEAM
    fields = ("group", "title", "state", "referent", "launched", "last_step", "asks_derogation", "derogation")
    readonly_fields = ("launched", "last_step")
    list_display = ("title", "group", "state", "referent", "launched", "last_step")
    list_select_related = ("group", "referent")
    list_filter = ("state", ReviewFilter, DerogationFilter, "group__network__district")
    search_fields = ("title", "group__name", "referent__last_name")
    search_help_text = "Un titre, un groupe, le nom de qui en répond."

    def get_queryset(self, request):
        launches = ExperimentMove.objects.filter(experiment=OuterRef("pk"), target=State.RUNNING)
        steps = ExperimentStep.objects.filter(experiment=OuterRef("pk"), removed_at=None).order_by()
        last = steps.values("experiment").annotate(last=Max("due_on")).values("last")
        rows = super().get_queryset(request)
        return rows.annotate(launched_at=Subquery(launches.order_by("-at").values("at")[:1]), last_due=Subquery(last))

    @admin.display(description="lancée le", ordering="launched_at")
    def launched(self, experiment: Experiment) -> str:
        return shown(experiment.launched_at and timezone.localdate(experiment.launched_at))

    @admin.display(description="dernière étape prévue le", ordering="last_due")
    def last_step(self, experiment: Experiment) -> str:
        return shown(experiment.last_due)
