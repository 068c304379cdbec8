"""Around the player: where one stopped, and the chapters."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo.access import signed_in
from circo.errors import Refusal
from videos import actions, queries, rules
from videos.captions.rules import Cue, webvtt
from videos.forms.chapters import ChapterSheet
from videos.models import Film
from videos.views.captions import HEADERS


@signed_in
@require_POST
def position_save(request: HttpRequest, film_id: UUID) -> HttpResponse:
    """Called by the player as one watches, and as the page closes: it answers nothing."""
    film = get_object_or_404(Film.objects.visible_to(request.user).watchable(), pk=film_id)
    try:
        at_s = min(rules.seconds_of(request.POST.get("at_s", "")), rules.DURATION_MAX_S)
    except ValueError:
        return HttpResponse(status=400)
    actions.keep_position(film=film, at_s=at_s, by=request.user)
    return HttpResponse(status=204)


def _refused_chapters(request: HttpRequest, sheet: ChapterSheet, fault: str) -> HttpResponse:
    context = {"film": sheet.film, "sheet": sheet, "fault": fault}
    return render(request, "videos/chapters.html", context, status=422)


@signed_in
@require_POST
def chapters_save(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = get_object_or_404(queries.films(request.user).editable_by(request.user).watchable(), pk=film_id)
    sheet = ChapterSheet.read(film, request.POST)
    if not sheet.is_valid:
        return _refused_chapters(request, sheet, "Voyez les lignes à corriger.")
    try:
        actions.set_chapters(film=film, chapters=sheet.chapters, by=request.user)
    except Refusal as refusal:
        return _refused_chapters(request, sheet, str(refusal))
    messages.success(request, "Les chapitres sont enregistrés.")
    return redirect(f"{reverse('videos:film_page', args=[film.pk])}#chapitres")


@signed_in
@require_safe
def chapters_file(request: HttpRequest, film_id: UUID) -> HttpResponse:
    """The chapters, as players read them."""
    film = get_object_or_404(Film.objects.visible_to(request.user).watchable(), pk=film_id)
    rows = list(queries.chapters(film))
    ends = [row.at_s for row in rows[1:]] + [film.duration_s or 0]
    cues = [Cue(round(1000 * row.at_s), round(1000 * end), row.title) for row, end in zip(rows, ends, strict=False)]
    return HttpResponse(webvtt(cues), content_type="text/vtt; charset=utf-8", headers=HEADERS)
