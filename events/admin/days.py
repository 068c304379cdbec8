"""Sharing days for the team: their dates, their settings. Neither what somebody answered, nor why."""

from __future__ import annotations

from django.contrib import admin

from circo.access import Permission
from circo.admin.history import KeptAdmin
from circo.admin.scoped import ReadOnlyAdmin
from circo.admin.work import Work
from circo.queries import counted
from events.models import Convocation, DayRules, SharingDay


@admin.register(SharingDay)
class SharingDayAdmin(ReadOnlyAdmin):
    work = Work.DAYS
    rank = 1
    seen_with = Permission.VIEW_TEAM
    scope = "overseen_by"
    fields = (
        "title",
        "theme",
        "on",
        "district",
        "school_year",
        "place",
        "where",
        "state",
        "counting",
        "reply_by",
        "created_by",
        "published_at",
        "cancelled_at",
    )
    list_display = ("title", "on", "district", "state", "called", "coming")
    list_select_related = ("district",)
    list_filter = ("state", "district", "school_year")
    date_hierarchy = "on"
    search_fields = ("title", "theme")
    search_help_text = "Un titre, un thème."

    def get_queryset(self, request):
        convocations = Convocation.objects
        return (
            super()
            .get_queryset(request)
            .annotate(
                called_count=counted(convocations.standing(), "day"),
                coming_count=counted(convocations.coming().exclude(answer=""), "day"),
            )
        )

    @admin.display(description="personnes sur la liste", ordering="called_count")
    def called(self, day: SharingDay) -> int:
        return day.called_count

    @admin.display(description="ont dit venir", ordering="coming_count")
    def coming(self, day: SharingDay) -> int:
        return day.coming_count


@admin.register(DayRules)
class DayRulesAdmin(KeptAdmin):
    work = Work.DAYS
    rank = 2
    seen_with = Permission.VIEW_TEAM
    edited_with = Permission.PREPARE_DAYS
    list_display = ("district", "days_a_year", "leaving_percent", "leaving_most", "is_leaving_limited")
    list_select_related = ("district",)
