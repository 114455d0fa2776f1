"""Count what state machines do: transitions with retries, and Express children by their time."""

import json
import math
import re
import time
from contextvars import ContextVar
from typing import Any, Final

import ministack.services.stepfunctions as executions

from infra.local.metering import meters
from infra.local.metering.book import Book
from infra.local.metering.hooks import Function, put_around
from infra.local.metering.tally import HERE, OPERATOR, Place, add, logical

_DATED_DROP: Final = re.compile(r"drops/[^/]+/(\d{4}-\d{2}-\d{2})/.+")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_EXPRESS: Final = "EXPRESS"
_CHUNK_MB: Final = 64
_ROUNDED_TO_MS: Final = 100
_EVENT_BYTES: Final = 426
"""A history event without execution data, as a log line: measured on the documented format, with
the 26 bytes CloudWatch bills beside it."""
_EVENTS_OF_EXECUTION: Final = 2
_EVENTS_OF_STATE: Final = 2
_EVENTS_OF_ATTEMPT: Final = 3

_CHILDREN: ContextVar[str | None] = ContextVar("metering_children", default=None)
_IS_EXPRESS: ContextVar[bool] = ContextVar("metering_is_express", default=False)


def attach(book: Book) -> None:
    """Count what the emulator's state machines do from now on."""
    put_around(executions, "_run_execution", "exec_arn", lambda run: _counted(book, run))
    for name in ("_execute_pass", "_execute_choice", "_execute_wait"):
        put_around(executions, name, "state_def raw_input ctx", _counted_state)
    for name in ("_run_map_items", "_run_parallel_branches"):
        put_around(executions, name, "state_def raw_input execution ctx", _counted_state)
    put_around(executions, "_add_event", "execution event_type details", _counted_event)
    put_around(
        executions,
        "_run_distributed_map",
        "state_def raw_input effective iterator execution ctx",
        _with_children,
    )
    put_around(
        executions, "_run_sub_machine", "states start_at input_data execution ctx", _counted_child
    )


def business_date(given: str) -> str | None:
    """Return the business date an execution's input says it is for.

    Examples
    --------
    >>> business_date('{"day": "2026-10-09T22:00:00Z"}')
    '2026-10-09'
    >>> business_date('{"detail": {"object": {"key": "drops/local/2026-10-09/trades.csv"}}}')
    '2026-10-09'
    """
    try:
        document = json.loads(given)
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    found = _DATE.match(str(document.get("day", "")))
    if found:
        return found[0]
    dropped = document.get("detail", {})
    key = dropped.get("object", {}).get("key", "") if isinstance(dropped, dict) else ""
    dated = _DATED_DROP.fullmatch(str(key))
    return dated[1] if dated else None


def _counted(book: Book, run: Function) -> Function:
    def run_counted(exec_arn: str) -> None:
        execution = executions._executions.get(exec_arn)  # noqa: SLF001
        if execution is None:
            run(exec_arn)
            return
        asked = HERE.get()
        tally = book.begin(
            logical(execution["stateMachineArn"]), business_date(execution.get("input") or "")
        )
        HERE.set(Place(tally))
        add(meters.TRACES)
        add(meters.LOG_BYTES, _EVENTS_OF_EXECUTION * _EVENT_BYTES)
        if asked is not None and asked.tally.caller == OPERATOR:
            # On AWS the clock starts it.
            add(meters.SCHEDULED)
        try:
            run(exec_arn)
        finally:
            book.end(tally, str(execution["status"]))

    return run_counted


def _counted_state(execute: Function) -> Function:
    """Count an attempt at a state that is no task."""

    def execute_counted(*given: object, **named: object) -> Any:  # noqa: ANN401
        _entered(_EVENTS_OF_STATE)
        return execute(*given, **named)

    return execute_counted


def _counted_event(add_event: Function) -> Function:
    """Count an attempt at a task, and the states that only end."""

    def add_event_counted(
        execution: dict[str, Any], event_type: str, details: dict[str, Any] | None = None
    ) -> Any:  # noqa: ANN401 - the emulator's own
        if event_type == "TaskScheduled":
            _entered(_EVENTS_OF_STATE + _EVENTS_OF_ATTEMPT)
        elif event_type in {"SucceedStateEntered", "FailStateEntered"}:
            _entered(_EVENTS_OF_STATE)
        return add_event(execution, event_type, details)

    return add_event_counted


def _entered(events: int) -> None:
    if not _IS_EXPRESS.get():
        add(meters.TRANSITIONS)
    add(meters.LOG_BYTES, events * _EVENT_BYTES)


def _with_children(run: Function) -> Function:
    """Know in a distributed map's threads that what they run is children, and of which kind."""

    def run_knowing(
        state_def: dict[str, Any],
        raw_input: object,
        effective: object,
        iterator: dict[str, Any],
        *rest: object,
    ) -> Any:  # noqa: ANN401 - the emulator's own
        kind = iterator.get("ProcessorConfig", {}).get("ExecutionType", "STANDARD")
        token = _CHILDREN.set(kind)
        try:
            return run(state_def, raw_input, effective, iterator, *rest)
        finally:
            _CHILDREN.reset(token)

    return run_knowing


def _counted_child(run: Function) -> Function:
    def run_counted(states: dict[str, Any], start_at: str, *rest: object) -> Any:  # noqa: ANN401 - the emulator's own
        kind, place = _CHILDREN.get(), HERE.get()
        if kind is None or place is None:
            return run(states, start_at, *rest)
        # A thread of its own: what is set here is seen in this child alone.
        _CHILDREN.set(None)
        here = place.at(logical(str(states.get(start_at, {}).get("Resource", ""))))
        HERE.set(here)
        _IS_EXPRESS.set(kind == _EXPRESS)
        # The parent's step to a child is counted as one, the dearer reading of the price page.
        here.add(meters.TRANSITIONS)
        here.add(meters.LOG_BYTES, _EVENTS_OF_EXECUTION * _EVENT_BYTES)
        began = time.perf_counter()
        try:
            return run(states, start_at, *rest)
        finally:
            if kind == _EXPRESS:
                rounded = math.ceil((time.perf_counter() - began) * 1000 / _ROUNDED_TO_MS)
                here.add(meters.EXPRESS_REQUESTS)
                here.add(meters.EXPRESS_MB_MS, _CHUNK_MB * _ROUNDED_TO_MS * rounded)

    return run_counted
