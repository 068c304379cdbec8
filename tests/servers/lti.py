"""A learning platform of another hand (lti1p3platform, the platform side of LTI 1.3) in a process of its own.

The library announces launches, signs them, checks what we sign, gives tokens and runs its services; here is only what
it leaves to a platform: pages, HTTP, and a course in memory. What it does not check and the specification asks for is
checked here: where a launch may be sent, for whom an assertion is made, that it serves once, the shape of a score.

    python -m tests.servers.lti PORT TOOL_URL
"""

from __future__ import annotations

import json
import sys
import time
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.membership import Context
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request
from lti1p3platform.score import UpdateScoreStatus
from lti1p3platform.service_connector import AssignmentsGradesService, NamesRoleProvisioningService

CLIENT_ID, DEPLOYMENT = "partages-1", "deployment-1"
ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
MEMBERS = [("u1", "Learner"), ("u2", "Learner"), ("u3", "Learner"), ("prof", "Instructor")]
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
ACTIVITIES = {"Initialized", "Started", "InProgress", "Submitted", "Completed"}
GRADINGS = {"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"}


class Course:
    """What the platform remembers."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []  # chosen in the tool
        self.scores: list[dict[str, Any]] = []
        self.seen_jti: set[str] = set()
        self.refused: list[str] = []


COURSE = Course()
_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = _key.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
PUBLIC = (
    _key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
)
US, TOOL = "", ""


class Config(LTI1P3PlatformConfAbstract):
    def init_platform_config(self, **_: Any) -> None:
        self._registration = (
            Registration()
            .set_iss(US)
            .set_client_id(CLIENT_ID)
            .set_deployment_id(DEPLOYMENT)
            .set_oidc_login_url(f"{TOOL}/lti/connexion/")
            .set_launch_url(f"{TOOL}/lti/lancement/")
            .set_deeplink_launch_url(f"{TOOL}/lti/lancement/")
            .set_tool_key_set_url(f"{TOOL}/lti/cles.json")
            .set_platform_public_key(PUBLIC)
            .set_platform_private_key(PRIVATE)
        )

    def get_registration_by_params(self, **_: Any) -> Registration:
        return self._registration


class Asked(Request):
    def build_metadata(self, request: Any) -> Any:
        return request


class Login(OIDCLoginAbstract):
    def set_lti_message_hint(self, **hint: Any) -> None:
        self._lti_message_hint = hint["hint"]

    def get_redirect(self, url: str) -> str:
        return url


class Launching(LTIAdvantageMessageLaunchAbstract):
    def prepare_launch(self, preflight_response: dict[str, Any]) -> None:
        user, hint = preflight_response["login_hint"], preflight_response["lti_message_hint"]
        if preflight_response["redirect_uri"] != f"{TOOL}/lti/lancement/":
            raise ValueError("redirect_uri is not registered")
        role = dict(MEMBERS)[user]
        self.set_user_data(user, [f"{ROLE}{role}"], full_name="Zoé Secrète", email_address="zoe@secrete.test")
        self.set_launch_context_claim("course-1", context_title="Lire au cycle 2")
        if hint == "choose":
            self.set_dl(f"{US}/chosen", accept_types={"ltiResourceLink"}, extra_data="opaque")
            return
        self.set_resource_link_claim(f"link-{hint}")
        self.set_launch_url(COURSE.items[int(hint)]["url"])
        self.set_ags(f"{US}/lines", f"{US}/lines/{hint}/lineitem?type_id=9")
        self.set_nrps(f"{US}/members")

    def render_launch_form(self, launch_data: dict[str, Any], **_: Any) -> str:
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{escape(launch_data[name])}">' for name in ("state", "id_token")
        )
        form = f'<form method="post" action="{escape(launch_data["launch_url"])}">{fields}</form>'
        return page(f"{form}<script>document.forms[0].submit()</script>")


class Grades(AssignmentsGradesService):
    def update_score(self, line_item_id: str, score: Any) -> UpdateScoreStatus:
        faults = [name for name in ("userId", "timestamp", "activityProgress", "gradingProgress") if name not in score]
        if faults or score["activityProgress"] not in ACTIVITIES or score["gradingProgress"] not in GRADINGS:
            raise ValueError(f"a score lacks {faults}")
        if "scoreGiven" in score and not score.get("scoreMaximum"):
            raise ValueError("a score without its maximum")
        if score["userId"] not in dict(MEMBERS):
            raise ValueError("a score of nobody")
        COURSE.scores.append({"line": line_item_id, **score})
        return UpdateScoreStatus.SUCCESS

    def _none(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError

    find_lineitems = find_lineitem = create_lineitem = update_lineitem = delete_lineitem = get_results = _none


class Names(NamesRoleProvisioningService):
    def get_member_data_page(self, page: int = 1, limit: int | None = None, **_: Any) -> Any:
        members = [{"user_id": user, "roles": [f"{ROLE}{role}"], "name": "Zoé Secrète"} for user, role in MEMBERS]
        return {"content": members, "has_next": False, "next": None}

    def get_context_by_id(self) -> Context:
        return Context("course-1", "C2", "Lire au cycle 2")


def page(body: str) -> str:
    return f"<!doctype html><html lang=en><meta charset=utf-8><title>Platform</title>{body}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def _asked(self) -> dict[str, Any]:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = urlsplit(self.path)
        return {
            "method": self.command,
            "form_data": {name: values[0] for name, values in parse_qs(body.decode()).items()},
            "get_data": {name: values[0] for name, values in parse_qs(parts.query).items() if name != "type_id"},
            "headers": self.headers,
            "content_type": self.headers.get("Content-Type"),
            "path": parts.path,
            "json": json.loads(body) if "json" in self.headers.get("Content-Type", "") else None,
        }

    def _send(self, status: int, content: Any, kind: str = "application/json", **headers: str) -> None:
        raw = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def _answer(self) -> None:
        asked = self._asked()
        try:
            self._route(asked, Config())
        except Exception as error:  # noqa: BLE001 (said to the test, which fails by it)
            COURSE.refused.append(f"{asked['path']}: {error!r}")
            self._send(400, {"error": repr(error)})

    do_GET = do_POST = _answer

    def _route(self, asked: dict[str, Any], config: Config) -> None:
        request, path = Asked(asked), asked["path"]
        if path == "/course":
            links = "".join(
                f'<li><a target="_blank" href="/launch?user={asked["get_data"]["user"]}&hint={rank}">'
                f"{escape(item['title'])}</a></li>"
                for rank, item in enumerate(COURSE.items)
            )
            choose = f'<a target="_blank" href="/launch?user={asked["get_data"]["user"]}&hint=choose">Choose</a>'
            self._send(200, page(f"<h1>Course</h1><ul>{links}</ul>{choose}"), "text/html")
        elif path == "/launch":
            login, hint = Login(request, config), asked["get_data"]["hint"]
            if hint != "choose":
                login.set_launch_url(COURSE.items[int(hint)]["url"])
            login.set_lti_message_hint(hint=hint)
            self._send(302, "", Location=login.initiate_login(asked["get_data"]["user"]))
        elif path == "/auth":
            self._send(200, Launching(request, config).lti_launch(), "text/html")
        elif path == "/jwks":
            self._send(200, config.get_jwks())
        elif path == "/token":
            self._send(200, self._token(asked["form_data"], config))
        elif path == "/chosen":
            COURSE.items += config.validate_deeplinking_resp(asked["form_data"])
            self._send(200, page("<h1>Chosen</h1>"), "text/html")
        elif path.startswith("/lines/"):
            assert asked["content_type"] == SCORE_TYPE
            line = path.split("/")[2]
            self._serve(Grades(request, config, f"{US}/lines"), "handle_update_score", line_item_id=line)
        elif path == "/members":
            self._serve(Names(request, config, f"{US}/members"), "handle_get_members")
        elif path == "/state":
            self._send(200, {name: value for name, value in vars(COURSE).items() if name != "seen_jti"})
        else:
            self._send(404, {})

    def _token(self, form: dict[str, str], config: Config) -> Any:
        claims = jwt.decode(form["client_assertion"], options={"verify_signature": False})
        if claims["aud"] != f"{US}/token" or (claims["iss"], claims["sub"]) != (CLIENT_ID, CLIENT_ID):
            raise ValueError("an assertion made for another")
        if claims["jti"] in COURSE.seen_jti or claims["exp"] > time.time() + 3600:
            raise ValueError("an assertion that serves twice, or for ever")
        COURSE.seen_jti.add(claims["jti"])
        return config.get_access_token(form)

    def _serve(self, service: Any, verb: str, **arguments: Any) -> None:
        answer = service.handle_resp(getattr(service, verb), **arguments)
        if answer.code >= 400:
            COURSE.refused.append(f"{verb}: {answer.message}")
        self._send(answer.code, answer.result, answer.media_type)

    def log_message(self, *_: Any) -> None:
        pass


if __name__ == "__main__":
    port, TOOL = int(sys.argv[1]), sys.argv[2].rstrip("/")
    US = f"http://127.0.0.1:{port}"
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
