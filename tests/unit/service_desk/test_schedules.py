"""Scheduled starts: when they are due, and which were missed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backoffice.service_desk.platform_parts import known_parts
from backoffice.service_desk.schedules import (
    Run,
    UnknownExpressionError,
    due_between,
    missed_starts,
    next_due,
)

CUT_OFF = "cron(0 22 ? * MON-FRI *)"
WATCH = "cron(30 * ? * MON-FRI *)"
DRILL = "cron(0 6 ? * SUN *)"
GRACE = timedelta(hours=2)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _run(text: str) -> Run:
    return Run(execution=text, started=_at(text), status="SUCCEEDED")


@pytest.mark.parametrize(
    ("expression", "now", "due"),
    [
        (CUT_OFF, "2026-10-05T21:59:59", "2026-10-05T22:00"),
        (CUT_OFF, "2026-10-05T22:00", "2026-10-06T22:00"),
        (CUT_OFF, "2026-10-09T22:00:01", "2026-10-12T22:00"),
        (WATCH, "2026-10-09T23:30", "2026-10-12T00:30"),
        (DRILL, "2026-10-05T00:00", "2026-10-11T06:00"),
    ],
)
def test_the_next_start(expression: str, now: str, due: str) -> None:
    assert next_due(expression, _at(now)) == _at(due)


def test_every_schedule_of_the_platform_is_understood() -> None:
    for expression in known_parts(runs_schedules=True).schedules.values():
        assert next_due(expression, _at("2026-10-05T00:00"))


@pytest.mark.parametrize("text", ["rate(5 minutes)", "cron(0 22 * * ? *)", "cron(0 22 ? * XXX *)"])
def test_another_expression_is_refused(text: str) -> None:
    with pytest.raises(UnknownExpressionError):
        next_due(text, _at("2026-10-05T00:00"))


def test_a_week_has_five_cut_offs_and_120_looks_at_cases() -> None:
    monday, next_monday = _at("2026-10-05T00:00"), _at("2026-10-12T00:00")
    assert len(list(due_between(CUT_OFF, monday, next_monday))) == 5
    assert len(list(due_between(WATCH, monday, next_monday))) == 120


@pytest.mark.parametrize(
    ("runs", "now", "missed"),
    [
        ([], "2026-10-05T23:59", []),
        ([], "2026-10-06T00:00:01", ["2026-10-05T22:00"]),
        (["2026-10-05T22:00:20"], "2026-10-06T12:00", []),
        # made good by hand before the next is due
        (["2026-10-06T09:00"], "2026-10-06T12:00", []),
        (["2026-10-06T22:00:01"], "2026-10-07T12:00", ["2026-10-05T22:00"]),
        ([], "2026-10-07T12:00", ["2026-10-05T22:00", "2026-10-06T22:00"]),
    ],
)
def test_what_was_due_and_did_not_come_is_missed(
    runs: list[str], now: str, missed: list[str]
) -> None:
    found = missed_starts(
        CUT_OFF, [_run(each) for each in runs], _at("2026-10-05T00:00"), _at(now), GRACE
    )
    assert found == tuple(map(_at, missed))


def test_what_is_written_down_of_the_platform_is_what_is_deployed() -> None:
    """Renew by `python -m infra.write_platform_parts`."""
    from infra.write_platform_parts import WRITTEN, platform_parts  # noqa: PLC0415 - starts Node

    assert json.loads(Path(WRITTEN).read_text()) == json.loads(platform_parts())
