"""The admin of the inspector's team: who enters it, and what its index shows."""

from __future__ import annotations

from functools import update_wrapper

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy

from circo.access import Permission
from circo.admin.autocomplete import Suggestions
from circo.admin.work import Work
from circo.sign_in import proconnect

# Accounts belong to allauth, and "view on site" would tell whether any object of any model exists.
DROPPED = frozenset({"password_change", "password_change_done", "view_on_site"})


class Site(admin.AdminSite):
    site_title = site_header = index_title = "Administration"
    empty_value_display = "–"
    site_url = reverse_lazy("portal:home")
    final_catch_all_view = False  # a route without a name can't be declared in the access table

    def has_permission(self, request: HttpRequest) -> bool:
        """Somebody whose roles give the admin, with the second factor that they ask for."""
        may = request.user.is_active and request.user.reach().can(Permission.USE_ADMIN)
        return may and not proconnect.lacks_second_factor(request)

    def admin_view(self, view, cacheable=False):
        """What somebody may not do does not exist for them: 404, as everywhere else."""
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            try:
                return inner(request, *args, **kwargs)
            except PermissionDenied as refused:
                raise Http404 from refused

        return update_wrapper(guarded, inner)

    def register(self, model_or_iterable, admin_class=None, **options):
        """Ours only: the admins that libraries bring along know nothing of districts."""
        if hasattr(admin_class, "work"):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self):
        return [route for route in super().get_urls() if getattr(route, "name", None) not in DROPPED]

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_login")

    def logout(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_logout")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return Suggestions.as_view(admin_site=self)(request)

    def get_log_entries(self, request: HttpRequest):
        """None: each object keeps its own history, in scope."""
        return []

    def get_app_list(self, request: HttpRequest, app_label=None) -> list[dict]:
        """What this person can see or do, cut by kind of work."""
        apps = self._build_app_dict(request, app_label).values()
        entries = [entry for app in apps for entry in app["models"]]
        entries.sort(key=lambda entry: (self.get_model_admin(entry["model"]).rank, entry["name"]))
        parts = ((work, [entry for entry in entries if self._work(entry) is work]) for work in Work)
        return [self._part(work, mine) for work, mine in parts if mine]

    def _work(self, entry: dict) -> Work:
        return self.get_model_admin(entry["model"]).work

    def _part(self, work: Work, entries: list[dict]) -> dict:
        return {
            "name": work.title,
            "purpose": work.purpose,
            "app_label": work.anchor,
            "app_url": f"{reverse('admin:index', current_app=self.name)}#{work.anchor}",
            "has_module_perms": True,
            "models": entries,
        }
