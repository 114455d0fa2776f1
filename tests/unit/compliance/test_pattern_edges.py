"""Each pattern just within its thresholds and just beyond them, by hand."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

import polars as pl
import pytest

from backoffice.compliance.surveillance.closes import closes_on
from backoffice.compliance.surveillance.dormant_accounts import dormant_accounts
from backoffice.compliance.surveillance.frames import ACTIVITY, MOVEMENTS
from backoffice.compliance.surveillance.front_running import front_running
from backoffice.compliance.surveillance.layering import layering
from backoffice.compliance.surveillance.looked_at import Trading
from backoffice.compliance.surveillance.marking_the_close import marking_the_close
from backoffice.compliance.surveillance.named_alerts import named_alerts
from backoffice.compliance.surveillance.structuring import structuring
from backoffice.compliance.surveillance.thresholds import Thresholds
from backoffice.compliance.surveillance.velocity import unusual_velocity
from backoffice.compliance.surveillance.wash_trades import wash_trades
from backoffice.kernel.books import Books
from backoffice.kernel.rulebook import default_rulebook
from tests.simulation.memory import Fuse, RecordMemory
from tests.surveillance.market import MINUTES, Book

DAY: Final = date(2026, 10, 7)
THRESHOLDS: Final = Thresholds.on(default_rulebook(), DAY)
CLOSE: Final = MINUTES * 60


@pytest.fixture
def book() -> Book:
    made = Book(Random(1), [DAY - timedelta(days=1), DAY])  # noqa: S311 - drawn, no secret
    for name, kind in (("A", "CLIENT"), ("B", "CLIENT"), ("HOUSE", "HOUSE")):
        made.open_account(name, kind=kind)
    return made


@pytest.mark.parametrize(("who", "count"), [("A", 1), ("HOUSE", 0)])
def test_a_client_deals_with_itself_and_the_firm_makes_a_market(
    book: Book, who: str, count: int
) -> None:
    for side in ("BUY", "SELL"):
        book.deal(who, side, book.issues[0], DAY, 600, 100, 100.0)
    assert wash_trades(book.all_trades(), THRESHOLDS).height == count


@pytest.mark.parametrize(
    ("layers", "side", "count"), [(3, "SELL", 1), (2, "SELL", 0), (3, "BUY", 0)]
)
def test_three_orders_on_the_other_side_are_layers(
    book: Book, layers: int, side: str, count: int
) -> None:
    for number in range(layers):
        for event, at in (("NEW", 600.0), ("CANCEL", 700.0)):
            book.order(f"O-{number}", event, "A", side, book.issues[0], DAY, at, 500)
    book.deal("A", "BUY", book.issues[0], DAY, 650, 100)
    assert layering(book.all_orders(), book.all_trades(), THRESHOLDS).height == count


@pytest.mark.parametrize(("executions", "count"), [(2, 1), (1, 0)])
def test_one_execution_alone_marks_no_close(book: Book, executions: int, count: int) -> None:
    isin = book.issues[0]
    book.deal("B", "SELL", isin, DAY, CLOSE - 900, 10, 100.0)
    for number in range(executions):
        book.deal("A", "BUY", isin, DAY, CLOSE - 300 + number, 400, 102.0)
    book.closes[isin, DAY] = 102.0
    assert marking_the_close(book.all_trades(), book.all_closes(), THRESHOLDS).height == count


@pytest.mark.parametrize(
    ("ahead", "undone_at", "count"), [(1_000, 101.0, 1), (1_000, 99.0, 0), (1_301, 101.0, 0)]
)
def test_the_firm_runs_ahead_of_a_client_at_a_gain(
    book: Book, ahead: float, undone_at: float, count: int
) -> None:
    isin = book.issues[0]
    book.deal("HOUSE", "BUY", isin, DAY, ahead, 500, 100.0)
    book.deal("A", "BUY", isin, DAY, 1_300, 3_000, 100.3)
    book.deal("HOUSE", "SELL", isin, DAY, 2_000, 500, undone_at)
    assert front_running(book.all_trades(), book.all_orders(), THRESHOLDS).height == count


@pytest.mark.parametrize(("came", "count"), [(1_000, 1), (1_200, 0), (None, 0)])
def test_the_firm_runs_ahead_from_when_the_order_came(
    book: Book, came: float | None, count: int
) -> None:
    isin = book.issues[0]
    if came is not None:
        book.order("O", "NEW", "A", "BUY", isin, DAY, came, 3_000)
    book.deal("HOUSE", "BUY", isin, DAY, 1_100, 500, 100.0)
    book.deal("A", "BUY", isin, DAY, 3_000, 3_000, 100.3, "O")
    book.deal("HOUSE", "SELL", isin, DAY, 3_600, 500, 101.0)
    assert front_running(book.all_trades(), book.all_orders(), THRESHOLDS).height == count


@pytest.mark.parametrize("dealers", [("D-1", "D-1"), ("D-1", "D-2")])
@pytest.mark.parametrize("clients", [("C-1", "C-1"), ("C-1", "C-2")])
def test_the_firm_and_the_client_each_split_over_accounts_of_one_owner(
    book: Book, dealers: tuple[str, str], clients: tuple[str, str]
) -> None:
    isin = book.issues[0]
    for name in {*dealers, *clients}:
        book.open_account(name, kind="HOUSE" if name in dealers else "CLIENT", owner=name[0])
    book.deal(dealers[0], "BUY", isin, DAY, 1_000, 500, 100.0)
    for number, name in enumerate(clients):
        book.deal(name, "BUY", isin, DAY, 1_300 + number, 1_500, 100.3)
    book.deal(dealers[1], "SELL", isin, DAY, 2_000, 500, 101.0)
    book.deal("HOUSE", "SELL", isin, DAY, 1_100, 900, 100.0)
    (found,) = front_running(book.all_trades(), book.all_orders(), THRESHOLDS).to_dicts()
    assert found["accounts"] == sorted(set(dealers))
    assert '"orders_run":"1"' in found["figures"]
    assert len(found["trades"]) == 4


@pytest.mark.parametrize(("value", "count"), [(1_999, 0), (2_000, 1)])
def test_a_split_order_is_large_from_the_value_on(book: Book, value: int, count: int) -> None:
    isin = book.issues[0]
    for name in ("C-1", "C-2"):
        book.open_account(name, owner="C")
    book.deal("HOUSE", "BUY", isin, DAY, 1_000, 500, 100.0)
    book.deal("C-1", "BUY", isin, DAY, 1_300, 1_000, 100.0)
    book.deal("C-2", "BUY", isin, DAY, 1_301, value - 1_000, 100.0)
    book.deal("HOUSE", "SELL", isin, DAY, 2_000, 500, 101.0)
    assert front_running(book.all_trades(), book.all_orders(), THRESHOLDS).height == count


def _cash(*parts: tuple[date, int]) -> pl.DataFrame:
    row: dict[str, Any] = {"partner": "p", "file": "f", "account_id": "A", "owner": "A"}
    rows = [
        {
            **row, "seen": number, "row": number, "business_date": on, "movement_id": f"M{number}",
            "kind": "DEPOSIT", "value_date": on, "taken_on": on, "amount_minor": dollars * 100,
        }
        for number, (on, dollars) in enumerate(parts)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=dict(MOVEMENTS))


@pytest.mark.parametrize(("last", "count"), [(3_001, 1), (3_000, 0)])
def test_parts_are_structured_when_they_come_to_more_than_is_reported(
    last: int, count: int
) -> None:
    parts = _cash((DAY, 4_000), (DAY, 3_000), (DAY, last))
    assert structuring(parts, DAY, THRESHOLDS).height == count


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 10, 9), date(2026, 10, 2)),  # no holiday: seven days
        (date(2026, 4, 8), date(2026, 3, 29)),  # Thursday to Monday of Easter: three more
        (date(2026, 12, 28), date(2026, 12, 19)),  # 24 and 25 December
    ],
)
def test_a_window_is_longer_by_the_weekdays_on_which_the_firm_is_closed(
    day: date, begins: date
) -> None:
    assert THRESHOLDS.before("velocity.through_days", day) == begins


def _did(*days: tuple[date, dict[str, int]]) -> pl.DataFrame:
    nothing = {name: 0 for name in ACTIVITY if name not in {"day", "account_id"}}
    rows = [{"day": on, "account_id": "A", **nothing, **did} for on, did in days]
    return pl.DataFrame(rows, schema=dict(ACTIVITY)).with_columns(owner=pl.lit("A"))


@pytest.mark.parametrize(("back", "count"), [(7, 0), (371, 0), (372, 1)])
def test_an_account_is_dormant_that_was_not_used_for_a_year(back: int, count: int) -> None:
    out = {"withdrawals_minor": 600_000}
    did = _did((DAY - timedelta(days=back), {"trades": 1}), (DAY, out))
    holders = pl.DataFrame({"account_id": ["A"]})
    assert dormant_accounts(did, holders, DAY, THRESHOLDS).height == count


@pytest.mark.parametrize(("invested", "count"), [(4_000, 1), (6_000, 0)])
def test_money_runs_through_that_is_hardly_invested(invested: int, count: int) -> None:
    came = {"deposits_minor": 2_000_000, "value_minor": invested * 100}
    did = _did((DAY - timedelta(days=2), came), (DAY, {"withdrawals_minor": 1_900_000}))
    assert unusual_velocity(did, _worth(), DAY, THRESHOLDS).height == count


def _worth(**assets: int) -> pl.DataFrame:
    rows = [(name, "A", dollars * 100) for name, dollars in assets.items()]
    schema = {"account_id": pl.String, "owner": pl.String, "assets_minor": pl.Int128}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _of(account: str, did: pl.DataFrame) -> pl.DataFrame:
    return did.with_columns(account_id=pl.lit(account))


@pytest.mark.parametrize(("worth", "count"), [(10_000, 1), (20_000, 0)])
def test_an_owner_turns_over_by_two_accounts_what_both_have(worth: int, count: int) -> None:
    half = _did((DAY, {"trades": 8, "value_minor": 3_000_000}))
    did, assets = (
        pl.concat([_of("A-1", half), _of("A-2", half)]),
        _worth(**{"A-1": worth, "A-2": 0}),
    )
    assets = pl.concat([assets, _worth(**{"A-3": 10_000})])
    found = unusual_velocity(did, assets, DAY, THRESHOLDS)
    assert found["accounts"].to_list() == [["A-1", "A-2"]] * count


def test_money_runs_in_by_one_account_and_out_by_another_of_its_owner() -> None:
    came = _of("A-1", _did((DAY - timedelta(days=2), {"deposits_minor": 2_000_000})))
    went = _of("A-2", _did((DAY, {"withdrawals_minor": 1_900_000})))
    found = unusual_velocity(pl.concat([came, went]), _worth(), DAY, THRESHOLDS)
    assert found["accounts"].to_list() == [["A-1", "A-2"]]


def test_what_one_account_does_alone_is_told_once_and_of_it_alone() -> None:
    alone = _of("A-1", _did((DAY, {"trades": 15, "value_minor": 6_000_000})))
    other = _of("A-2", _did((DAY - timedelta(days=30), {"trades": 1, "value_minor": 5_000_000})))
    did, assets = pl.concat([alone, other]), _worth(**{"A-1": 20_000, "A-2": 500_000})
    assert unusual_velocity(did, assets, DAY, THRESHOLDS)["accounts"].to_list() == [["A-1"]]


def test_an_alert_with_a_row_more_is_another_and_looked_at_again_the_same() -> None:
    parts = ((DAY, 4_000), (DAY, 4_000), (DAY, 4_000))
    no_trades = Book(Random(1), [DAY])  # noqa: S311 - drawn, no secret
    trading = Trading(no_trades.all_trades(), no_trades.all_orders(), no_trades.all_closes())

    def name(*told: tuple[date, int]) -> str:
        moved = _cash(*told)
        ((alert,), _) = named_alerts(structuring(moved, DAY, THRESHOLDS), trading, moved)
        return alert.alert_id

    assert name(*parts) == name(*parts) != name(*parts, (DAY, 4_000))


@pytest.mark.parametrize(
    ("on", "venue", "closes"),
    [
        (date(2026, 10, 30), "XNYS", "2026-10-30T20:00"),
        (date(2026, 11, 2), "XNYS", "2026-11-02T21:00"),
        (date(2026, 11, 27), "XNYS", "2026-11-27T18:00"),
        (date(2026, 12, 24), "XLON", "2026-12-24T12:30"),
        (date(2026, 3, 30), "XETR", "2026-03-30T15:30"),
        (date(2026, 11, 26), "XNYS", None),
    ],
)
def test_a_close_is_that_of_the_venues_own_time_and_date(
    on: date, venue: str, closes: str | None
) -> None:
    books = Books(day=on, phase="closed", previous=None, rulebook="")
    dealt = pl.DataFrame({"isin": ["US0000000000"], "venue": [venue]})
    rules = default_rulebook()
    records = RecordMemory("records", Fuse())
    found = closes_on(records, books, rules, Thresholds.on(rules, on), dealt, on)
    told = datetime.fromisoformat(closes).replace(tzinfo=UTC) if closes else None
    assert found["venue_close_at"].to_list() == [told]
