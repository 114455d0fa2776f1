"""Cases that people split: some of a cause's trades are a cause of their own from then on."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.taken import cases_by_id
from backoffice.clearance.trails import TrailEvent
from backoffice.clearance.verdicts import VERSION, members_of
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

SPLITS: Final = "case_splits"
SPLIT_SCHEMA: Final[Mapping[str, type[pl.DataType]]] = {
    **{name: CAUSE_SCHEMA[name] for name in (*VERSION, "code", "subject")},
    "part": pl.String,
}
"""A member, the cause it was of, and the subject of the case it is in since."""

_CAUSE: Final = (*VERSION, "code", "subject")


def with_splits(records: Records, books: Books, acts: Iterable[TrailEvent], day: date) -> Books:
    """Remember which trades people took out of their case, by the acts that are new."""
    splitting = [event for event in acts if event.act.verb == "SPLIT"]
    if not splitting or "cases" not in books.tables:
        return books
    known = cases_by_id(records, books)
    frames = [_known(records, books)]
    frames += [_rows(records, event, known[event.case_id]) for event in splitting]
    table = pl.concat(frames).unique(_CAUSE, keep="last").sort(pl.all())
    return books.with_tables(**{SPLITS: records.keep("clearance", day, table)})


def apart(causes: pl.DataFrame, records: Records, books: Books) -> pl.DataFrame:
    """Give the causes of split cases' members the subjects they have since."""
    splits = _known(records, books)
    if not splits.height:
        return causes
    marked = causes.join(splits, on=_CAUSE, how="left", maintain_order="left")
    return marked.with_columns(subject=pl.coalesce("part", "subject")).select(causes.columns)


def _known(records: Records, books: Books) -> pl.DataFrame:
    part = books.tables.get(SPLITS)
    return records.read(part) if part else pl.DataFrame(schema=SPLIT_SCHEMA)


def _rows(records: Records, event: TrailEvent, case: dict[str, str]) -> pl.DataFrame:
    """Return the members that one act takes out; what was split before keeps its first subject."""
    first, _, _ = case["subject"].partition(" #")
    said = {
        "code": case["code"],
        "subject": first,
        "part": f"{first} #{event.case_id[-4:]}.{event.number}",
    }
    columns = {name: pl.lit(value, pl.String) for name, value in said.items()}
    return members_of(records, event).select(*VERSION, **columns)
