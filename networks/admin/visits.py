"""Visits for the team: where, when and who. Neither what one came to look at, nor a word of a report."""

from __future__ import annotations

from django.contrib import admin

from circo.access import Permission
from circo.admin.history import KeptAdmin
from circo.admin.scoped import ReadOnlyAdmin
from circo.admin.work import Work
from networks.models import ObservationSite, Visit, VisitSettings


@admin.register(ObservationSite)
class ObservationSiteAdmin(ReadOnlyAdmin):
    work = Work.GROUPS
    rank = 6
    seen_with = Permission.VIEW_TEAM
    fields = ("title", "host", "school", "network", "seats", "circle", "state", "reason", "head_answer", "created_at")
    list_display = ("title", "host", "school", "seats", "state", "head_answer", "circle")
    list_select_related = ("host", "school")
    list_filter = ("state", "head_answer", "circle", "network")
    search_fields = ("title", "host__last_name", "host__first_name", "school__name", "school__commune")
    search_help_text = "Ce que l’on peut voir, un nom, une école."


@admin.register(Visit)
class VisitAdmin(ReadOnlyAdmin):
    work = Work.GROUPS
    rank = 7
    seen_with = Permission.VIEW_TEAM
    scope = "overseen_by"
    fields = ("site", "visitor", "day", "half", "state")
    list_display = ("day", "half", "visitor", "site", "state")
    list_select_related = ("visitor", "site")
    list_filter = ("state",)
    date_hierarchy = "day"
    search_fields = ("visitor__last_name", "site__host__last_name", "site__school__name")
    search_help_text = "Le nom de qui visite ou reçoit, une école."

    def get_queryset(self, request):
        return super().get_queryset(request).only("day", "half", "state", "visitor", "site", "seat")


@admin.register(VisitSettings)
class VisitSettingsAdmin(KeptAdmin):
    work = Work.GROUPS
    rank = 8
    seen_with = Permission.VIEW_TEAM
    edited_with = Permission.MANAGE_GROUPS
    list_display = ("district", "hours_count", "minutes", "notice_hours", "visits_a_year", "second_years_host")
    list_select_related = ("district",)
