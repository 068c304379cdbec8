"""The page that deposits a film."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.errors import Refusal
from videos import actions, queries
from videos.forms.deposits import DepositForm
from videos.models import Film, Upload


@requires(Permission.DEPOSIT_FILM)
@require_safe
def film_deposit(request: HttpRequest) -> HttpResponse:
    old = queries.own_film(request.user, request.GET.get("remplace", ""))
    like = old or queries.own_film(request.user, request.GET.get("comme", ""))  # one that was refused
    known = {"title": like.title, "group": like.group_id, "replaces": old and old.pk} if like else {}
    return _deposit_page(request, DepositForm(person=request.user, initial=known))


def _deposit_page(request: HttpRequest, form: DepositForm, status: int = 200) -> HttpResponse:
    replaced = queries.own_film(request.user, str(form["replaces"].value() or ""))
    context = {"form": form, "page": queries.deposit_page(request.user), "replaced": replaced}
    return render(request, "videos/film_deposit.html", context, status=status)


def _refused(request: HttpRequest, form: DepositForm, upload: Upload | None) -> HttpResponse:
    """The form as it was typed: the whole page, or the fields of one film for the script that draws several."""
    if request.htmx:
        return htmx.page(request, "videos/film_deposit.html", "refused", {"form": form}, status=422)
    return _deposit_page(request, _with_upload(form, upload), status=422)


@requires(Permission.DEPOSIT_FILM)
@require_POST
def film_create(request: HttpRequest) -> HttpResponse:
    form = DepositForm(request.POST, request.FILES, person=request.user, auto_id=_ids(request.POST.get("card", "")))
    form.is_valid()
    upload = None
    try:
        upload = _upload_of(form)
        if form.errors:
            return _refused(request, form, upload)
        data = form.cleaned_data
        described = {name: data[name] for name in ("title", "group", "project", "replaces")}
        film = actions.deposit(upload=upload, by=request.user, **described)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _refused(request, form, upload)
    if (film.title, film.group, film.project) != (data["title"], data["group"], data["project"]):
        return _known(request, film, typed=data["title"])
    return redirect("videos:film_page", film.pk)


def _known(request: HttpRequest, film: Film, *, typed: str) -> HttpResponse:
    """Tell that another tab has deposited this film already, under other words."""
    address = reverse("videos:film_page", args=[film.pk])
    if request.htmx:
        return JsonResponse({"url": address, "title": film.title}, status=409)
    said = f"Ce film était déjà déposé, sous le titre «\u00a0{film.title}\u00a0»."
    lost = f"«\u00a0{typed}\u00a0» et ce que vous avez choisi avec ce titre n’ont pas été gardés."
    messages.warning(request, f"{said} {lost}")
    return redirect(address)


def _ids(card: str) -> str:
    """How the script names the fields of one film among several."""
    return f"film{card}_%s" if re.fullmatch(r"[0-9]{1,4}", card, re.ASCII) else "id_%s"


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
