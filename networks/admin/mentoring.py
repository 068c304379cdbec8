"""The admin of mentoring: what a district counts, and nothing else. No pair, no goal, no message has a page here."""

from __future__ import annotations

from django.contrib import admin

from circo.access import Permission
from circo.admin.history import KeptAdmin
from circo.admin.work import Work
from networks.models import MentoringSettings


@admin.register(MentoringSettings)
class MentoringSettingsAdmin(KeptAdmin):
    work = Work.GROUPS
    rank = 9
    seen_with = Permission.VIEW_TEAM
    edited_with = Permission.MANAGE_GROUPS
    list_display = ("district", "counting", "counted_minutes", "category")
    list_select_related = ("district",)
