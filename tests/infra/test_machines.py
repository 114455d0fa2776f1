"""State machines: readable rules that every one keeps, and roles that fit what they invoke."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.lint.machines import machines, problems
from tests.infra.conftest import Synthesized, flat

MACHINES = machines()
STEPS = {
    "assess_risk": ["AssessRisk"],
    "capture_file": ["PlanFile", "CaptureRange", "CommitFile"],
    "cut_off": [
        "FreezeInputs", "ResolveTrades", "ScreenParties", "ClearTrades", "NetObligations",
        "PublishState",
    ],
    "close_business_day": [
        "FreezeInputs", "TakeDecisions", "ClearTrades", "NetObligations",
        "SettleObligations", "BookAccounts", "CloseBooks", "SealRecords",
        "PublishState",
    ],
    "drill_restore": ["DrillRestore"],
    "export_books": ["ExportBooks"],
    "index_records": ["IndexRecords"],
    "keep_access": ["KeepAccess"],
    "make_documents": ["PlanDocuments", "GatherDocuments", "PrintDocuments", "RegisterDocuments"],
    "dispose_records": ["EraseClients", "DisposeRecords"],
    "make_reports": ["MakeReports"],
    "measure_usage": ["MeasureUsage"],
    "pursue_fail": ["PursueFail"],
    "rebuild_tables": ["PublishState"],
    "record_configuration": ["RecordConfiguration"],
    "resolve_case": ["ResolveCase"],
    "review_customers": ["ReviewCustomers"],
    "survey_trading": ["SurveyTrading"],
    "take_lists": ["TakeLists"],
    "verify_records": ["VerifyRecords"],
    "watch_cases": ["WatchCases"],
    "watch_locations": ["WatchLocations"],
}  # fmt: skip
_ARN_OF = re.compile(r"\$\{(\w+)Arn\}")
_ARN = re.compile(r"arn:aws:(?!states:::)")


def _states(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - any ASL
    for name, state in value.get("States", {}).items():
        yield name, state
        yield from _states(state.get("ItemProcessor", {}))
        for branch in state.get("Branches", []):
            yield from _states(branch)


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.name)
def test_a_machine_is_accepted_by_the_linter(path: Path) -> None:
    assert problems(path) == []


def test_the_linter_refuses_a_state_that_leads_nowhere(tmp_path: Path) -> None:
    broken = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Nowhere"}}}
    path = tmp_path / "broken.asl.json"
    path.write_text(json.dumps(broken))
    assert problems(path)


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.name)
def test_every_task_has_a_timeout_retries_with_jitter_and_a_way_to_fail(path: Path) -> None:
    machine = json.loads(path.read_text())
    assert machine["Comment"]
    assert machine["TimeoutSeconds"]
    caught = {
        inner
        for _, state in _states(machine)
        if state["Type"] == "Map" and "Catch" in state
        for inner, _ in _states(state["ItemProcessor"])
    }
    for name, state in _states(machine):
        assert re.fullmatch(r"[A-Z][a-z]*( [A-Z][a-z]*)*", name), name
        if state["Type"] == "Task":
            assert state["TimeoutSeconds"], name
            assert state["Retry"][-1]["ErrorEquals"] == ["States.ALL"], name
            assert state["Retry"][-1]["MaxAttempts"] == 3, name
            assert all(retry["JitterStrategy"] == "FULL" for retry in state["Retry"]), name
            assert "Catch" in state or name in caught, name
        for catch in state.get("Catch", []):
            assert catch["ErrorEquals"] == ["States.ALL"], name
            assert machine["States"][catch["Next"]]["Type"] == "Fail", name
        if state["Type"] in {"Map", "Choice"}:
            assert state["Comment"], name
        if state["Type"] == "Map":
            assert state["MaxConcurrency"], name


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.name)
def test_a_machine_takes_its_steps_in_their_order(path: Path) -> None:
    machine = json.loads(path.read_text())
    assert list(_steps(machine)) == STEPS[path.name.removesuffix(".asl.json")]


def _steps(machine: dict[str, Any]) -> Iterator[str]:
    """Name the functions along the way on which nothing fails and nothing was done before."""
    name = machine["StartAt"]
    while name:
        state = machine["States"][name]
        if state["Type"] == "Task":
            yield _ARN_OF.fullmatch(state["Resource"])[1]  # type: ignore[index]
        elif state["Type"] == "Map":
            yield from _steps(state["ItemProcessor"])
        name = state["Choices"][0]["Next"] if state["Type"] == "Choice" else state.get("Next")


@pytest.mark.parametrize("name", ["cut_off", "close_business_day"])
def test_a_phase_goes_on_only_when_it_is_frozen_and_is_refused_unless_it_is_done(name: str) -> None:
    path = next(path for path in MACHINES if path.name == f"{name}.asl.json")
    states = json.loads(path.read_text())["States"]
    ways = {way["StringEquals"]: way["Next"] for way in states["Is It Frozen"]["Choices"]}
    assert {way["Variable"] for way in states["Is It Frozen"]["Choices"]} == {"$.frozen.outcome"}
    assert list(ways) == ["FROZEN", "DONE"]
    assert ways["DONE"] == "Publish State"
    assert states[states["Is It Frozen"]["Default"]]["Type"] == "Fail"


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.name)
def test_a_machine_names_no_resource_by_its_arn(path: Path) -> None:
    assert not _ARN.search(path.read_text())


def test_a_machine_may_invoke_only_the_functions_its_text_names(prod: Synthesized) -> None:
    for path in MACHINES:
        name = path.name.removesuffix(".asl.json")
        named = {
            re.sub(r"(?<!^)(?=[A-Z])", "_", each).lower()
            for each in re.findall(r"\$\{(\w+)Arn\}", path.read_text())
        }
        assert _invoked(prod, name) == named, name


def _invoked(prod: Synthesized, machine: str) -> set[str]:
    for role in prod.of_type("AWS::IAM::Role").values():
        if role["Properties"].get("Description") == f"What {machine} may invoke.":
            statements = role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
            invoke = next(s for s in statements if s["Action"] == "lambda:InvokeFunction")
            resources = invoke["Resource"]
            listed = resources if isinstance(resources, list) else [resources]
            return {_function(flat(each)) for each in listed}
    raise AssertionError(machine)


def _function(exported: str) -> str:
    """Return ``plan_file`` of the name under which another stack exports its ARN."""
    found = re.search(
        r"FnGetAtt[A-Z][a-z]+(?:Office|Operations)?([A-Z]\w*?)Function[0-9A-F]{8}", exported
    )
    assert found, exported
    return re.sub(r"(?<!^)(?=[A-Z])", "_", found[1]).lower()


def test_every_machine_logs_and_is_traced(prod: Synthesized) -> None:
    for machine in prod.of_type("AWS::StepFunctions::StateMachine").values():
        logging = machine["Properties"]["LoggingConfiguration"]
        assert logging["Level"] == "ALL"
        assert logging["IncludeExecutionData"] is False
        assert machine["Properties"]["TracingConfiguration"] == {"Enabled": True}


EXPRESS_S = 300  # a child of an express map is ended after five minutes
THROTTLES = {"Lambda.TooManyRequestsException", "Lambda.ServiceException"}


def _waits(retry: dict[str, Any]) -> float:
    """Return the longest that a retrier may wait in all, in seconds."""
    grown = (
        retry["IntervalSeconds"] * retry["BackoffRate"] ** n for n in range(retry["MaxAttempts"])
    )
    return float(sum(min(wait, retry["MaxDelaySeconds"]) for wait in grown))


def _tasks(path: Path) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Yield each task's name, its state, and whether it is a child of an express map."""
    machine = json.loads(path.read_text())
    children = {
        inner
        for _, state in _states(machine)
        if state.get("ItemProcessor", {}).get("ProcessorConfig", {}).get("ExecutionType")
        == "EXPRESS"
        for inner, _ in _states(state["ItemProcessor"])
    }
    for name, state in _states(machine):
        if state["Type"] == "Task":
            yield name, state, name in children


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.name)
def test_throttles_are_waited_out_and_failures_are_not(path: Path) -> None:
    for name, state, is_child in _tasks(path):
        throttled, every = state["Retry"]
        assert set(throttled["ErrorEquals"]) >= THROTTLES, name
        assert _waits(throttled) >= (45 if is_child else 180), name
        assert every["ErrorEquals"] == ["States.ALL"], name
        assert _waits(every) <= 10, name


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.name)
def test_every_attempt_of_an_express_child_fits_into_its_five_minutes(path: Path) -> None:
    for name, state, is_child in _tasks(path):
        if is_child:
            every = state["Retry"][-1]
            attempts = 1 + every["MaxAttempts"]
            assert attempts * state["TimeoutSeconds"] + _waits(every) <= EXPRESS_S, name


def test_no_function_goes_on_after_its_step_has_given_it_up(prod: Synthesized) -> None:
    functions = prod.properties("AWS::Lambda::Function", "FunctionName")
    for path in MACHINES:
        for name, state, _ in _tasks(path):
            (used,) = re.findall(r"\$\{(\w+)Arn\}", state["Resource"])
            function = re.sub(r"(?<!^)(?=[A-Z])", "-", used).lower()
            runs_s = functions[f"backoffice-prod-{function}"]["Timeout"]
            assert runs_s <= state["TimeoutSeconds"], name
