"""The health of every part of the platform: well, failing, or unknown where nothing tells."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from backoffice.kernel.parts import Document
from backoffice.service_desk.platform_parts import AGE, HOUR_METRICS, Figures, Parts, PlatformWatch
from backoffice.service_desk.runbooks import MISSED_START, Kind, runbook_of
from backoffice.service_desk.schedules import (
    LOOKED_BACK,
    Job,
    Run,
    missed_starts,
    next_due,
)

State = Literal["WELL", "FAILING", "UNKNOWN"]
_FAILED: Final = ("FAILED", "TIMED_OUT", "ABORTED")
_ACTIVE: Final = ("ACTIVE", "UPDATING")


_SAID: Final = {
    "calls": "{calls} calls, {errors} errors, {throttles} throttles in an hour",
    "no-call": "no call is known in the last hour",
    "no-executions": "its executions cannot be read",
    "running": "one runs, none ended",
    "never-ran": "it never ran",
    "runs": "latest {status}, {failed} of the last {count} failed",
    "unreadable": "it cannot be read",
    "waiting": "{waiting} waiting",
    "waiting-for": "{waiting} waiting, the oldest for {oldest} s",
    "table": "{status}, {throttles} throttles in an hour",
}
"""What says how a part is, by a code that other languages have words for too."""


class Health(Document):
    """How a part is, and what says so: a code with its figures, and both as a sentence."""

    kind: Kind
    name: str
    state: State
    said: str
    figures: Mapping[str, str]
    detail: str
    runbook: str


def look(watch: PlatformWatch, parts: Parts, now: datetime) -> list[Health]:
    """Look at every function, queue, table and machine."""
    figures = watch.figures(parts, now)
    runs, tables = watch.runs(parts.machines, None), watch.table_statuses(parts.tables)
    waiting = watch.waiting(parts.queues)
    return [
        *(_of_machine(name, runs.get(name)) for name in parts.machines),
        *(_of_queue(name, waiting.get(name), figures) for name in parts.queues),
        *(_of_table(name, tables.get(name), figures) for name in parts.tables),
        *(_of_function(name, figures) for name in parts.functions),
    ]


def look_at_jobs(
    watch: PlatformWatch, parts: Parts, now: datetime, grace: timedelta
) -> Iterator[Job]:
    """Look at every scheduled job.

    Parameters
    ----------
    grace
        How long a start may be late before it is missed.
    """
    since, machines = now - LOOKED_BACK, sorted(parts.schedules)
    runs, made = watch.runs(machines, since), watch.made_at(machines)
    for machine in machines:
        expression = parts.schedules[machine]
        known = runs.get(machine)
        job = Job(
            machine=machine,
            expression=expression,
            state="OFF" if known is not None else "UNKNOWN",
            last=known[0] if known else None,
            runbook=runbook_of("MACHINE", machine),
        )
        if known is not None and parts.runs_schedules:
            began = max(since, made.get(machine, since))
            missed = missed_starts(expression, known, began, now, grace)
            job = job.model_copy(update=_counted(job, known, missed, next_due(expression, now)))
        yield job


def _counted(
    job: Job, runs: Sequence[Run], missed: tuple[datetime, ...], following: datetime
) -> dict[str, Any]:
    return {
        "state": _job_state(runs, missed),
        "next": following,
        "missed": missed,
        "runbook": MISSED_START if missed else job.runbook,
    }


def _job_state(
    runs: Sequence[Run], missed: Sequence[datetime]
) -> Literal["WELL", "FAILED", "MISSED", "UNKNOWN"]:
    ended = next((run for run in runs if run.status != "RUNNING"), None)
    if missed and not any(run.started > missed[-1] for run in runs):
        return "MISSED"
    if ended is None:
        return "WELL" if runs else "UNKNOWN"
    return "FAILED" if ended.status in _FAILED else "WELL"


def _of_function(name: str, figures: Figures) -> Health:
    calls, errors, throttles = (
        figures.get(("FUNCTION", name, metric)) for metric in ("Invocations", "Errors", "Throttles")
    )
    if not calls and not errors and not throttles:
        return _health("FUNCTION", name, "UNKNOWN", "no-call")
    state: State = "FAILING" if errors or throttles else "WELL"
    counted = {"calls": calls or 0, "errors": errors or 0, "throttles": throttles or 0}
    return _health("FUNCTION", name, state, "calls", **counted)


def _of_machine(name: str, runs: Sequence[Run] | None) -> Health:
    if runs is None:
        return _health("MACHINE", name, "UNKNOWN", "no-executions")
    ended = next((run for run in runs if run.status != "RUNNING"), None)
    if ended is None:
        said = "running" if runs else "never-ran"
        return _health("MACHINE", name, "UNKNOWN", said)
    state: State = "FAILING" if ended.status in _FAILED else "WELL"
    failed = sum(run.status in _FAILED for run in runs)
    counted: dict[str, str | int] = {"status": ended.status, "failed": failed, "count": len(runs)}
    return _health("MACHINE", name, state, "runs", **counted)


def _of_queue(name: str, waiting: int | None, figures: Figures) -> Health:
    if waiting is None:
        return _health("QUEUE", name, "UNKNOWN", "unreadable")
    oldest = figures.get(("QUEUE", name, AGE)) if waiting else None
    state: State = "FAILING" if waiting else "WELL"
    if oldest is None:
        return _health("QUEUE", name, state, "waiting", waiting=waiting)
    return _health("QUEUE", name, state, "waiting-for", waiting=waiting, oldest=oldest)


def _of_table(name: str, status: str | None, figures: Figures) -> Health:
    if status is None:
        return _health("TABLE", name, "UNKNOWN", "unreadable")
    throttled = sum(figures.get(("TABLE", name, each), 0) for each in HOUR_METRICS["TABLE"])
    state: State = "FAILING" if throttled or status not in _ACTIVE else "WELL"
    return _health("TABLE", name, state, "table", status=status, throttles=throttled)


def _health(kind: Kind, name: str, state: State, said: str, **counted: str | int) -> Health:
    figures = {key: str(value) for key, value in counted.items()}
    return Health(
        kind=kind,
        name=name,
        state=state,
        said=said,
        figures=figures,
        detail=_SAID[said].format_map(figures),
        runbook=runbook_of(kind, name),
    )
