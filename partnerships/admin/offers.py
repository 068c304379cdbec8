"""What a district decides of the students whom its classes welcome. Offers themselves live in the portal."""

from __future__ import annotations

from django.contrib import admin

from circo.access import Permission
from circo.admin.history import KeptAdmin
from circo.admin.work import Work
from partnerships.models import HostingRules


@admin.register(HostingRules)
class HostingRulesAdmin(KeptAdmin):
    work = Work.GROUPS
    rank = 10
    seen_with = Permission.VIEW_TEAM
    edited_with = Permission.MANAGE_GROUPS
    list_display = ("district", "seats_most", "class_year_most", "school_period_most", "visitors_most")
    list_select_related = ("district",)
