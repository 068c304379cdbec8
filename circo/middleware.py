"""The gate in front of every view: its declared rule, and the second factor of those whose role asks for it."""

from __future__ import annotations

import logging

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from circo.access import ViewRule, Visitor
from circo.sign_in import proconnect
from circo.third_party import OPEN_BEFORE_SECOND_FACTOR, rule_of

logger = logging.getLogger(__name__)


class AccessMiddleware:
    """Refuse a view that declares no rule; else ask its rule. Runs after authentication."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            request.user = Visitor()
        response = self.get_response(request)
        if request.user.is_authenticated:
            # What one reads under one's name stays in no cache: on a shared computer, Back shows nothing once one left.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request: HttpRequest, view_func, view_args, view_kwargs) -> HttpResponse | None:
        if "%00" in request.get_full_path():
            raise Http404  # nothing here is named so, and PostgreSQL falls over it
        name = request.resolver_match.view_name
        rule: ViewRule | None = getattr(view_func, "access_rule", None) or rule_of(name)
        if rule is None:
            logger.error("no access rule for the view %s: denied", name)
            raise Http404
        if not rule.signed_in:
            return None
        if not request.user.is_authenticated:
            return self._to_login(request)
        if name not in OPEN_BEFORE_SECOND_FACTOR and proconnect.lacks_second_factor(request):
            return redirect("mfa_index")
        if rule.permission and not request.user.reach().can(rule.permission):
            raise Http404
        return None

    @staticmethod
    def _to_login(request: HttpRequest) -> HttpResponse:
        login = redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        return HttpResponseClientRedirect(login.url) if request.htmx else login
