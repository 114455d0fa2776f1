"""Lines 4, 11 and 12: customers' fails to receive and to deliver, and what is borrowed for them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from backoffice.accounting import chart
from backoffice.compliance.reserve.customers_part import (
    loans_for,
    money_of,
    of_delivery,
    of_receipt,
)
from backoffice.compliance.reserve.fail_trades import Fail
from backoffice.compliance.reserve.frames import ROW, rows_frame
from backoffice.compliance.reserve.market import Dollars
from backoffice.kernel.columns import int128


def customers_open(fail: Fail) -> int:
    """Return customers' part of what is open of a fail, at 10^8."""
    left = fail.row["open_quantity_e8"]
    if fail.row["direction"] == "RECEIVE":
        return of_receipt(left, fail.whole_e8, fail.firm_e8)
    return of_delivery(left, fail.firm_e8, fail.customers_e8)


def is_old(fail: Fail, day: date, days: int) -> bool:
    """Whether a fail is older than some calendar days since its settlement date."""
    settled: date = fail.row["settlement_date"]
    return (day - settled).days > days


def fail_rows(fails: Iterable[Fail], day: date, days: int, dollars: Dollars) -> pl.DataFrame:
    """Return line 4, with what old fails are worth above their contract value, and line 12."""
    lines, old = list[dict[str, Any]](), list[dict[str, Any]]()
    for fail in fails:
        part = customers_open(fail)
        receives = fail.row["direction"] == "RECEIVE"
        if not part or (not receives and is_old(fail, day, days)):
            continue
        row = _row(fail, part)
        lines.append(row)
        if receives and is_old(fail, day, days):
            old.append(row | {"contract_minor": row["value_minor"], "amount": part})
    counted = dollars.money_rows(rows_frame(lines))
    return pl.concat([counted, _marks(old, dollars)])


def _row(fail: Fail, part: int) -> dict[str, Any]:
    row, receives = fail.row, fail.row["direction"] == "RECEIVE"
    street = (chart.PAYABLE_STREET, chart.RECEIVABLE_STREET)
    owed = row["open_money_minor"] * (-1 if receives else 1)
    money = money_of(max(0, owed), part, row["open_quantity_e8"])
    return {
        "line": "4" if receives else "12",
        "kind": "FAIL",
        "subject": row["fail_id"],
        "account": ";".join(f"{book}:{row['counterparty']}" for book in street),
        "unit": row["currency"],
        "amount": money,
        "currency": row["currency"],
        "value_minor": money,
        "sources": fail.sources,
        "isin": row["isin"],
    }


def _marks(old: list[dict[str, Any]], dollars: Dollars) -> pl.DataFrame:
    """Return by how much shares failed to receive are worth more than is to be paid for them."""
    if not old:
        return ROW.to_frame()
    held = rows_frame([row | {"kind": "MARK", "unit": row["isin"]} for row in old])
    contract = rows_frame([row | {"value_minor": row["contract_minor"]} for row in old])
    worth, paid = dollars.share_rows(held), dollars.money_rows(contract)
    more = worth["usd_minor"] - paid["usd_minor"]
    street = pl.Series([f"{chart.SECURITIES_STREET}:{r['account'].rsplit(':', 1)[1]}" for r in old])
    marked = worth.with_columns(
        more.alias("usd_minor"),
        street.alias("account"),
        missing=pl.coalesce("missing", paid["missing"]),
    )
    return marked.filter((pl.col("usd_minor") > int128(0)) | pl.col("missing").is_not_null())


def loan_rows(
    loans: Iterable[Mapping[str, Any]], needed: Mapping[str, int], dollars: Dollars
) -> pl.DataFrame:
    """Return line 11: the cash given for what is borrowed and customers need."""
    rows = [
        {
            "line": "11",
            "kind": "LOAN",
            "subject": f"{loan['partner']}/{loan['borrow_id']}",
            "account": f"{chart.COLLATERAL}:{loan['lender']}",
            "unit": loan["currency"],
            "amount": money,
            "currency": loan["currency"],
            "value_minor": money,
            "sources": f"{loan['partner']}:{loan['borrow_id']}",
        }
        for loan, _, money in loans_for(loans, needed)
        if money
    ]
    return dollars.money_rows(rows_frame(rows))
