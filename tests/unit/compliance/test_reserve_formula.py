"""Exhibit A by hand: what counts as customers', what is old, what is taken off debits."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.compliance.reserve.computation import Method, compute
from backoffice.compliance.reserve.concentration import concentrated_rows
from backoffice.compliance.reserve.customers_part import (
    loans_for,
    money_of,
    of_delivery,
    of_receipt,
)
from backoffice.compliance.reserve.deficits import (
    Action,
    Clocks,
    Elsewhere,
    actions,
    is_to_be_done,
)
from backoffice.compliance.reserve.fail_rows import fail_rows
from backoffice.compliance.reserve.fail_trades import Fail
from backoffice.compliance.reserve.frames import CREDITS, DEBITS, ROW, rows_frame
from backoffice.compliance.reserve.lock_up import locked_up
from backoffice.compliance.reserve.market import Dollars
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import default_rulebook
from backoffice.risk.margin import Market

DAY = date(2026, 10, 7)
ONE = 10**8
SHARE = "US0000000016"
ISSUES = tuple(f"ISSUE-{n}" for n in range(10))
WEEKLY = Method("ALTERNATIVE", "WEEKLY", 30_000)
DAILY = Method("ALTERNATIVE", "DAILY", 20_000)
STANDARD = Method("STANDARD", "WEEKLY", 10_000)


def rows(**cents: int) -> pl.DataFrame:
    return rows_frame([{"line": k.removeprefix("l"), "usd_minor": v} for k, v in cents.items()])


@pytest.mark.parametrize(
    ("method", "cut", "required"),
    [(WEEKLY, 900, 70_900), (DAILY, 600, 70_600), (STANDARD, 200, 70_200)],
)
def test_three_two_or_one_per_cent_is_taken_off(method: Method, cut: int, required: int) -> None:
    found = compute(rows(l1=80_000, l4=20_000, l10=20_000, l12=10_000), method)
    assert (found.cut, found.required) == (cut, required)


def test_a_reduction_is_rounded_up_and_a_requirement_never_below_nothing() -> None:
    assert compute(rows(l10=1), WEEKLY).cut == 1
    assert compute(rows(l1=5, l10=100), WEEKLY).required == 0


def test_what_is_on_deposit_is_set_off() -> None:
    less = compute(rows(l1=100, lON_DEPOSIT=60), WEEKLY)
    more = compute(rows(l1=100, lON_DEPOSIT=160), WEEKLY)
    assert (less.deposit, less.withdrawal) == (40, 0)
    assert (more.deposit, more.withdrawal) == (0, 60)


def test_the_rulebook_has_the_percentages_by_date() -> None:
    book = default_rulebook()
    cuts = [Method.on(book, day, "DAILY").cut for day in (date(2025, 3, 13), date(2025, 3, 14))]
    assert cuts == [30_000, 20_000]
    assert Method.on(book, DAY, "WEEKLY") == WEEKLY
    with pytest.raises(NoRuleError):
        Method.on(book, date(1980, 1, 1), "WEEKLY")


@given(
    st.lists(st.tuples(st.sampled_from((*CREDITS, *DEBITS)), st.integers(0, 10**15)), max_size=30),
    st.randoms(use_true_random=False),
    st.integers(0, 30),
)
def test_any_order_and_any_cut_of_rows_come_to_the_same(
    made: list[tuple[str, int]], random: object, at: int
) -> None:
    told = rows_frame([{"line": line, "usd_minor": cents} for line, cents in made])
    mixed = made[:]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    other = rows_frame([{"line": line, "usd_minor": cents} for line, cents in mixed])
    cut = pl.concat([other[at:], other[:at]])
    for method in (WEEKLY, DAILY, STANDARD):
        assert compute(told, method) == compute(cut, method)


def test_a_fail_is_customers_first_where_it_is_a_credit_and_the_firms_where_a_debit() -> None:
    # customers bought 100, the firm 50
    assert of_receipt(150, 150, 50) == 100
    assert of_receipt(90, 150, 50) == 90
    # customers bought 60 net, the firm sold 20
    assert of_receipt(40, 40, -20) == 40
    # customers sold 100, the firm 50
    assert of_delivery(150, 50, 100) == 100
    assert of_delivery(90, 50, 100) == 40
    # nobody is known to have sold
    assert (of_receipt(10, 10, 0), of_delivery(10, 0, 0)) == (10, 0)


def test_money_goes_with_its_shares_half_up() -> None:
    assert money_of(1001, 1, 2) == 501
    assert money_of(1001, 2, 2) == 1001
    assert money_of(1001, 0, 0) == 0


def fail(direction: str, age: int, quantity: int = 10, money: int = 1000_00) -> Fail:
    sign = -1 if direction == "RECEIVE" else 1
    row = {
        "fail_id": f"FAIL-{direction}-{age}",
        "obligation_id": "O-1",
        "direction": direction,
        "counterparty": "X",
        "isin": SHARE,
        "currency": "USD",
        "settlement_date": DAY - timedelta(days=age),
        "open_quantity_e8": quantity * ONE,
        "open_money_minor": sign * money,
    }
    return Fail(row, quantity * ONE, 0, quantity * ONE, "O-1")


def dollars(close: int = 100, isins: tuple[str, ...] = (SHARE,)) -> Dollars:
    count = len(isins)
    price = {"isin": isins, "currency": ["USD"] * count, "close_e8": [close * ONE] * count}
    types = {"isin": pl.String, "currency": pl.String, "close_e8": pl.Int128}
    rates = {"currency": pl.String, "base": pl.String, "rate_e18": pl.Int128}
    known = pl.DataFrame({"isin": isins, "asset_class": ["EQUITY"] * count})
    return Dollars(Market(pl.DataFrame(price, schema=types), pl.DataFrame(schema=rates), known))


def sums(found: pl.DataFrame) -> dict[tuple[str, str], int]:
    return {
        (line, kind): usd
        for line, kind, usd in found.select("line", "kind", "usd_minor").iter_rows()
    }


def test_a_fail_to_deliver_counts_for_30_days() -> None:
    assert sums(fail_rows([fail("DELIVER", 30)], DAY, 30, dollars())) == {("12", "FAIL"): 1000_00}
    assert sums(fail_rows([fail("DELIVER", 31)], DAY, 30, dollars())) == {}


def test_a_fail_to_receive_counts_at_what_it_is_worth_after_30_days() -> None:
    contract = {("4", "FAIL"): 1000_00}
    assert sums(fail_rows([fail("RECEIVE", 30)], DAY, 30, dollars(120))) == contract
    marked = contract | {("4", "MARK"): 200_00}
    assert sums(fail_rows([fail("RECEIVE", 31)], DAY, 30, dollars(120))) == marked
    assert sums(fail_rows([fail("RECEIVE", 31)], DAY, 30, dollars(90))) == contract
    assert fail_rows([], DAY, 30, dollars()).schema == ROW


def test_loans_are_taken_up_oldest_first() -> None:
    told = {"partner": "p", "isin": SHARE, "quantity_e8": 50, "returned_e8": 10}
    told |= {"collateral_minor": 500, "collateral_back_minor": 100}
    loans = [
        told | {"borrow_id": n, "date": DAY - timedelta(days=age)}
        for n, age in (("A", 1), ("B", 2))
    ]
    found = [(one["borrow_id"], part, money) for one, part, money in loans_for(loans, {SHARE: 55})]
    assert found == [("B", 40, 400), ("A", 15, 150)]


def margin(cash: int, *, short: int = 0, kind: str = "MARGIN") -> dict[str, int]:
    held = [("M", SHARE, 160 * ONE)]
    accounts = pl.DataFrame({"account_id": ["M", "S"], "account_type": [kind, kind]})
    types = {"account_id": pl.String, "isin": pl.String, "quantity_e8": pl.Int128}
    both = pl.DataFrame([*held, ("S", SHARE, -short * ONE)], schema=types, orient="row")
    money = {"account_id": ["M"], "currency": ["USD"], "value_minor": [cash]}
    kinds = {"account_id": pl.String, "currency": pl.String, "value_minor": pl.Int128}
    found = locked_up(accounts, both, pl.DataFrame(money, schema=kinds), 1_400_000, dollars())
    return {row["kind"]: row["quantity_e8"] // ONE for row in found.to_dicts()}


def test_more_than_140_per_cent_of_the_debit_is_excess() -> None:
    assert margin(-8_000_00) == {"EXCESS_MARGIN": 48}
    # 160 x 100 is 140 % of 11,428.58 rounded up, and not of 11,400
    assert margin(-11_428_58) == {}
    assert margin(-11_400_00) == {"EXCESS_MARGIN": 0}
    assert margin(0) == margin(5_00) == {"FULLY_PAID": 160}
    assert margin(-8_000_00, kind="CASH") == {"FULLY_PAID": 160}


def clocks() -> Clocks:
    return Clocks.on(default_rulebook(), default_calendar(), DAY)


def test_the_clocks_of_a_deficit() -> None:
    young, old = DAY - timedelta(days=30), DAY - timedelta(days=31)
    receipts = ((young, 3), (old, 4), (DAY, 5))
    where = Elsewhere(1, 2, receipts, short_e8=6, short_since=DAY)
    found = list(actions(30, where, DAY, clocks()))
    assert found == [
        Action("RELEASE_LIEN", 1, date(2026, 10, 12)),
        Action("RECALL_LOAN", 2, date(2026, 10, 15)),
        Action("BUY_IN", 4, date(2026, 10, 8)),
        Action("OBTAIN_FAILED", 3, date(2026, 10, 8)),
        Action("OBTAIN_FAILED", 5, date(2026, 11, 9)),
        Action("COVER_SHORT", 6, date(2026, 11, 9)),
        Action("OBTAIN", 9, date(2026, 10, 8)),
    ]
    waits = [one for one in found if not is_to_be_done(one, DAY, clocks())]
    assert [one.name for one in waits] == ["OBTAIN_FAILED", "COVER_SHORT"]
    assert [one.name for one in actions(2, where, DAY, clocks())] == [
        "RELEASE_LIEN",
        "RECALL_LOAN",
    ]


def test_who_was_short_for_30_days_is_covered_at_once() -> None:
    where = Elsewhere(0, 0, (), short_e8=6, short_since=DAY - timedelta(days=31))
    assert list(actions(5, where, DAY, clocks())) == [Action("COVER_SHORT", 5, date(2026, 10, 8))]


@pytest.mark.parametrize(
    ("quantities", "owed", "taken"),
    [
        # 140 % of 10,000 is 14,000 of X; with Y all is 16,000, of which 15 % is 2,400
        ((200, 20), 10_000_00, {ISSUES[0]: -10_000_00}),
        # a tenth of all, each
        ((10,) * 10, 5_000_00, {}),
        # X 3,000 of 8,000: 1,800 too much
        ((30, 10, 10, 10, 10, 10), 6_000_00, {ISSUES[0]: -1_800_00}),
    ],
)
def test_an_issue_is_not_more_than_15_per_cent_of_all_collateral(
    quantities: tuple[int, ...], owed: int, taken: dict[str, int]
) -> None:
    types = {"account_id": pl.String, "isin": pl.String, "quantity_e8": pl.Int128}
    held = [("M", isin, n * ONE) for isin, n in zip(ISSUES, quantities, strict=False)]
    debits = {"account_id": ["M"], "owed_minor": [owed]}
    kinds = {"account_id": pl.String, "owed_minor": pl.Int128}
    found = concentrated_rows(
        pl.DataFrame(debits, schema=kinds),
        pl.DataFrame(held, schema=types, orient="row"),
        dollars(isins=ISSUES),
        1_400_000,
        150_000,
    )
    assert found.schema == ROW
    assert dict(found.select("subject", "usd_minor").iter_rows()) == taken
