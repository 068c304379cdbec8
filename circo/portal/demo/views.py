import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

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
