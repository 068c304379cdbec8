"""The press: one confined process that typesets, kept between documents, killed when one takes too much.

A few thousand combining marks on one letter make typst ask for gigabytes and abort: it must not take us along.
Source: docs/decisions/0009-documents.md
"""

from __future__ import annotations

import json
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from circo import processes
from circo.errors import Outside, Refusal

SCRIPT = Path(__file__).with_name("typesetter.py")
LIMITS = {"AS": 2 * 1024**3, "FSIZE": 0, "CORE": 0, "NOFILE": 64}  # bytes
TOO_MUCH = "Ce document ne peut pas être mis en page : il est trop long, ou un texte y est mal formé."


class Untypeset(Exception):
    """typst says what is wrong with the document."""


class _Died(Exception):
    """The process is no more; it may have been idle, or left by the thread that started it."""


class Press:
    """One process at a time for whoever asks; a question waits for the one before."""

    def __init__(self, folder: Path, fonts: str = "") -> None:
        self._arguments = [str(folder), *([fonts] if fonts else [])]
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0  # a forked process starts its own

    def typeset(self, inputs: dict[str, str], *, seconds: float) -> bytes:
        """Return the PDF.

        Raises: Untypeset with typst's words; Refusal for a document that takes too long or too much memory;
        Outside if the process cannot be started.
        """
        question = json.dumps(inputs).encode()
        with self._lock:
            done, content = self._answer(question, time.monotonic() + seconds)
        if not done:
            raise Untypeset(content.decode(errors="replace"))
        return content

    def _answer(self, question: bytes, until: float) -> tuple[bool, bytes]:
        if self._is_running():
            with suppress(_Died):  # it may have been idle for too long, or left by the thread that started it
                return self._ask(question, until)
        self._start()
        try:
            return self._ask(question, until)
        except _Died as death:
            raise Refusal(TOO_MUCH) from death

    def stop(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()

    def _is_running(self) -> bool:
        return self._child is not None and self._owner == os.getpid() and self._child.poll() is None

    def _start(self) -> None:
        self._end()
        argv = [sys.executable, "-I", str(SCRIPT), *self._arguments]
        try:
            self._child = subprocess.Popen(  # noqa: S603 (an argument list, and no shell)
                processes.confined(argv, limits=LIMITS, reads=[*self._arguments, str(SCRIPT)]),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
                start_new_session=True,
            )
        except OSError as error:
            raise Outside("La mise en page ne démarre pas pour le moment.") from error
        self._owner = os.getpid()

    def _ask(self, question: bytes, until: float) -> tuple[bool, bytes]:
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            raise _Died
        try:
            _write(child.stdin, struct.pack(">I", len(question)) + question, until)
            size, done = struct.unpack(">I?", _read(child.stdout, 5, until))
            return done, _read(child.stdout, size, until)
        except BaseException:  # whatever it still answers is not for the next question
            self._end()
            raise

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        if self._owner == os.getpid():
            child.kill()
            child.wait()
        for pipe in filter(None, (child.stdin, child.stdout)):
            with suppress(OSError):
                pipe.close()


def _write(pipe: IO[bytes], content: bytes, until: float) -> None:
    left = memoryview(content)
    while left:
        _wait(pipe, selectors.EVENT_WRITE, until)
        try:
            left = left[os.write(pipe.fileno(), left[:4096]) :]  # a pipe that is ready takes a page
        except BrokenPipeError as error:
            raise _Died from error


def _read(pipe: IO[bytes], size: int, until: float) -> bytes:
    kept = bytearray()
    while len(kept) < size:
        _wait(pipe, selectors.EVENT_READ, until)
        block = os.read(pipe.fileno(), min(size - len(kept), 1024 * 1024))
        if not block:
            raise _Died
        kept += block
    return bytes(kept)


def _wait(pipe: IO[bytes], event: int, until: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, event)
        if not selector.select(max(until - time.monotonic(), 0)):
            raise Refusal(TOO_MUCH)
