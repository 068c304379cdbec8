from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.errors import Refusal
from videos import actions, queries, serving, tus
from videos.forms import DepositForm, MomentForm
from videos.models import Film, Moment, Upload
from videos.receiving import Fault, NotTaken


@signed_in
@require_safe
def film_list(request: HttpRequest) -> HttpResponse:
    asked = {"group": request.GET.get("groupe", ""), "number": request.GET.get("page", "")}
    return htmx.page(request, "videos/film_list.html", "rows", {"page": queries.film_list_page(request.user, **asked)})


# --- Deposit ------------------------------------------------------------------------------------------------------
@requires(Permission.DEPOSIT_FILM)
@require_safe
def film_deposit(request: HttpRequest) -> HttpResponse:
    return _deposit_page(request, DepositForm(person=request.user))


def _deposit_page(request: HttpRequest, form: DepositForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "max_bytes": settings.FILM_MAX_BYTES, "uploads": queries.open_uploads(request.user)}
    return render(request, "videos/film_deposit.html", context, status=status)


@requires(Permission.DEPOSIT_FILM)
@require_POST
def film_create(request: HttpRequest) -> HttpResponse:
    form = DepositForm(request.POST, request.FILES, person=request.user)
    form.is_valid()
    upload = None
    try:
        upload = _upload_of(form)
        if form.errors:
            return _deposit_page(request, _with_upload(form, upload), status=422)
        data = form.cleaned_data
        film = actions.deposit(upload=upload, title=data["title"], group=data["group"], by=request.user)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _deposit_page(request, _with_upload(form, upload), status=422)
    return redirect("videos:film_page", film.pk)


def _upload_of(form: DepositForm) -> Upload | None:
    """The upload that the form names, or the one that its own file becomes."""
    file = form.cleaned_data.get("file")
    if form.cleaned_data.get("upload") or not file:
        return form.cleaned_data.get("upload")
    return actions.keep_file(file=file, size_bytes=file.size, file_name=file.name, by=form.person)


def _with_upload(form: DepositForm, upload: Upload | None) -> DepositForm:
    """The same refused form, with the file that has arrived: it need not be sent again."""
    if upload is not None:
        form.data = form.data.copy()
        form.data["upload"] = str(upload.pk)
        form.fields["file"].required = False
    return form


# --- Watch and discuss --------------------------------------------------------------------------------------------
def _film_page(
    request: HttpRequest, film: Film, part: str, form: MomentForm | None = None, status: int = 200
) -> HttpResponse:
    page = queries.film_page(film, request.user, asked=request.GET)
    form = form or MomentForm(film=film, initial={"at_s": page.start_s})
    context = {"film": film, "page": page, "form": form}
    return htmx.page(request, "videos/film_page.html", part, context, status=status)


@signed_in
@require_safe
def film_page(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = get_object_or_404(queries.films(request.user), pk=film_id)
    return _film_page(request, film, "moments")


@signed_in
@require_safe
def film_state(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = get_object_or_404(queries.films(request.user), pk=film_id)
    return _film_page(request, film, "state")


@signed_in
@require_POST
def film_delete(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = get_object_or_404(Film.objects.editable_by(request.user), pk=film_id)
    actions.delete_film(film=film, by=request.user)
    messages.success(request, "Le film, ses commentaires et ses fichiers sont supprimés.")
    return redirect("videos:film_list")


@signed_in
@require_POST
def moment_create(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = get_object_or_404(queries.films(request.user).ready(), pk=film_id)
    form = MomentForm(request.POST, film=film)
    if form.is_valid():
        try:
            moment = actions.comment(film=film, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return _film_page(request, film, "moments", form, status=422)
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


@signed_in
@require_safe
def film_media(request: HttpRequest, film_id: UUID, name: str) -> HttpResponse:
    film = get_object_or_404(Film.objects.visible_to(request.user).ready(), pk=film_id)
    return serving.deliver(film, name, request.headers)


# --- Resumable uploads (tus 1.0) ----------------------------------------------------------------------------------
STATUS_OF_FAULT = {
    Fault.BUSY: 423,
    Fault.OFFSET: 409,
    Fault.LENGTH: 400,
    Fault.CHECKSUM: 460,
    Fault.CUT: 400,
    Fault.TOO_BIG: 413,
    Fault.QUOTA: 413,
    Fault.FULL: 507,
}


def _tus(status: int, text: str = "", **headers: str) -> HttpResponse:
    """An answer in the protocol's words; `text` is French, for the person, or English, for who writes a client."""
    told = {"Tus-Resumable": tus.VERSION, "Cache-Control": "no-store"}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=told)


def _tus_options() -> HttpResponse:
    return _tus(
        204,
        Tus_Version=tus.VERSION,
        Tus_Extension=tus.EXTENSIONS,
        Tus_Max_Size=str(settings.FILM_MAX_BYTES),
        Tus_Checksum_Algorithm=",".join(tus.CHECKSUMS),
    )


def _place(upload: Upload) -> dict[str, str]:
    return {"Upload_Offset": str(upload.offset_bytes), "Upload_Expires": http_date(upload.expires_at.timestamp())}


def _speaks_tus(view):
    """Answer what the protocol answers to OPTIONS, to another version, to a bad header and to a refusal."""

    @wraps(view)
    def spoken(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "OPTIONS":
            return _tus_options()
        if request.headers.get("Tus-Resumable") != tus.VERSION:
            return _tus(412, f"tus {tus.VERSION} only", Tus_Version=tus.VERSION)
        try:
            return view(request, *args, **kwargs)
        except tus.BadHeader as error:
            return _tus(400, str(error))
        except NotTaken as refusal:
            return _tus(STATUS_OF_FAULT[refusal.fault], str(refusal))
        except Refusal as refusal:
            return _tus(403, str(refusal))
        except Upload.DoesNotExist:  # removed while its bytes arrived
            return _tus(404)

    return spoken


@requires(Permission.DEPOSIT_FILM)
@require_http_methods(["OPTIONS", "POST"])
@_speaks_tus
def upload_create(request: HttpRequest) -> HttpResponse:
    size_bytes = tus.number(request.headers, "Upload-Length")
    file_name = tus.metadata(request.headers).get("filename", "")
    checksum = tus.checksum(request.headers)
    upload = actions.start_upload(size_bytes=size_bytes, file_name=file_name, by=request.user)
    if request.content_type == tus.CHUNK_TYPE:  # creation-with-upload
        upload = _receive(request, upload, offset=0, checksum=checksum)
    return _tus(201, Location=reverse("videos:upload", args=[upload.pk]), **_place(upload))


def _receive(request: HttpRequest, upload: Upload, *, offset: int, checksum: tus.Checksum | None) -> Upload:
    return actions.receive(
        upload_id=upload.pk,
        offset=offset,
        stream=request,  # read in blocks: the body of a chunk is never held in memory
        length=tus.number(request.headers, "Content-Length"),
        checksum=checksum,
        by=request.user,
    )


@requires(Permission.DEPOSIT_FILM)
@require_http_methods(["OPTIONS", "HEAD", "PATCH", "DELETE"])
@_speaks_tus
def upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    row = get_object_or_404(Upload.objects.editable_by(request.user).open_at(timezone.now()), pk=upload_id)
    if request.method == "HEAD":
        return _tus(200, Upload_Length=str(row.size_bytes), **_place(row))
    if request.method == "DELETE":
        actions.drop_upload(upload_id=row.pk, by=request.user)
        return _tus(204)
    if request.content_type != tus.CHUNK_TYPE:
        return _tus(415, f"send {tus.CHUNK_TYPE}")
    offset, checksum = tus.number(request.headers, "Upload-Offset"), tus.checksum(request.headers)
    return _tus(204, **_place(_receive(request, row, offset=offset, checksum=checksum)))
