import time

from allauth.account import views as account
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from circo.access import public
from circo.portal.demo import codes
from circo.portal.demo.accounts import PASSWORD


@public
@never_cache
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    now_s = time.time()
    context = {
        "accounts": codes.shown_accounts(now_s),
        "seconds_left": codes.seconds_left(now_s),
        "password": PASSWORD,
    }
    return render(request, "portal/demo/accounts.html", context)


@public
@never_cache
@require_POST
def enter(request: HttpRequest) -> HttpResponseBase:
    """Leave the account that one is in, and sign in to another by the platform's own door: password, then code."""
    if not settings.DEMO:  # the URL is not even mounted then
        raise Http404
    logout(request)
    return account.login(request)
