"""Runs the actions in this process, where Rasa would send them to an action server."""

from __future__ import annotations

import json
import logging
from typing import Any

import jsonschema
from rasa.core.actions.action import RemoteAction
from rasa.core.actions.constants import SELECTIVE_DOMAIN
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from bot.errors import without_words
from bot.metrics import Stage, stage

_log = logging.getLogger(__name__)


class InProcessActions(EndpointConfig):
    """An action endpoint that answers as the SDK's server does, without the server.

    Args:
        package: The package whose actions are run.

    """

    def __init__(self, package: str) -> None:
        # The domain is large, and goes only to actions that ask for it.
        super().__init__(url=f"in-process:{package}", **{SELECTIVE_DOMAIN: True})
        _check_answers_with_a_ready_schema()
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, *_: Any, **kwargs: Any) -> Any:
        """Runs the action that `kwargs["json"]` names; what else HTTP would need is not used.

        Returns:
            The events and responses, as from JSON.

        Raises:
            ClientResponseError: 400 when the action rejects to run, 404 when there is none of
                that name, 500 when it fails.

        """
        call = kwargs["json"]
        try:
            with stage(Stage.ACT):
                result = await self._executor.run(call)
        except ActionExecutionRejection as error:
            raise _answer(400, "Bad Request", error) from error
        except ActionNotFoundException as error:
            raise _answer(404, "Not Found", error) from error
        except Exception as error:
            _log.error("Action %s failed with %s", call.get("next_action"), without_words(error))
            raise ClientResponseError(500, "Internal Server Error", "{}") from None
        # Through JSON, so that nothing is shared with the action, and what would not do for an
        # action server does not do here either.
        return json.loads(json.dumps(result))


def _check_answers_with_a_ready_schema() -> None:
    """Have Rasa check an action's answer against a schema that is itself checked only once.

    Rasa checks its constant schema anew for every action: 15 to 20 ms of each call, four fifths
    of a turn. There is no setting for it, so this replaces one method by the same in faster.
    """
    schema = RemoteAction.action_response_format_spec()
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)

    def validate(_: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate


def _answer(
    status: int, reason: str, error: ActionExecutionRejection | ActionNotFoundException
) -> ClientResponseError:
    body = {"error": error.message, "action_name": error.action_name}
    return ClientResponseError(status, reason, json.dumps(body))
