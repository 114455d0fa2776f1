"""Whether an order would clear: every hold of the trade it would be, and the account's money."""

from datetime import UTC, date, datetime
from functools import partial

import polars as pl
import pytest

from backoffice.clearance.holds import HOLD_CODES
from backoffice.front_office.checks import CheckDesk, check_order
from backoffice.front_office.models import CheckAnswer, OrderRequest, Refusal
from backoffice.front_office.preview import LocatesInUse, preview_clearing
from backoffice.intake.trade_frames import CLAIM_SCHEMA
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.reference.tables import SCHEMAS
from backoffice.risk.funds import BALANCES, INSUFFICIENT_FUNDS
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
NOBODY = pl.DataFrame(schema={"subject_kind": pl.String, "subject": pl.String})
CASH = [
    ("Liabilities:ClientCash", "A1", "USD", -150_000),
    ("Liabilities:Payable:Client", "A1", "USD", -20_000),
    ("Assets:Receivable:Client", "A1", "USD", 70_000),
    ("Liabilities:ClientCash", "A2", "USD", -900_000),
    ("Liabilities:ClientCash", "A1", "EUR", -900_000),
]
"""1,000.00 USD of A1's own: 1,500 paid in, 200 sold for, 700 bought for."""


def check(
    order: dict[str, str],
    hits: pl.DataFrame = NOBODY,
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
    balances = pl.DataFrame(CASH, schema=BALANCES, orient="row")
    desk = CheckDesk(ZONES, known, preview, lambda _account: balances)
    return check_order(desk, OrderRequest.model_validate({**ORDER, **order}), NOW)


def codes(
    order: dict[str, str],
    hits: pl.DataFrame = NOBODY,
    locates: LocatesInUse | None = None,
    **reference: list[Row],
) -> list[str]:
    answer = check(order, hits, locates, **reference)
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


def test_margin_accounts_and_the_firms_own_are_not_asked_for_cash() -> None:
    assert codes({"quantity": "99"}, accounts=[{"account_type": "MARGIN"}]) == []
    assert codes({"quantity": "99"}, accounts=[{"kind": "HOUSE"}]) == []


def test_who_may_be_on_a_list_is_held() -> None:
    hits = pl.DataFrame({"subject_kind": ["ISSUER"], "subject": [ISIN]})
    assert codes({}, hits) == ["SANCTIONS_HIT"]
    assert codes({}, accounts=[{"kyc_status": "EXPIRED"}]) == ["KYC_NOT_APPROVED"]
    assert codes({}, instruments=[{"status": "RESTRICTED"}]) == ["INSTRUMENT_NOT_ACTIVE"]


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


def test_what_is_no_order_says_the_field_and_the_code() -> None:
    refused = check({"isin": "US0378331004"})
    assert isinstance(refused, Refusal)
    assert (refused.field, refused.code) == ("isin", "BAD_ISIN")
