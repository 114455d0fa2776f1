"""What an app is told of its accounts and of instruments is what the books export."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from backoffice.front_office.account_views import AccountDesk, balances_of
from backoffice.front_office.served_accounts import AccountBooks
from backoffice.kernel.rulebook import default_rulebook
from backoffice.risk.funds import BALANCES
from backoffice.risk.margin import Market
from backoffice.risk.valuation import POSITIONS
from backoffice.stores.objects import RecordBucket
from tests.handlers import load_handler
from tests.simulation.house import House
from tests.simulation.small_days import SECOND
from tests.unit.front_office.api_events import Context, event
from tests.unit.front_office.served_house import priced_house, serve
from tests.unit.stores.aws import aws, make_bucket, make_table

Ask = Callable[..., tuple[int, Any]]
MINE = "accounts/C-*"


@pytest.fixture(scope="module")
def house() -> House:
    return priced_house()


@pytest.fixture(scope="module")
def ask(house: House) -> Iterator[Ask]:
    with pytest.MonkeyPatch.context() as environment:
        for name in ("reference", "balances"):
            environment.setenv(f"{name.upper()}_TABLE", name)
        environment.setenv("RECORDS_BUCKET", "records")
        environment.setenv("POWERTOOLS_SERVICE_NAME", "front_office")
        with aws(environment):
            client = make_table("balances")
            make_table("reference")
            make_table("cases")
            serve(house, RecordBucket(make_bucket("records"), "records"), client)
            handler = load_handler("front_office/show_accounts")

            def _ask(path: str, scope: str = MINE, **query: str) -> tuple[int, Any]:
                asked = event("GET", path)
                jwt = asked["requestContext"]["authorizer"]["jwt"]
                jwt["claims"]["scope"] = f"backoffice/positions.read {scope}"
                answer = handler.main({**asked, "queryStringParameters": query}, Context())
                return answer["statusCode"], json.loads(answer["body"])

            yield _ask


def _export(house: House, what: str, **of: str) -> list[dict[str, str]]:
    rows = house.table(what)
    return [row for row in rows if all(row[name] == value for name, value in of.items())]


def test_positions_are_those_that_are_exported(house: House, ask: Ask) -> None:
    status, told = ask("/accounts/C-1/positions")
    assert (status, told["as_of"], told["next"]) == (200, str(SECOND), None)
    shown = _export(house, "positions", account_id="C-1")
    assert [{"account_id": "C-1", **row} for row in told["positions"]] == shown
    assert len(shown) == 3
    assert house.records.find_bytes(told["source"])


def test_positions_come_in_pages_that_hold_each_once(ask: Ask) -> None:
    whole = ask("/accounts/C-1/positions")[1]["positions"]
    found: list[Any] = []
    cursor: dict[str, str] = {}
    for _ in whole:
        page = ask("/accounts/C-1/positions", limit="1", **cursor)[1]
        found += page["positions"]
        cursor = {"cursor": page["next"]}
    assert found == whole
    assert cursor == {"cursor": None}


@pytest.mark.parametrize("cursor", ["x", "", "AAAAAAAAAAAA", "é", "WyJhIl0"])
def test_a_cursor_that_no_page_of_the_account_gave_is_refused(ask: Ask, cursor: str) -> None:
    status, problem = ask("/accounts/C-1/positions", cursor=cursor or "=")
    assert (status, problem["field"]) == (422, "cursor")
    theirs = ask("/accounts/C-1/positions", limit="1")[1]["next"]
    assert ask("/accounts/C-LIFO/positions", cursor=theirs)[0] == 422


def test_balances_are_the_journals_sums(house: House, ask: Ask) -> None:
    status, told = ask("/accounts/C-1/balances")
    assert (status, told["margin"], told["missing"]) == (200, None, [])
    booked = _export(house, "trial-balance", account="Liabilities:ClientCash:C-1")
    settled = {row["unit"]: -Decimal(row["balance"]) for row in booked}
    assert {one["currency"] for one in told["cash"]} >= set(settled)
    for one in told["cash"]:
        assert Decimal(one["settled"]) == settled.get(one["currency"], 0)
    can_buy = {one["currency"]: Decimal(one["amount"]) for one in told["buying_power"]}
    assert can_buy == {
        one["currency"]: max(Decimal(one["traded"]), Decimal(0)) for one in told["cash"]
    }
    assert 0 in can_buy.values()


@pytest.mark.parametrize("what", ["positions", "balances"])
def test_an_account_that_the_token_does_not_name_is_as_one_that_is_not_there(
    ask: Ask, what: str
) -> None:
    answers = [
        ask(f"/accounts/{account}/{what}", scope)
        for account, scope in (
            ("H-1", MINE),
            ("C-NOBODY", MINE),
            ("C-1", "accounts/C-2"),
            ("C-1", "accounts/C"),
            ("C-1", "C-* accountsC-*"),
            ("C-1", ""),
        )
    ]
    assert {status for status, _ in answers} == {404}
    assert len({str(problem) for _, problem in answers}) == 1
    assert ask(f"/accounts/C-1/{what}", "accounts/C-1")[0] == 200
    assert ask(f"/accounts/H-1/{what}", "accounts/*")[0] == 200


def _on_margin() -> AccountDesk:
    cash = [("Liabilities:ClientCash", "M-1", "USD", -100_000)]
    books = AccountBooks(
        pl.DataFrame(cash, schema=BALANCES, orient="row"),
        pl.DataFrame([("M-1", "US0378331005", 20 * 10**8)], schema=POSITIONS, orient="row"),
    )
    account = {"account_id": "M-1", "kind": "CLIENT", "account_type": "MARGIN", "currency": "USD"}
    return AccountDesk(account, books, date(2026, 4, 7), date(2026, 4, 9))


def _market(close_e8: int | None) -> Market:
    closes = [("US0378331005", "USD", close_e8)] if close_e8 else []
    return Market(
        closes=pl.DataFrame(
            closes,
            schema={"isin": pl.String, "currency": pl.String, "close_e8": pl.Int128},
            orient="row",
        ),
        rates=pl.DataFrame(
            schema={"currency": pl.String, "base": pl.String, "rate_e18": pl.Int128}
        ),
        instruments=pl.DataFrame({"isin": ["US0378331005"], "asset_class": ["EQUITY"]}),
    )


def test_a_margin_account_is_told_how_it_stands_at_the_latest_closes() -> None:
    """1,000.00 of its own and 20 shares at 100: half of 2,000.00 is asked, the rest buys twice."""
    told = balances_of(_on_margin(), lambda: _market(100 * 10**8), default_rulebook())
    assert told.margin is not None
    assert (told.age_days, told.missing) == (2, ())
    assert (told.margin.equity, told.margin.initial_requirement) == ("3000.00", "1000.00")
    assert (told.margin.excess, told.margin.call) == ("2000.00", "0.00")
    assert [(one.currency, one.amount) for one in told.buying_power] == [("USD", "4000.00")]


def test_what_a_margin_account_cannot_be_assessed_for_is_said_and_buys_nothing() -> None:
    told = balances_of(_on_margin(), lambda: _market(None), default_rulebook())
    assert (told.margin, told.buying_power) == (None, ())
    assert told.missing == ("NO_PRICE US0378331005",)
