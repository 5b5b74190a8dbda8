"""The server: puts the settings, Rasa, the channels and the actions together, and runs them."""

# Rasa is imported where it is used: only once it has been quietened, and not to say how it is run.

from __future__ import annotations

import asyncio
import gc
import importlib.util
import logging
import os
import socket
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import request_ids
from bot.errors import BotError, ModelError, without_words
from bot.logs import prepare_rasa
from bot.project import PROJECT
from bot.settings import Settings
from bot.watching import watch

if TYPE_CHECKING:
    from sanic import Sanic
    from sanic.request import Request
    from sanic.response import HTTPResponse

    from bot.engine.actions import LocalActions
    from bot.engine.processor import Assistant
    from bot.retention import Retention

_log = logging.getLogger(__name__)

_HOST = "127.0.0.1"
_PORT = 5005
_FINISH_SECONDS = 30
_LARGEST_REQUEST = 1024 * 1024
_CODES = {
    400: "malformed",
    404: "not_found",
    405: "wrong_method",
    411: "length_required",
    413: "too_long",
    429: "too_fast",
}


def serve(
    settings: Settings,
    host: str = _HOST,
    port: int = _PORT,
    model_path: Path | None = None,
    is_watching: bool = False,
) -> None:
    """Serves the assistant until it is told to stop (SIGTERM, SIGINT).

    Args:
        settings: The settings.
        host: The address to listen on.
        port: The port to listen on; 0 for any that is free.
        model_path: A model, or a folder of which the newest is taken; `models/` when None.
        is_watching: Whether content that changes is taken up.

    Raises:
        ModelError: when there is no model or it cannot be loaded.
        BotError: when the port is taken or the settings cannot be used.

    """
    prepare_rasa(settings.log_level, settings.log_format, settings.signing_secret())
    from bot import served
    from bot.hardening import GuardedProtocol

    model = find_model(model_path or PROJECT / "models")
    if settings.metrics_address:
        served.serve_metrics(settings.metrics_address)
    listener = _listen(host, port)
    app = make_app(settings, PROJECT / "credentials.yml")
    failures: list[BaseException] = []

    async def load(app: Sanic) -> None:
        try:
            app.ctx.agent = await _in_thread(lambda: load_agent(settings, model))
            await app.ctx.agent.parse_message("hello")  # warms up what is loaded on first use
        except Exception as error:
            failures.append(error)
            app.stop()
            return
        _settle()
        if is_watching:
            app.add_task(watch(app.ctx.agent, model, _in_thread), name="watch")
        if settings.retention_days:
            app.add_task(_retention(settings, app.ctx.agent).watch(), name="retention")
        served.tell(app.ctx.agent)
        app.ctx.health.begin()
        _announce(host, listener.getsockname()[1], settings.log_format)

    app.add_task(load)
    app.run(sock=listener, protocol=GuardedProtocol, access_log=False, motd=False, workers=1)
    for failure in failures:
        raise _as_bot_error(failure, model) from failure


def _settle() -> None:
    """Leave what is loaded out of each later look for garbage: to look at all of it takes long."""
    gc.collect()
    gc.freeze()


def _announce(host: str, port: int, log_format: str) -> None:
    ready = f"Sourcing Advisor is ready: http://{f'[{host}]' if ':' in host else host}:{port}"
    if log_format == "json":
        _log.info(ready)
    else:
        print(ready, flush=True)  # noqa: T201 (what whoever started it waits for)


def _retention(settings: Settings, agent: Assistant) -> Retention:
    from bot.retention import Retention

    return Retention(agent.tracker_store, settings.retention_days, settings.retention_action)


def find_model(path: Path) -> Path:
    """Gives the model at `path`, or the newest in that folder.

    Raises:
        ModelError: when there is none.

    """
    models = [path] if path.is_file() else sorted(path.glob("*.tar.gz"), key=_age)
    if not models:
        raise ModelError(f"there is no trained model in {path}", "run `make train` first")
    return models[-1]


def _age(path: Path) -> float:
    return path.stat().st_mtime


def load_agent(settings: Settings, model: Path) -> Assistant:
    """Loads the model and connects it to the stores and the actions.

    Args:
        settings: Where they are.
        model: The model's file.

    """
    from rasa.utils.endpoints import EndpointConfig
    from threadpoolctl import threadpool_limits

    from bot.engine.processor import Assistant
    from bot.locks import Locks
    from bot.tracker_store import ConversationStore

    store = ConversationStore(host=settings.database_url)
    url = settings.action_endpoint_url
    agent = Assistant(
        None if url else _local_actions(),
        tracker_store=store,
        lock_store=Locks(settings.redis_url),
        action_endpoint=EndpointConfig(url=url) if url else None,
    )
    # Rasa wraps the store so that in an outage it goes on with an empty conversation, and what
    # was said is lost without a word. We would rather fail the turn and say so.
    agent.tracker_store = store
    agent.load_model(model)
    # A sentence is a few small products: to wake other threads for them takes longer.
    threadpool_limits(1, user_api="blas")
    return agent


def _local_actions() -> LocalActions | None:
    if importlib.util.find_spec("actions") is None:
        return None
    from bot.engine.actions import LocalActions

    return LocalActions("actions")


def make_app(settings: Settings, credentials: Path) -> Sanic:
    """Gives the web application: the channels' routes, health and the page, and nothing else.

    Rasa's own `configure_app` would add its root page and its CORS rules, so only the part of it
    that connects the channels is used.

    Args:
        settings: For the limits on requests.
        credentials: The file that lists the channels.

    """
    from rasa.core.channels.channel import register
    from rasa.core.run import create_http_input_channels
    from sanic import Sanic
    from sanic.exceptions import SanicException

    from bot.hardening import Limits, harden
    from bot.health import Health, database_look

    app = Sanic("sourcing_advisor", configure_logging=False)
    app.config.update(
        GRACEFUL_SHUTDOWN_TIMEOUT=_FINISH_SECONDS,
        PROXIES_COUNT=settings.proxies_count or None,
        REQUEST_MAX_SIZE=_LARGEST_REQUEST,
        RESPONSE_TIMEOUT=300,
    )
    app.ctx.health = Health(database_look(settings.database_url))
    app.ctx.health.add_to(app)
    request_ids.add_to(app)
    channels = create_http_input_channels(None, str(credentials))
    register(channels, app, route="/webhooks/")
    if settings.review_secret:
        from bot.review_page import routes

        app.blueprint(routes(settings, settings.review_secret, PROJECT))
    for channel in channels:
        if hasattr(channel, "page"):
            app.add_route(partial(channel.page), "/", name="home")
    app.register_listener(partial(_close, channels), "before_server_stop")
    harden(app, Limits.of(settings))
    app.exception(SanicException)(_refused)
    app.exception(Exception)(_failed)
    return app


async def _close(channels: list[Any], app: Sanic, _: Any) -> None:
    """Let the turns of all channels end, at the same time."""
    app.ctx.health.end()
    closing = (channel.close for channel in channels if hasattr(channel, "close"))
    await asyncio.gather(*(close(_FINISH_SECONDS) for close in closing))


async def _refused(_: Request, error: Any) -> HTTPResponse:
    code = _CODES.get(error.status_code, "error")
    message = "There is nothing here." if error.status_code == 404 else str(error)
    body = {"error": {"code": code, "message": message}}
    headers = getattr(error, "headers", None) or {}
    return _json(body, status=error.status_code, headers=headers)


async def _failed(request: Request, error: Exception) -> HTTPResponse:
    reference = request_ids.request_id(request)
    _log.error("Request %s (%s) failed with %s", reference, request.path, without_words(error))
    message = f"Sorry, something went wrong on my side (reference {reference})."
    return _json({"error": {"code": "failed", "message": message}}, status=500)


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> HTTPResponse:
    from sanic.response import json

    return json(body, status=status, headers=headers)


def _listen(host: str, port: int) -> socket.socket:
    """Take the port. Connections are refused until the server runs: none waits for the model."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise BotError(
            f"cannot listen on {host}:{port} ({os.strerror(error.errno or 0)})",
            "stop what runs there, or choose another port with --port",
        ) from error
    return listener


def _in_thread(work: Callable[[], Any]) -> asyncio.Future[Any]:
    """Runs blocking work beside the loop, in a thread that does not hold up the end."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # also the SDK's sys.exit when an action cannot be imported
            failure = error if isinstance(error, Exception) else BotError(f"Stopped: {error}")
            loop.call_soon_threadsafe(future.set_exception, failure)
        else:
            loop.call_soon_threadsafe(future.set_result, result)

    threading.Thread(target=run, name="load", daemon=True).start()
    return future


def _as_bot_error(error: BaseException, model: Path) -> BotError:
    if isinstance(error, BotError):
        return error
    return ModelError(
        f"the model {model} cannot be loaded ({type(error).__name__}: {error})",
        "run `make train` to make a new one",
    )
