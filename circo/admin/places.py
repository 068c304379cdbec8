"""Where people work, and when."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from circo.access import Permission
from circo.admin.fields import ScopedForm
from circo.admin.filters import ClosedSchoolFilter, NowFilter
from circo.admin.history import KeptAdmin
from circo.admin.work import Work
from circo.calendar import rules as calendar_rules
from circo.models import Departement, Derogation, District, Institution, Posting, School, SchoolYear
from circo.queries import counted


@admin.register(School)
class SchoolAdmin(KeptAdmin):
    work = Work.PLACES
    rank = 1
    seen_with = Permission.VIEW_TEAM
    edited_with = Permission.MANAGE_PLACES
    imported_as = "ecoles"
    list_display = ("name", "commune", "uai", "district", "priority_status", "people", "closed_on")
    list_select_related = ("district",)
    list_filter = ("district", ClosedSchoolFilter, "priority_status", "week_pattern", "is_public")
    search_fields = ("name", "commune", "uai")
    search_help_text = "Un nom, une commune ou un UAI."

    def get_queryset(self, request):
        today = Posting.objects.in_force(timezone.localdate())
        return super().get_queryset(request).annotate(people_count=counted(today, "school", each="person"))

    @admin.display(description="personnes", ordering="people_count")
    def people(self, school: School) -> int:
        return school.people_count


class RootAdmin(KeptAdmin):
    """Places that only the technical administrator makes or removes: all the rights of a district hang on them."""

    def has_add_permission(self, request):
        return request.user.reach().everything

    def has_delete_permission(self, request, obj=None):
        return request.user.reach().everything


class DistrictForm(ScopedForm):
    near = {"district_name_once": "name"}


@admin.register(District)
class DistrictAdmin(RootAdmin):
    form = DistrictForm
    work = Work.PLACES
    rank = 2
    seen_with = Permission.VIEW_TEAM
    edited_with = Permission.MANAGE_PLACES
    list_display = ("name", "departement", "uai", "schools")
    list_select_related = ("departement",)
    list_filter = ("departement",)
    search_fields = ("name", "uai")

    def get_queryset(self, request):
        schools = School.objects.filter(closed_on__isnull=True)
        return super().get_queryset(request).annotate(school_count=counted(schools, "district"))

    def get_readonly_fields(self, request, obj=None):
        return [] if request.user.reach().everything else ["departement"]

    @admin.display(description="écoles ouvertes", ordering="school_count")
    def schools(self, district: District) -> int:
        return district.school_count


class DerogationForm(ScopedForm):
    near = {"derogation_in_order": "ends_on", "derogation_reference_once": "reference"}


@admin.register(Derogation)
class DerogationAdmin(KeptAdmin):
    form = DerogationForm
    work = Work.PLACES
    rank = 3
    seen_with = Permission.VIEW_TEAM
    edited_with = Permission.MANAGE_PLACES
    list_display = ("reference", "district", "authority", "starts_on", "ends_on")
    list_select_related = ("district",)
    list_filter = (NowFilter, "district")
    search_fields = ("reference", "authority", "allows")
    date_hierarchy = "starts_on"


@admin.register(Institution)
class InstitutionAdmin(KeptAdmin):
    work = Work.PLACES
    rank = 5
    seen_with = edited_with = Permission.OVERSEE_DEPARTEMENT
    list_display = ("name", "departement")
    list_select_related = ("departement",)
    list_filter = ("departement",)
    search_fields = ("name",)


@admin.register(Departement)
class DepartementAdmin(RootAdmin):
    work = Work.PLACES
    rank = 6
    seen_with = edited_with = Permission.OVERSEE_DEPARTEMENT
    list_display = ("code", "name", "zone")
    search_fields = ("code", "name")

    @admin.display(description="zone de vacances", ordering="holiday_zone")
    def zone(self, departement: Departement) -> str:
        return calendar_rules.zone_of(departement.code, departement.holiday_zone) or "aucune"


class SchoolYearForm(ScopedForm):
    near = {"school_year_in_order": "last_day"}


@admin.register(SchoolYear)
class SchoolYearAdmin(RootAdmin):
    form = SchoolYearForm
    work = Work.PLACES
    rank = 7
    list_display = ("__str__", "first_day", "last_day")
    search_fields = ("first_day",)

    def may_see(self, request: HttpRequest) -> bool:
        return request.user.reach().everything

    def may_edit(self, request: HttpRequest) -> bool:
        return request.user.reach().everything

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {}
