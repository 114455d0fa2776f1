"""Lot stories as text: one event a line, and what the books say of the lots afterwards.

    2026-01-05 BUY 50 5750.00          a day, a kind, a quantity, the net (or the cost brought)
    2026-01-06 SELL 40 4700.00 EUR     dollars when no currency stands there

Events are called T1, T2, ... by their line.
"""

from datetime import UTC, date, datetime, time

import polars as pl

from backoffice.accounting.lots.replay import EVENTS, LotBook, replay
from backoffice.kernel.scaled import format_exact, format_scaled, parse_scaled

ISIN = "US0378331005"


def events(story: str, method: str | None = "FIFO", account: str = "A-1") -> pl.DataFrame:
    """Read a story as EVENTS."""
    lines = [line.split() for line in story.strip().splitlines()]
    rows = [
        event(words, f"T{number}", method, account) for number, words in enumerate(lines, start=1)
    ]
    return pl.DataFrame(rows, schema=EVENTS, orient="row")


def event(words: list[str], trade_id: str, method: str | None, account: str) -> tuple[object, ...]:
    """Read one line; trades of a day follow each other by the number in their id."""
    day, kind, quantity, money, *currency = words
    traded_on = date.fromisoformat(day)
    is_trade = kind not in {"IN", "OUT"}
    second = time(14, int(trade_id[1:]) % 60)
    return (
        account,
        ISIN,
        currency[0] if currency else "USD",
        kind,
        parse_scaled(quantity, 8),
        parse_scaled(money, 2),
        traded_on,
        datetime.combine(traded_on, second, UTC) if is_trade else None,
        trade_id,
        "local" if is_trade else None,
        method,
    )


def told(book: LotBook) -> str:
    """Tell the lots and the profit: `lot 2026-01-05 T1 10 1150.00 USD`, `profit 75.00 USD`."""
    lots = [
        f"lot {row['opened_on']} {row['trade_id']} {format_scaled(row['quantity_e8'], 8)}"
        f" {format_exact(row['cost_minor'], 2)} {row['currency']}"
        for row in book.lots.to_dicts()
    ]
    profits = [
        f"profit {format_exact(row['realised_pnl_minor'], 2)} {row['currency']}"
        for row in book.realised.to_dicts()
    ]
    return "\n".join(lots + profits)


def tell(story: str, method: str | None = "FIFO") -> str:
    """Play a story and tell how it ends."""
    return told(replay(events(story, method)))


def text(expected: str) -> str:
    """Take the margins off an expected ending."""
    return "\n".join(" ".join(line.split()) for line in expected.strip().splitlines())
