"""The admin of a model, scoped like the portal: rows by `visible_to`, writing by `editable_by`, choices by both.

A class says by which permission its model is seen and edited. All the rest follows: lists, filters and what somebody
types in their place, suggestions, forms and crafted posts, inlines, actions, deletion. Outside the scope: 404.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import admin
from django.contrib.admin import helpers
from django.contrib.admin.options import BaseModelAdmin, ShowFacets
from django.contrib.admin.utils import NestedObjects, get_fields_from_path
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, router
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst

from circo.access import Permission
from circo.admin.fields import Autocomplete, ScopedForm, is_key
from circo.admin.filters import ScopedRelatedFilter
from circo.admin.work import Work
from circo.models import Departement, District, School

_COLUMN_LOOKUPS = ("", "__exact", "__isnull", "__isempty", "__gte", "__lt")
_DATE_LOOKUPS = ("__year", "__month", "__day")
SEARCHED_MOST = 100  # characters


class Scoped(BaseModelAdmin):
    """What a model's own admin and its inlines share."""

    form = ScopedForm
    seen_with: Permission
    edited_with: Permission | None = None
    scope = "visible_to"  # another one where the team sees less of a row than its people, but more rows
    view_on_site = False

    def may_see(self, request: HttpRequest) -> bool:
        return request.user.reach().can(self.seen_with)

    def may_edit(self, request: HttpRequest) -> bool:
        return self.edited_with is not None and request.user.reach().can(self.edited_with)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = getattr(self.model.objects, self.scope)(request.user)
        return rows.order_by(*(self.get_ordering(request) or self.opts.ordering))

    def editable(self, request: HttpRequest) -> QuerySet:
        """The rows that this person may change or delete."""
        return self.model.objects.editable_by(request.user)

    def choices_of(self, request: HttpRequest, field: models.ForeignKey) -> QuerySet:
        """The rows that a field offers: those one sees, and of places those that one's permission covers."""
        model, reach, permission = field.remote_field.model, request.user.reach(), self.edited_with
        rows = model.objects.visible_to(request.user)
        if permission is None:
            return rows.none()
        if model is District:
            return rows.filter(pk__in=reach.district_ids_for(permission))
        if model is School:
            return rows.filter(district_id__in=reach.district_ids_for(permission))
        if model is Departement:
            return rows.filter(pk__in=reach.departement_ids_for(permission))
        return rows

    def get_field_queryset(self, db: str, db_field: models.ForeignKey, request: HttpRequest) -> QuerySet:
        return self.choices_of(request, db_field)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any):
        if isinstance(db_field, models.ForeignKey):  # without Django's buttons that open other windows
            return self.formfield_for_foreignkey(db_field, request, **kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Autocomplete(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_see(request)


class ScopedAdmin(Scoped, admin.ModelAdmin):
    work = Work.TECHNIQUE
    rank = 9
    imported_as = ""  # the page of imports that brings such rows from a file
    names_shown = True  # False where even the name of a row would say too much
    show_facets = ShowFacets.NEVER
    show_full_result_count = False  # it would count the whole scope a second time
    list_per_page = 50
    delete_confirmation_max_display = 20

    # --- Who may what ---------------------------------------------------------------------------------------------
    def _holds(self, request: HttpRequest, verb: str, obj: models.Model) -> bool:
        """Tell whether the object lies in a scope; asked many times per page, so remembered for the request."""
        memo, key = self._scopes(request), (self.model, obj.pk, verb)
        if key not in memo:
            rows = self.editable(request) if verb == "edit" else self.get_queryset(request)
            memo[key] = rows.filter(pk=obj.pk).exists()
        return memo[key]

    @staticmethod
    def _scopes(request: HttpRequest) -> dict:
        return request.__dict__.setdefault("_scopes", {})

    def has_view_permission(self, request, obj=None):
        return self.may_see(request) and (obj is None or self._holds(request, "see", obj))

    def has_add_permission(self, request):
        return self.may_edit(request)

    def has_change_permission(self, request, obj=None):
        return self.may_edit(request) and (obj is None or self._holds(request, "edit", obj))

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    # --- Reading --------------------------------------------------------------------------------------------------
    def get_urls(self):
        """Without Django's old route to an object, which has no name, nor the history of what keeps none."""
        kept = hasattr(self.model, "history")
        routes = [route for route in super().get_urls() if route.name and "simple_history" not in route.name]
        return [route for route in routes if kept or not route.name.endswith("_history")]

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        self._scopes(request)[(self.model, found.pk, "see")] = True  # it was found among the rows that one sees
        return found

    def changelist_view(self, request, extra_context=None):
        own = {"title": capfirst(self.opts.verbose_name_plural)}
        if self.imported_as and request.user.reach().can(Permission.IMPORT):
            own["import_url"] = reverse("imports:run_new", args=[self.imported_as])
        return super().changelist_view(request, own | (extra_context or {}))

    def get_search_results(self, request, queryset, search_term):
        """Each word is one more condition: a database refuses to read a thousand of them."""
        return super().get_search_results(request, queryset, search_term[:SEARCHED_MOST])

    def get_list_filter(self, request):
        return [self._in_scope(one) for one in super().get_list_filter(request)]

    def _in_scope(self, one: Any) -> Any:
        if isinstance(one, str) and get_fields_from_path(self.model, one)[-1].is_relation:
            return (one, ScopedRelatedFilter)
        return one

    def lookup_allowed(self, lookup, value, request):
        """Only what the filters of the list ask: a lookup typed by hand would question columns that are not shown."""
        if lookup not in self._lookups(request):
            raise Http404
        return True

    def _lookups(self, request: HttpRequest) -> set[str]:
        allowed = {f"{self.date_hierarchy}{part}" for part in _DATE_LOOKUPS if self.date_hierarchy}
        for one in self.get_list_filter(request):
            if hasattr(one, "parameter_name"):
                allowed.add(one.parameter_name)
                continue
            path = one[0] if isinstance(one, tuple) else one
            field = get_fields_from_path(self.model, path)[-1]
            if field.is_relation:
                allowed |= {f"{path}__{field.target_field.name}__exact", f"{path}__isnull"}
            else:
                allowed |= {f"{path}{lookup}" for lookup in _COLUMN_LOOKUPS}
        return allowed

    # --- Writing --------------------------------------------------------------------------------------------------
    def get_changeform_initial_data(self, request):
        """The only district, when there is but one. Never what an address asks for."""
        districts = request.user.reach().district_ids_for(self.edited_with)
        return {"district": next(iter(districts))} if len(districts) == 1 else {}

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            # Somebody wrote the same row meanwhile: asked again, the form sees it, says so, and keeps what was typed.
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Django's own titles say "Modification de école": no gender, no elision. The name of the row follows it."""
        name = self.opts.verbose_name
        context["title"] = f"Ajouter\u00a0: {name}" if add else capfirst(name)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_formset(self, request, form, formset, change):
        rows = self.admin_site.get_model_admin(formset.model).editable(request)
        doomed = {one.instance.pk for one in formset.deleted_forms if one.instance.pk}
        self._refuse_outside(request, rows, doomed)
        super().save_formset(request, form, formset, change)
        written = [*formset.new_objects, *(obj for obj, _ in formset.changed_objects)]
        self._refuse_outside(request, rows, {obj.pk for obj in written})

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self._refuse_outside(request, self.editable(request), {form.instance.pk})

    def _refuse_outside(self, request: HttpRequest, rows: QuerySet, keys: set) -> None:
        """Undo the whole save if it took a row out of what this person edits, or put one in somebody else's."""
        if request.user.reach().everything:
            return
        if rows.filter(pk__in=keys).count() != len(keys):
            raise PermissionDenied

    def response_action(self, request: HttpRequest, queryset: QuerySet, **kwargs: Any) -> HttpResponse | None:
        if not all(is_key(self.model, key) for key in request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)):
            raise Http404
        return super().response_action(request, queryset, **kwargs)

    def get_deleted_objects(self, objs, request):
        """What would go too. Refused if it holds what this person may not delete; what is not seen is not named."""
        if not objs:
            return [], {}, set(), []
        collector = NestedObjects(using=router.db_for_write(self.model), origin=objs)
        collector.collect(objs)
        _leave_out_private_rows(collector)
        refused: set[str] = set()
        tree = collector.nested(lambda obj: self._line(request, obj, refused))
        held = Counter(self._line(request, obj, set()) for obj in collector.protected)
        protected = [f"{line} ({times})" if times > 1 else line for line, times in held.items()]
        named = {model: [row for row in rows if not goes_unnamed(row)] for model, rows in collector.model_objs.items()}
        count = {model._meta.verbose_name_plural: len(rows) for model, rows in named.items() if rows}
        return tree, count, refused, protected

    def _line(self, request: HttpRequest, obj: models.Model, refused: set[str]) -> str:
        kind = capfirst(obj._meta.verbose_name)
        model_admin = self.admin_site._registry.get(type(obj))
        may = model_admin is not None and model_admin.has_delete_permission(request, obj)
        if not may and not request.user.reach().everything:
            refused.add(str(obj._meta.verbose_name))
        named = model_admin is not None and model_admin.names_shown and model_admin.has_view_permission(request, obj)
        return f"{kind}\u00a0: {obj}" if named else kind

    # Each object keeps its own history, in scope and field by field: no second log, which nobody would purge.
    def log_addition(self, request, obj, message):
        return None

    def log_change(self, request, obj, message):
        return None

    def log_deletions(self, request, queryset):
        return None


def goes_unnamed(row: models.Model) -> bool:
    """Tell whether a row goes with the row that it hangs on, and is named to nobody on the way: that there is one would
    already say what only a few may know. Its model says so of all its rows, or each row of itself.

    The table between two models is a part of the one that declares it.
    """
    owner = row._meta.auto_created
    return bool(getattr(owner or row, "goes_unnamed", False))


def _leave_out_private_rows(collector: NestedObjects) -> None:
    for source, rows in collector.edges.items():
        collector.edges[source] = [row for row in rows if not goes_unnamed(row)]


class ReadOnlyAdmin(ScopedAdmin):
    """Rows that the platform writes and people only read."""

    actions = None
