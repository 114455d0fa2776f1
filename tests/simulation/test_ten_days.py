"""Ten days with a market that fails, errs and repeats itself: the books are the reference's."""

import random
from collections import Counter
from collections.abc import Mapping
from datetime import date

import pytest

from tests.reference.comparison import TABLES, compare
from tests.simulation.house import VIEWS, House
from tests.simulation.market import silent
from tests.simulation.outbound import valid_messages
from tests.simulation.ten_days import DAYS, TenDays

_BOOKS = tuple(view for view in VIEWS if view != "cases")


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> TenDays:
    """Run the ten days as they come, each held against the reference at its close."""
    left_in_peace = TenDays(tmp_path_factory.mktemp("ten-days"))
    house, model = left_in_peace.house, left_in_peace.model
    for day in DAYS:
        report, expected = left_in_peace.run(day)
        assert report["breaks"] == expected["breaks"], day
        assert compare(model, {what: house.table(what) for what in TABLES}) == [], day
    return left_in_peace


def test_every_day_of_the_ten_is_the_references(days: TenDays) -> None:
    for day in DAYS:
        shown = {what: days.house.table(what, day) for what in TABLES}
        assert compare(days.model, shown, day) == []


def test_the_ten_days_hold_what_they_are_to_show(days: TenDays) -> None:
    seen = Counter(row["code"] for row in days.house.table("cases"))
    wanted = {
        "INSTRUCTION_UNMATCHED", "MONEY_DIFFERS", "OVER_SETTLED", "UNKNOWN_OBLIGATION",
        "WRONG_DIRECTION", "WRONG_INSTRUMENT", "MESSAGE_REJECTED",
    }  # fmt: skip
    assert wanted <= seen.keys()
    statuses = Counter[str]()
    for day in DAYS:
        statuses.update(row["status"] for row in days.house.table("obligations", day))
    assert {"SETTLED", "PARTIAL", "FAILED"} <= statuses.keys()
    files = Counter(file["status"] for day in DAYS for file in days.house.report(day)["files"])
    assert {"COMMITTED", "REPEATED", "REFUSED"} == files.keys()
    assert {row["status"] for row in days.house.table("obligations")} == {"SETTLED", "CANCELLED"}
    told = Counter(row["event"] for row in days.house.table("fail-history"))
    assert {"BUY_IN_DUE", "BOUGHT_IN", "CLAIM_RAISED", "CLAIM_PAID", "PENALTY", "ROLLED"} <= set(
        told
    )
    assert days.house.table("rolls")


def test_every_message_of_the_ten_days_is_valid(days: TenDays) -> None:
    sent = valid_messages(days.house)
    assert sent["sese.023.001.11"] > len(days.house.table("obligations")) - 20
    assert sent["sese.020.001.07"] > 5


def test_a_plain_days_statements_agree_and_the_wrong_one_is_the_only_difference(
    days: TenDays,
) -> None:
    found = {
        day: [b for b in days.house.report(day)["break_list"] if b["kind"] != "SETTLEMENT"]
        for day in DAYS
    }
    wrong = found.pop(date(2026, 3, 9))
    assert [(row["kind"], row["subject"], row["difference"]) for row in wrong] == [
        ("HOLDINGS", "US5949181045", "-10")
    ]
    assert not any(found.values())


@pytest.mark.parametrize("seed", range(3))
def test_files_shuffled_and_repeated_on_their_day_change_nothing(days: TenDays, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - an order, no secret
    house = House()
    for day in DAYS:
        _drop(house, "local", day, _own(days, day), rng)
        assert house.cut_off(day).outcome == "FROZEN"
        _drop(house, "market", day, days.said[day], rng)
        house.close(day)
    assert house.digest() == days.house.digest()


@pytest.mark.parametrize("seed", range(3))
def test_files_of_earlier_days_fed_again_change_no_book(days: TenDays, seed: int) -> None:
    """Only what nobody can place is told again: a message refused, a confirmation of nothing."""
    rng = random.Random(100 + seed)  # noqa: S311 - an order, no secret
    house = House()
    past: list[tuple[str, bytes]] = []
    for day in DAYS:
        for number, (name, body) in enumerate(rng.sample(past, min(4, len(past)))):
            partner = "market" if name.startswith("status") else "local"
            house.drop(partner, day, name.replace(".", f"-again-{number}.", 1), body)
        _drop(house, "local", day, _own(days, day), rng)
        house.cut_off(day)
        _drop(house, "market", day, days.said[day], rng)
        house.close(day)
        past += [*_own(days, day).items(), *_statuses(days.said[day])]
    shown = {what: house.export(what) for what in _BOOKS if what != "rejects"}
    assert shown == {what: days.house.export(what) for what in shown}


def test_a_market_that_says_nothing_leaves_other_books(days: TenDays) -> None:
    house = House()
    for day in DAYS[:3]:
        house.day(days.folder / day.isoformat(), day, silent)
    assert house.digest(DAYS[2]) != days.house.digest(DAYS[2])


def _own(days: TenDays, day: date) -> dict[str, bytes]:
    folder = days.folder / day.isoformat()
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def _statuses(said: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
    return [(name, body) for name, body in said.items() if name.startswith("status-1.")]


def _drop(
    house: House, partner: str, day: date, files: Mapping[str, bytes], rng: random.Random
) -> None:
    """Drop files in any order, some of them twice."""
    coming = [*files.items()]
    coming += [each for each in coming if rng.random() < 0.3]
    for name, body in rng.sample(coming, len(coming)):
        house.drop(partner, day, name, body)
