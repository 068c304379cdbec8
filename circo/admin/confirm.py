"""An action on several rows asks first, on a page that names them."""

from __future__ import annotations

from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from circo.admin.scoped import ScopedAdmin

MOST_NAMED = 50


def said_yes(request: HttpRequest) -> bool:
    return request.POST.get("post") == "yes"


def question(
    model_admin: ScopedAdmin, request: HttpRequest, rows: QuerySet, *, action: str, title: str, says: str, button: str
) -> TemplateResponse:
    """The page that asks. `rows` are those that the action will touch."""
    count = rows.count()
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "subtitle": None,
        "opts": model_admin.opts,
        "media": model_admin.media,
        "says": says,
        "button": button,
        "action": action,
        "count": count,
        "rows": rows[:MOST_NAMED],
        "more": max(count - MOST_NAMED, 0),
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
        "selected": request.POST.getlist(helpers.ACTION_CHECKBOX_NAME),
        "select_across": request.POST.get("select_across", "0"),
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/confirm.html", context)
