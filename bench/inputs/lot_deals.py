"""Buys and sales as two texts: rows for us, and what beancount reads.

`python -m bench.inputs.lot_deals OUT TRADES` writes OUT/deals.csv and OUT/deals.beancount: trades
of the standard population on five sessions, sales cut to what is held (the other side opens no
short lots). A share's cost is a whole number of minor units, commission in it, so that no part of a
lot has to be rounded: the other side keeps costs a share and rounds nothing.
"""

import sys
from collections import defaultdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import polars as pl

from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.scaled import format_exact
from bench.population import Population, write_day

SESSIONS: Final = tuple(date(2026, 3, day) for day in (2, 3, 4, 5, 6))
_COLUMNS: Final = [
    "trade_id",
    "account_id",
    "side",
    "isin",
    "quantity",
    "net",
    "currency",
    "trade_date",
    "trade_time",
]


def main(out: Path, trades: int) -> None:
    """Write both texts."""
    out.mkdir(parents=True, exist_ok=True)
    deals = _deals(_trades(trades))
    frame = pl.DataFrame(deals).select(_COLUMNS)
    frame.write_csv(out / "deals.csv")
    with (out / "deals.beancount").open("w") as text:
        text.write(_opened(frame))
        text.writelines(map(_entry, deals))


def _trades(count: int) -> pl.DataFrame:
    """Return the population's trades of all sessions, in the order they were traded in."""
    each = -(-count // len(SESSIONS))
    population = Population.standard(each)
    with TemporaryDirectory(prefix="bench-deals-") as name:
        for session in SESSIONS:
            write_day(Path(name) / str(session), population, session, 1)
        paths = sorted(Path(name).glob("*/trades-*.csv"))
        rows = pl.concat([pl.read_csv(path, infer_schema=False) for path in paths])
    once = rows.unique("trade_id", keep="first", maintain_order=True).head(count)
    return once.with_columns(trade_date=pl.col("trade_time").str.head(len("2026-03-02"))).sort(
        "trade_date", "trade_time", "trade_id"
    )


def _deals(trades: pl.DataFrame) -> list[dict[str, Any]]:
    """Cut each sale to what its account holds; one of nothing becomes a buy."""
    held: dict[tuple[str, str], int] = defaultdict(int)
    deals = []
    for row in trades.iter_rows(named=True):
        group, wanted = (row["account_id"], row["isin"]), int(row["quantity"])
        is_sale = row["side"] == "SELL" and held[group] > 0
        quantity = min(wanted, held[group]) if is_sale else wanted
        held[group] += -quantity if is_sale else quantity
        cost = int(row["price"].replace(".", "")) + (-1 if is_sale else 1)  # commission
        digits = MINOR_UNITS[row["currency"]]
        figures = {
            "side": "SELL" if is_sale else "BUY",
            "quantity": quantity,
            "net": format_exact(quantity * cost, digits),
            "each": format_exact(cost, digits),
        }
        deals.append(row | figures)
    return deals


def _opened(deals: pl.DataFrame) -> str:
    groups = deals.select("account_id", "isin").unique().sort("account_id", "isin")
    lines = [f"{SESSIONS[0]} open Assets:Cash\n"]
    for account, isin in groups.iter_rows():
        lines.append(f'{SESSIONS[0]} open Assets:Lots:{account}:{isin} {isin} "FIFO"\n')
        lines.append(f"{SESSIONS[0]} open Income:Profit:{account}:{isin}\n")
    return "".join(lines)


def _entry(deal: dict[str, Any]) -> str:
    """Write a buy with what a share costs, or a sale whose lots and profit are to be found."""
    place, isin, money = f"{deal['account_id']}:{deal['isin']}", deal["isin"], deal["currency"]
    head = f'\n{deal["trade_date"]} * "{deal["trade_id"]}"\n  Assets:Lots:{place}  '
    if deal["side"] == "BUY":
        lot = f'{{{deal["each"]} {money}, "{deal["trade_id"]}"}}'
        return f"{head}{deal['quantity']} {isin} {lot}\n  Assets:Cash  -{deal['net']} {money}\n"
    sold = f"{head}-{deal['quantity']} {isin} {{}}\n  Assets:Cash  {deal['net']} {money}\n"
    return f"{sold}  Income:Profit:{place}\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
