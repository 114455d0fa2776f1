"""Events of the platform as failures of its parts: an execution that failed, an alarm that rings.

Of an execution only its kind of error is told: its input and its cause may name a client.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from backoffice.service_desk.runbooks import Kind, runbook_in, runbook_of
from backoffice.service_desk.tickets import Occurrence, Priority, Thing, stamp

_STATES: Final = "aws.states"
_ALARMS: Final = "aws.cloudwatch"
_FAILED: Final = ("FAILED", "TIMED_OUT", "ABORTED")
_CASE: Final = re.compile(r"CASE-\d{8}-[0-9a-f]{10}", re.ASCII)
_CHILD: Final = "/"
"""Stands in the name of a map's child executions: they fail their parent, which tells of itself."""
_ERROR: Final = re.compile(r"[A-Za-z0-9_.]{1,100}", re.ASCII)
_HOLD_UP: Final = frozenset({"capture_file", "close_business_day", "cut_off"})
"""What the business day cannot go on without."""
_DIMENSIONS: Final[Mapping[str, Kind]] = {
    "StateMachineArn": "MACHINE",
    "FunctionName": "FUNCTION",
    "QueueName": "QUEUE",
    "TableName": "TABLE",
    "ApiId": "API",
}


def occurrence_of(event: Mapping[str, Any], named: str) -> Occurrence | None:
    """Read an event of EventBridge; None for one that tells of no failure of the house's.

    Parameters
    ----------
    named
        How the names of the stage's parts begin: ``backoffice-prod-``.
    """
    detail = event["detail"]
    if event["source"] == _STATES and detail["status"] in _FAILED:
        return _of_execution(detail, named)
    if event["source"] == _ALARMS and detail["state"]["value"] == "ALARM":
        return _of_alarm(detail, named)
    return None


def failed_execution(
    machine: str, execution: str, status: str, stopped: datetime, error: str = ""
) -> Occurrence:
    """Return the failure of a machine that an execution (by its ARN) is."""
    return Occurrence(
        occurrence_id=f"{execution} {status}",
        at=stamp(stopped),
        thing=Thing(kind="MACHINE", name=machine),
        subject=f"{machine}: an execution {_SAID[status]}",
        priority=_priority("MACHINE", machine),
        runbook=runbook_of("MACHINE", machine),
        error=error if _ERROR.fullmatch(error) else status,
        execution=execution,
        case_id=case_of(execution),
    )


def case_of(execution: str) -> str | None:
    """Return the case that an execution (by its ARN) is named after."""
    case = _CASE.search(execution.rpartition(":")[2])
    return case[0] if case else None


_SAID: Final = {"FAILED": "failed", "TIMED_OUT": "timed out", "ABORTED": "was aborted"}


def _of_execution(detail: Mapping[str, Any], named: str) -> Occurrence | None:
    machine = short_name(str(detail["stateMachineArn"]).rpartition(":")[2], named)
    if machine is None or _CHILD in machine:
        return None
    return failed_execution(
        machine,
        str(detail["executionArn"]),
        str(detail["status"]),
        datetime.fromtimestamp(int(detail["stopDate"]) / 1000, UTC),
        str(detail.get("error") or ""),
    )


def _of_alarm(detail: Mapping[str, Any], named: str) -> Occurrence | None:
    alarm = str(detail["alarmName"])
    if not alarm.startswith(named):
        return None
    said = detail.get("configuration") or {}
    thing = _watched(said, named) or Thing(kind="ALARM", name=alarm)
    text = str(said.get("description") or "")
    since = datetime.fromisoformat(str(detail["state"]["timestamp"]))
    reason = text.partition(":")[0] or "An alarm rings"
    return Occurrence(
        occurrence_id=f"{alarm} {stamp(since)}",
        at=stamp(since),
        thing=thing,
        subject=f"{thing.name}: {reason[:1].lower()}{reason[1:]}"[:200],
        priority=_priority(thing.kind, thing.name),
        runbook=runbook_in(text) or runbook_of(thing.kind, thing.name),
        error="ALARM",
    )


def _watched(configuration: Mapping[str, Any], named: str) -> Thing | None:
    """Return the one part that an alarm watches."""
    for each in configuration.get("metrics", ()):
        metric = (each.get("metricStat") or {}).get("metric") or {}
        for dimension, value in (metric.get("dimensions") or {}).items():
            if dimension in _DIMENSIONS:
                kind, physical = _DIMENSIONS[dimension], str(value).rpartition(":")[2]
                return Thing(kind=kind, name=short_name(physical, named) or physical)
    return None


def short_name(physical: str, named: str) -> str | None:
    """Return a part's name in the repository: ``cut_off`` for ``backoffice-prod-cut-off``."""
    if not physical.startswith(named):
        return None
    return physical.removeprefix(named).replace("-", "_")


def _priority(kind: Kind, name: str) -> Priority:
    return "URGENT" if kind == "MACHINE" and name in _HOLD_UP else "HIGH"
