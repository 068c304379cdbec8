"""The doors for other platforms (LTI 1.3), and the pages of whoever comes from one.

Another platform signs nobody in here: whoever comes signs in as always, second factor included.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from circo.access import Permission, public, requires, signed_in
from circo.errors import Refusal
from circo.logs import security
from circo.refusals import refusals_above
from trainings.lti import actions, keys, launches, queries
from trainings.lti.rules import Doubt, Launch, Message
from trainings.models import LearningPath, LtiLink, LtiPlatform
from trainings.paths.views.parts import parents, path_of


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Say why not. Who tries what no platform sends is written down, without any secret."""
    if isinstance(refusal, Doubt):
        issuer = request.POST.get("iss", request.GET.get("iss", ""))[:100]
        security.warning("LTI launch refused at %s: %s, issuer %r", request.path, refusal.code, issuer)
    return render(request, "trainings/lti/refused.html", {"reason": str(refusal)}, status=403)


# --- The doors --------------------------------------------------------------------------------------------------------
@public
@csrf_exempt  # another site announces a launch; nothing is written
@never_cache
@require_http_methods(["GET", "POST"])
def lti_login(request: HttpRequest) -> HttpResponse:
    try:
        address, cookie, state = launches.begin(request.POST if request.method == "POST" else request.GET)
    except Doubt as doubt:
        return _refused(request, doubt)
    response = HttpResponseRedirect(address)
    launches.remember_question(response, cookie, state)
    return response


@public
@csrf_exempt  # another site answers: its signature, our state and this browser's cookie stand for the token
@never_cache
@require_POST
def lti_launch(request: HttpRequest) -> HttpResponse:
    try:
        mark, launch = launches.receive(request)
    except Doubt as doubt:
        return _refused(request, doubt)
    where = "trainings:lti_choose" if launch.message == Message.CHOOSE else "trainings:lti_arrive"
    response = redirect(where, mark)
    launches.keep(response, mark, launch)
    return response


@public
@require_safe
def lti_keys(request: HttpRequest) -> HttpResponse:
    return JsonResponse(keys.published())


# --- A learner comes --------------------------------------------------------------------------------------------------
def _arrived(request: HttpRequest, mark: str, message: Message) -> tuple[Launch, LtiPlatform]:
    """The launch that this browser brought, and its platform.

    Raises: Doubt.
    """
    launch = launches.kept(request, mark)
    platform = queries.platform(launch.platform_id)
    if platform is None or launch.message != message:
        raise Doubt("unknown platform")
    return launch, platform


def _enter(request: HttpRequest, launch: Launch) -> HttpResponse:
    path = actions.arrive(launch=launch, by=request.user)
    return redirect("trainings:path_show", path.pk)


@signed_in
@never_cache
@require_safe
def lti_arrive(request: HttpRequest, mark: str) -> HttpResponse:
    """Go on to the path; the first time, ask whether the two accounts are one person's."""
    try:
        launch, platform = _arrived(request, mark, Message.RESOURCE)
        if queries.link_of(platform.pk, launch.subject):
            return _enter(request, launch)
    except Refusal as refusal:
        return _refused(request, refusal)
    return render(request, "trainings/lti/link.html", {"elsewhere": platform, "mark": mark})


@signed_in
@require_POST
def lti_link(request: HttpRequest, mark: str) -> HttpResponse:
    try:
        launch, _ = _arrived(request, mark, Message.RESOURCE)
        actions.link(launch=launch, by=request.user)
        return _enter(request, launch)
    except Refusal as refusal:
        return _refused(request, refusal)


@signed_in
@require_safe
def lti_path(request: HttpRequest, pk: int) -> HttpResponse:
    """The address that other platforms keep of a path: opened by hand, it is the path."""
    return redirect("trainings:path_show", get_object_or_404(LearningPath.objects.visible_to(request.user), pk=pk).pk)


@signed_in
@require_safe
def lti_links(request: HttpRequest) -> HttpResponse:
    rows = LtiLink.objects.visible_to(request.user).select_related("platform")
    return render(request, "trainings/lti/links.html", {"links": rows})


@signed_in
@require_POST
def lti_unlink(request: HttpRequest, pk: int) -> HttpResponse:
    link = get_object_or_404(LtiLink.objects.editable_by(request.user).select_related("platform"), pk=pk)
    actions.unlink(link=link, by=request.user)
    messages.success(request, f"Votre compte de {link.platform} n’est plus relié à celui-ci.")
    return redirect("trainings:lti_links")


# --- An author of the other platform chooses --------------------------------------------------------------------------
@public
@never_cache
@require_safe
def lti_choose(request: HttpRequest, mark: str) -> HttpResponse:
    """The paths opened to that platform: titles, for whoever writes a course there, with or without an account here."""
    try:
        _, platform = _arrived(request, mark, Message.CHOOSE)
    except Refusal as refusal:
        return _refused(request, refusal)
    page = queries.offered_page(platform, request.GET.get("page", ""))
    return render(request, "trainings/lti/choose.html", {"elsewhere": platform, "mark": mark, "page": page})


@public
@never_cache
@require_POST
def lti_answer(request: HttpRequest, mark: str) -> HttpResponse:
    """Hand the choice over by a form of this page alone: our policy forbids all others to leave this site."""
    try:
        launch, platform = _arrived(request, mark, Message.CHOOSE)
    except Refusal as refusal:
        return _refused(request, refusal)
    asked = request.POST.get("version", "")
    version = get_object_or_404(queries.offered(platform), pk=asked if asked.isdecimal() else None)
    answer = actions.choose(launch=launch, platform=platform, version=version)
    context = {"elsewhere": platform, "version": version, "return_url": launch.return_url, "answer": answer}
    response = render(request, "trainings/lti/chosen.html", context)
    there = "{0.scheme}://{0.netloc}".format(urlsplit(launch.return_url))
    response._csp_config = settings.SECURE_CSP | {"form-action": [there]}  # type: ignore[attr-defined]
    return response


# --- A team opens a path to others ------------------------------------------------------------------------------------
@requires(Permission.WRITE_PATHS)
@require_safe
def lti_opening(request: HttpRequest, pk: int) -> HttpResponse:
    path = path_of(request, pk)
    context = {
        "path": path,
        "rows": queries.of_path(path, request.user),
        "address": launches.address_of(path.pk),
        "parents": parents(queries.newest(path)),
    }
    return render(request, "trainings/lti/opening.html", context)


@requires(Permission.WRITE_PATHS)
@require_POST
def lti_open(request: HttpRequest, pk: int) -> HttpResponse:
    path, asked = path_of(request, pk), request.POST.get("platform", "")
    rows = LtiPlatform.objects.visible_to(request.user).active()
    platform = get_object_or_404(rows, pk=asked if asked.isdecimal() else None)
    with refusals_above(request):
        actions.open_path(path=path, platform=platform, is_open="open" in request.POST, by=request.user)
    return redirect("trainings:lti_opening", pk)
