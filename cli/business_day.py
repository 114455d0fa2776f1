"""Run a business day as a partner and an operator would: drop, cut off, market, close."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from cli.market.regulator import run_regulator
from cli.market.simulator import run_market
from cli.platform import Platform, PlatformError

_POLL_SECONDS = 0.1
_PATIENCE_SECONDS = 1800.0
_REFUSED = "Refused"
CUT_OFF = "cut-off"
SILENT = "none"

Tell = Callable[[str], None]


@dataclass(frozen=True)
class DayRequest:
    """What `backoffice day` was asked for."""

    folder: Path
    day: date
    partner: str
    market: str
    until: str = "close"


def run_day(
    platform: Platform, request: DayRequest, tell: Tell, note: Tell | None = None
) -> dict[str, Any]:
    """Run the business day end to end and return its report.

    `tell` hears which stage runs, `note` what the user should know whatever runs after it.

    Raises
    ------
    PlatformError
        One sentence: the day may not run, or a step of it failed.
    """
    started = time.monotonic()
    day = request.day
    refuse_past(platform, day)
    tell("dropping files")
    since = platform.now()
    entries = drop_folder(platform, request, note or tell)
    _tell_of_late_files(platform, day, entries.values(), note or tell)
    wait_for(platform, entries, since, tell)
    tell("cut-off: clear, net, instruct")
    execute(platform, "cut_off", {"day": day.isoformat()})
    if request.until == CUT_OFF:
        return {**read_state(platform, day), "elapsed_s": round(time.monotonic() - started, 2)}
    tell("market")
    _let_the_market_answer(platform, request, tell)
    tell("close: settle, book, reconcile, seal")
    execute(platform, "close_business_day", {"day": day.isoformat()})
    report = read_report(platform, day)
    return {**report, "elapsed_s": round(time.monotonic() - started, 2)}


def _let_the_market_answer(platform: Platform, request: DayRequest, tell: Tell) -> None:
    since = platform.now()
    where = (platform.partner_client("s3"), platform.outbox_bucket, platform.drops_bucket)
    answers = run_market(*where, request.day, request.market)
    if request.market != SILENT:
        answers += run_regulator(*where, request.day)
    wait_for(platform, {key: _entry_key(platform, key) for key in answers}, since, tell)


def refuse_past(platform: Platform, day: date) -> None:
    """Refuse a date before a closed one before anything is dropped."""
    closed = closed_days(platform)
    if closed and day < closed[-1] and day not in closed:
        raise PlatformError(
            f"{day} is before {closed[-1]}, which is closed; business days run in date order"
        )


def closed_days(platform: Platform) -> list[date]:
    """List the closed business days, oldest first."""
    keys = platform.keys(platform.records_bucket, "books/")
    return [date.fromisoformat(k.split("/")[1]) for k in keys if k.endswith("/closed.json")]


def _tell_of_late_files(platform: Platform, day: date, entries: Iterable[str], note: Tell) -> None:
    """Say that files dropped for a closed day belong to the next one."""
    if day not in closed_days(platform):
        return
    inputs = [platform.read(platform.records_bucket, f"inputs/{day}/{phase}.json").decode()
              for phase in ("cut-off", "close")]  # fmt: skip
    taken = {key for text in inputs for key in json.loads(text)["entries"]}
    if late := len(set(entries) - taken):
        note(f"{day} is closed: {late} files that came since are taken by the next business day")


def drop_folder(platform: Platform, request: DayRequest, note: Tell) -> dict[str, str]:
    """Drop a folder's files; return the key of the entry that will commit each, by its drop."""
    entries = {}
    for path in sorted(request.folder.iterdir()):
        if path.name.startswith(".") or not path.is_file():
            note(f"left alone: {path.name}, which is no file to drop")
            continue
        key = f"drops/{request.partner}/{request.day}/{path.name}"
        entry = _entry_of(key, hashlib.sha256(path.read_bytes()).hexdigest())
        if not platform.exists(platform.records_bucket, entry):
            platform.partner_client("s3").upload_file(str(path), platform.drops_bucket, key)
        entries[key] = entry
    return entries


def wait_for(platform: Platform, entries: Mapping[str, str], since: datetime, tell: Tell) -> None:
    """Wait until the entry of every drop is committed.

    Raises
    ------
    PlatformError
        A capture of one of them, begun after `since`, failed.
    """
    waiting = dict(entries)
    total = len(waiting)
    began = time.monotonic()
    while True:
        waiting = {
            drop: entry
            for drop, entry in waiting.items()
            if not platform.exists(platform.records_bucket, entry)
        }
        if not waiting:
            return
        tell(f"capturing files {total - len(waiting)}/{total}")
        if failure := platform.failed_capture(waiting, since):
            raise PlatformError(f"a file could not be captured: {failure}")
        if time.monotonic() - began > _PATIENCE_SECONDS:
            raise PlatformError(f"{len(waiting)} files were not captured in time: {min(waiting)}")
        time.sleep(_POLL_SECONDS)


def execute(platform: Platform, machine: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Run a state machine to its end and return its output."""
    client = platform.client("stepfunctions")
    arn = client.start_execution(
        stateMachineArn=platform.machine_arn(machine),
        name=f"{payload.get('day', 'run')}-{uuid4().hex[:12]}",
        input=json.dumps(payload),
    )["executionArn"]
    while (run := client.describe_execution(executionArn=arn))["status"] == "RUNNING":
        time.sleep(_POLL_SECONDS)
    if run.get("error") == _REFUSED:
        raise PlatformError(str(run.get("cause")))
    if run["status"] != "SUCCEEDED":
        raise PlatformError(f"{machine} failed: {run.get('error')}: {run.get('cause')}")
    output: dict[str, Any] = json.loads(run["output"])
    if output.get("outcome") == "REFUSED":
        raise PlatformError(str(output["reason"]))
    return output


def read_state(platform: Platform, day: date) -> dict[str, Any]:
    """Tell how a day stands between its cut-off and its close."""
    cases = json.loads(platform.read(platform.outbox_bucket, execute(
        platform, "export_books", {"what": "cases", "format": "json", "date": None}
    )["key"]))  # fmt: skip
    waiting = sum(case["status"] == "OPEN" for case in cases)
    return {"business_date": day.isoformat(), "phase": CUT_OFF, "cases_open": waiting, "breaks": 0}


def read_report(platform: Platform, day: date) -> dict[str, Any]:
    """Read the report the close of `day` wrote."""
    state = json.loads(platform.read(platform.records_bucket, f"books/{day}/closed.json"))
    report: dict[str, Any] = json.loads(platform.read(platform.records_bucket, state["report"]))
    seal = json.loads(platform.read(platform.records_bucket, f"seals/{day}.json"))
    return {**report, "records_sealed": len(seal["leaves"])}


def _entry_of(drop_key: str, sha256: str) -> str:
    _, partner, day, name = drop_key.split("/", 3)
    return f"intake/{day}/files/{partner}/{sha256}/{name}.json"


def _entry_key(platform: Platform, drop_key: str) -> str:
    body = platform.read(platform.drops_bucket, drop_key)
    return _entry_of(drop_key, hashlib.sha256(body).hexdigest())
