"""The 18 hours, for the record: entries are read here and signed on their own pages; what somebody owes is set here."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from circo.access import Permission
from circo.admin.filters import SchoolFilter
from circo.admin.history import KeptAdmin
from circo.admin.scoped import ReadOnlyAdmin
from circo.admin.work import Work
from circo.hours import rules
from circo.models import HourEntry, HoursQuota, Posting, SelfPacedRules


class SchoolOfPersonFilter(SchoolFilter):
    """Rows of the people who work in a school today."""

    def narrow(self, request: HttpRequest, rows: QuerySet, value: str) -> QuerySet:
        postings = Posting.objects.visible_to(request.user).filter(school_id=value)
        return rows.filter(person_id__in=postings.order_by().values("person_id"))


@admin.register(HourEntry)
class HourEntryAdmin(KeptAdmin, ReadOnlyAdmin):
    work = Work.PEOPLE
    rank = 5
    seen_with = Permission.VIEW_HOURS
    list_display = ("person", "on", "label", "duration", "category", "mode", "state")
    list_select_related = ("person",)
    list_filter = ("state", SchoolOfPersonFilter, "school_year", "category", "mode")
    search_fields = ("person__last_name", "person__first_name", "label")
    search_help_text = "Un nom ou un intitulé."
    date_hierarchy = "on"

    @admin.display(description="durée", ordering="minutes")
    def duration(self, entry: HourEntry) -> str:
        return rules.in_words(entry.minutes)


@admin.register(HoursQuota)
class HoursQuotaAdmin(KeptAdmin):
    work = Work.PEOPLE
    rank = 6
    seen_with = Permission.VIEW_HOURS
    edited_with = Permission.MANAGE_PEOPLE
    fields = ("person", "school_year", "minutes")
    list_display = ("person", "school_year", "duration")
    list_select_related = ("person", "school_year")
    list_filter = ("school_year",)
    search_fields = ("person__last_name", "person__first_name")
    search_help_text = "Un nom ou un prénom."
    autocomplete_fields = ("person",)

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["person", "school_year"] if obj else [])]

    @admin.display(description="heures", ordering="minutes")
    def duration(self, quota: HoursQuota) -> str:
        return rules.in_words(quota.minutes)


@admin.register(SelfPacedRules)
class SelfPacedRulesAdmin(KeptAdmin):
    work = Work.PEOPLE
    rank = 7
    seen_with = Permission.VIEW_HOURS
    edited_with = Permission.VALIDATE_HOURS
    list_display = ("district", "cap", "category", "derogation")
    list_select_related = ("district", "derogation")

    @admin.display(description="au plus", ordering="cap_minutes", empty_value="sans plafond")
    def cap(self, one: SelfPacedRules) -> str | None:
        return None if one.cap_minutes is None else rules.in_words(one.cap_minutes)
