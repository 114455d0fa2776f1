"""The monthly accrual of a fee on sales: by day and issue, against what clients were charged."""

from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.compliance.blotters.journal import days_covered, postings
from backoffice.compliance.blotters.trades import entries, with_terms
from backoffice.compliance.fees.accrual import (
    SECTION_31,
    TAF,
    USD,
    FeeTerms,
    accrued,
    charged,
    codes_of,
    in_dollars,
    sales,
)
from backoffice.compliance.reports.kinds import Look, Made, ReportKind
from backoffice.kernel.columns import format_e8, format_money
from backoffice.reference.known import known_table

COLUMNS: Final = (
    *("recorded_on", "trade_date", "isin", "rate", "sales", "quantity", "amount", "accrued"),
    *("charged", "difference", "first_entry", "last_entry"),
)
"""A row a recorded day, trade date and issue; `sales` counts blotter rows, what reverses one takes
it away. `difference` is what clients were charged beyond what is accrued."""
ROWS: Final = "rows"
_KEY: Final = ["recorded_on", "trade_date", "isin", "rate_e8"]
_TOTALS: Final = ("quantity_e8", "amount_minor", "accrued_minor", "charged_minor")


def _make(fee: FeeTerms, look: Look) -> Made:
    """Accrue what the period's closes recorded, a day at a time."""
    instruments = known_table(look.records, look.books, "instruments")
    codes = codes_of(fee, look.rulebook, look.period.last)
    days, said, beside = list[pl.DataFrame](), list[str](), 0
    for day in days_covered(look):
        read = [(entries(part), charged(part, codes)) for part in postings(look, day)]
        if not read:
            continue
        traded, fees = (pl.concat(frames) for frames in zip(*read, strict=True))
        sold = sales(with_terms(look, traded), instruments, look.rulebook)
        said += in_dollars(sold)
        owed = accrued(sold.filter(pl.col("currency") == USD), fee, look.rulebook)
        days.append(_summed(owed.join(fees, on="entry_id", how="left"), day))
        others = fees.join(owed, on="entry_id", how="anti")
        beside += int(others["charged_minor"].sum())
    rows = pl.concat([_summed_frame(), *days]).sort(_KEY)
    return Made(
        tables={ROWS: [_shown(rows)] if rows.height else []},
        figures=_figures(rows, beside),
        differences=tuple(dict.fromkeys(said)),
    )


def _summed_frame() -> pl.DataFrame:
    whole = dict.fromkeys(("rate_e8", *_TOTALS), pl.Int128)
    schema: dict[str, Any] = {"recorded_on": pl.Date, "trade_date": pl.Date, "isin": pl.String}
    schema |= {"rate_e8": pl.Int128, "sales": pl.Int64, **whole}
    return pl.DataFrame(schema={**schema, "first_entry": pl.String, "last_entry": pl.String})


def _summed(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Sum a day's sales by trade date and issue: unsigned sold, less what was reversed."""
    sign = pl.when(pl.col("reverses").is_null()).then(1).otherwise(-1)
    dated = rows.with_columns(
        recorded_on=pl.lit(day, pl.Date),
        sales=sign.cast(pl.Int64),
        quantity_e8=pl.col("quantity_e8") * -1,
        amount_minor=pl.col("gross_minor") * -1,
        charged_minor=pl.col("charged_minor").fill_null(0),
    )
    sums = dated.group_by(_KEY).agg(
        pl.col("sales").sum(),
        *(pl.col(name).cast(pl.Int128).sum() for name in _TOTALS),
        first_entry=pl.col("entry_id").min(),
        last_entry=pl.col("entry_id").max(),
    )
    return sums.select(_summed_frame().columns)


def _shown(rows: pl.DataFrame) -> pl.DataFrame:
    told = rows.with_columns(
        currency=pl.lit(USD), apart_minor=pl.col("charged_minor") - pl.col("accrued_minor")
    )
    texts = {
        "rate": format_e8("rate_e8"),
        "quantity": format_e8("quantity_e8"),
        "difference": format_money("apart_minor"),
        **{name: format_money(f"{name}_minor") for name in ("amount", "accrued", "charged")},
    }
    return told.select(texts.get(c, pl.col(c)).cast(pl.String).alias(c) for c in COLUMNS)


def _figures(rows: pl.DataFrame, beside: int) -> dict[str, str]:
    """Sum up; what was charged under the fee's codes for anything else is named apart."""
    sums = rows.select(
        pl.col("sales").sum(),
        *(pl.col(name).sum() for name in _TOTALS),
        currency=pl.lit(USD),
        beside_minor=pl.lit(beside, pl.Int128),
    ).with_columns(apart_minor=pl.col("charged_minor") - pl.col("accrued_minor"))
    [row] = sums.select(
        sales=pl.col("sales").cast(pl.String),
        quantity=format_e8("quantity_e8"),
        amount=format_money("amount_minor"),
        accrued=format_money("accrued_minor"),
        charged=format_money("charged_minor"),
        difference=format_money("apart_minor"),
        charged_otherwise=format_money("beside_minor"),
    ).to_dicts()
    return row


def _kind(fee: FeeTerms) -> ReportKind:
    def make(look: Look) -> Made:
        return _make(fee, look)

    return ReportKind(name=fee.name, cycle="MONTH", make=make, rows=(ROWS,))


FEE_REPORTS: Final[tuple[ReportKind, ...]] = (_kind(SECTION_31), _kind(TAF))
