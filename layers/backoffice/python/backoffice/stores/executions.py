"""Start state machines, each execution once by its name."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


def start_once(client: "SFNClient", machine: str, name: str, payload: Mapping[str, Any]) -> bool:
    """Start an execution; False when one of that name was started before.

    Parameters
    ----------
    client
        The Step Functions client.
    machine
        The state machine's ARN.
    name
        What tells the execution from every other; the same input goes with the same name.
    payload
        The input.
    """
    text = json.dumps(payload, sort_keys=True)
    try:
        client.start_execution(stateMachineArn=machine, name=name, input=text)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ExecutionAlreadyExists":
            return False
        raise
    return True
