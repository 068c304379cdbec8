"""Another platform, small and obedient: it signs whatever a test asks, and serves over HTTP what it is told to.

The round trip is tested against a platform of another hand: tests/servers/lti.py. Here is what no platform does.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.urls import reverse

from circo.models import Departement
from trainings.lti import launches
from trainings.lti.rules import CLAIM, DEEP_LINKING, GRADES, MEMBERS, MEMBERS_SCOPE, SCORE_SCOPE
from trainings.models import LearningPath, LtiPlatform

CLIENT_ID, DEPLOYMENT, SUBJECT = "client-1", "1", "moodle-42"
LOGIN, LAUNCH = "/lti/connexion/", "/lti/lancement/"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(key: rsa.RSAPrivateKey, kid: str = "k1") -> dict[str, Any]:
    return json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())) | {"kid": kid, "use": "sig", "alg": "RS256"}


def public_pem() -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return KEY.public_key().public_bytes(serialization.Encoding.PEM, form)


def declared(departement: Departement, mark: str = "") -> LtiPlatform:
    """A platform that nobody calls."""
    return LtiPlatform.objects.create(
        departement=departement,
        name=f"M@gistère{mark}",
        issuer=f"https://magistere.test/{departement.pk}",
        client_id=f"client{mark}",
        deployments="1",
        auth_url="https://magistere.test/auth",
        token_url="https://magistere.test/token",
        jwks_url="https://magistere.test/jwks",
    )


class Platform:
    """`answers` maps a path to (status, body), or to a function that writes on the line by itself."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict, bytes]] = []
        self.answers: dict[str, tuple[int, Any] | Callable] = {
            "/jwks": (200, {"keys": [public_jwk(KEY)]}),
            "/token": (200, {"access_token": "abc", "expires_in": 3600}),
            "/line/scores": (200, {}),
            "/members": (200, {"members": [{"user_id": "1", "roles": [LEARNER], "name": "Zoé Secrète"}]}),
        }
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                platform.calls.append((self.command, self.path, dict(self.headers), body))
                answer = platform.answers.get(urlsplit(self.path).path, (404, {}))
                if callable(answer):
                    answer(self)
                    return
                status, content = answer
                raw = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            do_GET = do_POST = _answer

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def declare(self, departement: Departement, *paths: LearningPath, **fields: Any) -> LtiPlatform:
        row = LtiPlatform(
            departement=departement,
            name="M@gistère",
            issuer=self.url,
            client_id=CLIENT_ID,
            deployments=DEPLOYMENT,
            auth_url=f"{self.url}/auth",
            token_url=f"{self.url}/token",
            jwks_url=f"{self.url}/jwks",
        )
        for name, value in fields.items():
            setattr(row, name, value)
        row.full_clean()
        row.save()
        row.paths.set(paths)
        return row

    def announce(self, client, target: str, **changes: str):
        """Send the browser to our first door."""
        asked = {"iss": self.url, "client_id": CLIENT_ID, "target_link_uri": target, "login_hint": "7"} | changes
        return client.get(LOGIN, {name: value for name, value in asked.items() if value is not None})

    def question(self, client, path: LearningPath | None) -> dict[str, str]:
        """What we asked of the platform, once it announced a launch of that path (of a choice without one)."""
        target = launches.address_of(path.pk) if path else launches.launch_address()
        answer = self.announce(client, target)
        assert answer.status_code == 302, answer.content.decode()
        asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.url).query).items()}
        return asked | {"target": target}

    def claims(self, asked: dict[str, str], **changes: Any) -> dict[str, Any]:
        """What a well-behaved platform says; a change to None takes a claim away."""
        now = int(time.time())
        said = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "azp": CLIENT_ID,
            "sub": SUBJECT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "name": "Zoé Secrète",
            "email": "zoe@secrete.test",
            f"{CLAIM}version": "1.3.0",
            f"{CLAIM}message_type": "LtiResourceLinkRequest",
            f"{CLAIM}deployment_id": DEPLOYMENT,
            f"{CLAIM}target_link_uri": asked["target"],
            f"{CLAIM}resource_link": {"id": "r1"},
            f"{CLAIM}roles": [LEARNER],
            f"{CLAIM}context": {"id": "c1", "title": "Lire au cycle 2"},
            GRADES: {"scope": [SCORE_SCOPE], "lineitem": f"{self.url}/line?type_id=1"},
            MEMBERS: {"context_memberships_url": f"{self.url}/members", "scope": [MEMBERS_SCOPE]},
        } | changes
        return {name: value for name, value in said.items() if value is not None}

    def choice(self, **settings: Any) -> dict[str, Any]:
        """The claims of a platform that asks for a path."""
        asked = {
            "accept_types": ["ltiResourceLink"],
            "deep_link_return_url": f"{self.url}/back",
            "data": "d-1",
        } | settings
        return {
            f"{CLAIM}message_type": "LtiDeepLinkingRequest",
            f"{DEEP_LINKING}deep_linking_settings": asked,
            f"{CLAIM}resource_link": None,
        }

    def sign(self, claims: dict[str, Any], *, key: Any = KEY, algorithm: str = "RS256", kid: str = "k1") -> str:
        return jwt.encode(claims, key, algorithm, headers={"kid": kid})

    def send(self, client, asked: dict[str, str], token: str, **changes: str):
        """Send the browser to our second door."""
        return client.post(LAUNCH, {"state": asked["state"], "id_token": token} | changes)

    def launch(self, client, path: LearningPath | None, **changes: Any):
        asked = self.question(client, path)
        return self.send(client, asked, self.sign(self.claims(asked, **changes)))


def mark_of(answer) -> str:
    """The mark of a launch that was believed."""
    assert answer.status_code == 302, answer.content.decode()
    assert answer.url.startswith(reverse("trainings:lti_keys").removesuffix("cles.json"))
    return answer.url.rstrip("/").rpartition("/")[2]
