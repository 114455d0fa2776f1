"""The standard population: a broker's days at any size, the same bytes from the same seed.

An account trades ten instruments, an instrument goes through twelve counterparties, and some
instruments are far busier than others, as order flow is. One trade in a thousand is held.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import polars as pl

DAYS: Final = (date(2026, 3, 2), date(2026, 3, 4))
"""What trades on the first falls due by the second, at T+1 as at T+2."""
FIRST_DAY: Final = date(2026, 2, 27)
"""A session before both, to warm up on."""

_SEED: Final = 20260302
_PLACES: Final = 10
_ROUTES: Final = 12
_HELD_ONE_IN: Final = 1_000
_ECHO_ONE_IN: Final = 1_000
_WORD: Final = pl.UInt64
_GOLDEN: Final = 0x9E3779B97F4A7C15
_MIX: Final = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SESSION_SECONDS: Final = 5 * 3600
_OPENING_SECONDS: Final = 15 * 3600


@dataclass(frozen=True, slots=True)
class Population:
    """How much of everything a day has."""

    trades: int
    accounts: int
    instruments: int = 3_000
    counterparties: int = 40
    files: int = 10

    @classmethod
    def standard(cls, trades: int) -> "Population":
        """Return the standard population: 20,000 accounts a million trades, 200 at least."""
        return cls(trades=trades, accounts=max(200, trades // 50))


def write_days(folder: Path, population: Population, days: tuple[date, ...] = DAYS) -> list[Path]:
    """Write one folder a day and return them; reference data and deposits go into the first."""
    return [
        write_day(folder / day.isoformat(), population, day, number)
        for number, day in enumerate(days)
    ]


def write_day(folder: Path, population: Population, day: date, number: int) -> Path:
    """Write the files of one business day and return their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    instruments = instruments_of(population.instruments)
    accounts = _accounts(population.accounts)
    lei = pl.Series([lei_of(number) for number in range(population.counterparties)])
    if number == 0:
        _write_reference(folder, day, instruments, accounts, lei)
    prices = instruments.select("isin", date=pl.lit(day), close=_text("cents"), currency="currency")
    prices.write_csv(folder / "prices.csv")
    _write_trades(folder, population, day, instruments, accounts, lei)
    return folder


def _write_reference(
    folder: Path, day: date, instruments: pl.DataFrame, accounts: pl.DataFrame, lei: pl.Series
) -> None:
    instruments.drop("cents", "number").write_csv(folder / "instruments.csv")
    accounts.drop("number").write_csv(folder / "accounts.csv")
    counterparties = pl.DataFrame({"lei": lei}).with_row_index("number").select(
        "lei",
        name=pl.format("Counterparty {}", "number"),
        netting=pl.lit("NET"),
    )  # fmt: skip
    counterparties.write_csv(folder / "counterparties.csv")
    pl.DataFrame(_FEES, schema=_FEE_COLUMNS, orient="row").write_csv(folder / "fees.csv")
    _deposits(accounts, day).write_csv(folder / "movements.csv")


_FEE_COLUMNS: Final = (
    "fee_code", "venue", "side", "basis", "rate", "minimum", "maximum", "rounding", "currency",
    "valid_from",
)  # fmt: skip
_FEES: Final = (
    ("REGULATOR", "*", "SELL", "NOTIONAL", "0.0000206", "", "", "UP", "USD", "2026-01-01"),
    ("ACTIVITY", "*", "SELL", "SHARES", "0.000195", "0.01", "9.79", "UP", "USD", "2026-01-01"),
    ("EXCHANGE", "XICE", "BOTH", "NOTIONAL", "0.000035", "50", "5000", "HALF_UP", "ISK",
     "2026-01-01"),
    ("EXCHANGE", "XETR", "BOTH", "NOTIONAL", "0.000048", "0.60", "72", "HALF_UP", "EUR",
     "2026-01-01"),
    ("CLEARING", "*", "BOTH", "TRADE", "0.02", "", "", "HALF_UP", "USD", "2026-01-01"),
)  # fmt: skip


def instruments_of(count: int) -> pl.DataFrame:
    """Return the instruments with their venues, currencies and last prices in cents."""
    isins = [_isin(number) for number in range(count)]
    market = pl.col("number") % 5
    return pl.DataFrame({"isin": isins}).with_row_index("number").with_columns(
        symbol=pl.format("S{}", "number"),
        name=pl.format("Instrument {}", "number"),
        venue=_by(market, ["XNAS", "XNYS", "XNAS", "XICE", "XETR"]),
        currency=_by(market, ["USD", "USD", "USD", "ISK", "EUR"]),
        asset_class=pl.lit("EQUITY"),
        cents=500 + _draw("number", 1, 50_000),
    )  # fmt: skip


def _accounts(count: int) -> pl.DataFrame:
    number = pl.col("number")
    is_house = number < 3  # noqa: PLR2004 - the firm's own, one a currency
    return pl.select(number=pl.int_range(count, dtype=_WORD)).select(
        "number",
        account_id=pl.format("A-{}", number.cast(pl.String).str.zfill(6)),
        name=pl.format("Client {}", number),
        kind=pl.when(is_house).then(pl.lit("HOUSE")).otherwise(pl.lit("CLIENT")),
        account_type=_by(number % 5, ["CASH", "CASH", "CASH", "CASH", "MARGIN"]),
        currency=_by(number % 3, ["USD", "ISK", "EUR"]),
        country=pl.lit("IS"),
        kyc_status=pl.lit("APPROVED"),
        lot_method=pl.lit("FIFO"),
    )


def _deposits(accounts: pl.DataFrame, day: date) -> pl.DataFrame:
    return accounts.select(
        movement_id=pl.format(f"D-{day:%Y%m%d}-{{}}", "account_id"),
        account_id="account_id",
        kind=pl.lit("DEPOSIT"),
        currency="currency",
        amount=pl.lit("1000000"),
        value_date=pl.lit(day),
    )


def _write_trades(
    folder: Path,
    population: Population,
    day: date,
    instruments: pl.DataFrame,
    accounts: pl.DataFrame,
    lei: pl.Series,
) -> None:
    chosen = choices(population, day)
    trades = _columns(chosen, day, instruments, accounts, lei)
    each = -(-population.trades // population.files)
    for file in range(population.files):
        rows = trades.slice(file * each, each)
        # a partner sends a few trades of its former file once more
        echoes = trades.slice((file - 1) * each, each // _ECHO_ONE_IN) if file else rows.head(0)
        pl.concat([rows, echoes]).write_csv(folder / f"trades-{file + 1:02d}.csv")


def choices(population: Population, day: date) -> pl.DataFrame:
    """Draw who, what, through whom, which way, how much and when; all as whole numbers."""
    start = day.toordinal() * 2**32
    busy = population.instruments
    account = _draw("number", 1, population.accounts)
    rows = pl.select(number=pl.int_range(start, start + population.trades, dtype=_WORD))
    placed = rows.with_columns(account=account).with_columns(
        place=pl.col("account") * _PLACES + _draw("number", 2, _PLACES)
    )
    # the product of two draws makes the first instruments many times busier than the last
    routed = placed.with_columns(
        instrument=_draw("place", 3, busy) * _draw("place", 4, busy) // busy,
    ).with_columns(route=pl.col("instrument") * _ROUTES + _draw("number", 5, _ROUTES))
    return routed.with_columns(
        counterparty=_draw("route", 6, population.counterparties),
        side=_draw("number", 7, 20),
        shares=1 + _draw("number", 8, 400),
        drift=960 + _draw("number", 9, 81),
        second=_OPENING_SECONDS + _draw("number", 10, _SESSION_SECONDS),
        odd=_draw("number", 11, _HELD_ONE_IN),
        why=_draw("number", 12, 3),
    )


def _columns(
    chosen: pl.DataFrame,
    day: date,
    instruments: pl.DataFrame,
    accounts: pl.DataFrame,
    lei: pl.Series,
) -> pl.DataFrame:
    """Write the choices as the text a partner sends."""
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    traded = instruments[chosen["instrument"]]
    held = [(pl.col("odd") == 0) & (pl.col("why") == reason) for reason in range(3)]
    side = pl.when(pl.col("side") < 11).then(pl.lit("BUY")).otherwise(pl.lit("SELL"))  # noqa: PLR2004
    moment = pl.from_epoch(midnight + pl.col("second").cast(pl.Int64), time_unit="s")
    # a price half as high again, an account nobody opened, a short sale without a locate
    cents = pl.col("cents") * pl.when(held[0]).then(1_500).otherwise(pl.col("drift")) // 1_000
    wide = chosen.hstack(traded.drop("number")).hstack(
        [accounts["account_id"][chosen["account"]], lei[chosen["counterparty"]].rename("lei")]
    )
    return wide.with_row_index("at").with_columns(cents=cents).select(
        trade_id=pl.format(f"{day:%Y%m%d}-{{}}", pl.col("at").cast(pl.String).str.zfill(8)),
        account_id=pl.when(held[1]).then(pl.lit("A-NOBODY")).otherwise("account_id"),
        side=pl.when(held[2]).then(pl.lit("SHORT")).otherwise(side),
        isin="isin",
        quantity="shares",
        price=_text("cents"),
        currency="currency",
        trade_time=moment.dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        venue="venue",
        counterparty="lei",
        capacity=pl.lit("AGENCY"),
        commission=_by(pl.col("number") % 2, ["1", "2"]),
        order_id=pl.format("O-{}", pl.col("at") // 3),
    )  # fmt: skip


def _text(cents: str) -> pl.Expr:
    """Write cents as a decimal with two places."""
    whole, rest = pl.col(cents) // 100, pl.col(cents) % 100
    return pl.format("{}.{}", whole, rest.cast(pl.String).str.zfill(2))


def _by(number: pl.Expr, names: list[str]) -> pl.Expr:
    return pl.lit(pl.Series(names)).gather(number)


def _draw(column: str, stream: int, below: int) -> pl.Expr:
    """Draw a whole number below `below` from each value: SplitMix64, which no version changes."""
    mixed = pl.col(column).cast(_WORD) * pl.lit(_GOLDEN, _WORD) + pl.lit(
        (_SEED * stream * _GOLDEN) % 2**64, _WORD
    )
    for shift, factor in ((30, _MIX[0]), (27, _MIX[1])):
        mixed = mixed.xor(mixed // 2**shift) * pl.lit(factor, _WORD)
    return mixed.xor(mixed // 2**31) % below


def _isin(number: int) -> str:
    """Return a US ISIN with its check digit (Luhn over letters as two digits)."""
    body = f"US{_base36(number, 9)}"
    digits = "".join(str(_LETTERS.index(letter)) for letter in body)
    doubled = [int(d) * (2 if at % 2 == 0 else 1) for at, d in enumerate(reversed(digits))]
    return body + str(-sum(sum(divmod(d, 10)) for d in doubled) % 10)


def lei_of(number: int) -> str:
    """Return an LEI with its check digits (mod 97-10)."""
    body = f"549300{_base36(number, 12)}"
    return body + f"{98 - int(_as_digits(body + '00')) % 97:02d}"


def _as_digits(text: str) -> str:
    return "".join(str(_LETTERS.index(letter)) for letter in text)


def _base36(number: int, width: int) -> str:
    text = ""
    for _ in range(width):
        number, digit = divmod(number, len(_LETTERS))
        text = _LETTERS[digit] + text
    return text
