"""Pages of our own beside allauth's: invitation, coming from ProConnect, leaving."""

from __future__ import annotations

import requests
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.account.views import LogoutView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.usersessions.views import ListUserSessionsView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from circo import invitations
from circo.access import public, signed_in
from circo.errors import Refusal
from circo.models import Invitation
from circo.sign_in import proconnect
from circo.sign_in.forms import ChosenPasswordForm, RemoveFactorForm
from circo.sign_in.provider import ProConnectAdapter
from circo.sign_in.rules import device_name

BROKEN_ANSWER = (requests.RequestException, OAuth2Error, KeyError, TypeError, ValueError)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show who is invited; only the form uses the link up, since mail scanners open every link."""
    invitation = invitations.find(token)
    if invitation is None or not invitations.is_usable(invitation):
        return _dead_link(request, invitation)
    form = ChosenPasswordForm(request.POST or None, person=invitation.person)
    if request.method == "POST" and form.is_valid():
        return _enter(request, token, form.cleaned_data["password"])
    context = {"form": form, "person": invitation.person, "expires_at": invitation.expires_at}
    return render(request, "account/invitation.html", context, status=422 if form.errors else 200)


def _enter(request: HttpRequest, token: str, password: str) -> HttpResponse:
    try:
        person = invitations.accept(token=token, password=password)
    except Refusal:
        return _dead_link(request, invitations.find(token))
    # The password has just been chosen: the pages of the second factor need not ask for it again.
    record_authentication(request, person, method="password", email=person.email, reauthenticated=True)
    return perform_login(request, person)


def _dead_link(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    used = invitation is not None and invitation.used_at is not None
    return render(request, "account/invitation_dead.html", {"used": used}, status=410 if invitation else 404)


class LeaveView(LogoutView):
    """Sign out here, then at ProConnect if one came from there: its own session would let the next person in."""

    def post(self, *args, **kwargs) -> HttpResponse:
        address = proconnect.leaving_address(self.request)
        answer = super().post(*args, **kwargs)
        return _leave_for(self.request, address) if address else answer


leave = public(never_cache(LeaveView.as_view()))


def _leave_for(request: HttpRequest, address: str) -> HttpResponse:
    """Go to another site by a page, not by a redirect: `form-action 'self'` forbids a form to be redirected out."""
    return render(request, "socialaccount/leaving.html", {"address": address})


class SessionsView(ListUserSessionsView):
    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.device = device_name(session.user_agent)
        return context


usersessions_list = signed_in(SessionsView.as_view())


class KeyRemoveView(RemoveWebAuthnView):
    """allauth lets the last key go; a role that asks for a second factor does not. Its form says so at once."""

    form_class = RemoveFactorForm

    def get_form_kwargs(self) -> dict:
        kwargs = super().get_form_kwargs() | {"authenticator": self.object}
        kwargs.pop("instance", None)
        kwargs.setdefault("data", {})
        return kwargs


mfa_remove_webauthn = signed_in(KeyRemoveView.as_view())


@public
@never_cache
@require_POST
def proconnect_login(request: HttpRequest) -> HttpResponse:
    if not proconnect.is_on():
        raise Http404
    try:
        answer = OAuth2LoginView.adapter_view(ProConnectAdapter)(request)
    except BROKEN_ANSWER as error:
        return render_authentication_error(request, ProConnectAdapter(request).get_provider(), exception=error)
    return _leave_for(request, answer.url) if isinstance(answer, HttpResponseRedirect) else answer


class CallbackView(OAuth2CallbackView):
    def _get_state(self, request, provider):
        state, answer = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce")
        return state, answer

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except BROKEN_ANSWER as error:
            return render_authentication_error(request, self.adapter.get_provider(), exception=error)


@public
@never_cache
@require_safe
def proconnect_callback(request: HttpRequest) -> HttpResponse:
    if not proconnect.is_on():
        raise Http404
    return CallbackView.adapter_view(ProConnectAdapter)(request)


@public
@require_safe
def proconnect_left(request: HttpRequest) -> HttpResponse:
    return redirect("account_login")
