"""Whether an order would clear: every hold of the trade it would be, and the account's money."""

from datetime import UTC, date, datetime
from functools import partial

import polars as pl
import pytest

from backoffice.clearance.holds import HOLD_CODES
from backoffice.front_office.checks import CheckDesk, check_order
from backoffice.front_office.models import CheckAnswer, OrderRequest, Refusal
from backoffice.front_office.preview import LocatesInUse, preview_clearing
from backoffice.front_office.served_accounts import AccountBooks
from backoffice.intake.trade_frames import CLAIM_SCHEMA
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.reference.tables import SCHEMAS
from backoffice.risk.funds import BALANCES, INSUFFICIENT_FUNDS, clients_money
from backoffice.risk.margin import Market
from backoffice.risk.margin_calls import MARGIN_NOT_ASSESSED
from backoffice.risk.margin_rates import MarginRates
from backoffice.risk.order_margin import INSUFFICIENT_MARGIN, OrderEffect, order_margin
from backoffice.risk.valuation import POSITIONS
from tests.unit.clearance.builders import E8, ISIN, TUESDAY, Row, snapshot
from tests.unit.front_office.fakes import ZONES

NOW = datetime(2026, 4, 7, 15, 0, tzinfo=UTC)
ORDER = {
    "account_id": "A1",
    "side": "BUY",
    "isin": ISIN,
    "quantity": "10",
    "price": "100",
    "currency": "USD",
    "venue": "XNYS",
}
ON_MARGIN: list[Row] = [{"account_type": "MARGIN"}]
AT_100: list[Row] = [{"close_e8": 100 * 10**8}]
NOBODY = pl.DataFrame(schema={"subject_kind": pl.String, "subject": pl.String})
CASH = [
    ("Liabilities:ClientCash", "A1", "USD", -150_000),
    ("Liabilities:Payable:Client", "A1", "USD", -20_000),
    ("Assets:Receivable:Client", "A1", "USD", 70_000),
    ("Liabilities:ClientCash", "A2", "USD", -900_000),
    ("Liabilities:ClientCash", "A1", "EUR", -900_000),
]
"""1,000.00 USD of A1's own: 1,500 paid in, 200 sold for, 700 bought for."""
HELD = [("A1", ISIN, 20 * 10**8)]
"""20 shares, 2,000.00 USD at a close of 100."""


def check(
    order: dict[str, str],
    hits: pl.DataFrame = NOBODY,
    held: list[tuple[str, str, int]] = HELD,
    locates: LocatesInUse | None = None,
    **reference: list[Row],
) -> CheckAnswer | Refusal:
    known = snapshot(**reference)
    preview = partial(
        preview_clearing,
        reference=known,
        calendar=default_calendar(),
        rulebook=default_rulebook(),
        day=TUESDAY,
        hits=hits,
        locates=locates,
    )
    on_margin = known.accounts["account_type"].item() == "MARGIN"
    cash = [row for row in CASH if not on_margin or row[2] == "USD"]
    balances = pl.DataFrame(cash, schema=BALANCES, orient="row").filter(ref="A1")
    positions = pl.DataFrame(held, schema=POSITIONS, orient="row")
    books = AccountBooks(balances, positions)
    desk = CheckDesk(ZONES, known, preview, lambda _account: books, default_rulebook())
    return check_order(desk, OrderRequest.model_validate({**ORDER, **order}), NOW)


def codes(
    order: dict[str, str],
    hits: pl.DataFrame = NOBODY,
    held: list[tuple[str, str, int]] = HELD,
    locates: LocatesInUse | None = None,
    **reference: list[Row],
) -> list[str]:
    answer = check(order, hits, held, locates, **reference)
    assert isinstance(answer, CheckAnswer), answer
    assert answer.would_clear is (answer.codes == ())
    return list(answer.codes)


def test_an_order_that_would_clear_says_what_it_comes_to() -> None:
    answer = check({})
    assert isinstance(answer, CheckAnswer)
    assert (answer.would_clear, answer.codes) == (True, ())
    assert (answer.gross, answer.net) == ("1000.00", "1000.00")
    assert answer.settlement_date == date(2026, 4, 8)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({"quantity": "10.0001"}, [INSUFFICIENT_FUNDS]),
        ({"quantity": "10.0001", "side": "SELL"}, []),
        ({"commission": "0.01"}, [INSUFFICIENT_FUNDS]),
        ({"side": "SHORT"}, ["SHORT_WITHOUT_LOCATE"]),
        ({"side": "SHORT", "locate_id": "L1"}, []),
        ({"account_id": "A9"}, ["UNKNOWN_ACCOUNT"]),
        ({"isin": "US0231351067"}, ["UNKNOWN_INSTRUMENT"]),
        ({"currency": "EUR"}, ["CURRENCY_MISMATCH"]),
        ({"trade_time": "2026-04-11T15:00:00Z"}, ["NOT_A_SESSION"]),
    ],
)
def test_an_order_is_held_as_its_trade_would_be(order: dict[str, str], expected: list[str]) -> None:
    assert codes(order) == expected
    assert set(expected) <= {*HOLD_CODES, INSUFFICIENT_FUNDS}


def test_the_firms_own_accounts_are_asked_for_no_means() -> None:
    assert codes({"quantity": "99"}, accounts=[{"kind": "HOUSE"}]) == []
    assert codes({"quantity": "99"}, accounts=[{"kind": "HOUSE", "account_type": "MARGIN"}]) == []


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({"quantity": "40"}, []),
        ({"quantity": "40", "commission": "0.01"}, [INSUFFICIENT_MARGIN]),
        ({"quantity": "40.01"}, [INSUFFICIENT_MARGIN]),
        ({"side": "SHORT", "quantity": "59", "locate_id": "L1"}, []),
        ({"side": "SHORT", "quantity": "81", "locate_id": "L1"}, [INSUFFICIENT_MARGIN]),
        ({"side": "SELL", "quantity": "20"}, []),
    ],
)
def test_a_margin_account_is_asked_for_the_initial_requirement(
    order: dict[str, str], expected: list[str]
) -> None:
    """Equity of 3,000 with 2,000 long carries 6,000 in all: 4,000 more, or 6,000 short."""
    assert codes(order, accounts=ON_MARGIN, prices=AT_100) == expected


def test_an_account_that_lacks_margin_may_lessen_what_it_lacks() -> None:
    """Short 20 worth 8,000 with 1,000 of its own: every share bought back lessens the lack."""
    risen = [{"close_e8": 400 * 10**8}]
    short = [("A1", ISIN, -20 * 10**8)]
    back = {"quantity": "20", "price": "400"}
    assert codes(back, held=short, accounts=ON_MARGIN, prices=risen) == []
    more = {"side": "SHORT", "quantity": "1", "price": "400", "locate_id": "L1"}
    assert codes(more, held=short, accounts=ON_MARGIN, prices=risen) == [INSUFFICIENT_MARGIN]


def test_margin_that_cannot_be_assessed_is_said_to_who_takes_more_on() -> None:
    assert codes({}, accounts=ON_MARGIN) == [MARGIN_NOT_ASSESSED]
    assert codes({"side": "SELL", "quantity": "20"}, accounts=ON_MARGIN) == []
    assert codes({"side": "SELL", "quantity": "20.1"}, accounts=ON_MARGIN) == [MARGIN_NOT_ASSESSED]
    in_isk: list[Row] = [{"account_type": "MARGIN", "currency": "ISK"}]
    assert codes({}, accounts=in_isk, prices=AT_100) == [MARGIN_NOT_ASSESSED]


def test_who_may_be_on_a_list_is_held() -> None:
    hits = pl.DataFrame({"subject_kind": ["ISSUER"], "subject": [ISIN]})
    assert codes({}, hits) == ["SANCTIONS_HIT"]
    assert codes({}, accounts=[{"kyc_status": "EXPIRED"}]) == ["KYC_NOT_APPROVED"]
    assert codes({}, instruments=[{"status": "RESTRICTED"}]) == ["INSTRUMENT_NOT_ACTIVE"]


def test_the_restricted_list_is_told_and_the_watch_list_is_not() -> None:
    watch: list[Row] = [{"list": "WATCH"}, {"list": "WATCH", "side": "BUY"}]
    assert check({}, restrictions=watch) == check({})
    sold: list[Row] = [{"side": "SELL"}, *watch]
    assert codes({}, restrictions=sold) == []
    assert codes({"side": "SHORT", "locate_id": "L1"}, restrictions=sold) == ["RESTRICTED_LIST"]
    assert codes({"side": "SELL"}, restrictions=sold) == ["RESTRICTED_LIST"]


def in_use(given: int, *taken: int, trade_date: date = TUESDAY) -> LocatesInUse:
    """Give a locate L1 of so many shares, of which shorts of the day have taken some."""
    claim = {"trade_date": trade_date, "locate_id": "L1", "isin": ISIN, "partner": "acme"}
    claims = [
        claim | {"trade_id": f"T{n}", "quantity_e8": shares * E8, "row": n}
        for n, shares in enumerate(taken)
    ]
    rows = [{**dict.fromkeys(CLAIM_SCHEMA), **row} for row in claims]
    locate = {"trade_date": TUESDAY, "locate_id": "L1", "isin": ISIN, "quantity_e8": given * E8}
    known = pl.DataFrame([locate], schema=SCHEMAS["locates"])
    asked: list[date] = []

    def of_day(day: date) -> pl.DataFrame:
        asked.append(day)
        assert asked == [TUESDAY]
        return pl.DataFrame(rows, schema=dict(CLAIM_SCHEMA))

    return LocatesInUse(lambda: known, of_day)


@pytest.mark.parametrize(
    ("locates", "order", "held"),
    [
        (in_use(10), {}, False),
        (in_use(9), {}, True),
        (in_use(30, 15, 5), {}, False),
        (in_use(30, 15, 6), {}, True),
        (in_use(10), {"locate_id": "L2"}, True),
        (in_use(10), {"isin": "US0231351067"}, True),
        (in_use(1), {"side": "SELL"}, False),
    ],
)
def test_a_short_needs_a_locate_with_enough_left_as_the_books_know(
    locates: LocatesInUse, order: dict[str, str], *, held: bool
) -> None:
    found = codes({"side": "SHORT", "locate_id": "L1"} | order, locates=locates)
    assert ("SHORT_WITHOUT_LOCATE" in found) is held


@pytest.mark.parametrize("side", ["BUY", "SELL"])
@pytest.mark.parametrize("kind", ["CASH", "MARGIN"])
def test_an_order_of_any_size_is_answered(side: str, kind: str) -> None:
    huge = {"quantity": "999999999", "price": "999999999.99", "side": side}
    lacking = {"CASH": INSUFFICIENT_FUNDS, "MARGIN": INSUFFICIENT_MARGIN}[kind]
    bought = {lacking} if side == "BUY" else set()
    found = codes(huge, accounts=[{"account_type": kind}], prices=AT_100)
    assert {*found} == {"PRICE_OUT_OF_BAND"} | bought


def test_money_is_added_up_before_it_is_converted() -> None:
    """As the report does: three times 0.6 cents are 2, and do not pay 3 for what is worthless."""
    cash = [("Liabilities:ClientCash", "A1", "JPY", -1)] * 3
    effect = OrderEffect(isin=ISIN, quantity_e8=10**8, currency="USD", money_minor=-3)
    held = pl.DataFrame(schema=POSITIONS)
    market = Market(
        closes=pl.DataFrame({"isin": [ISIN], "currency": ["USD"], "close_e8": [0]}).cast(
            {"close_e8": pl.Int128}
        ),
        rates=pl.DataFrame({"currency": ["JPY"], "base": ["USD"], "rate_e18": [6 * 10**15]}).cast(
            {"rate_e18": pl.Int128}
        ),
        instruments=pl.DataFrame({"isin": [ISIN], "asset_class": ["EQUITY"]}),
    )
    rates = MarginRates.on(default_rulebook(), TUESDAY)
    money = clients_money(pl.DataFrame(cash, schema=BALANCES, orient="row"))
    assert order_margin(effect, "USD", held, money, market, rates) == INSUFFICIENT_MARGIN


def test_what_is_no_order_says_the_field_and_the_code() -> None:
    refused = check({"isin": "US0378331004"})
    assert isinstance(refused, Refusal)
    assert (refused.field, refused.code) == ("isin", "BAD_ISIN")
