"""Cover plans in the admin, to be read; the scales of the ISSR, to be kept up to date."""

from __future__ import annotations

from django.contrib import admin

from circo.access import Permission
from circo.admin.history import KeptAdmin
from circo.admin.scoped import ReadOnlyAdmin
from circo.admin.work import Work
from circo.queries import counted
from events.models import CoverAssignment, CoverPlan, IssrScale


@admin.register(CoverPlan)
class CoverPlanAdmin(ReadOnlyAdmin):
    work = Work.BRIGADE
    rank = 3
    seen_with = Permission.PLAN_COVER
    fields = ("departement", "version", "state", "replaces", "created_by", "created_at", "solved_at", "inputs_hash")
    list_display = ("__str__", "departement", "state", "created_by", "created_at", "covered")
    list_select_related = ("departement", "created_by")
    list_filter = ("state",)
    date_hierarchy = "created_at"

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(covered_count=counted(CoverAssignment.objects.all(), "plan"))

    @admin.display(description="classes prises", ordering="covered_count")
    def covered(self, plan: CoverPlan) -> int:
        return plan.covered_count


@admin.register(IssrScale)
class IssrScaleAdmin(KeptAdmin):
    work = Work.BRIGADE
    rank = 4
    seen_with = Permission.VIEW_BRIGADE
    list_display = ("since", "source", "last_km")

    def may_see(self, request):
        """The law is the technical administrator's to copy."""
        return request.user.reach().everything

    def may_edit(self, request):
        return self.may_see(request)
