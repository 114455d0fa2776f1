"""The thin handlers of the day: each hands its step what the event says, and all of it."""

from datetime import UTC, date, datetime, timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from backoffice.clearance.customer_documents import document_key
from backoffice.intake.documents import CLOSE, CUT_OFF, FrozenInputs, frozen_key
from backoffice.kernel.books import load, state_key
from tests.handlers import load_handler
from tests.reference.samples import CLIENT, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.market import settle_all
from tests.simulation.small_days import FIRST, SECOND, THIRD, drop_all, run
from tests.simulation.test_documents import keep, look

SENT = trade("APP-1", "BUY", "1", "100")


class Intake:
    """The intake table's one item, as boto3 answers a scan."""

    def get_paginator(self, name: str) -> "Intake":
        assert name == "scan"
        return self

    def paginate(self, **asked: object) -> list[dict[str, Any]]:
        assert asked["TableName"] == "intake"
        item = {
            "pk": {"S": "TRADE#app1#2026-10-07"},
            "sk": {"S": "APP-1#NEW#"},
            "partner": {"S": "app1"},
            "received_at": {"S": "2026-10-07T15:00:00+00:00"},
            "trade": {"M": {name: {"S": text} for name, text in SENT.items()}},
        }
        return [{"Items": [item]}]


def _wired(path: str, house: House) -> ModuleType:
    handler = load_handler(path)
    handler.WIRING = SimpleNamespace(  # type: ignore[attr-defined]
        drops=house.drops,
        work=house.work,
        records=house.records,
        outbox=house.outbox,
        dynamodb=Intake(),
        settings=SimpleNamespace(intake_table="intake"),
    )
    return handler


@pytest.fixture
def cut() -> House:
    """Cut off a day whose trades lie in several buckets of accounts."""
    house = House(rows_per_bucket=2)
    drop_all(house, FIRST)
    house.cut_off(FIRST)
    return house


def _frozen(house: House, phase: str, day: date = FIRST) -> FrozenInputs:
    return FrozenInputs.model_validate_json(house.records.read_bytes(frozen_key(day, phase)))


def test_a_cut_off_freezes_what_apps_sent_with_the_files() -> None:
    house = House()
    drop_all(house, FIRST)
    freeze = _wired("intake/freeze_inputs", house)
    answer = freeze.main({"day": f"{FIRST}T22:00:00Z", "phase": CUT_OFF}, None)
    assert (answer["outcome"], answer["inputs"]) == ("FROZEN", frozen_key(FIRST, CUT_OFF))
    apps = [key for key in _frozen(house, CUT_OFF).entries if "/app1/" in key]
    assert [key.rpartition("/")[2] for key in apps] == [f"api-{FIRST}.json"]


def test_a_cut_off_freezes_documents_and_who_read_them_once() -> None:
    house = run(House(), FIRST)
    document_id = keep(house, "PASSPORT", SECOND)
    read = look(house, document_id, datetime.now(UTC))
    drop_all(house, SECOND)
    freeze = _wired("intake/freeze_inputs", house)
    freeze.main({"day": str(SECOND), "phase": CUT_OFF}, None)
    frozen = _frozen(house, CUT_OFF, SECOND)
    assert frozen.documents == (document_key(CLIENT, document_id),)
    assert frozen.accesses == (read,)
    house.business_day(SECOND)
    again = look(house, document_id, datetime.now(UTC) + timedelta(seconds=1))
    freeze.main({"day": str(THIRD), "phase": CUT_OFF}, None)
    assert _frozen(house, CUT_OFF, THIRD).beside == (again,)


def test_the_review_counts_documents_apart() -> None:
    house = run(House(), FIRST)
    keep(house, "PASSPORT", SECOND)
    run(house, SECOND)
    review = _wired("clearance/review_customers", house)
    told = review.main({"day": f"{SECOND}T05:00:00Z"}, None)
    assert told == {"day": str(SECOND), "due": 0, "expired": 0, "documents": 1}


def test_a_close_freezes_what_came_since_the_cut_off(cut: House) -> None:
    cut.drop("local", FIRST, "trades-9.csv", table_bytes([SENT]))
    cut.drop("bank", FIRST, "cash-1.csv", b"currency,closing_balance\nUSD,1.00\n")
    freeze = _wired("intake/freeze_inputs", cut)
    answer = freeze.main({"day": str(FIRST), "phase": CLOSE}, None)
    assert answer["outcome"] == "FROZEN"
    taken = _frozen(cut, CLOSE).entries
    assert [key.split("/")[3] for key in taken] == ["bank"]


def test_a_file_is_planned_in_the_version_its_event_tells() -> None:
    house = House()
    key = f"drops/local/{FIRST}/trades-1.csv"
    house.drops.objects[key] = table_bytes([SENT])
    seen: list[str | None] = []
    stream = house.drops.stream

    def watched(key: str, version: str | None) -> Any:  # noqa: ANN401 - as the store answers
        seen.append(version)
        return stream(key, version)

    house.drops.stream = watched  # type: ignore[method-assign]
    plan = _wired("intake/plan_file", house)
    newest = house.drops.newest_version(key)
    house.drops.versions[key, " 3"] = table_bytes([SENT])
    for told, meant in ((" 3", " 3"), ("", newest), (None, newest)):
        detail = {"object": {"key": key} | ({} if told is None else {"version-id": told})}
        plan.main({"detail": detail}, None)
        assert seen.pop() == meant


def test_a_date_that_may_not_run_sweeps_no_trade_of_an_app(cut: House) -> None:
    before = dict(cut.records.objects)
    freeze = _wired("intake/freeze_inputs", cut)
    answer = freeze.main({"day": str(SECOND), "phase": CUT_OFF}, None)
    assert (answer["outcome"], str(FIRST) in answer["reason"]) == ("REFUSED", True)
    assert cut.records.objects == before
    cut.close(FIRST)
    freeze.main({"day": str(SECOND), "phase": CUT_OFF}, None)
    assert [key for key in cut.records.keys("intake/") if f"api-{SECOND}" in key]


def test_every_bucket_of_accounts_is_settled_and_booked(cut: House) -> None:
    settled = _settle(cut, FIRST)
    buckets = load(cut.records, state_key(FIRST, "cut-off")).buckets
    assert buckets > 1
    assert settled["buckets"] == list(range(buckets))


def test_messages_of_the_close_replace_none_of_the_cut_off() -> None:
    house = run(House(), FIRST)
    drop_all(house, SECOND)
    house.cut_off(SECOND)
    for name, body in settle_all(house, SECOND).items():
        house.drop("market", SECOND, name, body)
    before = dict(house.outbox.objects)
    _settle(house, SECOND)
    assert {key: house.outbox.objects[key] for key in before} == before
    new = [key.rpartition("/")[2] for key in house.outbox.objects if key not in before]
    # the sender of the answers is told of them too: nobody's report stood before these handlers
    assert sorted(new) == ["instructions-close.zip", "report.json", "report.json"]


def _settle(house: House, day: date) -> dict[str, Any]:
    freeze, settle = (
        _wired(path, house) for path in ("intake/freeze_inputs", "settlement/settle_obligations")
    )
    frozen = freeze.main({"day": str(day), "phase": CLOSE}, None)
    settled: dict[str, Any] = settle.main({"inputs": frozen["inputs"]}, None)
    return settled
