"""The bytes of a film, each authorised."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from circo.access import signed_in
from videos import serving
from videos.models import Film


@signed_in
@require_safe
def film_media(request: HttpRequest, film_id: UUID, name: str) -> HttpResponseBase:
    film = get_object_or_404(Film.objects.visible_to(request.user).watchable(), pk=film_id)
    return serving.deliver(film, name, request)
