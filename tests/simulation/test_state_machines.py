"""The interpreter of state machines that the simulator runs: it says what another one says."""

import json
import time
from collections.abc import Callable
from typing import Any, Final

import boto3
import pytest
from moto import mock_aws
from moto.core.config import default_user_config

from tests.simulation.cloud.baton import Conductor, InTurn
from tests.simulation.cloud.machines import MACHINES, Machine
from tests.simulation.cloud.paths import FailedError
from tests.unit.stores.aws import REGION

_ROLE: Final = "arn:aws:iam::123456789012:role/any"
_DATA: Final = {"day": "2026-10-09", "many": [{"n": 1}, {"n": 2}], "deep": {"er": {"x": "y"}}}
_END: Final = {"Type": "Pass", "End": True}
_CHOICES: Final = [{"Variable": "$.deep.er.x", "StringEquals": "y", "Next": "A"}]

Definition = dict[str, Any]


def _machine(**states: Definition) -> Definition:
    return {"StartAt": next(iter(states)), "States": states}


_EACH: Final = {
    "ItemsPath": "$.many",
    "ItemSelector": {"n.$": "$$.Map.Item.Value.n", "day.$": "$.day", "at.$": "$$.Map.Item.Index"},
    "MaxConcurrency": 2,
}
DEFINITIONS: Final = {
    "a result put deep inside": _machine(
        A={"Type": "Pass", "Result": {"k": [1]}, "ResultPath": "$.deep.new.er", "End": True}
    ),
    "parameters filled from paths": _machine(
        A={
            "Type": "Pass",
            "Parameters": {"a.$": "$.deep.er", "b": {"c.$": "$.many", "d": "e"}},
            "Next": "B",
        },
        B={"Type": "Pass", "InputPath": "$.b", "OutputPath": "$.c", "End": True},
    ),
    "a result thrown away": _machine(
        A={"Type": "Pass", "Result": 1, "ResultPath": None, "End": True}
    ),
    "a choice taken": _machine(
        C={"Type": "Choice", "Choices": _CHOICES, "Default": "B"},
        A={"Type": "Pass", "Result": {"is": "A"}, "End": True},
        B={"Type": "Pass", "Result": {"is": "B"}, "End": True},
    ),
    "a choice not taken": _machine(
        C={
            "Type": "Choice",
            "Choices": [{"Variable": "$.day", "StringEquals": "never", "Next": "A"}],
            "Default": "B",
        },
        A={"Type": "Pass", "Result": {"is": "A"}, "End": True},
        B={"Type": "Succeed"},
    ),
    "a failure that says why": _machine(
        F={"Type": "Fail", "Error": "Refused", "CausePath": "$.deep.er.x"}
    ),
    "each of many": _machine(
        M={
            "Type": "Map",
            **_EACH,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"},
                **_machine(P={"Type": "Pass", "ResultPath": "$.seen", "Result": 1, "End": True}),
            },
            "ResultPath": "$.each",
            "End": True,
        }
    ),
    "branches side by side": _machine(
        P={
            "Type": "Parallel",
            "Branches": [
                _machine(A={"Type": "Pass", "Result": {"is": "A"}, "End": True}),
                _machine(B={"Type": "Pass", "OutputPath": "$.day", "End": True}),
            ],
            "ResultSelector": {"both.$": "$"},
            "ResultPath": "$.branches",
            "End": True,
        }
    ),
    "a branch that fails, caught": _machine(
        P={
            "Type": "Parallel",
            "Branches": [_machine(F={"Type": "Fail", "Error": "Odd", "Cause": "so it is"})],
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "B"}],
            "End": True,
        },
        B=_END,
    ),
}


class _Host:
    """Answers a machine's calls from a script of errors and results."""

    def __init__(self, *script: str | Exception) -> None:
        self.conductor: Conductor = InTurn(None)
        self.script = list(script)
        self.attempts: list[int] = []
        self.waits: list[float] = []

    def invoke(self, resource: str, payload: Any, attempt: int) -> Any:  # noqa: ANN401 - JSON
        assert resource == "${SomeArn}"
        self.attempts.append(attempt)
        said = self.script.pop(0)
        if isinstance(said, Exception):
            raise said
        return {"said": said, "given": payload}

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)

    def enters(self, state: str, data: Any) -> None:  # noqa: ANN401 - JSON
        pass

    def between_steps(self) -> None:
        pass


@pytest.fixture
def execute(monkeypatch: pytest.MonkeyPatch) -> Callable[[Definition], tuple[str, Any]]:
    """Run a machine on the other interpreter; return how it ended, and with what."""
    monkeypatch.setitem(default_user_config, "stepfunctions", {"execute_state_machine": True})

    def run(definition: Definition) -> tuple[str, Any]:
        with mock_aws():
            client = boto3.client(
                "stepfunctions",
                region_name=REGION,
                aws_access_key_id="nobody",
                aws_secret_access_key="nothing",  # noqa: S106 - no secret
            )
            machine = client.create_state_machine(
                name="m", definition=json.dumps(definition), roleArn=_ROLE
            )["stateMachineArn"]
            arn = client.start_execution(stateMachineArn=machine, input=json.dumps(_DATA))
            while True:
                ended = client.describe_execution(executionArn=arn["executionArn"])
                if ended["status"] != "RUNNING":
                    break
                time.sleep(0.01)
        if ended["status"] == "SUCCEEDED":
            return "SUCCEEDED", json.loads(ended["output"])
        return ended["status"], ended.get("error")

    return run


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_machine_ends_as_another_interpreter_has_it(
    name: str, execute: Callable[[Definition], tuple[str, Any]]
) -> None:
    definition = DEFINITIONS[name]
    ended = Machine(definition).run(_DATA, _Host())
    said = ended.output if ended.status == "SUCCEEDED" else ended.error
    assert (ended.status, said) == execute(definition)


def _task(**more: Any) -> Definition:  # noqa: ANN401 - JSON
    retry = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 3}
    return {
        "Type": "Task",
        "Resource": "${SomeArn}",
        "Retry": [{**retry, "BackoffRate": 2.0}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Caught"}],
        "End": True,
        **more,
    }


def _failures(times: int) -> list[Exception]:
    return [FailedError("Odd", f"the {number}th time") for number in range(times)]


def test_a_task_is_tried_again_as_often_and_as_late_as_its_retrier_says() -> None:
    host = _Host(*_failures(3), "at last")
    ended = Machine(_machine(T=_task(), Caught=_END)).run({"a": 1}, host)
    assert ended.output == {"said": "at last", "given": {"a": 1}}
    assert (host.attempts, host.waits) == ([0, 1, 2, 3], [1, 2, 4])


def test_a_task_that_fails_once_more_is_caught_with_its_error() -> None:
    ended = Machine(_machine(T=_task(), Caught=_END)).run({"a": 1}, _Host(*_failures(4)))
    assert ended.output == {"a": 1, "error": {"Error": "Odd", "Cause": "the 3th time"}}


def test_an_uncaught_failure_ends_the_execution() -> None:
    ended = Machine(_machine(T=_task(Retry=[], Catch=[]))).run({}, _Host(*_failures(1)))
    assert (ended.status, ended.error, ended.cause) == ("FAILED", "Odd", "the 0th time")


def test_a_child_of_a_distributed_map_that_fails_fails_the_map() -> None:
    inner = {**_machine(T=_task(Retry=[], Catch=[]))}
    each = {
        "Type": "Map",
        "ItemsPath": "$.many",
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, **inner},
        "End": True,
    }
    ended = Machine(_machine(M=each)).run(_DATA, _Host("good", *_failures(1)))
    assert (ended.status, ended.error) == ("FAILED", "States.ExceedToleratedFailureThreshold")


def test_a_choice_that_nothing_meets_fails() -> None:
    choice = {"Variable": "$.day", "StringEquals": "never", "Next": "A"}
    machine = Machine(_machine(C={"Type": "Choice", "Choices": [choice]}, A=_END))
    assert machine.run(_DATA, _Host()).error == "States.NoChoiceMatched"


def test_a_path_that_leads_nowhere_fails() -> None:
    lost = {"Type": "Pass", "Parameters": {"a.$": "$.nowhere"}, "End": True}
    assert Machine(_machine(A=lost)).run(_DATA, _Host()).error == "States.ParameterPathFailure"


def test_an_execution_is_taken_up_where_it_failed() -> None:
    machine = Machine(_machine(A={"Type": "Fail"}, B={"Type": "Pass", "End": True}))
    assert machine.run(7, _Host(), at_state="B").output == 7


def test_more_data_than_a_machine_carries_is_an_error() -> None:
    large = _machine(A={"Type": "Pass", "Result": "x" * 300_000, "End": True})
    with pytest.raises(AssertionError, match="more bytes"):
        Machine(large).run({}, _Host())


def test_what_is_not_interpreted_is_refused() -> None:
    odd = _machine(A={"Type": "Pass", "Assign": {}, "End": True})
    with pytest.raises(AssertionError, match="Assign"):
        Machine(odd).run({}, _Host())


def test_every_machine_of_the_house_is_interpreted() -> None:
    for path in MACHINES.glob("*.asl.json"):
        machine = Machine.named(path.name.removesuffix(".asl.json"))
        assert machine.definition["StartAt"] in machine.definition["States"]
