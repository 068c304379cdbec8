"""The captions of a film: the page of its author, the editor, and the file that players read."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.errors import Refusal
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from videos import actions, queries
from videos.captions import rules
from videos.forms.captions import CaptionFileForm, CueSheet, LanguageForm, ShiftForm
from videos.models import CaptionTrack, Film, Language

HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
FILES = {"vtt": ("text/vtt; charset=utf-8", rules.webvtt), "srt": ("application/x-subrip; charset=utf-8", rules.srt)}


def _own_film(request: HttpRequest, film_id: UUID) -> Film:
    return get_object_or_404(queries.films(request.user).editable_by(request.user), pk=film_id)


def _own_track(request: HttpRequest, film_id: UUID, track_id: int) -> CaptionTrack:
    return get_object_or_404(queries.own_tracks(request.user), film_id=film_id, pk=track_id)


def _captions_page(
    request: HttpRequest, film: Film, form: CaptionFileForm | None = None, status: int = 200
) -> HttpResponse:
    page = queries.captions_page(film, request.user, removed_id=number_in(request.GET.get("retire")))
    context = {"film": film, "page": page, "form": form or CaptionFileForm(), "language_form": LanguageForm()}
    return htmx.page(request, "videos/captions.html", "engine", context, status=status)


@signed_in
@require_safe
def captions(request: HttpRequest, film_id: UUID) -> HttpResponse:
    return _captions_page(request, _own_film(request, film_id))


@signed_in
@require_POST
def captions_import(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = _own_film(request, film_id)
    form = CaptionFileForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        with refusals_in(form, "file"):
            language = Language(data["language"])
            track, bad = actions.import_captions(film=film, language=language, data=data["file"], by=request.user)
    if form.errors:
        return _captions_page(request, film, form, status=422)
    count = len(track.rows)
    messages.success(request, "Un sous-titre a été lu." if count == 1 else f"{count} sous-titres ont été lus.")
    if bad:
        messages.warning(request, rules.left_out(bad))
    return redirect("videos:captions_edit", film.pk, track.pk)


@signed_in
@require_POST
def captions_start(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = _own_film(request, film_id)
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return _captions_page(request, film, status=422)
    track = actions.start_captions(film=film, language=Language(form.cleaned_data["language"]), by=request.user)
    return redirect("videos:captions_edit", film.pk, track.pk)


@signed_in
@require_POST
def captions_listen(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = _own_film(request, film_id)
    with refusals_above(request):
        actions.ask_captions(film=film, by=request.user)
    return redirect("videos:captions", film.pk)


def _editor_page(
    request: HttpRequest,
    track: CaptionTrack,
    sheet: CueSheet | None = None,
    shift: ShiftForm | None = None,
    fault: str = "",
) -> HttpResponse:
    page = queries.editor(track, number_in(request.GET.get("page")) or 1)
    context = {
        "film": track.film,
        "page": page,
        "rows": sheet.rows if sheet else page.rows,
        "first": sheet.first if sheet else page.first,
        "count": sheet.count if sheet else page.count,
        "shift": shift or ShiftForm(),
        "fault": fault,
        "watching": queries.watching(track.film, request.user),
    }
    return render(request, "videos/captions_edit.html", context, status=422 if sheet or shift else 200)


@signed_in
@require_safe
def captions_edit(request: HttpRequest, film_id: UUID, track_id: int) -> HttpResponse:
    return _editor_page(request, _own_track(request, film_id, track_id))


@signed_in
@require_POST
def captions_save(request: HttpRequest, film_id: UUID, track_id: int) -> HttpResponse:
    """Save the rows of one page; a script asks for JSON as one types, the form itself leads back to the page."""
    track = _own_track(request, film_id, track_id)
    sheet, by_script = CueSheet(request.POST), request.headers.get("Accept") == "application/json"
    fault = "" if sheet.is_valid else "Voyez les lignes à corriger\u00a0: rien n’est perdu."
    span = {"first": sheet.first, "count": sheet.count, "revision": sheet.revision}
    try:
        if not fault:
            track = actions.save_captions(track=track, cues=sheet.cues, by=request.user, **span)
    except Refusal as refusal:
        fault = str(refusal)
    if by_script:
        said = {"revision": track.revision, "count": len(sheet.cues), "fault": fault}
        return JsonResponse(said, status=409 if fault else 200)
    if fault:
        track.refresh_from_db(fields=["revision"])
        return _editor_page(request, track, sheet, fault=fault)
    messages.success(request, "Les sous-titres sont enregistrés.")
    return _to_editor(track, number_in(request.GET.get("page")))


def _to_editor(track: CaptionTrack, number: int | None = None) -> HttpResponse:
    page = {"page": number} if number else {}
    return redirect(reverse("videos:captions_edit", args=[track.film_id, track.pk], query=page))


@signed_in
@require_POST
def captions_shift(request: HttpRequest, film_id: UUID, track_id: int) -> HttpResponse:
    track = _own_track(request, film_id, track_id)
    form = ShiftForm(request.POST)
    if form.is_valid():
        with refusals_in(form, "seconds"):
            by_ms = round(1000 * form.cleaned_data["seconds"])
            actions.shift_captions(track=track, by_ms=by_ms, by=request.user)
    if form.errors:
        return _editor_page(request, track, shift=form)
    messages.success(
        request, "Tous les sous-titres sont décalés. «\u00a0Version précédente\u00a0» les remet comme avant."
    )
    return _to_editor(track)


@signed_in
@require_POST
def captions_undo(request: HttpRequest, film_id: UUID, track_id: int) -> HttpResponse:
    track = _own_track(request, film_id, track_id)
    with refusals_above(request):
        actions.undo_captions(track=track, by=request.user)
        messages.success(request, "La version précédente est revenue.")
    return _to_editor(track)


@signed_in
@require_POST
def captions_show(request: HttpRequest, film_id: UUID, track_id: int) -> HttpResponse:
    track = _own_track(request, film_id, track_id)
    shown = request.POST.get("shown") == "yes"
    with refusals_above(request):
        actions.show_captions(track=track, shown=shown, by=request.user)
        said = (
            "Les sous-titres sont montrés avec le film." if shown else "Ces sous-titres ne se voient plus que de vous."
        )
        messages.success(request, said)
    return redirect("videos:captions", film_id)


@signed_in
@require_POST
def captions_delete(request: HttpRequest, film_id: UUID, track_id: int) -> HttpResponse:
    track = _own_track(request, film_id, track_id)
    with refusals_above(request):
        actions.remove_captions(track=track, by=request.user)
        return redirect(reverse("videos:captions", args=[film_id], query={"retire": track.pk}))
    return redirect("videos:captions", film_id)


@signed_in
@require_POST
def captions_restore(request: HttpRequest, film_id: UUID, track_id: int) -> HttpResponse:
    track = get_object_or_404(queries.removed_tracks(request.user), film_id=film_id, pk=track_id)
    with refusals_above(request):
        actions.restore_captions(track=track, by=request.user)
        messages.success(request, "Les sous-titres sont revenus.")
    return redirect("videos:captions", film_id)


@signed_in
@require_safe
def transcript(request: HttpRequest, film_id: UUID, track_id: int) -> HttpResponse:
    shown = CaptionTrack.objects.visible_to(request.user).select_related("film")
    track = get_object_or_404(shown, film_id=film_id, pk=track_id)
    context = {"track": track, "rows": queries.transcript(track)}
    return htmx.page(request, "videos/transcript.html", "text", context)


@signed_in
@require_safe
def captions_file(request: HttpRequest, film_id: UUID, track_id: int, form: str) -> HttpResponse:
    """The captions that players read (WebVTT), or that one takes away: written by us from times and text."""
    track = get_object_or_404(
        CaptionTrack.objects.visible_to(request.user).select_related("film"), film_id=film_id, pk=track_id
    )
    if form not in FILES:
        raise Http404
    content_type, written = FILES[form]
    response = HttpResponse(written(track.cues), content_type=content_type, headers=HEADERS)
    if form == "srt" or "telecharger" in request.GET:
        name = f"{track.film.title} ({track.language}).{form}"
        response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
