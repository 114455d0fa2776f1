"""One journal as three texts: our own export, and what ledger (hledger too) and beancount read.

`python -m bench.inputs.journal_texts OUT POSTINGS` writes OUT/journal.csv, OUT/journal.ledger and
OUT/journal.beancount, and in OUT/broken the same of a few entries, one of them out of balance by a
minor unit; OUT/broken/entry.txt names it. The postings are those of the standard population's
trades, five each.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import polars as pl

from backoffice.accounting.postings.trades import post_trades
from backoffice.intake.capture import venue_zones
from backoffice.intake.validate import validate
from backoffice.kernel.columns import half_up, minor_units_expr, pow10_expr
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records import views
from bench.population import FIRST_DAY, Population, write_day

POSTINGS_PER_TRADE: Final = 5
_BROKEN_ENTRIES: Final = 100
_E16: Final = 16
_CURRENCY_LENGTH: Final = 3
_NO_FEES: Final = pl.DataFrame(
    schema={
        "partner": pl.String,
        "trade_date": pl.Date,
        "trade_id": pl.String,
        "fee_code": pl.String,
        "amount_minor": pl.Int128,
    }
)


def main(out: Path, postings: int) -> None:
    """Write the texts."""
    trades = max(postings // POSTINGS_PER_TRADE, 1)
    journal = post_trades(_cleared(trades), _NO_FEES, FIRST_DAY).sort(
        "entry_id", maintain_order=True
    )
    assert journal.height == trades * POSTINGS_PER_TRADE
    _write(out, journal)
    few = journal.head(_BROKEN_ENTRIES * POSTINGS_PER_TRADE)
    wrong = few.height // 2 // POSTINGS_PER_TRADE * POSTINGS_PER_TRADE
    is_wrong = pl.int_range(pl.len()) == wrong
    _write(out / "broken", few.with_columns(pl.col("amount") + is_wrong.cast(pl.Int128)))
    (out / "broken" / "entry.txt").write_text(few["entry_id"][wrong])


def _cleared(trades: int) -> pl.DataFrame:
    """Price the population's trades: quantity times price, half up, and the commission."""
    with TemporaryDirectory(prefix="bench-journal-") as name:
        day = write_day(Path(name), Population.standard(trades), FIRST_DAY, 0)
        texts = pl.concat(
            [pl.read_csv(path, infer_schema=False) for path in sorted(day.glob("trades-*.csv"))]
        )
    once = texts.unique("trade_id", keep="first", maintain_order=True).with_row_index("row")
    checked = validate(once, "trades", venue_zones(default_rulebook()))
    notional = pl.col("quantity_e8") * pl.col("price_e8")
    gross = half_up(notional, pow10_expr(_E16 - minor_units_expr()))
    commission, bought = pl.col("commission_minor"), pl.col("side") == "BUY"
    return checked.captured.with_columns(
        partner=pl.lit("local"),
        account_kind=pl.lit("CLIENT"),
        amended=pl.lit(value=False),
        gross_minor=gross,
        net_minor=gross + pl.when(bought).then(commission).otherwise(commission * -1),
    )


def _write(out: Path, journal: pl.DataFrame) -> None:
    out.mkdir(parents=True, exist_ok=True)
    rows = views.journal(journal)
    (out / "journal.csv").write_bytes(views.to_csv(rows))
    # ledger takes a bare US0000000012 for an amount and a name
    is_money = pl.col("unit").str.len_bytes() == _CURRENCY_LENGTH
    quoted = pl.when(is_money).then("unit").otherwise(pl.format('"{}"', "unit"))
    _write_entries(out / "journal.ledger", rows.with_columns(unit=quoted), "{} {}\n")
    _write_entries(out / "journal.beancount", rows, '{} * "{}"\n', _opened(rows))


def _opened(rows: pl.DataFrame) -> str:
    first = str(rows["effective_date"].min())
    accounts = rows["account"].unique().sort()
    return 'option "name_equity" "Securities"\n' + "".join(
        f"{first} open {account}\n" for account in accounts
    )


def _write_entries(path: Path, rows: pl.DataFrame, head: str, start: str = "") -> None:
    """Write one entry after another: its head, then a line a posting."""
    is_first = pl.col("entry_id").ne_missing(pl.col("entry_id").shift())
    heads = pl.when(is_first).then(
        pl.lit("\n") + pl.format(head, "effective_date", "entry_id")
    ).otherwise(pl.lit(""))  # fmt: skip
    lines = rows.select(heads + pl.format("  {}  {} {}\n", "account", "amount", "unit"))
    path.write_text(start + "".join(lines.to_series()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
