"""What places change of the school calendar: snow, bridges, worked Wednesdays."""

from __future__ import annotations

from django.contrib import admin

from circo.access import Permission
from circo.admin.fields import ScopedForm
from circo.admin.filters import NowFilter
from circo.admin.history import KeptAdmin
from circo.admin.work import Work
from circo.models import CalendarChange, Departement, District, School
from circo.models.calendars import district_ids_run_by


class CalendarChangeForm(ScopedForm):
    near = {"calendar_change_one_place": "school", "calendar_change_in_order": "ends_on"}

    def _get_validation_exclusions(self):
        # "One place" names the three: it would not be asked in a form that offers two of them.
        return super()._get_validation_exclusions() - {"school", "district", "departement"}


@admin.register(CalendarChange)
class CalendarChangeAdmin(KeptAdmin):
    form = CalendarChangeForm
    work = Work.PLACES
    rank = 4
    seen_with = Permission.VIEW_TEAM
    list_display = ("reason", "kind", "place", "starts", "ends")
    list_select_related = ("school", "district", "departement")
    list_filter = (NowFilter, "kind")
    search_fields = ("reason", "school__name", "school__commune")
    search_help_text = "Une raison, une école ou une commune."
    autocomplete_fields = ("school", "district", "departement")
    date_hierarchy = "starts_on"

    def may_edit(self, request):
        reach = request.user.reach()
        return reach.can(Permission.MANAGE_PLACES) or reach.can(Permission.OVERSEE_DEPARTEMENT)

    def choices_of(self, request, field):
        rows = field.remote_field.model.objects.visible_to(request.user)
        if not self.may_edit(request):
            return rows.none()
        if field.remote_field.model is Departement:
            return rows.filter(pk__in=request.user.reach().departement_ids_for(Permission.OVERSEE_DEPARTEMENT))
        within = {School: "district_id__in", District: "pk__in"}[field.remote_field.model]
        return rows.filter(**{within: district_ids_run_by(request.user)})

    def get_fields(self, request, obj=None):
        wide = request.user.reach().can(Permission.OVERSEE_DEPARTEMENT) or (obj and obj.departement_id)
        places = ["school", "district", *(["departement"] if wide else [])]
        return [*places, "kind", "starts_on", "starts_half", "ends_on", "ends_half", "reason"]

    def get_changeform_initial_data(self, request):
        return {}

    @admin.display(description="où")
    def place(self, change: CalendarChange) -> str:
        return str(change.school or change.district or change.departement)

    @admin.display(description="du", ordering="starts_on")
    def starts(self, change: CalendarChange) -> str:
        return f"{change.starts_on:%d/%m/%Y}, {change.get_starts_half_display()}"

    @admin.display(description="au", ordering="ends_on")
    def ends(self, change: CalendarChange) -> str:
        return f"{change.ends_on:%d/%m/%Y}, {change.get_ends_half_display()}"
