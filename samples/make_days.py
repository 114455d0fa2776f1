"""Write the sample days: the same files from the same seed, anywhere.

Run `python -m samples.make_days FOLDER`. The days are the published holiday edge of October 2026:
Friday the 9th and Columbus Day, Monday the 12th, both settle on Tuesday the 13th.
"""

import hashlib
import json
import random
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from samples.exceptions import exceptional_trades
from samples.files import write_csv
from samples.market import (
    AMERICAN,
    COUNTERPARTIES,
    FEES,
    ICELANDIC,
    INSTRUMENTS,
    Instrument,
)

DAYS = (date(2026, 10, 9), date(2026, 10, 12), date(2026, 10, 13))
SEED = 20261009
TRADES_PER_DAY = 2000
CLIENTS = 96
METHODS = ("FIFO", "LIFO", "HIFO", "AVERAGE")
TRADE_COLUMNS = (
    "trade_id", "action", "version", "account_id", "side", "isin", "quantity", "price", "currency",
    "trade_time", "venue", "counterparty", "capacity", "commission", "order_id", "locate_id",
    "desk",
)  # fmt: skip
_DECIMAL_CURRENCY = "USD"

Row = Sequence[str]


def main(folder: Path) -> None:
    """Write one folder a day."""
    for number, day in enumerate(DAYS):
        write_day(folder / day.isoformat(), day, number)


def write_day(folder: Path, day: date, number: int) -> None:
    """Write the files of one business day."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(SEED + number)  # noqa: S311 - a sample, not a secret
    if number == 0:
        _write_reference(folder)
    write_csv(folder / "prices.csv", ("isin", "date", "close", "currency"), _prices(day, number))
    write_csv(folder / "fx.csv", ("currency", "base", "date", "rate"), _rates(day))
    write_csv(folder / "movements.csv", _MOVEMENT_COLUMNS, _movements(day, number))
    if number == 1:
        write_csv(folder / "accounts-late.csv", _ACCOUNT_COLUMNS, [_late_account()])
    trades = [_trade(rng, day, n) for n in range(TRADES_PER_DAY)]
    half = len(trades) // 2
    odd = exceptional_trades(day, number)
    _write_trades(folder, "trades-1.csv", trades[:half])
    _write_trades(folder, "trades-2.csv", [*trades[half:], *odd])


def _write_trades(folder: Path, name: str, trades: Sequence[dict[str, str]]) -> None:
    rows = [[trade.get(column, "") for column in TRADE_COLUMNS] for trade in trades]
    write_csv(folder / name, TRADE_COLUMNS, rows)
    body = (folder / name).read_bytes()
    control = {"rows": len(rows), "sha256": hashlib.sha256(body).hexdigest()}
    (folder / f"{name}.control.json").write_text(json.dumps(control) + "\n")


# ---- reference data
_ACCOUNT_COLUMNS = (
    "account_id", "name", "kind", "account_type", "currency", "country", "lei", "kyc_status",
    "kyc_review_date", "lot_method", "credit_limit", "given_names", "surname", "birth_date",
    "national_id", "national_id_kind",
)  # fmt: skip
_NAME = "Viðskiptavinur"
_MOVEMENT_COLUMNS = (
    "movement_id", "account_id", "kind", "currency", "amount", "isin", "quantity", "cost",
    "cost_currency", "value_date",
)  # fmt: skip


def _write_reference(folder: Path) -> None:
    instruments = [
        (i.isin, i.symbol, i.name, i.venue, i.currency, "ETF" if i.symbol == "SPY" else "EQUITY",
         "1", "Y", _status(i))
        for i in INSTRUMENTS
    ]  # fmt: skip
    named = ("isin", "symbol", "name", "venue", "currency", "asset_class", "lot_size", "liquid",
             "status")  # fmt: skip
    write_csv(folder / "instruments.csv", named, instruments)
    write_csv(folder / "accounts.csv", _ACCOUNT_COLUMNS, _accounts())
    write_csv(folder / "counterparties.csv", ("lei", "name", "bic", "netting"), COUNTERPARTIES)
    columns = ("fee_code", "venue", "side", "basis", "rate", "minimum", "maximum", "rounding",
               "currency", "valid_from", "valid_to")  # fmt: skip
    write_csv(folder / "fees.csv", columns, FEES)


def _status(instrument: Instrument) -> str:
    return "HALTED" if instrument.symbol == "INTC" else "ACTIVE"


def _account(number: int) -> Row:
    currency = "ISK" if number % 2 else "USD"
    kind = "MARGIN" if number % 5 == 0 else "CASH"
    kyc = "EXPIRED" if number == 7 else "APPROVED"  # noqa: PLR2004 - one client in arrears
    limit = {11: "1000", 12: "1000"}.get(number, "")
    method = METHODS[number // 2 % len(METHODS)]
    return (f"IS-{number:03d}", f"{_NAME} {number:03d}", "CLIENT", kind, currency, "IS", "", kyc,
            "2027-06-30", method, limit, *_person(number))  # fmt: skip


def _person(number: int) -> Row:
    """Say of a made-up client what a transaction report asks; its number is of no day: nobody's."""
    born = date(1970, 1, 1) + timedelta(days=number)
    return (_NAME, f"Númer {number:03d}", born.isoformat(), f"{number:010d}", "NIDN")


def _late_account() -> Row:
    return ("IS-900", f"{_NAME} 900", "CLIENT", "CASH", "USD", "IS", "", "APPROVED", "", "", "",
            *_person(900))  # fmt: skip


def _accounts() -> list[Row]:
    house = [
        (f"HOUSE-{currency}", f"Eigin viðskipti {currency}", "HOUSE", "CASH", currency, "IS", "",
         "APPROVED", "", "FIFO", "", "", "", "", "", "")
        for currency in ("USD", "ISK")
    ]  # fmt: skip
    return [*map(_account, range(1, CLIENTS + 1)), *house]


def _prices(day: date, number: int) -> list[Row]:
    drift = (100, 101, 99)[number]
    return [
        (i.isin, day.isoformat(), _money(i.close_cents * drift // 100, 100), i.currency)
        for i in INSTRUMENTS
    ]


def _rates(day: date) -> list[Row]:
    return [("EUR", "ISK", day.isoformat(), "142.35"), ("ISK", "USD", day.isoformat(), "0.00824")]


def _movements(day: date, number: int) -> list[Row]:
    if number:
        return [(f"W-{day}-{n}", f"IS-{n:03d}", "WITHDRAWAL", "ISK" if n % 2 else "USD", "1000", "",
                 "", "", "", day.isoformat()) for n in range(1, 6)]  # fmt: skip
    deposits = [
        (f"D-{n:03d}", f"IS-{n:03d}", "DEPOSIT", "ISK" if n % 2 else "USD",
         "25000000" if n % 2 else "250000.00", "", "", "", "", day.isoformat())
        for n in range(1, CLIENTS + 1)
    ]  # fmt: skip
    openings = [
        (f"T-{n:03d}-{i.symbol}", f"IS-{n:03d}", "TRANSFER_IN", "", "", i.isin, "400",
         _cost(i, 400), i.currency, day.isoformat())
        for n in range(1, CLIENTS + 1)
        for i in _holdings(n)
    ]  # fmt: skip
    return [*deposits, *openings]


def _holdings(number: int) -> list[Instrument]:
    market = ICELANDIC if number % 2 else AMERICAN
    return [market[(number + step) % len(market)] for step in (0, 3, 5)]


def _cost(instrument: Instrument, quantity: int) -> str:
    cents = instrument.close_cents * quantity * 9 // 10
    return _money(cents, 100) if instrument.currency == _DECIMAL_CURRENCY else str(cents // 100)


def _money(amount: int, scale: int) -> str:
    whole, fraction = divmod(amount, scale)
    return f"{whole}.{fraction:02d}" if fraction else str(whole)


# ---- trades
def _trade(rng: random.Random, day: date, number: int) -> dict[str, str]:
    client = rng.randint(1, CLIENTS)
    instrument = rng.choice([i for i in INSTRUMENTS if i.symbol != "INTC"])
    is_house = rng.random() < 0.03  # noqa: PLR2004
    side = rng.choice(("BUY", "BUY", "SELL"))
    is_american = instrument.currency == _DECIMAL_CURRENCY
    opening = time(14, 30) if is_american else time(9, 30)
    at = datetime.combine(day, opening, UTC) + timedelta(seconds=rng.randrange(5 * 3600))
    price = instrument.close_cents * rng.randint(960, 1040) // 1000
    return {
        "trade_id": f"{day:%Y%m%d}-{number:05d}",
        "account_id": f"HOUSE-{instrument.currency}" if is_house else _client(client),
        "side": side,
        "isin": instrument.isin,
        "quantity": str(rng.randint(1, 40) * (1 if is_american else 50)),
        "price": _money(max(price, 1), 100),
        "currency": instrument.currency,
        "trade_time": at.isoformat().replace("+00:00", "Z"),
        "venue": instrument.venue,
        "counterparty": rng.choice(COUNTERPARTIES)[0],
        "capacity": "PRINCIPAL" if is_house else "AGENCY",
        "commission": "0" if is_house else ("1.95" if is_american else "950"),
        "order_id": f"O-{number // 3:05d}",
        "desk": rng.choice(("Reykjavík", "Akureyri", "New York")),
    }


def _client(number: int) -> str:
    # clients in arrears or over their limit trade only where the day's exceptions say so
    return f"IS-{number + 20 if number in (7, 11, 12) else number:03d}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
