"""The scheduled measuring: the weekday before by its metrics, the one before that as billed."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from types import ModuleType
from typing import Any, Self

import pytest

from backoffice.costs.cloud import Metric
from backoffice.costs.published import published, standing
from backoffice.stores.objects import WorkBucket
from tests.handlers import load_handler
from tests.unit.stores.aws import aws, make_bucket

MONDAY = "2026-03-09T05:00:00Z"
TOLD = {"functions_mb": {"clear_trades": 1000}, "prefix": "p-", "tables": ["t"], "buckets": ["b"]}


class Meters:
    """Answers as AWS would: ten of each metric a day asked for."""

    def __init__(self) -> None:
        self.bills: list[tuple[date, date]] = []

    def __call__(self) -> Self:
        return self

    def sums(
        self, wanted: Sequence[Metric], span: tuple[date, date]
    ) -> list[tuple[Metric, Decimal]]:
        return [(each, Decimal(10 * (span[1] - span[0]).days)) for each in wanted]

    def stored(self, buckets: Sequence[str], day: date) -> Decimal:
        return Decimal(day.toordinal() * 100 * len(buckets))

    def billed(self, span: tuple[date, date]) -> list[tuple[str, Decimal]]:
        self.bills.append(span)
        return [("StateTransition", Decimal(40))]

    def output(self, stacks: Sequence[str], key: str) -> str:
        assert (stacks, key) == (["one", "two"], "ApiId")
        return "api"

    def resources(self, stacks: Sequence[str]) -> list[dict[str, Any]]:
        return [{"Type": "AWS::KMS::Key"} for _ in stacks]


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for name, text in {
        "WORK_BUCKET": "work",
        "RECORDS_BUCKET": "records",
        "METERED": json.dumps(TOLD),
        "STACKS": json.dumps(["one", "two"]),
    }.items():
        monkeypatch.setenv(name, text)
    return load_handler("costs/measure_usage")


def test_friday_has_its_weekend_and_thursday_its_bill(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    meters = Meters()
    monkeypatch.setattr(handler, "_meters", meters)
    with aws(monkeypatch):
        work = WorkBucket(make_bucket("work"), "work")
        make_bucket("records")
        told = handler.main({"day": MONDAY}, None)
        thursday, friday = published(work, "2026-03")
        assert standing(work) == {"AWS::KMS::Key, not rotated": 2}
        again = handler.main({"day": MONDAY}, None)
        assert published(work, "2026-03") == [thursday, friday]
    assert told == again == {"measured": ["2026-03-05", "2026-03-06"]}
    assert meters.bills[0] == (date(2026, 3, 5), date(2026, 3, 6))
    counts = {use.meter: use.count for use in friday.uses if use.step}
    assert counts == {"lambda_requests": 30, "lambda_mb_ms": 30_000, "log_bytes": 30}
    assert {use.meter: use.count for use in friday.uses}["s3_stored_bytes"] == 300
    assert "states_transitions" not in {use.meter for use in friday.uses}
    assert {use.meter: use.count for use in thursday.uses}["states_transitions"] == 40
    assert friday.trades == 0  # nothing was closed
