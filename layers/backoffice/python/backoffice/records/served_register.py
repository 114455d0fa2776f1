"""Where the states of trades stand that apps may still ask about: parts by trade date."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from backoffice.kernel.books import Books

REGISTER: Final = "REGISTER"
"""The partition of the table of balances that points to them."""
_ASKED_FOR: Final = timedelta(days=35)
"""As long as the table of accepted trades serves a trade."""


def register_items(books: Books) -> Iterator[Mapping[str, Any]]:
    """Point, for each late trade date, to the parts of the register that tell of its trades.

    `parts` are `<bucket>/<buckets>/<key>`: who asks for a trade reads those of its account alone.
    """
    since = books.day - _ASKED_FOR
    parts = defaultdict[date, list[str]](list)
    for part in books.trades:
        for trade_date in part.trade_dates:
            if trade_date >= since:
                parts[trade_date].append(f"{part.bucket}/{part.buckets}/{part.key}")
    for trade_date in sorted(parts):
        yield {"pk": REGISTER, "sk": str(trade_date), "parts": parts[trade_date]}
