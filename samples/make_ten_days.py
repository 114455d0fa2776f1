"""Write ten business days and the market that answers them: not everything settles as it should.

Run `python -m samples.make_ten_days FOLDER`: a folder a day, and `market.toml` beside them.
"""

import random
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from samples.files import write_csv
from samples.market import AMERICAN, COUNTERPARTIES, ICELANDIC, Instrument
from samples.ten_days_desk import FAILING, PAPER

DAYS: Final = tuple(date(2026, 3, day) for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13))
SEED: Final = 20260302
CLIENTS: Final = 12
TRADES_PER_DAY: Final = 60
TRADED_ON: Final = DAYS[:6]
"""Nobody trades on the last days: what can settle has the time to."""

PAPERS: Final = (*AMERICAN[:4], *ICELANDIC[:2])
SCRIPT: Final = "market.toml"
_SHARES_EACH: Final = 5_000
_MONEY_EACH: Final[Mapping[str, int]] = {"USD": 3_000_000, "ISK": 300_000_000}
_LATER_DEPOSIT: Final = (DAYS[4], "USD", 125_000)
_TIMES: Final[Mapping[str, time]] = {"USD": time(14, 45), "ISK": time(9, 45)}

_CLEARING_HOUSE: Final = "784F5XWPLTWKTBV3E584"
"""In these days it nets continuously: what it fails nets with its next day."""

_MARKET: Final = Path(__file__).with_name("ten_days_market.toml")


def main(folder: Path) -> None:
    """Write one folder a day, and the market's script."""
    rng = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    for number, day in enumerate(DAYS):
        place = folder / day.isoformat()
        place.mkdir(parents=True, exist_ok=True)
        if number == 0:
            _write_reference(place)
        _write_prices(place, day)
        movements = _movements(day)
        if movements:
            write_csv(place / "movements.csv", _MOVEMENT_COLUMNS, movements)
        if day in TRADED_ON:
            trades = [_trade(rng, day, n) for n in range(TRADES_PER_DAY)]
            trades += [_NEVER_DELIVERED] if number == 0 else []
            write_csv(place / "trades-1.csv", _TRADE_COLUMNS, trades)
    shutil.copyfile(_MARKET, folder / SCRIPT)


# ---- reference data
_MOVEMENT_COLUMNS: Final = (
    "movement_id", "account_id", "kind", "currency", "amount", "isin", "quantity", "cost",
    "cost_currency", "value_date",
)  # fmt: skip
_TRADE_COLUMNS: Final = (
    "trade_id", "account_id", "side", "isin", "quantity", "price", "currency", "trade_time",
    "venue", "counterparty", "capacity", "commission",
)  # fmt: skip


def _write_reference(place: Path) -> None:
    papers = [(p.isin, p.symbol, p.name, p.venue, p.currency, "EQUITY", "Y") for p in PAPERS]
    named = ("isin", "symbol", "name", "venue", "currency", "asset_class", "liquid")
    write_csv(place / "instruments.csv", named, papers)
    accounts = [
        (_client(n), f"Viðskiptavinur {n:03d}", "CLIENT", "CASH", "USD", "IS", "APPROVED")
        for n in range(1, CLIENTS + 1)
    ]
    named = ("account_id", "name", "kind", "account_type", "currency", "country", "kyc_status")
    write_csv(place / "accounts.csv", named, accounts)
    street = [(*row[:3], "CNS" if row[0] == _CLEARING_HOUSE else row[3]) for row in COUNTERPARTIES]
    write_csv(place / "counterparties.csv", ("lei", "name", "bic", "netting"), street)


def _write_prices(place: Path, day: date) -> None:
    rows = [(p.isin, day.isoformat(), _price(p.close_cents), p.currency) for p in PAPERS]
    write_csv(place / "prices.csv", ("isin", "date", "close", "currency"), rows)


def _movements(day: date) -> list[Sequence[str]]:
    """Bring shares and money on the first day, and some more money later."""
    on, currency, amount = _LATER_DEPOSIT
    if day == on:
        return [_deposit("D-late", _client(1), currency, amount, day)]
    if day != DAYS[0]:
        return []
    rows = []
    for number in range(1, CLIENTS + 1):
        client = _client(number)
        for code, money in _MONEY_EACH.items():
            rows.append(_deposit(f"D-{number}-{code}", client, code, money, day))
        rows += [_transfer(f"T-{number}-{p.symbol}", client, p, day) for p in PAPERS]
    return rows


def _deposit(name: str, client: str, currency: str, amount: int, day: date) -> Sequence[str]:
    return (name, client, "DEPOSIT", currency, str(amount), "", "", "", "", day.isoformat())


def _transfer(name: str, client: str, paper: Instrument, day: date) -> Sequence[str]:
    cost = str(paper.close_cents * _SHARES_EACH // 100)
    return (name, client, "TRANSFER_IN", "", "", paper.isin, str(_SHARES_EACH), cost,
            paper.currency, day.isoformat())  # fmt: skip


# ---- trades
_NEVER_DELIVERED: Final = (
    "20260302-900", "IS-001", "BUY", PAPER, "6000", "183.50", "ISK", "2026-03-02T10:00:00Z",
    "XICE", FAILING, "AGENCY", "950",
)  # fmt: skip
"""So much that what else is sold to that seller on the day does not come up to it."""


def _trade(rng: random.Random, day: date, number: int) -> Sequence[str]:
    paper = rng.choice(PAPERS)
    is_american = paper.currency == "USD"
    at = datetime.combine(day, _TIMES[paper.currency], UTC) + timedelta(
        seconds=rng.randrange(4 * 3600)
    )
    cents = paper.close_cents * rng.randint(970, 1030) // 1000
    return (
        f"{day:%Y%m%d}-{number:03d}",
        _client(rng.randint(1, CLIENTS)),
        rng.choice(("BUY", "SELL")),
        paper.isin,
        str(rng.randint(1, 60) * (1 if is_american else 20)),
        _price(cents),
        paper.currency,
        at.isoformat().replace("+00:00", "Z"),
        paper.venue,
        rng.choice(COUNTERPARTIES)[0],
        "AGENCY",
        "1.95" if is_american else "950",
    )


def _client(number: int) -> str:
    return f"IS-{number:03d}"


def _price(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
