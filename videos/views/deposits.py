"""The page that deposits a film."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from circo.access import Permission, requires
from circo.errors import Refusal
from videos import actions, queries
from videos.forms.deposits import DepositForm
from videos.models import Upload


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
        film = actions.deposit(
            upload=upload, title=data["title"], group=data["group"], project=data["project"], by=request.user
        )
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
