from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from circo.access import public
from circo.portal.mailbox.reading import mails_in

PER_PAGE = 20


@public
@never_cache
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:  # the URL is not even mounted then; links that open an account stand in these mails
        raise Http404
    page = Paginator(mails_in(settings.MAILS_DIR), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "mailbox/mails.html", {"page": page})
