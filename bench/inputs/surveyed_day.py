"""A day of a broker's trades and orders, honest ones, as many as asked for, as Parquet.

`python -m bench.inputs.surveyed_day FOLDER TRADES` plays out accounts of every kind and copies them
under other names, on the same issues, until there are enough.
"""

import sys
from pathlib import Path
from random import Random

import polars as pl

from backoffice.stores.parquet import to_parquet
from tests.surveillance.honest import populate
from tests.surveillance.market import Book, business_days
from tests.surveillance.measure import LAST

_ACCOUNTS = 4_000
_ASSETS = {"account_id": pl.String, "assets_minor": pl.Int128}
_RENAMED = ("account_id", "owner", "order_id", "trade_id")


def main(folder: Path, trades: int) -> None:
    """Write trades, orders, closes, movements, accounts, what they have and did before."""
    book = Book(Random("surveyed"), business_days(LAST, 1))  # noqa: S311 - drawn, no secret
    populate(book, _ACCOUNTS)
    once = book.all_trades()
    copies = -(-trades // once.height)
    assets = pl.DataFrame(list(book.assets.items()), schema=_ASSETS, orient="row")
    frames = {
        "trades": _copied(once, copies).head(trades),
        "orders": _copied(book.all_orders(), copies),
        "accounts": _copied(book.known_accounts(), copies),
        "movements": _copied(book.all_movements(), copies),
        "closes": book.all_closes(),
        "history": _copied(book.history(), copies),
        "assets": _copied(assets, copies),
    }
    for name, frame in frames.items():
        (folder / f"{name}.parquet").write_bytes(to_parquet(frame))


def _copied(frame: pl.DataFrame, copies: int) -> pl.DataFrame:
    names = [name for name in _RENAMED if name in frame.columns]
    both = pl.concat(
        [
            frame.with_columns(pl.col(names) + pl.lit(f"/{number}")) if number else frame
            for number in range(copies)
        ]
    )
    if "seen" not in both.columns:
        return both
    return both.drop("seen").with_row_index("seen").select(frame.columns)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
