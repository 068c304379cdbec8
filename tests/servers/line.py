"""A line between a browser and the platform, as a phone has it: slow, and cut when one walks down the corridor."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

BLOCK = 16 * 1024
RESET = struct.pack("ii", 1, 0)  # closed without a farewell


class Line:
    """`bytes_a_second` go up, as many as there are if it is 0; it may be changed while they go."""

    def __init__(self, target: int, bytes_a_second: int) -> None:
        self.target, self.bytes_a_second, self.is_cut = target, bytes_a_second, False
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.ends: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break what is on its way, and let nothing through."""
        self.is_cut = True
        for end in [*self.ends]:
            self._drop(end)

    def mend(self) -> None:
        self.is_cut = False

    def _accept(self) -> None:
        with suppress(OSError):  # the listener is closed: the end
            while True:
                near, _ = self.listener.accept()
                far = None if self.is_cut else socket.create_connection(("127.0.0.1", self.target))
                if far is None:
                    self._drop(near)
                    continue
                self.ends |= {near, far}
                threading.Thread(target=self._pass, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near, False), daemon=True).start()

    def _pass(self, here: socket.socket, there: socket.socket, up: bool) -> None:
        with suppress(OSError):
            while block := here.recv(BLOCK):
                there.sendall(block)
                if up and self.bytes_a_second:
                    time.sleep(len(block) / self.bytes_a_second)
        self._drop(here)
        self._drop(there)

    def _drop(self, end: socket.socket) -> None:
        with suppress(OSError):
            if self.is_cut:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            end.shutdown(socket.SHUT_RDWR)
        self.ends.discard(end)
        end.close()


@contextmanager
def line_to(target: int, bytes_a_second: int = 0) -> Iterator[Line]:
    """Lay a line to a port of this machine."""
    line = Line(target, bytes_a_second)
    try:
        yield line
    finally:
        line.cut()
        line.listener.shutdown(socket.SHUT_RDWR)
        line.listener.close()
