"""Execution reports as rows of trades: each column of the contract from its tags.

What FIX says and the contract cannot becomes a text that no check lets pass, `54=8`, so that the
row is rejected for the column it belongs to.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from backoffice.formats.fix.faults import faults_of
from backoffice.formats.fix.lines import lines_set_aside
from backoffice.formats.fix.messages import message_fields
from backoffice.formats.fix.parties import alternative_isin, entries_of, exchange, street
from backoffice.formats.fix.tag_columns import FAULT, ROW, UNKNOWN
from backoffice.formats.fix.tag_columns import UNKNOWN_NAMES as NAMES
from backoffice.formats.fix.tags import READ

RAGGED: Final = "ragged"

_SIDES: Final = {
    "1": "BUY",
    "2": "SELL",
    "3": "BUY",  # "buy minus": not above the last sale
    "4": "SELL",  # "sell plus": not below it
    "5": "SHORT",
    "6": "SHORT",  # exempt
}
_CAPACITIES: Final = {
    "A": "AGENCY",
    "W": "AGENCY",
    "I": "AGENCY",
    "P": "PRINCIPAL",
    "R": "PRINCIPAL",
    "G": "PRINCIPAL",
}
_LAST_CAPACITIES: Final = {"1": "AGENCY", "2": "AGENCY", "3": "PRINCIPAL", "4": "PRINCIPAL"}
_FRAME: Final = frozenset({"8", "9", "10", "35"})


def read_reports(labels: Sequence[str], data: bytes, first_row: int) -> pl.DataFrame:
    """Read whole lines of FIX as the rows of trades that the intake checks.

    Parameters
    ----------
    labels
        The columns of trades: the `header` of every plan.
    data
        The bytes of one range of the plan; the last line may lack its line feed.
    first_row
        The number of the range's first row in the file; what is set aside or blank is none.

    Returns
    -------
    pl.DataFrame
        The columns as String, `row` (UInt32), `ragged` (Boolean: no report that can be read),
        `fault` (why it is not), `unknown` (JSON text of the tags no column is read from) and
        `unknown_names` (those tags, by commas).
    """
    fields = message_fields(_rows_of(data), first_row)
    told = fields.with_columns(pl.coalesce(FAULT, *faults_of(fields)).alias(FAULT))
    filled = _filled(told)
    sound = pl.col(FAULT).is_null()
    texts = {**_columns(filled), UNKNOWN: pl.col(UNKNOWN), NAMES: pl.col(NAMES)}
    columns = [pl.when(sound).then(text).alias(name) for name, text in texts.items()]
    read = filled.select(*columns, ROW, (~sound).alias(RAGGED), FAULT)
    return read.select(*labels, ROW, RAGGED, FAULT, UNKNOWN, NAMES)


def _filled(fields: pl.DataFrame) -> pl.DataFrame:
    """Trim what is read and make nulls of what is empty; every column that is looked at is there.

    An entry of a group has all of its columns.
    """
    texts = [name for name in fields.columns if name[0].isdigit() and name not in _FRAME]
    trimmed = fields.with_columns(pl.col(texts).str.strip_chars())
    looked_at = {*READ, *(f"{tag}.{entry}" for tag, entry in entries_of(fields.columns))}
    absent = sorted(looked_at.difference(fields.columns))
    return trimmed.with_columns(
        *(pl.when(pl.col(name) != "").then(name).alias(name) for name in texts),
        *(pl.lit(None, dtype=pl.String).alias(name) for name in absent),
    )


def _rows_of(data: bytes) -> list[bytes]:
    """Part the lines that are rows, each less its line feed."""
    kept, start = [], 0
    for begin, end, _ in lines_set_aside(data):
        kept.append(data[start:begin])
        start = end
    lines = b"".join([*kept, data[start:]]).split(b"\n")
    return [line.removesuffix(b"\r") for line in lines if line.strip()]


def _columns(fields: pl.DataFrame) -> Mapping[str, pl.Expr]:
    """Return each column of a trade from its tags."""
    action = _action()
    corrects = action.is_in(["AMEND", "CANCEL"])
    return {
        "trade_id": pl.when(corrects).then("19").otherwise("17"),
        "action": action,
        "version": pl.when(action == "AMEND").then("34"),
        "account_id": pl.col("1"),
        "side": _named("54", _SIDES),
        "isin": pl.when(pl.col("22") == "4").then("48").otherwise(alternative_isin(fields)),
        "quantity": pl.col("32"),
        "price": _price(),
        "currency": pl.col("15"),
        "trade_time": _time(),
        "venue": pl.coalesce("30", exchange(fields)),
        "counterparty": street(fields),
        "capacity": pl.coalesce(_named("528", _CAPACITIES), _named("29", _LAST_CAPACITIES)),
        "commission": _commission(),
        "accrued": pl.col("159"),
        "order_id": pl.coalesce("37", "11"),
        "locate_id": pl.col("5700"),
    }


def _action() -> pl.Expr:
    """Read ExecType; of a fill as older senders say it, ExecTransType (20) beside it."""
    kind, older = pl.col("150"), pl.col("20")
    fill = kind.is_in(["1", "2"])
    return (
        pl.when(kind == "F").then(pl.lit("NEW"))
        .when(kind == "G").then(pl.lit("AMEND"))
        .when(kind == "H").then(pl.lit("CANCEL"))
        .when(fill & (older.is_null() | (older == "0"))).then(pl.lit("NEW"))
        .when(fill & (older == "1")).then(pl.lit("CANCEL"))
        .when(fill & (older == "2")).then(pl.lit("AMEND"))
        .otherwise(pl.concat_str(pl.lit("150="), kind.fill_null("")))
    )  # fmt: skip


def _named(tag: str, names: Mapping[str, str]) -> pl.Expr:
    """Name a code; one without a name becomes `54=8`."""
    code = pl.col(tag)
    known = code.replace_strict(dict(names), default=None, return_dtype=pl.String)
    return pl.coalesce(known, _said(tag))


def _said(tag: str) -> pl.Expr:
    """Return `54=8`, or null where the tag is absent."""
    return pl.concat_str(pl.lit(f"{tag}="), pl.col(tag))


def _price() -> pl.Expr:
    """Take LastPx: a percentage (PriceType 1) or per unit (2), and no yield or spread."""
    other = ~pl.col("423").is_in(["1", "2"])
    return pl.when(other & pl.col("31").is_not_null()).then(_said("423")).otherwise("31")


def _commission() -> pl.Expr:
    """Take Commission: an amount (CommType 3), in the trade's own currency."""
    given = pl.col("12").is_not_null()
    return (
        pl.when(given & (pl.col("13") != "3")).then(_said("13"))
        .when(given & (pl.col("479") != pl.col("15"))).then(_said("479"))
        .otherwise("12")
    )  # fmt: skip


def _time() -> pl.Expr:
    """Write a UTCTimestamp, `20261007-14:00:00.123`, as RFC 3339; anything else as `60=…`."""
    text = pl.col("60")
    day = [text.str.slice(at, length) for at, length in ((0, 4), (4, 2), (6, 2))]
    dated = pl.concat_str(pl.concat_str(day, separator="-"), text.str.slice(9), separator="T")
    shaped = text.str.contains(r"^[0-9]{8}-[0-9]{2}:")
    return pl.when(shaped).then(pl.concat_str(dated, pl.lit("Z"))).otherwise(_said("60"))
