"""Called by the player while one watches, at a pause, and as the page closes."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from circo.access import signed_in
from circo.errors import Refusal
from circo.logs import security
from trainings.watching import actions, rules, standing, tokens
from trainings.watching.tokens import Play, TooLate
from videos import grants
from videos.models import Film

PATH = "/parcours/battement/"
NOT_YOURS = "Ces secondes ne sont pas comptées\u00a0: elles viennent de la page de quelqu’un d’autre."
WITHDRAWN = "Ce film n’est plus visible pour vous\u00a0: ce que vous en regardez n’est plus compté."
UNREADABLE = "Ces secondes ne sont pas comptées\u00a0: elles ne sont celles d’aucun film."


@signed_in
@require_POST
def beat(request: HttpRequest) -> JsonResponse:
    """Ask for all rights, then count; the next beats of this minute are answered by `BeatMiddleware`."""
    now, token = timezone.now(), request.POST.get("token", "")
    try:
        play = tokens.read(token, now=now)
        if play.person_id != request.user.pk:
            return _refused(request, NOT_YOURS, 403)
        if not _sees(request, play.film_id):
            return _refused(request, WITHDRAWN, 404)
        answer = counted(request, play, now=now)
    except ValueError:
        return _refused(request, UNREADABLE, 400)
    except Refusal as refusal:
        return _refused(request, str(refusal), 410 if isinstance(refusal, TooLate) else 400)
    standing.remember(request, token)
    return answer


class BeatMiddleware:
    """Answer a beat whose sender was asked for all rights a moment ago, before anything reads the session.

    The token, which no other site can know, is here what Django's own token is elsewhere.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_beat = request.path_info == PATH and request.method == "POST"
        return (is_beat and self._answer(request)) or self.get_response(request)

    @staticmethod
    def _answer(request: HttpRequest) -> HttpResponse | None:
        now, token = timezone.now(), request.POST.get("token", "")
        if not standing.stands(request, token):
            return None
        try:
            play = tokens.read(token, now=now)
            answer = counted(request, play, now=now) if standing.is_shown(play.film_id) else None
        except (Refusal, ValueError):  # ask in full, and say why not
            return None
        if answer is not None:
            answer.headers["Cache-Control"] = "private, no-store"
        return answer


def counted(request: HttpRequest, play: Play, *, now: datetime) -> JsonResponse:
    """Count a beat of somebody who may send it. Raises: ValueError if it is none; Refusal."""
    played = rules.played_from(request.POST.get("played", ""))
    position_s = rules.second_from(request.POST.get("at_s", ""))
    told = actions.beat(play=play, played=played, position_s=position_s, now=now)
    if told.refused_ms:
        _note(play.person_id, f"{told.refused_ms} ms more than the clock allows, of excerpt {play.excerpt_id}")
    seen = told.seen
    return JsonResponse({"words": seen.words, "percent": seen.percent, "watched": seen.is_watched})


def _sees(request: HttpRequest, film_id: UUID) -> bool:
    """Ask the film's own gate; the answer that the film's last segment had is good for some seconds."""
    if grants.output_of(request, film_id) is not None:
        return True
    film = Film.objects.visible_to(request.user).watchable().filter(pk=film_id).only("output").first()
    if film is not None:
        grants.remember(request, film.pk, film.output)
    return film is not None


def _refused(request: HttpRequest, why: str, status: int) -> JsonResponse:
    _note(request.user.pk, why)
    return JsonResponse({"fault": why}, status=status)


def _note(person_id: int, what: str) -> None:
    security.warning("beat of person %s: %s", person_id, what)
