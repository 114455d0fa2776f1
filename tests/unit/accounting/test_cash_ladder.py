"""The projected cash: what comes and goes on which date, and what the firm must find."""

from datetime import date

import polars as pl

from backoffice.accounting.cash_ladder import LADDER, cash_ladder
from backoffice.intake.day_deals import FX_DEAL_SCHEMA
from backoffice.intake.day_payments import PAYMENT_SCHEMA
from tests.unit.settlement.builders import (
    E8,
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    obligations,
)

_NONE = pl.DataFrame(
    schema={
        "kind": pl.String,
        "currency": pl.String,
        "amount_minor": pl.Int128,
        "value_date": pl.Date,
        "booked_on": pl.Date,
    }
)
NO_DEALS = pl.DataFrame(schema=dict(FX_DEAL_SCHEMA))
NO_PAYMENTS = pl.DataFrame(schema=dict(PAYMENT_SCHEMA))
PAYS = {"obligation_id": "OB1", "buy_gross_minor": 1000, "settlement_date": WEDNESDAY}
RECEIVES = {
    "obligation_id": "OB2",
    "direction": "DELIVER",
    "quantity_e8": -100 * E8,
    "buy_gross_minor": 0,
    "sell_gross_minor": 700,
    "settlement_date": THURSDAY,
}


def movement(
    kind: str, minor: int, value_date: date, booked_on: date | None = None
) -> pl.DataFrame:
    return pl.DataFrame([(kind, "USD", minor, value_date, booked_on)], _NONE.schema, orient="row")


def at_bank(minor: int, currency: str = "USD") -> pl.DataFrame:
    """Give cash in two nostros, and what is none."""
    rows = [
        ("Assets:Cash", currency, currency, minor - 1),
        ("Assets:Cash:Bank", currency, currency, 1),
        ("Assets:CashFlow", currency, currency, 99),
    ]
    schema = {"book": pl.String, "ref": pl.String, "unit": pl.String, "amount": pl.Int128}
    return pl.DataFrame(rows, schema, orient="row")


def ladder(
    owed: pl.DataFrame,
    cash: pl.DataFrame,
    *movements: pl.DataFrame,
    paid: pl.DataFrame = NO_PAYMENTS,
) -> list[tuple[object, ...]]:
    rungs = cash_ladder(owed, pl.concat([_NONE, *movements]), paid, cash, NO_DEALS, TUESDAY)
    assert rungs.schema == LADDER
    return rungs.drop("currency").rows()


def test_each_date_goes_on_from_what_the_one_before_leaves() -> None:
    rungs = ladder(obligations(PAYS, RECEIVES), at_bank(400))
    assert rungs == [
        (WEDNESDAY, 400, 0, 1000, -600, -600, 600),
        (THURSDAY, -600, 700, 0, 100, -600, 600),
    ]


def test_what_comes_in_is_not_counted_on_for_what_must_be_found() -> None:
    same_day = obligations(PAYS, {**RECEIVES, "settlement_date": WEDNESDAY})
    assert ladder(same_day, at_bank(900)) == [(WEDNESDAY, 900, 700, 1000, 600, -100, 100)]


def test_what_is_late_is_still_expected_on_the_date_it_was_due() -> None:
    late = obligations({**PAYS, "settlement_date": MONDAY, "status": "FAILED"})
    assert ladder(late, at_bank(2000)) == [(MONDAY, 2000, 0, 1000, 1000, 1000, 0)]


def test_of_an_obligation_settled_in_part_the_rest_is_left() -> None:
    part = obligations({**PAYS, "status": "PARTIAL", "settled_money_minor": -400})
    assert ladder(part, at_bank(600)) == [(WEDNESDAY, 600, 0, 600, 0, 0, 0)]


def test_what_is_settled_cancelled_or_moves_nothing_is_on_no_rung() -> None:
    over = obligations(
        {**PAYS, "status": "SETTLED"},
        {**RECEIVES, "status": "CANCELLED"},
        {**PAYS, "obligation_id": "OB3", "direction": "FLAT", "status": "OPEN"},
    )
    assert ladder(over, at_bank(5)) == [(TUESDAY, 5, 0, 0, 5, 5, 0)]


def test_clients_money_counts_until_it_is_booked() -> None:
    rungs = ladder(
        obligations(),
        at_bank(100),
        movement("WITHDRAWAL", 150, FRIDAY),
        movement("DEPOSIT", 60, FRIDAY),
        movement("WITHDRAWAL", 500, TUESDAY, booked_on=TUESDAY),
    )
    assert rungs == [(FRIDAY, 100, 60, 150, 10, -50, 50)]


def test_currencies_stand_apart_and_one_without_cash_begins_at_nothing() -> None:
    both = obligations(PAYS, {**PAYS, "obligation_id": "OB2", "currency": "ISK"})
    rungs = cash_ladder(both, _NONE, NO_PAYMENTS, at_bank(1000), NO_DEALS, TUESDAY)
    assert rungs.select("currency", "closing_minor", "need_minor").rows() == [
        ("ISK", -1000, 1000),
        ("USD", 0, 0),
    ]


def test_what_the_bank_is_told_to_pay_goes_until_it_has_paid() -> None:
    def payment(ordered_on: date | None, execution_date: date | None) -> dict[str, object]:
        row = dict.fromkeys(PAYMENT_SCHEMA) | {"currency": "USD", "amount_minor": 30}
        return row | {"ordered_on": ordered_on, "execution_date": execution_date}

    rows = [payment(TUESDAY, FRIDAY), payment(MONDAY, TUESDAY), payment(None, None)]
    paid = pl.DataFrame(rows, dict(PAYMENT_SCHEMA))
    assert ladder(obligations(), at_bank(20), paid=paid) == [(FRIDAY, 20, 0, 30, -10, -10, 10)]
