"""The names on sanctions lists, whatever list they come from: one row a name of an entry."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import polars as pl

from backoffice.kernel.errors import BadFileError
from backoffice.risk.screening.rules import ScreeningRules

LIST_CODES: Final = ("OFAC", "EU", "UN", "HOUSE")
KINDS: Final = ("PERSON", "ENTITY", "VESSEL", "AIRCRAFT", "UNKNOWN")
QUALITIES: Final = ("PRIMARY", "STRONG", "WEAK")
"""Of a name, best first: an entry's own, an alias, an alias the list itself calls weak."""

LISTED: Final[Mapping[str, type[pl.DataType]]] = MappingProxyType(
    {
        "list_code": pl.String,
        "entry_id": pl.String,
        "kind": pl.String,
        "programs": pl.String,
        "name": pl.String,
        "quality": pl.String,
    }
)
"""`entry_id` is unique within a list; `programs` are sorted, joined by ";"."""

ENTRY: Final = ("list_code", "entry_id")

ListedRow: TypeAlias = tuple[str, str, str, str, str, str]


def listed_frame(rows: Iterable[ListedRow]) -> pl.DataFrame:
    """Return rows as LISTED, a name said twice of an entry once and in its best quality.

    Sorted by list, entry, quality and name, so that equal lists are equal frames.
    """
    frame = pl.DataFrame(list(rows), schema=dict(LISTED), orient="row")
    best = pl.col("quality").replace_strict(QUALITIES, range(len(QUALITIES)), return_dtype=pl.Int8)
    return (
        frame.with_columns(best.alias("_best"))
        .sort(*ENTRY, "_best", "name", "kind", "programs")
        .unique((*ENTRY, "name"), keep="first", maintain_order=True)
        .drop("_best")
    )


def check_version(
    version: pl.DataFrame, in_force: pl.DataFrame | None, rules: ScreeningRules
) -> None:
    """Accept a new version of one list, or refuse it as no likely successor.

    Parameters
    ----------
    version, in_force : pl.DataFrame
        LISTED; the version in force is None before there is any.
    rules : ScreeningRules
        Say how many times smaller a version may not be.

    Raises
    ------
    BadFileError
        When the version has no entries, is of another list, or is so much smaller than the one in
        force that it is likelier cut than cleared.
    """
    codes = version["list_code"].unique().sort().to_list()
    if len(codes) != 1:
        raise BadFileError(f"A version is of one list and not empty; this one is of {codes}.")
    if in_force is None or in_force.is_empty():
        return
    known = in_force["list_code"].unique().sort().to_list()
    if known != codes:
        raise BadFileError(f"The version is of {codes[0]}, the one in force of {known}.")
    entries, before = (frame["entry_id"].n_unique() for frame in (version, in_force))
    if entries * rules.list_shrinks_most <= before:
        raise BadFileError(
            f"The version of {codes[0]} has {entries} entries, the one in force {before}:"
            f" {rules.list_shrinks_most} times smaller or more is refused."
        )
