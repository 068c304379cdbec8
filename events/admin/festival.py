"""Festivals for the team: what was proposed, retained, kept aside. Read only: the festival's own pages decide."""

from __future__ import annotations

from django.contrib import admin

from circo.access import Permission
from circo.admin.scoped import ReadOnlyAdmin
from circo.admin.work import Work
from circo.queries import counted
from events.models import Animation, Festival


@admin.register(Festival)
class FestivalAdmin(ReadOnlyAdmin):
    work = Work.DAYS
    rank = 8
    seen_with = Permission.VIEW_TEAM
    scope = "overseen_by"
    fields = (
        "title",
        "district",
        "school_year",
        "first_day",
        "last_day",
        "opens",
        "closes",
        "where",
        "state",
        "created_by",
    )
    list_display = ("title", "first_day", "district", "state", "proposed", "retained")
    list_select_related = ("district",)
    list_filter = ("state", "district", "school_year")
    date_hierarchy = "first_day"
    search_fields = ("title",)
    search_help_text = "Un titre."

    def get_queryset(self, request):
        rows = Animation.objects
        return (
            super()
            .get_queryset(request)
            .annotate(
                proposed_count=counted(rows.all(), "festival"), retained_count=counted(rows.accepted(), "festival")
            )
        )

    @admin.display(description="propositions", ordering="proposed_count")
    def proposed(self, festival: Festival) -> int:
        return festival.proposed_count

    @admin.display(description="retenues", ordering="retained_count")
    def retained(self, festival: Festival) -> int:
        return festival.retained_count
