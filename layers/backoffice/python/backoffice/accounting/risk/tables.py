"""The tables of the risk report as people read them: text, money with its minor units."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

import polars as pl
from polars import selectors

from backoffice.kernel.columns import format_e8, format_money, format_scaled_expr
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.scaled import parse_scaled
from backoffice.risk.concentration import SHARE_SCALE
from backoffice.risk.margin_calls import CALLS, amount_called, first_due
from backoffice.risk.margin_figures import FIGURES

Row = dict[str, str | int | None]

_MINOR: Final = "_minor"
_RULES: Final = ("reg_t", "maintenance")
_NAMES: Final = {
    "margin": "account_id currency " + " ".join(name.removesuffix(_MINOR) for name in FIGURES[:-1]),
    "calls": "account_id currency amount due reg_t reg_t_due maintenance maintenance_due",
    "unassessed": "account_id missing",
    "exposures": "counterparty currency obligations money replacement_cost unpriced",
    "concentrations": "account_id isin currency value share_percent",
    "locates": "trade_date locate_id isin quantity trades located left",
    "watched": "trade_date subject isin account_id side quantity trades",
}
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {name: tuple(columns.split()) for name, columns in _NAMES.items()}
)
"""The columns of each table, in their order."""


def _rows(name: str, shown: pl.DataFrame) -> tuple[Row, ...]:
    dates = selectors.date().cast(pl.String)
    return tuple(shown.with_columns(dates).select(COLUMNS[name]).to_dicts())


def _in_money(frame: pl.DataFrame) -> pl.DataFrame:
    """Write every column of minor units as money of the row's currency."""
    names = [name for name in frame.columns if name.endswith(_MINOR)]
    return frame.with_columns(format_money(name).alias(name.removesuffix(_MINOR)) for name in names)


def margin_rows(margin: pl.DataFrame) -> tuple[Row, ...]:
    """Show margin accounts; what is called for stands in the calls."""
    return _rows("margin", _in_money(margin))


def call_rows(calls: pl.DataFrame) -> tuple[Row, ...]:
    """Show calls: the amount that meets both rules, and the first date."""
    whole = calls.with_columns(amount_minor=amount_called(), due=first_due())
    return _rows("calls", _in_money(whole))


def calls_of(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Read calls back from what `call_rows` showed: CALLS."""
    found = []
    for row in rows:
        digits = MINOR_UNITS[row["currency"]]
        amounts = {f"{rule}_minor": parse_scaled(row[rule], digits) for rule in _RULES}
        found.append({**row, **amounts})
    texts = {name: pl.String() if kind == pl.Date else kind for name, kind in CALLS.items()}
    read = pl.DataFrame([{name: row[name] for name in texts} for row in found], schema=texts)
    return read.with_columns(pl.col(f"{rule}_due").str.to_date() for rule in _RULES)


def unassessed_rows(missing: pl.DataFrame) -> tuple[Row, ...]:
    """Show what keeps accounts from being assessed."""
    return _rows("unassessed", missing)


def exposure_rows(exposures: pl.DataFrame) -> tuple[Row, ...]:
    """Show exposures."""
    return _rows("exposures", _in_money(exposures))


def concentration_rows(of_accounts: pl.DataFrame, of_firm: pl.DataFrame) -> tuple[Row, ...]:
    """Show concentrations; those of all accounts together name none."""
    firm = of_firm.with_columns(account_id=pl.lit(None, dtype=pl.String))
    both = pl.concat([firm.select(of_accounts.columns), of_accounts])
    share = format_scaled_expr(pl.col("share_e2"), SHARE_SCALE)
    return _rows("concentrations", _in_money(both).with_columns(share_percent=share))


def locate_rows(used: pl.DataFrame) -> tuple[Row, ...]:
    """Show what was used of locates, and what is left of them."""
    shares = {name: format_e8(f"{name}_e8") for name in ("quantity", "located", "left")}
    return _rows("locates", used.with_columns(**shares))


def watched_rows(watched: pl.DataFrame) -> tuple[Row, ...]:
    """Show what was traded in watched issues."""
    return _rows("watched", watched.with_columns(quantity=format_e8("quantity_e8")))


def to_csv(name: str, rows: Iterable[Row]) -> bytes:
    """Write a table as CSV with a header."""
    columns = COLUMNS[name]
    texts = [
        [None if row.get(column) is None else str(row[column]) for column in columns]
        for row in rows
    ]
    frame = pl.DataFrame(texts, schema=dict.fromkeys(columns, pl.String), orient="row")
    return frame.write_csv().encode()
