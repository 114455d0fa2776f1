"""The health of every part of the platform: well, failing, or unknown where nothing tells."""

from collections.abc import Iterator, Sequence
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


class Health(Document):
    """How a part is, and what says so."""

    kind: Kind
    name: str
    state: State
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
        return _health("FUNCTION", name, "UNKNOWN", "no call is known in the last hour")
    state: State = "FAILING" if errors or throttles else "WELL"
    detail = f"{calls or 0} calls, {errors or 0} errors, {throttles or 0} throttles in an hour"
    return _health("FUNCTION", name, state, detail)


def _of_machine(name: str, runs: Sequence[Run] | None) -> Health:
    if runs is None:
        return _health("MACHINE", name, "UNKNOWN", "its executions cannot be read")
    ended = next((run for run in runs if run.status != "RUNNING"), None)
    if ended is None:
        said = "one runs, none ended" if runs else "it never ran"
        return _health("MACHINE", name, "UNKNOWN", said)
    state: State = "FAILING" if ended.status in _FAILED else "WELL"
    failed = sum(run.status in _FAILED for run in runs)
    detail = f"latest {ended.status}, {failed} of the last {len(runs)} failed"
    return _health("MACHINE", name, state, detail)


def _of_queue(name: str, waiting: int | None, figures: Figures) -> Health:
    if waiting is None:
        return _health("QUEUE", name, "UNKNOWN", "it cannot be read")
    oldest = figures.get(("QUEUE", name, AGE)) if waiting else None
    age = f", the oldest for {oldest} s" if oldest is not None else ""
    return _health("QUEUE", name, "FAILING" if waiting else "WELL", f"{waiting} waiting{age}")


def _of_table(name: str, status: str | None, figures: Figures) -> Health:
    if status is None:
        return _health("TABLE", name, "UNKNOWN", "it cannot be read")
    throttled = sum(figures.get(("TABLE", name, each), 0) for each in HOUR_METRICS["TABLE"])
    state: State = "FAILING" if throttled or status not in _ACTIVE else "WELL"
    return _health("TABLE", name, state, f"{status}, {throttled} throttles in an hour")


def _health(kind: Kind, name: str, state: State, detail: str) -> Health:
    return Health(kind=kind, name=name, state=state, detail=detail, runbook=runbook_of(kind, name))
