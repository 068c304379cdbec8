"""Resumable uploads: tus 1.0."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods

from circo import bucket
from circo.access import Permission, requires
from circo.errors import Outside, Refusal
from videos import actions, queries, rules, tus
from videos.models import Upload
from videos.receiving import Fault, NotTaken

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


def _begun(upload: Upload) -> dict[str, str]:
    """Where an upload is, and the address that takes its index ahead, as long as there is none.

    A bucket gives no bytes back before the end: the index would help nobody there, and make the rest wait.
    """
    helps = not upload.has_index and not bucket.is_used()
    index = {"Upload_Index": reverse("videos:upload_index", args=[upload.pk])} if helps else {}
    return index | _place(upload)


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
        except Outside as failure:  # the bucket does not answer: the client waits, and goes on
            return _tus(503, str(failure))
        except Upload.DoesNotExist:  # removed while its bytes arrived
            return _tus(404)

    return spoken


@requires(Permission.DEPOSIT_FILM)
@require_http_methods(["OPTIONS", "POST"])
@_speaks_tus
def upload_create(request: HttpRequest) -> HttpResponse:
    size_bytes, told = tus.number(request.headers, "Upload-Length"), tus.metadata(request.headers)
    checksum = tus.checksum(request.headers)
    upload = actions.start_upload(
        size_bytes=size_bytes,
        file_name=told.get("filename", ""),
        fingerprint=rules.fingerprint(told.get("fingerprint", "")),
        by=request.user,
    )
    if request.content_type == tus.CHUNK_TYPE:  # creation-with-upload
        upload = _receive(request, upload, actions.receive, offset=0, checksum=checksum)
    same = queries.same_film(upload)
    twin = {"Same_Film": reverse("videos:film_page", args=[same.pk])} if same else {}
    return _tus(201, Location=reverse("videos:upload", args=[upload.pk]), **twin, **_begun(upload))


def _receive(
    request: HttpRequest, upload: Upload, verb: Callable[..., Upload], *, offset: int, checksum: tus.Checksum | None
) -> Upload:
    return verb(
        upload_id=upload.pk,
        offset=offset,
        stream=request,  # read in blocks: the body of a chunk is never held in memory
        length=tus.number(request.headers, "Content-Length"),
        checksum=checksum,
        by=request.user,
    )


def _receive_range(request: HttpRequest, upload: Upload, verb: Callable[..., Upload]) -> HttpResponse:
    if request.content_type != tus.CHUNK_TYPE:
        return _tus(415, f"send {tus.CHUNK_TYPE}")
    offset, checksum = tus.number(request.headers, "Upload-Offset"), tus.checksum(request.headers)
    return _tus(204, **_place(_receive(request, upload, verb, offset=offset, checksum=checksum)))


@requires(Permission.DEPOSIT_FILM)
@require_http_methods(["OPTIONS", "HEAD", "PATCH", "DELETE"])
@_speaks_tus
def upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    row = get_object_or_404(Upload.objects.editable_by(request.user).open_at(timezone.now()), pk=upload_id)
    if request.method == "HEAD":
        return _tus(200, Upload_Length=str(row.size_bytes), **_begun(row))
    if request.method == "DELETE":
        actions.drop_upload(upload_id=row.pk, by=request.user)
        return _tus(204)
    return _receive_range(request, row, actions.receive)


@requires(Permission.DEPOSIT_FILM)
@require_http_methods(["OPTIONS", "PUT"])
@_speaks_tus
def upload_index(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Not of the protocol: the range that holds the index of a film, ahead of its turn."""
    row = get_object_or_404(Upload.objects.editable_by(request.user).open_at(timezone.now()), pk=upload_id)
    return _receive_range(request, row, actions.receive_index)
