"""A day as a cloud account tells of it: metrics by function, what was billed by usage type."""

from datetime import date
from decimal import Decimal

from backoffice.costs.cloud import (
    billed,
    cloud_usage,
    grown,
    metered,
    metrics_of,
    trades_of,
    weekday_before,
)
from backoffice.costs.desks import desk_of
from backoffice.costs.meters import METERS

WANTED = metrics_of({"clear_trades": 2048, "show_pages": 1769}, "backoffice-prod-", ["t"], "api")


def test_a_function_s_milliseconds_are_of_its_memory_and_its_desk() -> None:
    found = [(each, Decimal("1000.5")) for each in WANTED if each.name == "Duration"]
    first, second = metered(found)
    assert (first.meter, first.count, desk_of(first)) == ("lambda_mb_ms", 2_049_024, "clearance")
    assert (second.count, desk_of(second)) == (1_769_885, "console")  # a part of one is one


def test_what_is_asked_for_is_named_as_it_is_deployed() -> None:
    assert {each.of for each in WANTED} == {
        *("backoffice-prod-clear-trades", "/aws/lambda/backoffice-prod-clear-trades"),
        *("backoffice-prod-show-pages", "/aws/lambda/backoffice-prod-show-pages", "t", "api"),
    }
    assert {each.meter for each in WANTED} <= METERS


def test_reads_are_counted_by_halves_and_calls_are_the_front_office_s() -> None:
    reads = [(each, Decimal("1.5")) for each in WANTED if each.name == "ConsumedReadCapacityUnits"]
    assert [use.count for use in metered(reads)] == [3]
    calls = [(each, Decimal(4)) for each in WANTED if each.name == "Count"]
    assert [desk_of(use) for use in metered(calls)] == ["front_office"]


def test_what_was_not_used_is_no_use() -> None:
    assert metered((each, Decimal(0)) for each in WANTED) == []
    assert billed([("Requests-Tier1", Decimal(0)), ("BoxUsage:t3.micro", Decimal(9))]) == []
    assert grown(Decimal(7), Decimal(7)) == []


def test_usage_types_are_known_in_every_region() -> None:
    found = billed(
        [
            ("Requests-Tier1", Decimal(10)),
            ("EUN1-Requests-Tier1", Decimal(5)),
            ("EU-Requests-Tier2", Decimal(7)),
            ("eu-north-1-KMS-Requests", Decimal(3)),
            ("EUN1-StateTransition", Decimal(9)),
            ("EUN1-StepFunctions-GB-Second", Decimal("0.5")),
            ("EUN1-Requests-Tier1-extra", Decimal(1)),
        ]
    )
    assert {use.meter: use.count for use in found} == {
        "kms_requests": 3,
        "s3_read_requests": 7,
        "s3_write_requests": 15,
        "states_express_mb_ms": 512_000,
        "states_transitions": 9,
    }


def test_buckets_that_shrank_give_back() -> None:
    assert [use.count for use in grown(Decimal(10), Decimal(4))] == [-6]


def test_a_day_has_the_trades_its_close_reported() -> None:
    files = [
        {"kind": "trades", "status": "COMMITTED", "name": "trades-1.csv", "rows": 5},
        {"kind": "trades", "status": "COMMITTED", "name": "api-1.jsonl", "rows": 2},
        {"kind": "trades", "status": "REFUSED", "name": "trades-2.csv", "rows": 9},
        {"kind": "prices", "status": "COMMITTED", "name": "prices.csv", "rows": 9},
    ]
    assert trades_of({"files": files}) == (5, 2)
    day = date(2026, 3, 6)
    assert cloud_usage(day, {}, ()).trades == 0
    assert cloud_usage(day, {"files": files}, ()).trades == 7


def test_monday_measures_friday() -> None:
    assert weekday_before(date(2026, 3, 9)) == date(2026, 3, 6)
    assert weekday_before(date(2026, 3, 6)) == date(2026, 3, 5)
