"""What is known of each key: the latest row, whatever order the files came in."""

import polars as pl

from backoffice.reference.tables import KEYS, PRECEDENCE, SCHEMAS


def merge(kind: str, previous: pl.DataFrame, today: pl.DataFrame) -> pl.DataFrame:
    """Return the latest row of every key, by business date, file name, row and partner.

    A pure function of the set of rows: merging is associative and commutative, a row merged twice
    counts once. `prices` and `fx` carry their date in the key, so every date stays.

    Parameters
    ----------
    kind : str
        A reference table: `instruments`, `accounts`, `counterparties`, `prices`, `fx`, `fees`.
    previous, today : pl.DataFrame
        Frames of that table's columns: the key and where each row came from among them. What was
        written before the table had a column has none of it.

    Returns
    -------
    pl.DataFrame
        The table's columns, one row a key, sorted by the key.

    Raises
    ------
    KeyError
        When `kind` is no reference table.
    """
    key = KEYS[kind]
    rows = pl.concat([_shaped(kind, previous), _shaped(kind, today)])
    repeated = rows.select(pl.struct(key).is_duplicated()).to_series()
    if not repeated.any():
        return rows.sort(key)
    latest = rows.filter(repeated).sort(_precedence(rows)).unique(key, keep="last")
    return pl.concat([rows.filter(~repeated), latest]).sort(key)


def _shaped(kind: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Give rows of an earlier shape the columns that came since, empty."""
    return rows.select(
        pl.col(name) if name in rows.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in SCHEMAS[kind].items()
    )


def _precedence(rows: pl.DataFrame) -> list[str]:
    """Order by origin, then by content: one name may have been dropped twice on one day."""
    return [*PRECEDENCE, *(column for column in rows.columns if column not in PRECEDENCE)]
