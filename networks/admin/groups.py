"""The admin of networks and groups, with the members of this school year."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from circo.access import Permission
from circo.admin.fields import ScopedForm, ScopedFormSet
from circo.admin.filters import ChoiceFilter
from circo.admin.history import KeptAdmin
from circo.admin.inlines import ScopedInline
from circo.admin.work import Work
from circo.models import Posting, SchoolYear
from circo.queries import counted
from networks import registries
from networks.admin.memberships import ANIMATES, MembershipForm, who_judges_nobody
from networks.models import Membership, MutualisationGroup, Network


class NetworkForm(ScopedForm):
    near = {"network_name_once": "name"}


@admin.register(Network)
class NetworkAdmin(KeptAdmin):
    form = NetworkForm
    work = Work.GROUPS
    rank = 1
    seen_with = Permission.VIEW_TEAM
    edited_with = Permission.MANAGE_GROUPS
    list_display = ("name", "district", "groups")
    list_select_related = ("district",)
    list_filter = ("district",)
    search_fields = ("name",)

    def get_queryset(self, request):
        groups = MutualisationGroup.objects.all()
        return super().get_queryset(request).annotate(group_count=counted(groups, "network"))

    @admin.display(description="groupes", ordering="group_count")
    def groups(self, network: Network) -> int:
        return network.group_count


class MembersFilter(ChoiceFilter):
    title = "état du groupe"
    parameter_name = "members"

    def lookups(self, request, model_admin):
        return [("none", "sans membre cette année"), ("alone", "sans animateur")]

    def narrow(self, request, rows, value):
        return rows.filter(member_count=0) if value == "none" else rows.filter(adviser__isnull=True)


class SilentGroupFilter(ChoiceFilter):
    """Which groups have not met for long: answered once a room of meetings tells when each last met."""

    title = "rencontres"
    parameter_name = "met"
    weeks = 6

    def lookups(self, request, model_admin):
        return [("long", f"pas depuis {self.weeks} semaines"), ("recent", f"depuis moins de {self.weeks} semaines")]

    def has_output(self):
        return registries.knows_meetings() and super().has_output()

    def narrow(self, request, rows, value):
        since = timezone.localdate() - timedelta(weeks=self.weeks)
        met = registries.last_meetings(list(rows.order_by().values_list("pk", flat=True)))
        recent = [pk for pk, day in met.items() if day >= since]
        return rows.filter(pk__in=recent) if value == "recent" else rows.exclude(pk__in=recent)


class MemberForm(MembershipForm):
    """A member of this school year, as a line of the group: the year is understood, the person stays the same."""

    why = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["person"].disabled = True
        else:
            self.instance.school_year = self.year

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"school_year"}  # or "once a year" would not be checked


class MemberInline(ScopedInline):
    model = Membership
    form = MemberForm
    formset = ScopedFormSet
    fields = ("person", "stage", "left_on")
    autocomplete_fields = ("person",)
    verbose_name_plural = "membres de cette année scolaire"

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .filter(school_year=current_year(request))
            .select_related("person", "group__network", "group__adviser", "school_year")
        )

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.year = current_year(request)
        formset.form.by = request.user
        return formset


def current_year(request: HttpRequest) -> SchoolYear | None:
    """The school year of today; asked several times a page, so remembered for the request."""
    memo = request.__dict__
    if "_current_year" not in memo:
        memo["_current_year"] = SchoolYear.objects.holding(timezone.localdate()).first()
    return memo["_current_year"]


class GroupForm(ScopedForm):
    near = {"group_name_once": "name"}


@admin.register(MutualisationGroup)
class MutualisationGroupAdmin(KeptAdmin):
    form = GroupForm
    work = Work.GROUPS
    rank = 2
    seen_with = Permission.VIEW_TEAM
    edited_with = Permission.MANAGE_GROUPS
    fields = ("network", "name", "adviser")
    list_display = ("name", "network", "adviser", "members")
    list_select_related = ("network", "adviser")
    list_filter = ("network", MembersFilter, SilentGroupFilter)
    search_fields = ("name", "network__name", "adviser__last_name")
    search_help_text = "Le nom d’un groupe, d’un réseau, ou de la personne qui l’anime."

    def get_queryset(self, request):
        members = Membership.objects.in_force()
        return super().get_queryset(request).annotate(member_count=counted(members, "group"))

    def get_inlines(self, request, obj):
        return [MemberInline] if current_year(request) else []

    def choices_of(self, request, field):
        rows = super().choices_of(request, field)
        if field.name == "network":
            return rows.filter(pk__in=Network.objects.editable_by(request.user).order_by().values("pk"))
        if field.name == "adviser":
            # Who animates a group watches its films: nobody opens them to oneself.
            held = Posting.objects.in_force(timezone.localdate()).filter(role__in=ANIMATES)
            rows = who_judges_nobody(rows.filter(pk__in=held.order_by().values("person_id")))
            return rows.exclude(pk=request.user.pk)
        return rows

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        for line in formset.forms:
            if line.has_changed() and line not in formset.deleted_forms:
                line.log()

    @admin.display(description="membres cette année", ordering="member_count")
    def members(self, group: MutualisationGroup) -> int:
        return group.member_count
