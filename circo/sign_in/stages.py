"""The steps between a right password and an open session."""

from __future__ import annotations

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from circo.sign_in import proconnect


class SecondFactorStage(AuthenticateStage):
    """allauth's own step, passed over when ProConnect says that the person has just given a second factor there."""

    def _should_handle(self, request: HttpRequest) -> bool:
        sociallogin = (self.login.signal_kwargs or {}).get("sociallogin")
        if sociallogin is not None and proconnect.gave_second_factor(sociallogin.account.extra_data):
            return False
        return super()._should_handle(request)
