"""Pure rules of LTI 1.3: what a launch must say, and what of it we keep. Source: docs/decisions/0047-lti.md

The names of claims are those of the 1EdTech specifications: LTI 1.3 core, Deep Linking 2.0, AGS 2.0, NRPS 2.0.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from circo.errors import Refusal
from circo.rules import same_host

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
GRADES = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
SCORE_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
MEMBERS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
MEMBERS_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
VERSION = "1.3.0"
LINK_TYPE = "ltiResourceLink"
SUBJECT_MAX = 255  # characters, says the specification
TEXT_MAX = 200  # characters that we keep of a name given by another platform
# Learners alone are counted: teachers of the other platform are not invited to follow a path.
LEARNER = "Learner"


class Message(StrEnum):
    RESOURCE = "LtiResourceLinkRequest"
    CHOOSE = "LtiDeepLinkingRequest"


class Progress(StrEnum):
    """What is told of a learner, and all that is told."""

    NOTHING = ""
    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"


AGAIN = "Revenez à l’autre plateforme et rouvrez l’activité."
SENTENCES = {
    "unknown platform": "Cette plateforme n’est pas déclarée ici. La personne qui l’administre peut le demander.",
    "unknown deployment": "Cette plateforme nous appelle depuis un endroit qui n’a pas été déclaré ici. La personne "
    "qui l’administre peut le demander.",
    "other browser": "Votre navigateur n’a pas gardé la trace de ce lancement. Demandez que l’activité s’ouvre dans "
    f"une nouvelle fenêtre. {AGAIN}",
    "too late": f"Ce lancement a trop attendu. {AGAIN}",
    "replayed": f"Ce lancement a déjà servi\u00a0: il ne sert qu’une fois. {AGAIN}",
    "no path": "Cette activité ne mène à aucun parcours. Choisissez-en un dans ses réglages, là où vous l’avez créée.",
    "keys out of reach": "L’autre plateforme ne répond pas\u00a0: nous ne pouvons pas vérifier ce lancement. Réessayez "
    "dans un instant.",
}
UNSURE = f"Ce lancement n’a pas pu être vérifié. {AGAIN}"


class Doubt(Refusal):
    """A launch that we do not believe. `code`, in English, goes to the security log; the sentence to the person."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES.get(code, UNSURE))
        self.code = code


@dataclass(frozen=True)
class Launch:
    """What we keep of a launch that was checked, for half an hour. Of the person: the subject alone, no name."""

    platform_id: int
    message: str
    deployment: str
    subject: str
    path_id: int | None
    context: str = ""
    context_title: str = ""
    line_item: str = ""  # where a result goes; empty: nowhere
    members_url: str = ""
    return_url: str = ""  # of a choice
    data: str | None = None  # given back with a choice as it came


def hosts_of(*urls: str) -> frozenset[str]:
    return frozenset(urlsplit(url).netloc.lower() for url in urls) - {""}


def check(
    claims: Mapping[str, Any], *, client_id: str, nonce: str, target: str, deployments: Collection[str]
) -> tuple[Message, str, str]:
    """Check what the signature does not say; return the message, the deployment and the subject.

    Raises: Doubt.
    """
    audience = claims["aud"]
    if "azp" in claims and claims["azp"] != client_id:
        raise Doubt("made for another client")
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client_id:
        raise Doubt("several audiences, no azp")
    if claims["nonce"] != nonce:
        raise Doubt("nonce of another question")
    if claims.get(f"{CLAIM}version") != VERSION:
        raise Doubt("another version")
    deployment = claims.get(f"{CLAIM}deployment_id")
    if not isinstance(deployment, str) or deployment not in deployments:
        raise Doubt("unknown deployment")
    if claims.get(f"{CLAIM}target_link_uri") != target:
        raise Doubt("another target")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_MAX or _writable(subject) != subject:
        raise Doubt("no subject")
    try:
        return Message(claims.get(f"{CLAIM}message_type", "")), deployment, subject
    except ValueError as error:
        raise Doubt("another message") from error


def _part(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = claims.get(name)
    return part if isinstance(part, dict) else {}


def _text(value: Any, most: int = TEXT_MAX) -> str:
    return _writable(value)[:most].strip() if isinstance(value, str) else ""


def _writable(text: str) -> str:
    """A text without what JSON may say and no database takes: NUL, and halves of signs."""
    return text.replace("\0", "").encode(errors="ignore").decode()


def _url(value: Any, hosts: Collection[str]) -> str:
    return value if isinstance(value, str) and value.isprintable() and same_host(value, hosts) else ""


def _accepts_links(wanted: Mapping[str, Any]) -> bool:
    types = wanted.get("accept_types")
    return isinstance(types, list) and LINK_TYPE in types


def read(
    claims: Mapping[str, Any],
    *,
    platform_id: int,
    path_id: int | None,
    checked: tuple[Message, str, str],
    hosts: Collection[str],
) -> Launch:
    """What we keep of the claims that were checked. A service elsewhere than on the platform's hosts is left out.

    Raises: Doubt for a question of choice that nobody could answer, or an activity without a path.
    """
    message, deployment, subject = checked
    context, grades = _part(claims, f"{CLAIM}context"), _part(claims, GRADES)
    wanted = _part(claims, f"{DEEP_LINKING}deep_linking_settings")
    return_url = _url(wanted.get("deep_link_return_url"), hosts)
    if message is Message.CHOOSE and (not return_url or not _accepts_links(wanted)):
        raise Doubt("a choice that leads nowhere")
    if message is Message.RESOURCE and path_id is None:
        raise Doubt("no path")
    scopes = grades.get("scope")
    may_score = isinstance(scopes, list) and SCORE_SCOPE in scopes
    data = wanted.get("data")
    return Launch(
        platform_id=platform_id,
        message=message.value,
        deployment=deployment,
        subject=subject,
        path_id=path_id,
        context=_text(context.get("id"), SUBJECT_MAX),
        context_title=_text(context.get("title")) or _text(context.get("label")),
        line_item=_url(grades.get("lineitem"), hosts) if may_score else "",
        members_url=_url(_part(claims, MEMBERS).get("context_memberships_url"), hosts),
        return_url=return_url,
        data=data if isinstance(data, str) else None,
    )


def scores_url(line_item: str) -> str:
    """The address of the results of a line: one step further in its path, before its question mark."""
    parts = urlsplit(line_item)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/scores", fragment=""))


def score(subject: str, progress: Progress, at: str) -> dict[str, Any]:
    """What the other platform is told of a learner: begun, or finished (1 of 1). No percentage, no time, no answer."""
    told: dict[str, Any] = {"userId": subject, "timestamp": at, "activityProgress": progress.value}
    if progress is Progress.COMPLETED:
        return told | {"gradingProgress": "FullyGraded", "scoreGiven": 1, "scoreMaximum": 1}
    return told | {"gradingProgress": "NotReady"}


def learners_in(page: Any) -> int:
    """How many active learners a page of members names. Nothing else of it is read.

    Raises: ValueError if it is no page of members.
    """
    if not isinstance(page, dict) or not isinstance(page.get("members"), list):
        raise ValueError("no members")
    return sum(1 for one in page["members"] if isinstance(one, dict) and _is_learner(one))


def _is_learner(member: Mapping[str, Any]) -> bool:
    roles = member.get("roles")
    told = [role for role in roles if isinstance(role, str)] if isinstance(roles, list) else []
    is_one = any(role == LEARNER or role.endswith(f"#{LEARNER}") for role in told)
    return is_one and member.get("status", "Active") == "Active"
