"""Which kinds of file tell of people, and sealing what they tell before anything of it is kept."""

from typing import Final

import polars as pl

from backoffice.intake.capture import CapturedPart
from backoffice.intake.column import Personal
from backoffice.intake.file_columns import SCHEMAS
from backoffice.intake.totals import Totals
from backoffice.kernel.sealed_text import MARK, Seals

_UNKNOWN: Final = "unknown"
CLIENT_ERASED: Final = "CLIENT_ERASED"
"""The code of a row that names somebody who was erased."""

_PERSONAL: Final = {
    kind: {column.name: column.personal for column in columns if column.personal}
    for kind, columns in SCHEMAS.items()
}

PERSONAL_KINDS: Final = frozenset(kind for kind, columns in _PERSONAL.items() if columns)
"""The kinds of file that tell of people."""

BANKS_KINDS: Final = frozenset({"cash", "bank"})
"""The kinds in which a bank may name who paid, or was paid: of whom no column says."""


def subject_column(kind: str) -> str:
    """Return the column of a personal kind that names who its rows tell of."""
    return next(iter(_PERSONAL[kind].values())).subject


def sealed_rows(kind: str, rows: pl.DataFrame, seals: Seals) -> pl.DataFrame:
    """Seal what captured rows tell of people: the personal columns, and what no contract knows.

    Parameters
    ----------
    kind, rows
        A kind of file, and its captured rows; those of a kind that tells of nobody come back as
        they are.
    """
    columns = dict(_PERSONAL.get(kind, {}))
    if not columns or not rows.height:
        return rows
    columns[_UNKNOWN] = next(iter(columns.values()))
    done = [_sealed(f"{kind}:{name}", name, rows, told, seals) for name, told in columns.items()]
    return rows.with_columns(done)


def sealed_narrative(kind: str, rows: pl.DataFrame, own: str, seals: Seals) -> pl.DataFrame:
    """Seal what no contract knows of a bank's rows, under the file's own key.

    There stand the names and the narrative of a payment. The references, which rows are matched by
    across files, stay as they are.

    Parameters
    ----------
    own
        Whose the file's own key is.
    """
    if kind not in BANKS_KINDS or not rows.height:
        return rows
    subjects = pl.Series([own]).new_from_index(0, rows.height)
    return rows.with_columns(seals.sealed(f"{kind}:{_UNKNOWN}", subjects, rows[_UNKNOWN]))


def without_erased(kind: str, part: CapturedPart, seals: Seals) -> CapturedPart:
    """Reject the captured rows that name a subject that was erased, as `CLIENT_ERASED`.

    Whatever such a row says, nothing of whom it means may be kept under that id again.
    """
    rows = part.captured
    if kind not in PERSONAL_KINDS or not rows.height:
        return part
    subject = subject_column(kind)
    gone = seals.erased(rows[subject])
    if not gone.any():
        return part
    said = f"{subject}: was erased; who comes back comes under a new id."
    told = rows.filter(gone).select(
        *("partner", "business_date", "file", "row"),
        trade_id=pl.lit(None, dtype=pl.String),
        field=pl.lit(subject),
        code=pl.lit(CLIENT_ERASED),
        message=pl.lit(said),
        kind=pl.lit(kind),
    )
    more = Totals(captured=-told.height, rejected=told.height)
    rejects = pl.concat([part.rejects, told]).sort("row", maintain_order=True)
    return CapturedPart(rows.filter(~gone), rejects, part.totals + more)


def _sealed(column: str, name: str, rows: pl.DataFrame, told: Personal, seals: Seals) -> pl.Series:
    """Seal one column of the rows that tell of a person.

    Of the others too what looks sealed: nobody has another's text opened by sending it.
    """
    tells = _tells(told) | pl.col(name).str.starts_with(MARK)
    subjects = rows.select(pl.when(tells).then(pl.col(told.subject))).to_series()
    return seals.sealed(column, subjects, rows[name])


def _tells(told: Personal) -> pl.Expr:
    if told.when is None:
        return pl.lit(value=True)
    column, code = told.when
    return pl.col(column) == code
