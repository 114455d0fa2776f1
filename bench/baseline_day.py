"""Bare polars doing a day's steps on local files: the yardstick, independent of the house's code.

`python bench/baseline_day.py OUT DAY_FOLDER...` takes the folders in order (each is named after its
date) and writes OUT/<date>/*.parquet and OUT/<date>/result.json. It knows what the standard
population has (lone NEWs and repeats of them, shares, FIFO, T+1 and T+2 on weekdays), keeps its
state in memory, sends no messages and settles everything on its date.
"""

import hashlib
import json
import resource
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from bench.baseline_books import (
    DIGITS,
    KEY,
    NET_KEY,
    State,
    client_side,
    movements,
    power,
    scaled,
    signed,
    street_side,
    trade_entries,
)

CYCLE: Final = {"XNAS": 1, "XNYS": 1, "XICE": 2, "XETR": 2}
ZONES: Final = {
    "XNAS": "America/New_York",
    "XNYS": "America/New_York",
    "XICE": "Atlantic/Reykjavik",
    "XETR": "Europe/Berlin",
}
SHAPES: Final = {
    "trade_id": r"^[A-Za-z0-9._-]{1,52}$",
    "account_id": r"^[A-Za-z0-9._-]{1,40}$",
    "side": r"^(BUY|SELL|SHORT)$",
    "isin": r"^[A-Z]{2}[A-Z0-9]{9}[0-9]$",
    "quantity": r"^[0-9]+(\.[0-9]{1,8}0*)?$",
    "price": r"^[0-9]+(\.[0-9]{1,8}0*)?$",
    "currency": r"^[A-Z]{3}$",
    "trade_time": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
    "venue": r"^(XNAS|XNYS|XICE|XETR)$",
    "counterparty": r"^[A-Z0-9]{18}[0-9]{2}$",
    "capacity": r"^(AGENCY|PRINCIPAL)$",
    "commission": r"^[0-9]+(\.[0-9]+)?$",
}
ACCOUNT: Final = ["book", "ref", "unit"]


def run_day(state: State, folder: Path, out: Path) -> dict[str, Any]:
    """Run one day; return its counts."""
    began, cpu, day = time.perf_counter(), time.process_time(), date.fromisoformat(folder.name)
    out.mkdir(parents=True, exist_ok=True)
    hashes = [_sha256(path) for path in sorted(folder.iterdir())]
    _learn(state, folder)
    captured, duplicates = _deduplicated(state, _read_trades(folder))
    captured.write_parquet(out / "captured.parquet", compression="zstd", compression_level=1)
    priced, fees = _priced(state, captured)
    cleared = priced.filter(pl.col("why") == "")
    state.held = priced.filter(pl.col("why") != "").select(captured.columns)
    nets = _nets(cleared)
    journal = pl.concat(
        [
            trade_entries(cleared, fees, day),
            client_side(state, cleared, day),
            movements(folder, state, day),
            street_side(state, nets, day),
        ]
    ).sort("entry_id", "unit", "book", "ref")
    _assert_balanced(journal)
    _take_lots(state, cleared)
    _keep(state, priced, journal, out)
    hashes += [_sha256(path) for path in sorted(out.glob("*.parquet"))]
    seal = hashlib.sha256("".join(hashes).encode()).hexdigest()
    return {
        "seconds": round(time.perf_counter() - began, 3),
        "cpu_s": round(time.process_time() - cpu, 3),
        "cleared": cleared.height,
        "held": priced.height - cleared.height,
        "duplicates": duplicates,
        "entries": journal["entry_id"].n_unique(),
        "postings": journal.height,
        "net": dict(cleared.group_by("currency").agg(pl.col("net").sum()).sort("currency").rows()),
        "lots": sum(len(pile) for pile in state.lots.values()),
        "lot_cost": sum(lot[1] for pile in state.lots.values() for lot in pile),
        "realised": sum(state.profit.values()),
        "seal": seal,
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _learn(state: State, folder: Path) -> None:
    """Read reference data; a later row of a key replaces an earlier one."""
    keys = {"instruments": ["isin"], "accounts": ["account_id"], "counterparties": ["lei"],
            "fees": ["fee_code", "venue", "side", "currency"], "prices": ["isin"]}  # fmt: skip
    for kind, key in keys.items():
        path = folder / f"{kind}.csv"
        if path.exists():
            rows = pl.read_csv(path, infer_schema=False)
            known = [state.tables[kind]] if kind in state.tables else []
            state.tables[kind] = pl.concat([*known, rows]).unique(key, keep="last")


def _read_trades(folder: Path) -> pl.DataFrame:
    """Read and check the trade files; the population has no row that fails."""
    frames = [
        pl.read_csv(path, infer_schema=False).with_row_index("row", 1)
        for path in sorted(folder.glob("trades-*.csv"))
    ]
    texts = pl.concat(frames)
    good = texts.select(
        pl.all_horizontal([pl.col(c).str.contains(shape) for c, shape in SHAPES.items()]).all()
    ).item()
    assert good, "a row is not of its shape"
    assert all(_isin_is_valid(isin) for isin in texts["isin"].unique())
    assert all(_lei_is_valid(lei) for lei in texts["counterparty"].unique())
    digits = pl.col("currency").replace_strict(DIGITS, return_dtype=pl.Int128)
    traded_at = pl.col("trade_time").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="ns")
    return texts.with_columns(
        quantity=scaled("quantity", 8),
        price=scaled("price", 8),
        commission=scaled("commission", 2) * power(digits, 2) // 100,
        digits=digits,
        traded_at=traded_at.dt.replace_time_zone("UTC"),
    ).with_columns(trade_date=_trade_date())


def _trade_date() -> pl.Expr:
    day = pl.lit(None, dtype=pl.Date)
    for venue, zone in ZONES.items():
        local = pl.col("traded_at").dt.convert_time_zone(zone).dt.date()
        day = pl.when(pl.col("venue") == venue).then(local).otherwise(day)
    return day


def _deduplicated(state: State, trades: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Take each trade once, and none that an earlier day took."""
    once = trades.unique([*KEY, *SHAPES], keep="first", maintain_order=True)
    assert once.select(pl.struct(KEY).n_unique()).item() == once.height
    if state.known is not None:
        once = once.join(state.known, on=KEY, how="anti", maintain_order="left")
    known = [state.known] if state.known is not None else []
    state.known = pl.concat([*known, once.select(KEY)])
    return once, trades.height - once.height


def _priced(state: State, captured: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Join reference data, price and charge; return the trades and their fee lines."""
    live = captured if state.held is None else pl.concat([captured, state.held])
    instruments = state.tables["instruments"].select("isin", listed="currency")
    accounts = state.tables["accounts"].select("account_id", "kind", "kyc_status")
    street = state.tables["counterparties"].select(counterparty="lei", known=pl.lit(value=True))
    closes = state.tables["prices"].select("isin", close=scaled("close", 8))
    facts = live
    for table, key in ((instruments, "isin"), (accounts, "account_id"),
                       (street, "counterparty"), (closes, "isin")):  # fmt: skip
        facts = facts.join(table, on=key, how="left", maintain_order="left")
    unit = power(16 - pl.col("digits"), 16)
    facts = facts.with_columns(
        gross=_half_up(pl.col("quantity") * pl.col("price"), unit), why=_why(), **_dates(live)
    )
    lines = [_fee(facts, fee) for fee in state.tables["fees"].to_dicts()]
    fees = pl.sum_horizontal(*[line["fee"] for line in lines])
    charges = pl.col("commission") + fees
    bought = pl.col("side") == "BUY"
    net = pl.col("gross") + pl.when(bought).then(charges).otherwise(charges * -1)
    priced = facts.with_columns(fees=fees, net=net)
    taken = [line.filter((pl.col("fee") != 0) & (pl.col("why") == "")) for line in lines]
    return priced, pl.concat(taken).group_by(*KEY, "fee_code", "currency").agg(pl.col("fee").sum())


def _why() -> pl.Expr:
    """Say what holds a trade, or nothing."""
    far = (pl.col("price") - pl.col("close")).abs() * 5 > pl.col("close")
    reasons = {
        "UNKNOWN_INSTRUMENT": pl.col("listed").is_null(),
        "UNKNOWN_ACCOUNT": pl.col("kind").is_null(),
        "UNKNOWN_COUNTERPARTY": pl.col("known").is_null(),
        "CURRENCY_MISMATCH": pl.col("listed") != pl.col("currency"),
        "KYC_NOT_APPROVED": pl.col("kyc_status") != "APPROVED",
        "PRICE_OUT_OF_BAND": far,
        "SHORT_WITHOUT_LOCATE": pl.col("side") == "SHORT",
    }
    return pl.concat_str(
        [
            pl.when(flag.fill_null(value=False)).then(pl.lit(f"{code};")).otherwise(pl.lit(""))
            for code, flag in reasons.items()
        ]
    )


def _dates(trades: pl.DataFrame) -> dict[str, pl.Expr]:
    """Find each venue's settlement date of each trade date there is."""
    dates = {
        f"{venue}{day}": _days_after(day, count)
        for day in trades["trade_date"].unique()
        for venue, count in CYCLE.items()
    }
    place = pl.concat_str("venue", pl.col("trade_date").cast(pl.String))
    return {"settlement_date": place.replace_strict(dates, return_dtype=pl.Date)}


def _days_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.isoweekday() < 6  # noqa: PLR2004 - Saturday
    return day


def _fee(facts: pl.DataFrame, fee: dict[str, str]) -> pl.DataFrame:
    """Charge one row of the schedule."""
    digits = DIGITS[fee["currency"]]
    rate = _exact(fee["rate"], 8)
    scale = {"NOTIONAL": 8, "SHARES": 16 - digits, "TRADE": 8 - digits}[fee["basis"]]
    basis = {"NOTIONAL": pl.col("gross"), "SHARES": pl.col("quantity")}.get(
        fee["basis"], pl.lit(1, dtype=pl.Int128)
    )
    up = pl.lit(10**scale - 1 if fee["rounding"] == "UP" else 10**scale // 2, dtype=pl.Int128)
    amount = (basis * rate + up) // pl.lit(10**scale, dtype=pl.Int128)
    if fee["minimum"]:
        amount = pl.max_horizontal(amount, pl.lit(_exact(fee["minimum"], digits), pl.Int128))
    if fee["maximum"]:
        amount = pl.min_horizontal(amount, pl.lit(_exact(fee["maximum"], digits), pl.Int128))
    applies = (pl.col("currency") == fee["currency"]) & pl.lit(value=True)
    if fee["venue"] != "*":
        applies &= pl.col("venue") == fee["venue"]
    if fee["side"] != "BOTH":
        applies &= (pl.col("side") == "BUY") == (fee["side"] == "BUY")
    charged = pl.when(applies).then(amount).otherwise(pl.lit(0, dtype=pl.Int128))
    return facts.select(
        *KEY, "currency", "why", fee_code=pl.lit(fee["fee_code"]), fee=charged.cast(pl.Int128)
    )


def _nets(cleared: pl.DataFrame) -> pl.DataFrame:
    bought, gross = pl.col("side") == "BUY", pl.col("gross")
    return (
        cleared.select(
            *NET_KEY,
            quantity=signed("quantity"),
            buys=pl.when(bought).then(gross).otherwise(gross * 0),
            sales=pl.when(bought).then(gross * 0).otherwise(gross),
            trades=pl.lit(1, dtype=pl.UInt32),
        )
        .group_by(NET_KEY)
        .agg(pl.col("quantity", "buys", "sales", "trades").sum())
    )


def _assert_balanced(journal: pl.DataFrame) -> None:
    sums = journal.group_by("entry_id", "unit").agg(pl.col("amount").sum())
    assert not sums.select((pl.col("amount") != 0).any()).item()


def _take_lots(state: State, cleared: pl.DataFrame) -> None:
    """Match each trade first in, first out against its account's lots, in plain integers."""
    ordered = cleared.sort("trade_date", "traded_at", "trade_id").select(
        "account_id", "isin", signed("quantity").alias("quantity"), signed("net").alias("net")
    )
    for account, isin, quantity, net in ordered.iter_rows():
        _take(state, (account, isin), quantity, net)


def _take(state: State, group: tuple[str, str], quantity: int, money: int) -> None:
    """Close open lots of the other sign, oldest first; what is left opens one."""
    pile, size, sign = state.lots[group], abs(quantity), 1 if quantity > 0 else -1
    left, cost = size, 0
    while left and pile and pile[0][0] * sign < 0:
        lot = pile[0]
        held = abs(lot[0])
        part = min(held, left)
        share = lot[1] if part == held else _share(lot[1], part, held)
        lot[0], lot[1] = lot[0] + sign * part, lot[1] - share
        left, cost = left - part, cost + share
        if not lot[0]:
            pile.popleft()
    if left < size:
        paid = money if not left else _share(money, size - left, size)
        state.profit[group] -= cost + paid
        money -= paid
    if left:
        pile.append([sign * left, money])


def _share(money: int, part: int, whole: int) -> int:
    """Return part/whole of money, a half going away from zero."""
    size = (2 * abs(money) * part + whole) // (2 * whole)
    return size if money >= 0 else -size


def _keep(state: State, priced: pl.DataFrame, journal: pl.DataFrame, out: Path) -> None:
    """Write the day's register, journal, obligations, lots and balances."""
    sums = journal.select(*ACCOUNT, "amount")
    known = [state.balances] if state.balances is not None else []
    totals = pl.concat([*known, sums]).group_by(ACCOUNT).agg(pl.col("amount").sum())
    state.balances = totals.filter(pl.col("amount") != 0).sort(ACCOUNT)
    lots = [(*group, lot[0], lot[1]) for group, pile in state.lots.items() for lot in pile]
    schema = {"account_id": pl.String, "isin": pl.String, "quantity": pl.Int128, "cost": pl.Int128}
    frames = {
        "register": priced.sort(KEY),
        "journal": journal,
        "obligations": state.obligations,
        "lots": pl.DataFrame(lots, schema=schema, orient="row"),
        "balances": state.balances,
    }
    for name, frame in frames.items():
        assert frame is not None
        plain = frame.with_columns(pl.selectors.by_dtype(pl.Int128).cast(pl.Decimal(38, 0)))
        plain.write_parquet(out / f"{name}.parquet", compression="zstd", compression_level=1)


def _exact(text: str, scale: int) -> int:
    whole, _, fraction = text.partition(".")
    return int(whole + fraction.ljust(scale, "0"))


def _half_up(amount: pl.Expr, unit: pl.Expr) -> pl.Expr:
    return (amount + unit // 2) // unit


def _isin_is_valid(isin: str) -> bool:
    digits = "".join(str(int(letter, 36)) for letter in isin)
    doubled = [int(d) * (1 + at % 2) for at, d in enumerate(reversed(digits))]
    return sum(sum(divmod(number, 10)) for number in doubled) % 10 == 0


def _lei_is_valid(lei: str) -> bool:
    return int("".join(str(int(letter, 36)) for letter in lei)) % 97 == 1


def main(out: Path, folders: list[Path]) -> None:
    """Run the days and write each one's result beside its files."""
    state = State()
    for folder in folders:
        result = run_day(state, folder, out / folder.name)
        peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        result["peak_mb"] = peak_kb // 1024
        (out / folder.name / "result.json").write_text(json.dumps(result))
        print(folder.name, json.dumps(result))


if __name__ == "__main__":
    if len(sys.argv) > 2:  # noqa: PLR2004 - OUT and at least one folder
        main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
    else:
        print("bench/day.py runs this beside the platform; alone: OUT DAY_FOLDER...")
