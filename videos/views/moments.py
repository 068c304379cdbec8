"""Comments at the second."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from circo.access import signed_in
from circo.errors import Refusal
from videos import actions, queries
from videos.forms.moments import MomentForm
from videos.models import Moment
from videos.views.films import film_page_response


@signed_in
@require_POST
def moment_create(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = get_object_or_404(queries.films(request.user).watchable(), pk=film_id)
    form = MomentForm(request.POST, film=film)
    if form.is_valid():
        try:
            moment = actions.comment(film=film, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return film_page_response(request, film, "moments", form, status=422)
    return _to_moment(moment)


def _to_moment(moment: Moment) -> HttpResponse:
    here = reverse("videos:film_page", args=[moment.film_id], query={"nouveau": moment.pk})
    return redirect(f"{here}#moment-{moment.pk}")


@signed_in
@require_POST
def moment_delete(request: HttpRequest, film_id: UUID, moment_id: int) -> HttpResponse:
    moment = get_object_or_404(Moment.objects.editable_by(request.user), film_id=film_id, pk=moment_id)
    actions.remove_moment(moment=moment, by=request.user)
    return redirect(reverse("videos:film_page", args=[film_id], query={"retire": moment.pk}))


@signed_in
@require_POST
def moment_restore(request: HttpRequest, film_id: UUID, moment_id: int) -> HttpResponse:
    moment = get_object_or_404(queries.restorable_moments(request.user), film_id=film_id, pk=moment_id)
    actions.restore_moment(moment=moment, by=request.user)
    return _to_moment(moment)
