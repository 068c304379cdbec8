"""Films are never an instrument of evaluation: the admin knows their state, and neither title, author nor content."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern

from circo.access import Permission
from circo.admin.history import KeptAdmin
from circo.admin.records import TechnicalAdmin
from circo.admin.work import Work
from videos.models import DpoDecision, Film


@admin.register(Film)
class FilmAdmin(TechnicalAdmin):
    rank = 2
    names_shown = False
    list_display = ("id", "state", "refusal", "duration_s", "created_at", "ready_at")
    list_display_links = None
    list_filter = ("state",)
    search_fields = ("=id",)
    date_hierarchy = "created_at"

    def get_urls(self) -> list[URLPattern]:
        """The list alone: the page of one film would print its title."""
        return [route for route in super().get_urls() if route.name.endswith("_changelist")]

    def get_queryset(self, request):
        return super().get_queryset(request).only("id", "state", "refusal", "duration_s", "created_at", "ready_at")


@admin.register(DpoDecision)
class DpoDecisionAdmin(KeptAdmin):
    """Written by whoever oversees the département; who wrote what and when stays in the history."""

    work = Work.PLACES
    rank = 6
    seen_with = edited_with = Permission.OVERSEE_DEPARTEMENT
    list_display = ("reference", "kind", "departement", "officer", "starts_on", "ends_on")
    list_select_related = ("departement",)
    list_filter = ("kind", "departement")
    search_fields = ("reference", "officer")
