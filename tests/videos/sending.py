"""A small tus client that can misbehave: it hangs up in the middle, never reads an answer, sends twice."""

from __future__ import annotations

import base64
import hashlib
import socket
import struct
from http.client import HTTPConnection
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from circo.models import Person

TUS = {"Tus-Resumable": "1.0.0"}
CHUNK_TYPE = "application/offset+octet-stream"


class Sender:
    """One browser of a person, in front of the server at `port`."""

    def __init__(self, port: int, person: Person) -> None:
        client = Client()
        client.force_login(person)
        token = str(client.get(reverse("videos:film_deposit")).context["csrf_token"])
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        self.port = port
        self.headers = {"Cookie": cookies, "X-CSRFToken": token, "Host": "localhost"}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, str]]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=90)
        try:
            told = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body, headers=self.headers | told)
            answer = connection.getresponse()
            answer.read()
            return answer.status, dict(answer.headers)
        finally:
            connection.close()

    def begin(self, size: int, fingerprint: str = "") -> str:
        pairs = {"filename": "classe.mp4"} | ({"fingerprint": fingerprint} if fingerprint else {})
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
        common = {"Upload_Length": str(size), "Upload_Metadata": metadata, "Content_Length": "0"}
        status, told = self.ask("POST", reverse("videos:upload_create"), **common, Tus_Resumable="1.0.0")
        assert status == 201, status
        return told["Location"]

    def offset(self, address: str) -> int:
        status, told = self.ask("HEAD", address, Tus_Resumable="1.0.0")
        assert status == 200, status
        return int(told["Upload-Offset"])

    def _patch_headers(self, offset: int, content: bytes) -> dict[str, str]:
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        return {"Upload-Offset": str(offset), "Upload-Checksum": f"sha256 {digest}", "Content-Type": CHUNK_TYPE}

    def send(self, address: str, offset: int, content: bytes) -> int:
        headers = {name.replace("-", "_"): value for name, value in self._patch_headers(offset, content).items()}
        return self.ask("PATCH", address, content, Tus_Resumable="1.0.0", **headers)[0]

    def hang_up(self, method: str, address: str, headers: dict[str, str], body: bytes, *, after: int) -> None:
        """Send the first bytes of a request's body, and be gone as a phone in a tunnel is."""
        lines = [f"{method} {address} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode()
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", int(after < len(body)), 0))
            line.sendall(head + body[:after])

    def send_and_hang_up(self, address: str, offset: int, content: bytes, *, after: int) -> None:
        headers = self.headers | TUS | self._patch_headers(offset, content)
        self.hang_up("PATCH", address, headers, content, after=after)

    def describe_and_hang_up(self, form: dict[str, str]) -> None:
        headers = self.headers | {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(form).encode()
        self.hang_up("POST", reverse("videos:film_create"), headers, body, after=len(body))

    def describe(self, form: dict[str, str]) -> int:
        body = urlencode(form).encode()
        common = {"Content_Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", reverse("videos:film_create"), body, **common)[0]

    def finish(self, address: str, content: bytes, step: int = 1 << 20) -> None:
        """Go on from where the server is, as a good client does, until all of it is there."""
        while (offset := self.offset(address)) < len(content):
            status = self.send(address, offset, content[offset : offset + step])
            assert status in (204, 409, 423), status
