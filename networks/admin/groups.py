"""The admin of networks, groups and their members."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from circo.access import Permission
from circo.admin.fields import ScopedForm, ScopedFormSet
from circo.admin.filters import ChoiceFilter
from circo.admin.history import KeptAdmin
from circo.admin.scoped import ScopedInline
from circo.admin.work import Work
from circo.models import Posting, SchoolYear
from circo.queries import counted
from circo.rules import Role
from networks.groups.rules import ENDED
from networks.models import Membership, MutualisationGroup, Network, Standing

ANIMATES = (Role.ADVISER, Role.TRAINER)


def _who_judges_nobody(people: QuerySet) -> QuerySet:
    """Without the inspectors of today and of tomorrow: a choice in a list would open to them all that a group shares,
    the films deposited before included, and their authors would not be asked."""
    judging = Posting.objects.in_force_or_coming(timezone.localdate()).filter(role=Role.INSPECTOR)
    return people.exclude(pk__in=judging.order_by().values("person_id"))


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


def _stand(membership: Membership) -> None:
    """A day of leaving, and the standing that goes with it."""
    if membership.left_on and membership.standing not in ENDED:
        membership.standing = Standing.LEFT
    if not membership.left_on and membership.standing in ENDED:
        membership.standing = Standing.ACTIVE


class MembershipForm(ScopedForm):
    near = {"membership_once_a_year": "person"}

    def _post_clean(self):
        self.instance.left_on = self.cleaned_data.get("left_on", self.instance.left_on)
        _stand(self.instance)
        super()._post_clean()


class MemberForm(MembershipForm):
    """A member of this school year, as a line of the group: the year is understood, the person stays the same."""

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
            .select_related("person", "group", "school_year")
        )

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.year = current_year(request)
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
    list_filter = ("network", MembersFilter)
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
            rows = _who_judges_nobody(rows.filter(pk__in=held.order_by().values("person_id")))
            return rows.exclude(pk=request.user.pk)
        return rows

    @admin.display(description="membres cette année", ordering="member_count")
    def members(self, group: MutualisationGroup) -> int:
        return group.member_count


@admin.register(Membership)
class MembershipAdmin(KeptAdmin):
    form = MembershipForm
    work = Work.GROUPS
    rank = 3
    seen_with = Permission.VIEW_TEAM
    edited_with = Permission.MANAGE_GROUPS
    fields = ("person", "group", "school_year", "stage", "origin", "left_on")
    list_display = ("person", "group", "school_year", "stage", "standing", "left_on")
    list_select_related = ("person", "group", "school_year")
    list_filter = ("school_year", "stage", "standing", "group")
    search_fields = ("person__last_name", "person__first_name", "group__name")
    search_help_text = "Un nom, ou celui d’un groupe."
    autocomplete_fields = ("person",)

    def get_readonly_fields(self, request, obj=None):
        return ["person", "group", "school_year"] if obj else []

    def editable(self, request):
        """Never one's own: what is shared with a group would be shared with whoever wishes it."""
        rows = super().editable(request)
        return rows if request.user.reach().everything else rows.exclude(person_id=request.user.pk)

    def choices_of(self, request, field):
        rows = super().choices_of(request, field)
        if field.name == "group":
            return rows.filter(pk__in=MutualisationGroup.objects.editable_by(request.user).order_by().values("pk"))
        if field.name == "person" and not request.user.reach().everything:
            return _who_judges_nobody(rows.filter(is_active=True)).exclude(pk=request.user.pk)
        return rows
