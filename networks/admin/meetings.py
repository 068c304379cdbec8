"""Meetings for the team: which group met, when, and what is still to be noted. Neither the agenda, nor a word of the
minutes, nor the link that leads into the room."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from circo.access import Permission
from circo.admin.filters import ChoiceFilter
from circo.admin.scoped import ReadOnlyAdmin
from circo.admin.work import Work
from circo.queries import counted
from networks.meetings.rules import MeetingState
from networks.models import Attendance, Meeting


class LacksFilter(ChoiceFilter):
    title = "ce qui manque"
    parameter_name = "lacks"

    def lookups(self, request, model_admin):
        return [
            ("held", "passée, pas encore dite tenue"),
            ("minutes", "tenue, sans compte rendu"),
            ("presence", "tenue, sans présence notée"),
        ]

    def narrow(self, request, rows, value):
        if value == "held":
            return rows.filter(state=MeetingState.PLANNED, ends_at__lt=timezone.now())
        rows = rows.filter(state=MeetingState.HELD)
        if value == "minutes":
            return rows.filter(minutes="")
        return rows.filter(~Exists(Attendance.objects.filter(meeting=OuterRef("pk"))))


@admin.register(Meeting)
class MeetingAdmin(ReadOnlyAdmin):
    work = Work.GROUPS
    rank = 4
    seen_with = Permission.VIEW_TEAM
    fields = ("group", "title", "state", "starts_at", "ends_at", "organiser", "has_minutes", "presences")
    readonly_fields = ("has_minutes", "presences")
    list_display = ("starts_at", "group", "title", "state", "has_minutes", "presences")
    list_select_related = ("group",)
    list_filter = ("state", LacksFilter, "group__network__district")
    date_hierarchy = "starts_at"
    search_fields = ("title", "group__name")
    search_help_text = "Un titre ou un groupe."

    def get_queryset(self, request):
        rows = super().get_queryset(request).defer("agenda", "minutes", "link")
        written = ExpressionWrapper(~Q(minutes=""), output_field=BooleanField())
        return rows.annotate(is_written=written, presence_count=counted(Attendance.objects.all(), "meeting"))

    @admin.display(description="compte rendu", boolean=True, ordering="is_written")
    def has_minutes(self, meeting: Meeting) -> bool:
        return meeting.is_written

    @admin.display(description="présences notées", ordering="presence_count")
    def presences(self, meeting: Meeting) -> int:
        return meeting.presence_count
