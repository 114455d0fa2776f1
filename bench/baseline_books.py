"""The baseline's books: a day's entries written from its trades, deposits and nets, by columns."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

DIGITS: Final = {"USD": 2, "EUR": 2, "ISK": 0}

KEY: Final = ["trade_date", "trade_id"]

NET_KEY: Final = ["counterparty", "isin", "currency", "settlement_date"]


@dataclass
class State:
    """What one day leaves to the next."""

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    held: pl.DataFrame | None = None
    open_client: pl.DataFrame | None = None
    obligations: pl.DataFrame | None = None
    balances: pl.DataFrame | None = None
    known: pl.DataFrame | None = None
    lots: dict[tuple[str, str], deque[list[int]]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    profit: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))


def _lines(rows: pl.DataFrame, kind: str, entry: pl.Expr, on: pl.Expr, day: date,
           postings: list[tuple[pl.Expr, pl.Expr, pl.Expr, pl.Expr]]) -> pl.DataFrame:  # fmt: skip
    """Write one line a posting: book, ref, unit, amount."""
    frames = [
        rows.select(
            entry_id=entry,
            effective_date=on,
            recorded_on=pl.lit(day),
            kind=pl.lit(kind),
            book=book,
            ref=ref,
            unit=unit,
            amount=amount.cast(pl.Int128),
        ).filter(pl.col("amount") != 0)
        for book, ref, unit, amount in postings
    ]
    return pl.concat(frames)


def trade_entries(cleared: pl.DataFrame, fees: pl.DataFrame, day: date) -> pl.DataFrame:
    """Book what a cleared trade makes owed, in money and in shares."""
    bought, none = pl.col("side") == "BUY", pl.lit("")
    account, street = pl.col("account_id"), pl.col("counterparty")
    money, isin = pl.col("currency"), pl.col("isin")
    entry = pl.format(f"{day}:T:{{}}:{{}}", *KEY)
    owed = pl.when(bought).then(of_kind("Assets:Receivable")).otherwise(
        of_kind("Liabilities:Payable"))  # fmt: skip
    owing = pl.when(bought).then(pl.lit("Liabilities:Payable:Street")).otherwise(
        pl.lit("Assets:Receivable:Street"))  # fmt: skip
    postings = [
        (owed, account, money, signed("net")),
        (owing, street, money, signed("gross") * -1),
        (pl.lit("Income:Commission"), none, money, pl.col("commission") * -1),
        (pl.lit("Securities:Street"), street, isin, signed("quantity")),
        (of_kind("Securities"), account, isin, signed("quantity") * -1),
    ]
    charges = [(pl.lit("Liabilities:Fees"), pl.col("fee_code"), money, pl.col("fee") * -1)]
    on = pl.col("trade_date")
    return pl.concat(
        [
            _lines(cleared, "TRADE", entry, on, day, postings),
            _lines(fees, "TRADE", entry, on, day, charges),
        ]
    )


def client_side(state: State, cleared: pl.DataFrame, day: date) -> pl.DataFrame:
    """Settle the clients' side of what is due, whatever the street does."""
    columns = [*KEY, "account_id", "kind", "side", "currency", "net", "settlement_date"]
    fresh = cleared.select(columns)
    rows = fresh if state.open_client is None else pl.concat([state.open_client, fresh])
    due = rows.filter(pl.col("settlement_date") <= day)
    state.open_client = rows.filter(pl.col("settlement_date") > day)
    house = pl.col("kind") == "HOUSE"
    cash = pl.when(house).then(pl.lit("Assets:Inventory")).otherwise(
        pl.lit("Liabilities:ClientCash"))  # fmt: skip
    owed = pl.when(pl.col("side") == "BUY").then(of_kind("Assets:Receivable")).otherwise(
        of_kind("Liabilities:Payable"))  # fmt: skip
    account, money = pl.col("account_id"), pl.col("currency")
    postings = [
        (cash, account, money, signed("net")),
        (owed, account, money, signed("net") * -1),
    ]
    entry = pl.format(f"{day}:C:{{}}:{{}}", *KEY)
    return _lines(due, "CLIENT_SETTLEMENT", entry, pl.col("settlement_date"), day, postings)


def movements(folder: Path, state: State, day: date) -> pl.DataFrame:
    """Book the day's deposits."""
    path = folder / "movements.csv"
    table = pl.read_csv(path, infer_schema=False) if path.exists() else _NO_DEPOSITS
    kinds = state.tables["accounts"].select("account_id", house="kind")
    digits = pl.col("currency").replace_strict(DIGITS, return_dtype=pl.Int128)
    rows = table.join(kinds, on="account_id").with_columns(
        amount=scaled("amount", 2) * power(digits, 2) // 100,
        value_date=pl.col("value_date").str.to_date(),
    )
    owner = pl.when(pl.col("house") == "HOUSE").then(pl.lit("Assets:Inventory")).otherwise(
        pl.lit("Liabilities:ClientCash"))  # fmt: skip
    money, amount = pl.col("currency"), pl.col("amount")
    postings = [
        (pl.lit("Assets:Cash"), money, money, amount),
        (owner, pl.col("account_id"), money, amount * -1),
    ]
    entry = pl.format(f"{day}:M:{{}}", "movement_id")
    return _lines(rows, "MOVEMENT", entry, pl.col("value_date"), day, postings)


_NO_DEPOSITS: Final = pl.DataFrame(
    schema=dict.fromkeys(
        ("movement_id", "account_id", "kind", "currency", "amount", "value_date"), pl.String
    )
)


def street_side(state: State, nets: pl.DataFrame, day: date) -> pl.DataFrame:
    """Open the day's obligations and settle in full what is due."""
    opened = nets.with_columns(settled=pl.lit(value=False))
    rows = opened if state.obligations is None else pl.concat([state.obligations, opened])
    falls = ~pl.col("settled") & (pl.col("settlement_date") <= day)
    due = rows.filter(falls)
    state.obligations = rows.with_columns(settled=pl.col("settled") | falls)
    street, money, isin = pl.col("counterparty"), pl.col("currency"), pl.col("isin")
    buys, sales, quantity, none = pl.col("buys"), pl.col("sales"), pl.col("quantity"), pl.lit("")
    postings = [
        (pl.lit("Liabilities:Payable:Street"), street, money, buys),
        (pl.lit("Assets:Receivable:Street"), street, money, sales * -1),
        (pl.lit("Assets:Cash"), money, money, sales - buys),
        (pl.lit("Securities:Depository"), none, isin, quantity),
        (pl.lit("Securities:Street"), street, isin, quantity * -1),
    ]
    entry = pl.format(f"{day}:S:{{}}:{{}}:{{}}:{{}}", *NET_KEY)
    return _lines(due, "STREET_SETTLEMENT", entry, pl.col("settlement_date"), day, postings)


def of_kind(book: str) -> pl.Expr:
    """Name a book for the account's kind."""
    house = pl.col("kind") == "HOUSE"
    return pl.when(house).then(pl.lit(f"{book}:House")).otherwise(pl.lit(f"{book}:Client"))


def signed(column: str) -> pl.Expr:
    """Count a purchase up and a sale down."""
    value = pl.col(column)
    return pl.when(pl.col("side") == "BUY").then(value).otherwise(value * -1)


def scaled(column: str, scale: int) -> pl.Expr:
    """Read decimals as whole numbers at 10^scale."""
    return pl.col(column).cast(pl.Decimal(38, scale)).to_physical()


def power(exponent: pl.Expr, most: int) -> pl.Expr:
    """Return 10^exponent."""
    return exponent.cast(pl.Int64).replace_strict(
        {n: 10**n for n in range(most + 1)}, return_dtype=pl.Int64
    ).cast(pl.Int128)  # fmt: skip
