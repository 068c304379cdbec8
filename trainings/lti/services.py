"""What we ask of other platforms in the background: a token, a result to write down, how many members a course has."""

from __future__ import annotations

import json
import secrets
from typing import Any
from urllib.parse import urlencode

from circo import calling
from circo.calling import Answer
from circo.errors import Outside, Refusal
from trainings.lti import keys, rules
from trainings.models import LtiPlatform

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
MEMBERS_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
PAGES_MOST = 50  # of members
REFUSED = "L’autre plateforme refuse ce que nous lui disons."


def _checked(answer: Answer) -> Answer:
    """Raises: Refusal for what will be refused again, Outside for what may pass later."""
    if 200 <= answer.status < 300:
        return answer
    if 400 <= answer.status < 500 and answer.status not in (401, 408, 425, 429):
        raise Refusal(f"{REFUSED} ({answer.status})")
    raise Outside(f"{calling.AWAY} ({answer.status})")


def _token(platform: LtiPlatform, scope: str) -> str:
    """An access token of the platform for one scope, against an assertion that we sign."""
    us, jti = platform.client_id, secrets.token_urlsafe(16)
    asked = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": keys.sign({"iss": us, "sub": us, "aud": platform.token_url, "jti": jti}),
        "scope": scope,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode(asked).encode()
    answer = calling.ask("POST", platform.token_url, hosts=platform.hosts, headers=headers, body=body)
    found = _checked(answer).json()
    token = found.get("access_token") if isinstance(found, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        raise Outside(calling.AWAY)
    return token


def send_score(platform: LtiPlatform, line_item: str, score: dict[str, Any]) -> None:
    """Tell a platform how far a learner is: see `rules.score`.

    Raises: Outside, Refusal.
    """
    headers = {"Authorization": f"Bearer {_token(platform, rules.SCORE_SCOPE)}", "Content-Type": SCORE_TYPE}
    url, body = rules.scores_url(line_item), json.dumps(score).encode()
    _checked(calling.ask("POST", url, hosts=platform.hosts, headers=headers, body=body))


def count_learners(platform: LtiPlatform, members_url: str) -> int:
    """How many learners a course of the platform has; their names are neither read nor kept.

    Raises: Outside, Refusal.
    """
    headers = {"Authorization": f"Bearer {_token(platform, rules.MEMBERS_SCOPE)}", "Accept": MEMBERS_TYPE}
    count, url = 0, members_url
    for _ in range(PAGES_MOST):
        answer = _checked(calling.ask("GET", url, hosts=platform.hosts, headers=headers))
        try:
            count += rules.learners_in(answer.json())
        except ValueError as error:
            raise Outside(calling.AWAY) from error
        url = answer.next_url
        if not url:
            break
    return count
