"""An action server with the real actions, which can be held up."""

from __future__ import annotations

import asyncio
import threading

from aiohttp import web
from rasa_sdk.executor import ActionExecutor


class SlowActions:
    """The project's own actions behind HTTP; while they are held, each call waits."""

    def __init__(self) -> None:
        self._actions = ActionExecutor()
        self._actions.register_package("actions")
        self._loop = asyncio.new_event_loop()
        self._may_go = threading.Event()
        self._may_go.set()
        self.waiting = 0

    @property
    def url(self) -> str:
        """Where Rasa finds them."""
        return f"http://127.0.0.1:{self._port}/webhook"

    def start(self) -> None:
        """Serves them in a thread, on a port that is free."""
        started = threading.Event()
        threading.Thread(target=self._serve, args=(started,), daemon=True).start()
        assert started.wait(10)

    def stop(self) -> None:
        """Stops serving."""
        self.go()
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)

    def hold(self) -> None:
        """Has calls wait from now on."""
        self.waiting = 0
        self._may_go.clear()

    def go(self) -> None:
        """Lets all calls go on."""
        self._may_go.set()

    def _serve(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application(client_max_size=2**24)
        app.router.add_post("/webhook", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        self._loop.run_until_complete(self._runner.setup())
        self._loop.run_until_complete(web.TCPSite(self._runner, "127.0.0.1", 0).start())
        self._port = self._runner.addresses[0][1]
        started.set()
        self._loop.run_forever()

    async def _answer(self, request: web.Request) -> web.Response:
        call = await request.json()
        self.waiting += 1
        await asyncio.to_thread(self._may_go.wait, 60)
        return web.json_response(await self._actions.run(call))
