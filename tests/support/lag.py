"""A network to a database that can be made slow."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from dataclasses import dataclass, field

from tests.support.server import free_port


@dataclass
class Lag:
    """Passes bytes on to a server, each after `seconds` where that is set.

    Args:
        target: The server's port.
    """

    target: int
    port: int = field(default_factory=free_port)
    seconds: float = 0.0

    def start(self) -> None:
        """Takes connections, in a thread."""
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(10)

    def stop(self) -> None:
        """Takes no more, and cuts what there is."""
        self._loop.call_soon_threadsafe(self._main.cancel)
        self._thread.join(10)

    def _serve(self, started: threading.Event) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(self._take(started))

    async def _take(self, started: threading.Event) -> None:
        task = asyncio.current_task()
        assert task
        self._loop, self._main = asyncio.get_running_loop(), task
        async with await asyncio.start_server(self._pass, "127.0.0.1", self.port) as server:
            started.set()
            await server.serve_forever()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if self.seconds:
                    await asyncio.sleep(self.seconds)
                writer.write(data)
                await writer.drain()
        writer.close()
