"""Pages, run by a few threads that are kept.

Django's own handler over ASGI gives each request a thread of its own, and each middleware in it a turn: every request
opens a connection to the database, and a thousand that come at once are a thousand threads that ask for it at once.
Nothing here waits for a stranger inside a thread: bodies are read, and answers sent, by the loop.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

Application = Callable[[Any, Any, Any], Coroutine[Any, Any, None]]


def apart(application: Application) -> Application:
    """Run each request in a context of its own: uvicorn begins the next one of a line inside the one before, and the
    threads of that one are no longer its."""

    async def run(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.create_task(application(scope, receive, send), context=contextvars.Context())

    return run


class Pages(ASGIHandler):
    """Middleware and view of one request run in one thread, as WSGI runs them; who comes when all are busy waits."""

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self.threads = ThreadPoolExecutor(settings.WEB_THREADS, thread_name_prefix="page")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async with ThreadSensitiveContext(executor=self.threads):
            await self.handle(scope, receive, send)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        is_gone = threading.Event()
        work = asyncio.create_task(sync_to_async(self._respond)(request, is_gone))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            # Nobody waits for the answer any more. What a thread has begun it ends, and reads its body to the end.
            is_gone.set()
            await asyncio.wait({work})
            work.result().close()
            raise

    def _respond(self, request: HttpRequest, is_gone: threading.Event) -> HttpResponseBase:
        if is_gone.is_set():
            return HttpResponse()
        close_old_connections()  # of this very thread: `request_started` may have been heard in another
        return self.get_response(request)
