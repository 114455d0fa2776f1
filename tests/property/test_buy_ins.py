"""Whatever parts settle and are bought in, who failed is owed and owes nothing but the claim."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.accounting.journal import assert_balanced
from backoffice.accounting.postings.fails import post_buy_ins
from backoffice.intake.once_kinds import BUY_IN_SCHEMA
from backoffice.kernel.scaled import round_half_up
from backoffice.settlement.buy_ins import buy_in
from backoffice.settlement.fail_frames import FAIL_SCHEMA
from backoffice.settlement.frames import empty
from tests.unit.settlement.builders import (
    ISIN,
    LEI,
    OTHER_LEI,
    THURSDAY,
    WEDNESDAY,
    Row,
    Street,
    next_day_after,
    obligations,
    statuses,
)

PAYABLE = "Liabilities:Payable:Street"
RECEIVABLE = "Assets:Receivable:Street"
SHARES = "Securities:Street"
_BUY_IN: Row = {
    "obligation_id": "OB1",
    "counterparty": OTHER_LEI,
    "currency": "USD",
    "trade_date": WEDNESDAY,
    "settlement_date": THURSDAY,
}
NOBODY = pl.Series("obligation_id", [], dtype=pl.String)
NO_FAILS = empty(FAIL_SCHEMA)


def buy_ins(*rows: Row) -> pl.DataFrame:
    """Build buy-ins that wait; what a row leaves out is that of one of OB1."""
    nothing = dict.fromkeys(BUY_IN_SCHEMA)
    return pl.DataFrame([{**nothing, **_BUY_IN, **row} for row in rows], schema=dict(BUY_IN_SCHEMA))


def take(street: Street, rows: pl.DataFrame, day: date = WEDNESDAY) -> pl.DataFrame:
    """Take buy-ins into a street and its books; return what fits."""
    done = buy_in(
        street.obligations, rows, day, next_day_after(day), lambda _name: "XNYS", NOBODY, NO_FAILS
    )
    journal = post_buy_ins(done.bought, day)
    assert_balanced(journal)
    street.obligations = done.obligations
    for row in journal.to_dicts():
        street.books[row["book"], row["ref"], row["unit"]] += row["amount"]
    return done.bought


@settings(max_examples=60, deadline=None)
@given(
    quantity=st.integers(1, 50),
    bought=st.integers(0, 10**6),
    sold=st.integers(0, 10**6),
    settles=st.integers(0, 49),
    cuts=st.lists(st.integers(1, 20), max_size=4),
    data=st.data(),
)
def test_what_is_bought_in_leaves_the_claim_alone(
    quantity: int, bought: int, sold: int, settles: int, cuts: list[int], data: st.DataObject
) -> None:
    terms = {"quantity_e8": quantity, "buy_gross_minor": bought, "sell_gross_minor": sold}
    street = Street(obligations=obligations(terms))
    books = street.books
    books[PAYABLE, LEI, "USD"] -= bought
    books[RECEIVABLE, LEI, "USD"] += sold
    books[SHARES, LEI, ISIN] += quantity
    settled = min(settles, quantity - 1)
    paid = round_half_up((sold - bought) * settled, quantity)
    part = {"obligation_id": "OB1", "quantity_e8": settled, "money_minor": paid, "currency": "USD"}
    street.close(WEDNESDAY, statuses(part) if settled else None)
    left, rows = quantity - settled, list[Row]()
    for n, cut in enumerate([*cuts, 50]):
        size = min(cut, left)
        left -= size
        if size:
            money = data.draw(st.integers(1, 10**6))
            rows.append({"buy_in_id": f"B{n}", "quantity_e8": size, "money_minor": money})
    done = take(street, buy_ins(*data.draw(st.permutations(rows))))
    assert done.height == len(rows)
    assert books[PAYABLE, LEI, "USD"] == books[RECEIVABLE, LEI, "USD"] == 0
    assert books[SHARES, LEI, ISIN] == 0
    cost = sum(int(row["money_minor"]) for row in rows)
    claims = [books[f"{side}:Claims", LEI, "USD"] for side in ("Assets", "Liabilities")]
    assert sum(claims) == cost + (sold - bought - paid)
    assert books[PAYABLE, OTHER_LEI, "USD"] == -cost
    assert street.one(obligation_id="OB1")["status"] == ("SETTLED" if settled else "CANCELLED")
    street.settle_everything(date(2026, 6, 1))
    assert street.unsettled() == {}


def test_a_buy_in_that_fits_nothing_waits() -> None:
    street = Street(obligations=obligations({"quantity_e8": 10}, {"obligation_id": "OB2"}))
    street.close(WEDNESDAY)
    rows = [
        {"buy_in_id": "much", "quantity_e8": 11},
        {"buy_in_id": "other", "quantity_e8": 1, "currency": "EUR"},
        {"buy_in_id": "early", "quantity_e8": 1, "trade_date": date(2026, 4, 6)},
        {"buy_in_id": "whose", "quantity_e8": 1, "obligation_id": "OB9"},
        {"buy_in_id": "later", "quantity_e8": 1, "trade_date": THURSDAY},
    ]
    table = buy_ins(*({"money_minor": 1, **row} for row in rows))
    done = buy_in(
        street.obligations,
        table,
        WEDNESDAY,
        next_day_after(WEDNESDAY),
        lambda _name: "XNYS",
        NOBODY,
        NO_FAILS,
    )
    assert done.bought.height == 0
    assert done.obligations.equals(street.obligations)
    assert sorted(done.misfits["buy_in_id"]) == ["early", "much", "other", "whose"]
    assert done.table["booked_on"].null_count() == 5


def test_what_trades_are_to_leave_cannot_be_bought_in_though_the_street_refused() -> None:
    street = Street(obligations=obligations({"quantity_e8": 10}))
    street.close(WEDNESDAY)
    table = buy_ins({"buy_in_id": "late", "quantity_e8": 1, "money_minor": 1})
    leaving = pl.Series("obligation_id", ["OB1"])
    done = buy_in(
        street.obligations,
        table,
        WEDNESDAY,
        next_day_after(WEDNESDAY),
        lambda _: "XNYS",
        leaving,
        NO_FAILS,
    )
    assert done.misfits["buy_in_id"].to_list() == ["late"]
