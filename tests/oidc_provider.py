"""An identity provider with ProConnect's manners, over real HTTP: strict parameters, short codes, signed userinfo.

A test moves it: `person` is who sits in front of it, `spoil` bends one of its answers as an attacker would.
Source: docs/proconnect.md.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KNOWN = {"client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "acr_values", "claims", "prompt"}
CODE_LIFE_S, TOKEN_LIFE_S = 30, 60
LONG_ENOUGH = 32  # characters of state and nonce
CLIENT_ID, CLIENT_SECRET = "les-partages", "un-secret-bien-garde"


def a_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    def __init__(self) -> None:
        self.key, self.kid = a_key(), "cle-1"
        self.person: dict[str, Any] = {"sub": "sub-1", "email": "amina@ecole.test"}
        self.acr, self.amr = "eidas1", ["pwd"]
        self.spoil: dict[str, Callable[[dict], Any]] = {}  # "id_token" or "userinfo": claims → claims or a whole token
        self.codes: dict[str, dict] = {}
        self.tokens: dict[str, dict] = {}
        self.asked: list[dict[str, str]] = []  # the parameters of each visit to /authorize
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def sign(self, claims: dict, **options: Any) -> str:
        options = {"key": self.key, "algorithm": "RS256", "headers": {"kid": self.kid}} | options
        return jwt.encode(claims, **options)

    def answer(self, which: str, claims: dict) -> str:
        bent = self.spoil.get(which, lambda same: same)(claims)
        return bent if isinstance(bent, str) else self.sign(bent)

    def jwks(self) -> dict:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": self.kid, "alg": "RS256", "use": "sig"}]}

    def discovery(self) -> dict:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/session/end",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, asked: dict[str, str]) -> tuple[int, Any]:
        self.asked.append(asked)
        short = any(len(asked.get(name, "")) < LONG_ENOUGH for name in ("state", "nonce"))
        if set(asked) - KNOWN or short or asked.get("client_id") != CLIENT_ID or asked.get("response_type") != "code":
            return 400, "Y000400"
        code = secrets.token_urlsafe(16)
        self.codes[code] = {"asked": asked, "person": dict(self.person), "until": time.time() + CODE_LIFE_S}
        return 302, f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.url})}"

    def token(self, form: dict[str, str]) -> tuple[int, Any]:
        code = self.codes.pop(form.get("code", ""), None)
        wrong = (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET)
        if (
            wrong
            or code is None
            or code["until"] < time.time()
            or form["redirect_uri"] != code["asked"]["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        now, access = int(time.time()), secrets.token_urlsafe(16)
        self.tokens[access] = code["person"] | {"until": now + TOKEN_LIFE_S}
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": code["person"]["sub"],
            "iat": now,
            "exp": now + TOKEN_LIFE_S,
        }
        claims |= {"nonce": code["asked"]["nonce"], "acr": self.acr}
        if "claims" in code["asked"]:
            claims["amr"] = self.amr
        return 200, {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFE_S,
            "id_token": self.answer("id_token", claims),
        }

    def userinfo(self, access: str) -> tuple[int, Any]:
        person = self.tokens.get(access)
        if person is None or person["until"] < time.time():
            return 401, {"error": "invalid_token"}
        claims = {name: value for name, value in person.items() if name != "until"}
        return 200, self.answer("userinfo", claims | {"iss": self.url, "aud": CLIENT_ID, "exp": person["until"]})

    def end(self, asked: dict[str, str]) -> tuple[int, Any]:
        try:
            jwt.decode(asked["id_token_hint"], self.key.public_key(), ["RS256"], audience=CLIENT_ID)
        except (KeyError, jwt.PyJWTError):
            return 400, "Y000400"
        return 302, f"{asked['post_logout_redirect_uri']}?{urlencode({'state': asked['state']})}"


def _handler_of(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = dict(parse_qsl(parts.query, keep_blank_values=True))
            access = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self._say(
                parts.path,
                {
                    "/.well-known/openid-configuration": lambda: (200, provider.discovery()),
                    "/jwks": lambda: (200, provider.jwks()),
                    "/authorize": lambda: provider.authorize(asked),
                    "/userinfo": lambda: provider.userinfo(access),
                    "/session/end": lambda: provider.end(asked),
                },
            )

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(self.path, {"/token": lambda: provider.token(form)})

        def _say(self, path: str, doors: dict[str, Callable]) -> None:
            status, said = doors.get(path, lambda: (404, "?"))()
            signed = isinstance(said, str) and said.count(".") == 2 and status == 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", said)
            kind = "application/jwt" if signed else "application/json"
            body = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    return Handler
