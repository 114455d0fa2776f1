"""Measure what a day used of the cloud, and put it where the console's cost meter reads it."""

import json
import os
from datetime import date, timedelta
from typing import Any

import boto3

from backoffice.costs.cloud import (
    billed,
    cloud_usage,
    grown,
    metered,
    metrics_of,
    weekday_before,
)
from backoffice.costs.fixed import units
from backoffice.costs.published import publish, publish_standing
from backoffice.costs.usage import Usage
from backoffice.kernel.books import load, state_key
from backoffice.stores.cloud_meters import CloudMeters
from backoffice.stores.wiring import Wiring

WIRING = Wiring()
API = "ApiId"
BILLED_FROM = "us-east-1"
"""Cost Explorer answers there alone."""


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take a day; measure the one before it, and the one before that anew, as it was billed.

    A day's metrics are whole the next morning, its bill a day later: until then its machines'
    transitions and its requests to S3 and KMS are not known. What a weekend used is its Friday's.
    """
    today = date.fromisoformat(event["day"][:10])
    last = weekday_before(today)
    before = weekday_before(last)
    meters = _meters()
    api = meters.output(_told("STACKS"), API)
    days = [_measured(meters, api, before, last, is_billed=True),
            _measured(meters, api, last, today, is_billed=False)]  # fmt: skip
    publish(WIRING.work.put, days)
    publish_standing(WIRING.work.put, units(meters.resources(_told("STACKS"))))
    return {"measured": [str(day.business_date) for day in days]}


def _meters() -> CloudMeters:
    return CloudMeters(
        boto3.client("cloudwatch"),
        boto3.client("ce", region_name=BILLED_FROM),
        boto3.client("cloudformation"),
    )


def _measured(meters: CloudMeters, api: str, day: date, end: date, *, is_billed: bool) -> Usage:
    """Measure what was used from a day to before another, which is the first's."""
    told = _told("METERED")
    wanted = metrics_of(told["functions_mb"], told["prefix"], told["tables"], api)
    edges = (day - timedelta(days=1), end - timedelta(days=1))
    before, after = (meters.stored(told["buckets"], each) for each in edges)
    uses = [*metered(meters.sums(wanted, (day, end))), *grown(before, after)]
    if is_billed:
        uses += billed(meters.billed((day, end)))
    return cloud_usage(day, _report(day), uses)


def _report(day: date) -> dict[str, Any]:
    """Return what the day's close reported; nothing where it was not closed."""
    key = state_key(day, "closed")
    if WIRING.records.find_bytes(key) is None:
        return {}
    report: dict[str, Any] = json.loads(
        WIRING.records.read_bytes(str(load(WIRING.records, key).report))
    )
    return report


def _told(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(os.environ[name])
