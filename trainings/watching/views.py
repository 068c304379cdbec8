"""Called by the player while one watches, at a pause, and as the page closes."""

from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from circo.access import signed_in
from circo.errors import Refusal
from circo.logs import security
from trainings.watching import actions, rules, tokens
from trainings.watching.tokens import NotYours, TooLate
from videos import grants
from videos.models import Film

WITHDRAWN = "Ce film n’est plus visible pour vous\u00a0: ce que vous en regardez n’est plus compté."
UNREADABLE = "Ces secondes ne sont pas comptées\u00a0: elles ne sont celles d’aucun film."


@signed_in
@require_POST
def beat(request: HttpRequest) -> JsonResponse:
    now = timezone.now()
    try:
        play = tokens.read(request.POST.get("token", ""), by=request.user, now=now)
        played = rules.played_from(request.POST.get("played", ""))
        position_s = rules.second_from(request.POST.get("at_s", ""))
        if not _is_shown(request, play.film_id):
            return _refused(request, WITHDRAWN, 404)
        told = actions.beat(play=play, played=played, position_s=position_s, now=now, by=request.user)
    except ValueError:
        return _refused(request, UNREADABLE, 400)
    except Refusal as refusal:
        return _refused(request, str(refusal), STATUS.get(type(refusal), 400))
    if told.refused_ms:
        _note(request, f"{told.refused_ms} ms more than the clock allows, of excerpt {play.excerpt_id}")
    seen = told.seen
    return JsonResponse({"words": seen.words, "percent": seen.percent, "watched": seen.is_watched})


STATUS = {NotYours: 403, TooLate: 410}


def _is_shown(request: HttpRequest, film_id: UUID) -> bool:
    """Ask the film's own gate; the answer that the film's last segment had is good for some seconds."""
    if grants.output_of(request, film_id) is not None:
        return True
    film = Film.objects.visible_to(request.user).watchable().filter(pk=film_id).only("output").first()
    if film is not None:
        grants.remember(request, film.pk, film.output)
    return film is not None


def _refused(request: HttpRequest, why: str, status: int) -> JsonResponse:
    _note(request, why)
    return JsonResponse({"fault": why}, status=status)


def _note(request: HttpRequest, what: str) -> None:
    security.warning("beat of person %s: %s", request.user.pk, what)
