"""Standing settlement instructions change with four eyes: a file proposes, two people decide.

What files want stands in the reference table `ssi`, the latest row of a key. Each row that is
wanted and does not hold is a proposal of its own, whose case names all that it says.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.requests import DECIDED, SSI_CHANGE, decided_requests
from backoffice.clearance.trails import Decision
from backoffice.kernel.books import Books
from backoffice.kernel.columns import one_line
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records
from backoffice.reference.tables import KEYS, SCHEMAS

INSTRUCTIONS: Final = "settlement_instructions"
"""Their table: every row that was ever proposed, and what became of it."""

WANTED: Final = "ssi"
PROPOSED, APPROVED, REFUSED, SUPERSEDED = "PROPOSED", "APPROVED", "REFUSED", "SUPERSEDED"

SAYS: Final = (
    *("party", "market", "currency", "asset_class", "valid_from", "valid_to"),
    *("place_of_settlement", "agent", "safekeeping_account", "nostro"),
)
"""The columns that make one row another."""

INSTRUCTION_SCHEMA: Final[Mapping[str, Any]] = {
    **{name: kind for name, kind in SCHEMAS[WANTED].items() if name != "unknown"},
    "status": pl.String,
    "subject": pl.String,
    "proposed_on": pl.Date,
    "case_id": pl.String,
    "proposed_by": pl.String,
    "approved_by": pl.String,
    "decided_at": pl.String,
    "counts_from": pl.Date,
}
"""`decided_at` is when the second person did; `counts_from` the first day whose instructions may
be written by it: that of the cut-off which took the decision, or the one after that close."""

_DECIDED: Final = (*DECIDED, "counts_from")
_OUTCOMES: Final = {"RELEASE": APPROVED, "REFUSE": REFUSED}
_KEY: Final = KEYS[WANTED]


def known_instructions(records: Records, books: Books) -> pl.DataFrame:
    """Return `INSTRUCTION_SCHEMA`: every row that was ever proposed."""
    part = books.tables.get(INSTRUCTIONS)
    return records.read(part) if part else pl.DataFrame(schema=dict(INSTRUCTION_SCHEMA))


def propose_changes(records: Records, books: Books, day: date) -> Books:
    """Propose what files want and is not in force; what they want no more is superseded.

    A row that was refused stays refused: it is proposed again under another `valid_from`.
    """
    part = books.tables.get(WANTED)
    if part is None:
        return books
    known, wanted = known_instructions(records, books), records.read(part)
    over = (pl.col("status") == PROPOSED) & ~_among(known, wanted)
    status = pl.when(over).then(pl.lit(SUPERSEDED)).otherwise("status")
    settled = pl.concat(
        [known.filter(pl.col("status").is_in((PROPOSED, REFUSED))), latest_approved(known)]
    )
    fresh = wanted.join(settled, on=SAYS, how="anti", nulls_equal=True)
    nothing = {name: pl.lit(None, INSTRUCTION_SCHEMA[name]) for name in _DECIDED}
    rows = fresh.with_columns(
        status=pl.lit(PROPOSED), subject=_subject(), proposed_on=pl.lit(day), **nothing
    )
    table = [known.with_columns(status=status), rows.select(list(INSTRUCTION_SCHEMA))]
    return _replaced(records, books, known, pl.concat(table))


def _among(known: pl.DataFrame, wanted: pl.DataFrame) -> pl.Series:
    """Tell of each known row whether it is wanted as it is."""
    mark = wanted.select(*SAYS, wanted=pl.lit(value=True))
    joined = known.join(mark, on=SAYS, how="left", nulls_equal=True, maintain_order="left")
    return joined["wanted"].fill_null(value=False)


def latest_approved(known: pl.DataFrame) -> pl.DataFrame:
    """Return of each key the row that was approved last."""
    approved = known.filter(pl.col("status") == APPROVED)
    return approved.sort("decided_at", "case_id").unique(_KEY, keep="last")


def decide_changes(
    records: Records,
    books: Books,
    decided: Iterable[Decision],
    cases: Mapping[str, Mapping[str, Any]],
    day: date,
    *,
    at_close: bool,
) -> Books:
    """Take what two people decided about proposals.

    Parameters
    ----------
    cases
        The books' cases, by id.
    at_close
        Whether the day's instructions are written already: it counts from the next day on.
    """
    known = changed = known_instructions(records, books)
    counts_from = day + timedelta(days=at_close)
    for subject, outcome, said in decided_requests(SSI_CHANGE, decided, cases):
        about = (pl.col("status") == PROPOSED) & (pl.col("subject") == subject)
        told = {**said, "status": _OUTCOMES.get(outcome), "counts_from": counts_from}
        changed = changed.with_columns(
            pl.when(about).then(pl.lit(value, INSTRUCTION_SCHEMA[name])).otherwise(name).alias(name)
            for name, value in told.items()
        )
    return _replaced(records, books, known, changed)


def change_causes(records: Records, books: Books) -> pl.DataFrame:
    """Name the proposals that nobody has decided, as `CAUSE_SCHEMA`."""
    waiting = known_instructions(records, books).filter(pl.col("status") == PROPOSED)
    rows = waiting.with_columns(code=pl.lit(SSI_CHANGE))
    return shaped(rows, CAUSE_SCHEMA)


def _subject() -> pl.Expr:
    """Say a row whole: whoever decides reads in the case what is decided."""
    told = (pl.col(name).cast(pl.String).fill_null("-") for name in SAYS)
    return one_line(pl.format("{} {} {} {} {}/{}: {} {} {} {}", *told))


def _replaced(records: Records, books: Books, known: pl.DataFrame, rows: pl.DataFrame) -> Books:
    """Keep the table if it is another than before."""
    table = rows.sort("proposed_on", *_KEY, "subject")
    if table.equals(known):
        return books
    before = books.tables.get(INSTRUCTIONS)
    if before is not None:
        books = books.with_written(before.key)  # the day may have written it already
    return books.with_tables(**{INSTRUCTIONS: records.keep("clearance", books.day, table)})
