"""Tells the metrics what is served, and serves the metrics themselves."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from prometheus_client import start_http_server

from bot import VERSION, metrics
from bot.advice.loader import advice
from bot.errors import BotError

if TYPE_CHECKING:
    from rasa.core.agent import Agent

_RETRIEVED = "utter_"


def tell(agent: Agent) -> None:
    """Tells the metrics the model, its intents and the outcomes of the advice."""
    intents = {*agent.domain.intents, "nlu_fallback"}
    topics = {name.removeprefix(_RETRIEVED) for name in agent.domain.retrieval_intent_responses}
    metrics.expect(intents | topics, [outcome.value for outcome in advice().outcomes])
    metrics.serving(VERSION, str(agent.processor.model_filename))


def serve_metrics(address: tuple[str, int]) -> None:
    """Serves the metrics in a thread of their own, so that they also tell of a loop that hangs.

    Args:
        address: Host and port to listen on.

    Raises:
        BotError: when they cannot be listened on.

    """
    host, port = address
    try:
        start_http_server(port, host)
    except OSError as error:
        raise BotError(
            f"cannot serve metrics on {host}:{port} ({os.strerror(error.errno or 0)})",
            "choose another METRICS_ADDRESS, or stop what runs there",
        ) from error
