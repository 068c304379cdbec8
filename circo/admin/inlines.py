"""Rows of a model in the page of another, under the rules of their own admin."""

from __future__ import annotations

from django.contrib import admin

from circo.admin.fields import ScopedFormSet
from circo.admin.scoped import Scoped, ScopedAdmin


class ScopedInline(Scoped, admin.StackedInline):
    """Rows of a model whose own admin says who sees, edits and chooses what."""

    formset = ScopedFormSet
    extra = 0

    @property
    def own_admin(self) -> ScopedAdmin:
        return self.admin_site.get_model_admin(self.model)

    def may_see(self, request):
        return self.own_admin.may_see(request)

    def may_edit(self, request):
        return self.own_admin.may_edit(request)

    def choices_of(self, request, field):
        return self.own_admin.choices_of(request, field)

    def get_queryset(self, request):
        return self.own_admin.get_queryset(request)

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.editable = self.own_admin.editable(request)
        return formset

    def has_view_permission(self, request, obj=None):
        return self.may_see(request)

    def has_add_permission(self, request, obj):
        return self.may_edit(request)

    def has_change_permission(self, request, obj=None):
        return self.may_edit(request)

    def has_delete_permission(self, request, obj=None):
        return self.may_edit(request)
