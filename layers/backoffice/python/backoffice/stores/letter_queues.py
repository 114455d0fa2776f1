"""Queues of dead letters, and the services that take their events again."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from backoffice.service_desk.letters import Held, read_letter
from backoffice.stores.executions import start_once
from backoffice.stores.platform_watch import waiting_in

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef
    from mypy_boto3_stepfunctions import SFNClient

_MOST: Final = 100
_AT_ONCE: Final = 10
_HELD_S: Final = 20
_WAIT_S: Final = 1


class LetterQueues:
    """The queues of dead letters of one stage.

    Parameters
    ----------
    named
        How the physical names of the parts begin: ``backoffice-prod-``.
    machines
        How the ARNs of the machines begin, up to the end of that.
    """

    def __init__(
        self,
        sqs: "SQSClient",
        stepfunctions: "SFNClient",
        functions: "LambdaClient",
        *,
        named: str,
        machines: str,
    ) -> None:
        self._sqs, self._stepfunctions, self._lambda = sqs, stepfunctions, functions
        self._named, self._machines = named, machines

    def peek(self, queue: str) -> list[Held]:
        """Return the letters that wait, as many as are read at once; they stay."""
        physical = self._physical(queue)
        if not waiting_in(self._sqs, physical):
            return []
        place = self._place(queue)
        found = list(self._received(place))
        for message in found:
            self._sqs.change_message_visibility(
                QueueUrl=place, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )
        return [self._held(queue, message) for message in found]

    def start(self, machine: str, name: str, payload: Mapping[str, Any]) -> None:
        """Start a machine, unless an execution of that name was started."""
        arn = f"{self._machines}{machine.replace('_', '-')}"
        start_once(self._stepfunctions, arn, name, payload)

    def invoke(self, function: str, payload: Mapping[str, Any]) -> None:
        """Have a function take an event."""
        self._lambda.invoke(
            FunctionName=self._physical(function),
            InvocationType="Event",
            Payload=json.dumps(payload).encode(),
        )

    def delete(self, held: Held) -> None:
        """Delete a letter."""
        place = self._place(held.letter.queue)
        self._sqs.delete_message(QueueUrl=place, ReceiptHandle=held.receipt)

    def _received(self, place: str) -> Iterator["MessageTypeDef"]:
        """Yield messages, each once; held for as long as it takes to read them all."""
        seen: set[str] = set()
        while len(seen) < _MOST:
            answer = self._sqs.receive_message(
                QueueUrl=place,
                MaxNumberOfMessages=_AT_ONCE,
                VisibilityTimeout=_HELD_S,
                WaitTimeSeconds=_WAIT_S if not seen else 0,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["SentTimestamp"],
            )
            fresh = [one for one in answer.get("Messages", []) if one["MessageId"] not in seen]
            if not fresh:
                return
            seen.update(one["MessageId"] for one in fresh)
            yield from fresh

    def _held(self, queue: str, message: "MessageTypeDef") -> Held:
        sent = int(message["Attributes"]["SentTimestamp"])
        since = datetime.fromtimestamp(sent / 1000, UTC)
        letter = read_letter(queue, message, self._named, since)
        return Held(letter=letter, body=message["Body"], receipt=message["ReceiptHandle"])

    def _physical(self, name: str) -> str:
        return f"{self._named}{name.replace('_', '-')}"

    def _place(self, queue: str) -> str:
        return self._sqs.get_queue_url(QueueName=self._physical(queue))["QueueUrl"]
