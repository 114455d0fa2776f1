"""The reserve computation as reports: weekly or daily, as the rulebook says the firm computes."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.risk.inputs import market_of
from backoffice.clearance.borrow_frames import OPEN, known_borrows
from backoffice.clearance.report_codes import RESERVE_DEPOSIT_DUE, RESERVE_NOT_COMPUTED
from backoffice.compliance.reports.clock import due_at
from backoffice.compliance.reports.kinds import Look, Made, ReportKind
from backoffice.compliance.reports.periods import Cycle
from backoffice.compliance.reserve.aged_rows import count_rows, receivable_rows
from backoffice.compliance.reserve.balance_rows import customer_rows, named_rows, unsecured_rows
from backoffice.compliance.reserve.computation import DAILY, WEEKLY, Computation, Method, compute
from backoffice.compliance.reserve.concentration import PERCENT_SCALE, concentrated_rows
from backoffice.compliance.reserve.fail_rows import customers_open, fail_rows, is_old, loan_rows
from backoffice.compliance.reserve.fail_trades import Fail, open_fails
from backoffice.compliance.reserve.frames import CREDITS, ROW, TITLES, USD
from backoffice.compliance.reserve.held import (
    balances_of,
    customers,
    settled_positions,
    short_of,
)
from backoffice.compliance.reserve.market import Dollars
from backoffice.intake.day_documents import Cause
from backoffice.kernel.columns import format_money
from backoffice.kernel.rulebook import Rulebook

LINES, ROWS = "lines", "rows"
LINE_COLUMNS: Final = ("line", "side", "title", "usd", "rows")
ROW_COLUMNS: Final = (
    *("line", "kind", "subject", "account", "unit", "amount", "currency", "value", "rate"),
    *("usd", "sources"),
)
_ROWS_A_FILE: Final = 100_000


def gathered(look: Look) -> pl.DataFrame:
    """Return `ROW` of every line: what it is made of, by line, subject and unit."""
    day, dollars = look.books.day, Dollars(market_of(look.records, look.books))
    balances = balances_of(look)
    holdings = settled_positions(look, customers(look))
    own = customer_rows(balances, dollars)
    aged = look.rulebook.days("reserve_aged_days", day)
    fails = open_fails(look)
    old = look.rulebook.days("reserve_fail_to_deliver_days", day)
    loans = known_borrows(look.records, look.books).filter(pl.col("status") == OPEN)
    bare = unsecured_rows(own.filter(pl.col("line") == "10"), holdings, dollars)
    frames = [
        own,
        bare,
        _concentrated(look, pl.concat([own, bare]), holdings, dollars),
        named_rows(balances, dollars, look.rulebook, day),
        fail_rows(fails, day, old, dollars),
        loan_rows(loans.to_dicts(), _needed(short_of(holdings), fails, day, old), dollars),
        receivable_rows(look, balances, aged, dollars),
        count_rows(look, aged, dollars),
    ]
    order = [pl.col("line").str.zfill(2), "kind", "subject", "unit", "account"]
    return pl.concat(frames).select(list(ROW)).sort(order, nulls_last=True)


def _concentrated(
    look: Look, rows: pl.DataFrame, holdings: pl.DataFrame, dollars: Dollars
) -> pl.DataFrame:
    """Return what of secured debits of margin accounts is not counted for concentration."""
    names = ("margin_securities_percent", "reserve_concentration_percent")
    percents = [look.rulebook.scaled(name, look.books.day, PERCENT_SCALE) for name in names]
    margin = customers(look).filter(pl.col("account_type") == "MARGIN")
    owed = rows.filter(pl.col("line") == "10").group_by(account_id="subject").agg(
        owed_minor=pl.col("usd_minor").sum()
    )  # fmt: skip
    debits = owed.join(margin, on="account_id", how="semi").filter(pl.col("owed_minor") > 0)
    return concentrated_rows(debits, holdings, dollars, *percents)


def _needed(short: Mapping[str, int], fails: list[Fail], day: date, old: int) -> dict[str, int]:
    """Return by ISIN what customers are short of, less what line 12 counts of it already."""
    needed = dict(short)
    for fail in fails:
        isin = fail.row["isin"]
        if fail.row["direction"] == "DELIVER" and isin in needed and not is_old(fail, day, old):
            needed[isin] = max(0, needed[isin] - customers_open(fail))
    return needed


def _maker(frequency: str) -> Callable[[Look], Made]:
    def make(look: Look) -> Made:
        name = f"RESERVE_{frequency}"
        rows = gathered(look)
        lacks = rows["missing"].drop_nulls().unique().sort().to_list()
        tables = {ROWS: _cut(shown_rows(rows))}
        if lacks:
            subjects = (f"{name} {what}" for what in lacks)
            causes = tuple(Cause(code=RESERVE_NOT_COMPUTED, subject=one) for one in subjects)
            return Made(tables=tables, figures={"computed": "N"}, causes=causes)
        method = Method.on(look.rulebook, look.books.day, frequency)
        found = compute(rows, method)
        return Made(
            tables={LINES: [_lines(found, rows)], **tables},
            figures={"computed": "Y", "method": method.name, **_figures(found)},
            causes=tuple(_deposits(look, name, found)),
        )

    return make


def _deposits(look: Look, name: str, found: Computation) -> Iterator[Cause]:
    if found.deposit:
        last = look.period.last
        due = due_at(name, last, look.rulebook, look.calendar).date()
        subject = f"{name} {look.books.day}"
        yield Cause(code=RESERVE_DEPOSIT_DUE, subject=subject, due=due)


def _figures(found: Computation) -> dict[str, str]:
    cents = {
        "total_credits": found.credits,
        "total_debits": found.debits,
        "debit_reduction": found.cut,
        "required": found.required,
        "on_deposit": found.on_deposit,
        "deposit_due": found.deposit,
        "withdrawal_allowed": found.withdrawal,
    }
    frame = pl.DataFrame(
        {"name": list(cents), "minor": list(cents.values())},
        schema={"name": pl.String, "minor": pl.Int128},
    ).with_columns(currency=pl.lit(USD))
    return dict(frame.select("name", format_money("minor")).iter_rows())


def _lines(found: Computation, rows: pl.DataFrame) -> pl.DataFrame:
    counted = dict(rows.group_by("line").agg(pl.len()).iter_rows())
    told = [
        {
            "line": line,
            "side": "CREDIT" if line in CREDITS else "DEBIT",
            "title": TITLES[line],
            "minor": minor,
            "rows": str(counted.get(line, 0)),
        }
        for line, minor in found.lines.items()
    ]
    schema = {"line": pl.String, "side": pl.String, "title": pl.String, "minor": pl.Int128}
    lines = pl.DataFrame(told, schema={**schema, "rows": pl.String})
    usd = lines.with_columns(currency=pl.lit(USD)).with_columns(usd=format_money("minor"))
    totals = pl.DataFrame(
        [{"line": name, "usd": text} for name, text in _figures(found).items()],
        schema=dict.fromkeys(LINE_COLUMNS, pl.String),
    ).with_columns(side=pl.lit("TOTAL"))
    return pl.concat([usd.select(LINE_COLUMNS), totals])


def shown_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows as text: money with its minor units, shares without trailing zeros."""
    dollars = pl.lit(USD).alias("dollar")
    told = rows.with_columns(dollars, format_money("value_minor").alias("value"))
    amount = chart.amount_text()
    shown = told.with_columns(
        amount=pl.when(pl.col("unit").is_not_null()).then(amount),
        usd=format_money("usd_minor", "dollar"),
    )
    return shown.select(pl.col(name).cast(pl.String) for name in ROW_COLUMNS)


def _cut(rows: pl.DataFrame) -> list[pl.DataFrame]:
    return list(rows.iter_slices(_ROWS_A_FILE)) if rows.height else []


def _kind(frequency: str, cycle: Cycle) -> ReportKind:
    def holds(rulebook: Rulebook, day: date) -> bool:
        return rulebook.value("reserve.frequency", day) == frequency

    return ReportKind(
        name=f"RESERVE_{frequency}",
        cycle=cycle,
        make=_maker(frequency),
        rows=(LINES, ROWS),
        is_asked=holds,
    )


RESERVE_REPORTS: Final[tuple[ReportKind, ...]] = (_kind(WEEKLY, "WEEK"), _kind(DAILY, "DAY"))
