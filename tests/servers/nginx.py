"""The real nginx with the configuration that we ship: only its addresses and folder are those of the test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings

from tests.servers.web import free_port

SHIPPED = Path(settings.BASE_DIR) / "deploy/nginx/partages.conf"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
MAIN = """
daemon off; master_process on; worker_processes 1; {user}
pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off; default_type application/octet-stream;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/partages.conf;
    {more}
}}
"""


def needed() -> str:
    """The nginx of this machine; without one, the test is skipped, but in CI it fails."""
    if NGINX is None:
        assert os.environ.get("CI") != "true", "nginx is not installed"
        pytest.skip("nginx is not installed")
    return NGINX


@contextmanager
def nginx_server(folder: Path, *, platform: int, media: Path, more: str = "") -> Iterator[int]:
    """Serve the platform that answers at port `platform` through nginx, and give nginx's port."""
    program, port = needed(), free_port()
    text = SHIPPED.read_text()
    for shipped, ours in (
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{platform};"),
        ("listen 127.0.0.1:8080;", f"listen 127.0.0.1:{port};"),
        ("alias /var/lib/partages/media/;", f"alias {media}/;"),
        ("access_log /var/log/nginx/", f"access_log {folder}/"),
        ("error_log /var/log/nginx/", f"error_log {folder}/"),
    ):
        assert text.count(shipped) == 1, shipped
        text = text.replace(shipped, ours)
    (folder / "partages.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user, more=more))
    process = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), "-p", str(folder)], stderr=subprocess.PIPE)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stderr.close()


def _wait(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        assert process.poll() is None, process.stderr.read().decode()
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("nginx does not answer")
