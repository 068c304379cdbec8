"""The history of each object: who, when, from what to what; in scope, and nothing of what the reader may not see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib.admin.options import EMPTY_VALUE_STRING
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.utils import formats, timezone
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import DeletedObject
from simple_history.template_utils import HistoricalRecordContextHelper

from circo.admin.fields import is_key
from circo.admin.scoped import ScopedAdmin
from circo.models import Person

ELSEWHERE = "hors de votre périmètre"


class Values(HistoricalRecordContextHelper):
    """How the values of a change read, in French."""

    def __init__(self, model: type[Model], record: Any, sees: Callable[[Model], bool]):
        super().__init__(model, record)
        self.sees = sees

    def prepare_delta_change_value(self, change, value):
        field = self.model._meta.get_field(change.field)
        if isinstance(value, DeletedObject):
            return EMPTY_VALUE_STRING if value.pk is None else "supprimé depuis"
        if isinstance(value, Model):
            return str(value) if self.sees(value) else ELSEWHERE
        return shown(dict(field.flatchoices).get(value, value) if field.choices else value)


def shown(value: Any) -> str:
    """Write a value as people read it."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return EMPTY_VALUE_STRING if value in (None, "") else str(value)


class KeptAdmin(ScopedAdmin, SimpleHistoryAdmin):
    """A model whose changes are kept by django-simple-history. Read only: a form would undo more than one thinks."""

    object_history_template = "admin/history.html"

    def history_view(self, request, object_id, extra_context=None):
        """404 outside the scope and for what was deleted: the package then asks for the right to see it."""
        if not is_key(self.model, object_id):
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def revert_disabled(self, request, obj=None):
        return True

    def get_history_queryset(self, request, history_manager, pk_name, object_id):
        relations = [field.name for field in history_manager.model.tracked_fields if field.is_relation]
        rows = history_manager.filter(**{pk_name: object_id})
        return rows.select_related("history_user", *relations)

    def get_historical_record_context_helper(self, request, historical_record):
        return Values(self.model, historical_record, lambda obj: self._sees(request, obj))

    def _sees(self, request: HttpRequest, obj: Model) -> bool:
        memo = request.__dict__.setdefault("_seen", {})
        key = (type(obj), obj.pk)
        if key not in memo:
            memo[key] = type(obj).objects.visible_to(request.user).filter(pk=obj.pk).exists()
        return memo[key]

    def history_view_title(self, request, obj):
        return f"Historique\u00a0: {obj}"

    def render_history_view(self, request, template, context, **kwargs):
        for record in context["page_obj"].object_list:
            record.who = self._who(request, record.history_user)
            record.shown_changes = getattr(record, "history_delta_changes", [])  # the oldest of a page has none
        return super().render_history_view(request, template, context, **kwargs)

    def _who(self, request: HttpRequest, person: Person | None) -> str:
        if person is None:
            return "La plateforme"
        if person.is_superuser:
            return "L’administration technique"
        return str(person) if self._sees(request, person) else f"Quelqu’un {ELSEWHERE}"
