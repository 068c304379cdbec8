"""The brigade in the admin: what is known of substitutes, and what a département decides. Never why one is not free."""

from __future__ import annotations

from django.contrib import admin

from circo.access import Permission
from circo.admin.fields import ScopedForm
from circo.admin.history import KeptAdmin
from circo.admin.work import Work
from circo.forms import LevelsField
from events.brigade import rules
from events.models import BrigadeRules, Substitute


class SubstituteForm(ScopedForm):
    preferred = LevelsField(label="Niveaux préférés", required=False)
    refused = LevelsField(label="Niveaux exclus", required=False)

    class Meta:
        model = Substitute
        fields = "__all__"  # the admin narrows them

    def clean(self):
        data = super().clean()
        if fault := rules.levels_fault(data.get("preferred", ()), data.get("refused", ())):
            self.add_error("refused", fault)
        return data


@admin.register(Substitute)
class SubstituteAdmin(KeptAdmin):
    form = SubstituteForm
    work = Work.BRIGADE
    rank = 1
    seen_with = Permission.VIEW_BRIGADE
    edited_with = Permission.MANAGE_BRIGADE
    autocomplete_fields = ("person",)
    fields = ("person", "kind", "preferred", "refused", "is_reserve", "is_tenured")
    list_display = ("person", "kind", "preferred_words", "refused_words", "is_reserve", "is_tenured")
    list_select_related = ("person",)
    list_filter = ("kind", "is_reserve", "is_tenured")
    search_fields = ("person__last_name", "person__first_name", "person__email")
    search_help_text = "Un nom ou une adresse e-mail."

    def get_fields(self, request, obj=None):
        """The telephone is read where it is kept: by whoever manages the brigade."""
        return (*self.fields, "phone") if self.may_edit(request) else self.fields

    @admin.display(description="niveaux préférés")
    def preferred_words(self, row: Substitute) -> str:
        return row.preferred_words

    @admin.display(description="niveaux exclus")
    def refused_words(self, row: Substitute) -> str:
        return row.refused_words


@admin.register(BrigadeRules)
class BrigadeRulesAdmin(KeptAdmin):
    work = Work.BRIGADE
    rank = 2
    seen_with = Permission.VIEW_BRIGADE
    edited_with = Permission.MANAGE_BRIGADE
    list_display = ("departement", "reserve_percent", "limit_km", "detour_percent", "same_face_cents")
    list_select_related = ("departement",)
