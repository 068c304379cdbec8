"""An activity plays in a frame without origin: no cookie, no storage, nothing of our pages. Its files come by a signed
address, and each of them says again that it may run nowhere else.
"""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from circo import parcels, streaming
from circo.access import Permission, public, requires, signed_in
from circo.archives import Hostile
from circo.logs import security
from circo.refusals import refusals_in
from trainings.activities import actions, packages, rules, tokens
from trainings.activities.forms import PackageForm
from trainings.models import StepDocument
from trainings.paths.rules import H5P, StepKind
from trainings.paths.views.steps import show, step_of

PLAYER = "vendor/h5p/"
SCRIPT, STYLE = "js/activite-h5p.js", "css/activite.css"
FILE_POLICY = {"sandbox": True, "default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE]}  # an svg opened as a page


@requires(Permission.WRITE_PATHS)
@require_POST
def package_bring(request: HttpRequest, pk: int) -> HttpResponse:
    step, form = step_of(request, pk), PackageForm(request.POST, request.FILES)
    if step.kind != StepKind.PACKAGE:
        raise Http404
    if form.is_valid():
        with refusals_in(form, "file"):
            try:
                actions.bring(step=step, file=form.cleaned_data["file"], by=request.user)
            except Hostile as refusal:
                security.warning("H5P package brought by person %s refused: %s", request.user.pk, refusal)
                raise
            return redirect(f"{reverse('trainings:step_edit', args=[pk])}#activite")
    return show(request, step, status=422, package_form=form)


@signed_in
@xframe_options_sameorigin
@require_safe
def activity_player(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page inside the frame. Who asks for it by itself, outside of one, is sent to nothing that can be left for
    another site: the policy that holds the frame is that of the page around it."""
    if request.headers.get("Sec-Fetch-Dest", "iframe") != "iframe":
        raise Http404
    document = get_object_or_404(StepDocument.objects.visible_to(request.user), pk=pk, kind=H5P)
    token = tokens.token_for(document, request.user, now=timezone.now())
    files = request.build_absolute_uri(reverse("trainings:activity_file", args=[token, "x"])).removesuffix("x")
    context = {"files": files, "origin": f"{request.scheme}://{request.get_host()}", "title": document.name}
    response = render(request, "trainings/activities/player.html", context)
    response._csp_config = _player_policy(request, files)
    response.headers["X-DNS-Prefetch-Control"] = "off"
    return response


def _player_policy(request: HttpRequest, files: str) -> dict[str, list[str]]:
    player = request.build_absolute_uri(settings.STATIC_URL + PLAYER)
    return {
        "sandbox": ["allow-scripts"],
        "default-src": [CSP.NONE],
        "script-src": [player, request.build_absolute_uri(static(SCRIPT)), files],
        "style-src": [player, request.build_absolute_uri(static(STYLE)), files, CSP.UNSAFE_INLINE],
        "img-src": [player, files, "data:", "blob:"],
        "font-src": [files, "data:"],
        "media-src": [files, "data:", "blob:"],
        "connect-src": [files],
        "form-action": [CSP.NONE],
        "base-uri": [CSP.NONE],
        "frame-ancestors": [CSP.SELF],
    }


@public
@require_safe
def activity_file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """One file of a package. No cookie comes from a frame without origin: the address says who was let in."""
    try:
        playing = tokens.read(token, now=timezone.now())
    except tokens.TooLate as refusal:
        return HttpResponse(str(refusal), status=410, content_type="text/plain; charset=utf-8")
    except tokens.Untrue as error:
        raise Http404 from error
    kind = rules.type_of(name)
    if kind is None:
        raise Http404
    try:
        file = packages.member(playing.sha256, name)
    except FileNotFoundError as error:
        raise Http404 from error
    response = streaming.send(file, file.size, f'"{playing.sha256[:32]}"', request)
    response.headers["Content-Type"] = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    response.headers["Access-Control-Allow-Origin"] = "null"  # what a frame without origin calls itself
    response.headers["Cache-Control"] = parcels.KEPT_BY_THE_BROWSER
    response._csp_config = FILE_POLICY
    return response
