"""What of the records compliance alone may know: suspicions and alerts, and all that names them.

To tell whom a suspicious activity report is about, or that there is one, is an offence (31 USC
5318(g)(2)). Whoever reads for somebody who is not of compliance leaves these out.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.confidential import CODES, FILE_KINDS, SAR_REPORT
from backoffice.clearance.confidential_rows import confidential_rows
from backoffice.intake.schemas import kind_of
from backoffice.kernel.books import Books, latest, load, state_key
from backoffice.kernel.parts import Records

_ROOMS: Final = ("compliance/", "notices/")
"""What compliance wrote, and what its jobs gave notice of."""
_TRAIL: Final = re.compile(r"cases/[^/]+/([^/]+)/")
_CODE_IN_ROW: Final = f'"code":"(?:{"|".join(CODES)})'

Hidden = Callable[[Collection[str]], pl.Expr]


def confidential_cases(records: Records, books: Books) -> frozenset[str]:
    """Return the ids of the cases, open and closed, that compliance alone may know of."""
    part = books.tables.get("cases")
    if part is None:
        return frozenset()
    cases = records.read(part, ["case_id", "code", "subject"])
    return frozenset(cases.filter(confidential_rows())["case_id"])


def cases_hidden_on(records: Records, day: date, gone: Callable[[str], bool]) -> frozenset[str]:
    """Return the confidential cases that a closed day knew, by later books where its own are gone.

    Parameters
    ----------
    gone
        Says of a key whether it was disposed of.
    """
    books = load(records, state_key(day, "closed"))
    part = books.tables.get("cases")
    later = latest(records, closed=True) if part and gone(part.key) else None
    return confidential_cases(records, later or books)


def with_confidential(
    rows: pl.DataFrame, objects: pl.DataFrame, cases: Collection[str]
) -> pl.DataFrame:
    """Add `confidential` to rows of the index: objects of row -1, cases, and what is no secret."""
    keys = objects.select("object", "key").iter_rows()
    secret = [number for number, key in keys if is_confidential(key, cases)]
    is_object = pl.col("row") < 0
    is_secret = is_object & pl.col("object").is_in(secret)
    return rows.with_columns(
        confidential=is_secret
        | (~is_object & (pl.col("kind") == "case") & _in(pl.col("id"), cases))
    )


def is_confidential(key: str, cases: Collection[str]) -> bool:
    """Whether compliance alone may know that an object stands under a key.

    Parameters
    ----------
    key
        A record's key: of compliance's own records, of a file of suspicions, of what was done
        about a case.
    cases
        As `confidential_cases` returns them.
    """
    if key.startswith(_ROOMS):
        return True
    if trail := _TRAIL.match(key):
        return trail[1] in cases
    # of a control file, too, and of what was noted of one: by the file that it is for
    name = key.rpartition("/")[2].partition(".control.json")[0]
    return "/files/" in key and kind_of(name) in FILE_KINDS


def without_confidential(
    what: str, records: Records, books: Books, view: pl.DataFrame
) -> pl.DataFrame:
    """Leave out of an exported view what compliance alone may know.

    Parameters
    ----------
    what
        The view's name.
    records, books
        Which cases there are.
    view : pl.DataFrame
        Its columns as they are exported, all text.
    """
    hides = HIDDEN.get(what)
    if hides is None or not view.width:
        return view
    return view.filter(~hides(confidential_cases(records, books)).fill_null(value=False))


def _of_keys(cases: Collection[str]) -> pl.Expr:
    def told(keys: pl.Series) -> pl.Series:
        return pl.Series([is_confidential(key, cases) for key in keys], dtype=pl.Boolean)

    return pl.col("key").map_batches(told, return_dtype=pl.Boolean)


def _of_changes(cases: Collection[str]) -> pl.Expr:
    rows = (pl.col(side).str.contains(_CODE_IN_ROW) for side in ("before", "after"))
    of_case = pl.col("table").is_in(["cases", "case_acts"]) & _in(
        pl.col("key").str.split(" ").list.first(), cases
    )
    return of_case | pl.any_horizontal(row.fill_null(value=False) for row in rows)


def _in(ids: pl.Expr, cases: Collection[str]) -> pl.Expr:
    return ids.is_in(sorted(cases))


HIDDEN: Final[Mapping[str, Hidden]] = {
    "alerts": lambda _: pl.lit(value=True),
    "sars": lambda _: pl.lit(value=True),
    "cases": lambda _: confidential_rows(),
    "case-members": lambda cases: _in(pl.col("case_id"), cases),
    "changes": _of_changes,
    "accesses": lambda cases: _in(pl.col("document_id"), cases),
    "file-rejects": lambda _: pl.col("kind").is_in(FILE_KINDS),
    "records": _of_keys,
    "reports": lambda _: pl.col("kind") == SAR_REPORT,
}
"""Of each view with anything confidential in it, which rows are."""
