"""Waiting for captures: a failure counts when it is of a file that is waited for."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cli.business_day import wait_for
from cli.platform import Platform, PlatformError

SINCE = datetime(2026, 10, 9, 22, tzinfo=UTC)
MINE, THEIRS = "drops/local/2026-10-09/trades.csv", "drops/acme/2026-10-09/trades.csv"


class _Executions:
    """State machine executions, the latest first, two a page."""

    def __init__(self, *runs: tuple[str, str, int]) -> None:
        self.runs = [
            {
                "executionArn": str(number),
                "status": status,
                "startDate": SINCE + timedelta(seconds=seconds),
                "input": json.dumps({"detail": {"object": {"key": key}}}),
                **({"error": "E", "cause": f"why {number}"} if status == "FAILED" else {}),
            }
            for number, (status, key, seconds) in enumerate(runs)
        ]

    def get_paginator(self, _name: str) -> "_Executions":
        return self

    def paginate(self, *, stateMachineArn: str, statusFilter: str) -> list[dict[str, Any]]:  # noqa: N803 - AWS's
        assert stateMachineArn == "capture"
        found = [run for run in self.runs if run["status"] == statusFilter]
        return [{"executions": found[n : n + 2]} for n in range(0, len(found), 2)]

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:  # noqa: N803 - AWS's
        run = self.runs[int(executionArn)]
        return run | ({"input": "[]"} if "by hand" in str(run["input"]) else {})


def _wait(monkeypatch: pytest.MonkeyPatch, executions: _Executions, *, polls: int = 3) -> None:
    answers = iter([False] * polls + [True])
    monkeypatch.setattr(Platform, "client", lambda *_: executions)
    monkeypatch.setattr(Platform, "exists", lambda *_: next(answers))
    platform = Platform("nowhere", {"CaptureFileMachine": "capture", "RecordsBucket": "records"})
    wait_for(platform, {MINE: "an entry"}, SINCE, lambda _: None)


@pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "ABORTED"])
def test_a_capture_that_ended_badly_ends_the_wait_for_its_file(
    status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [("FAILED", THEIRS, 9), ("FAILED", THEIRS, 8), (status, MINE, 5)]
    with pytest.raises(PlatformError, match=f"a file could not be captured: {MINE}: "):
        _wait(monkeypatch, _Executions(*runs))


def test_other_partners_failures_and_earlier_ones_end_no_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _wait(
        monkeypatch,
        _Executions(("FAILED", THEIRS, 5), ("FAILED", MINE, -1), ("FAILED", "by hand", 5)),
    )
