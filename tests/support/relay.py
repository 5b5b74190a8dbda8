"""A network that can be made to fail between a browser and the server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class Relay:
    """Passes bytes on to a server, until it is told not to.

    Args:
        target: Gives the server's port; asked anew for each connection.
    """

    def __init__(self, target: Callable[[], int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._may_answer = threading.Event()
        self._may_answer.set()
        self.is_cutting = False
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """The server gets every request and nothing of its answers comes back."""
        self._may_answer.clear()
        try:
            yield
        finally:
            self._may_answer.set()

    @contextmanager
    def cutting(self) -> Iterator[None]:
        """Every answer breaks off after its headers and a part of its body."""
        self.is_cutting = True
        try:
            yield
        finally:
            self.is_cutting = False

    def close(self) -> None:
        """Takes no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        address = ("127.0.0.1", self._target())
        with client, suppress(OSError), socket.create_connection(address) as server:
            threading.Thread(target=self._pump, args=(client, server), daemon=True).start()
            self._answer(server, client)

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        while data := server.recv(65536):
            self._may_answer.wait()
            if self.is_cutting and b"ndjson" in data:
                client.sendall(data[: data.index(b"\r\n\r\n") + 4])
                break
            client.sendall(data)
        # Another thread still reads from it, so that closing it alone would tell nobody.
        client.shutdown(socket.SHUT_RDWR)
