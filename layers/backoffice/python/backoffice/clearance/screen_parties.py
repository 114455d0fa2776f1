"""The cut-off's step that screens: what is new against all, and all against what is new."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.listed_parties import (
    HITS_FOUND,
    LISTED_NAMES,
    PARTIES,
    PARTY_SCHEMA,
    parties,
)
from backoffice.clearance.owned_parties import NAMELESS, OWNERSHIP, nameless_hits, owned_hits
from backoffice.intake.day_documents import ResolvedDay
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records, Work
from backoffice.kernel.rulebook import Rulebook
from backoffice.kernel.sealed_text import Seals
from backoffice.risk.screening.changes import list_changes, screen_changes
from backoffice.risk.screening.hits import HITS, hit_order
from backoffice.risk.screening.index import ListIndex, build_index
from backoffice.risk.screening.listed import LISTED
from backoffice.risk.screening.rules import ScreeningRules
from backoffice.risk.screening.screen import screen
from backoffice.risk.screening.weights import TokenWeights

WEIGHTS: Final = "screening_weights"
COMPARED: Final = "screening_compared"
BASIS: Final = "screening_basis"
FOUND: Final = {**HITS, "found_on": pl.Date, "cleared_by": pl.String}
"""HITS, the day each was found on, and the case by which two people cleared it."""

_BY_NAME: Final = ~pl.col("list_code").is_in([OWNERSHIP, NAMELESS])
_SAME: Final = ("subject_kind", "subject", "name", "list_code", "entry_id", "listed_name")


def screen_day(
    records: Records, work: Work, resolved: ResolvedDay, rulebook: Rulebook, seals: Seals
) -> ResolvedDay:
    """Screen a resolved day's parties; return the day as staged.

    It is staged under a key of its own: whoever resolves the day once more does not take it back.
    """
    books = screen_parties(records, resolved.books, resolved.day, rulebook, seals)
    key = f"{resolved.stem}/screened.json"
    screened = resolved.model_copy(update={"key": key, "books": books})
    work.stage_json(key, screened.model_dump_json().encode())
    return screened


def screen_parties(
    records: Records, books: Books, day: date, rulebook: Rulebook, seals: Seals
) -> Books:
    """Bring the hits up to date with the lists in force and the parties as known.

    What was found before stands while the party's name and the entry do; what two people cleared
    stays cleared as long. With other rules everything is screened anew, with new weights.
    """
    part = books.tables.get(LISTED_NAMES)
    if part is None:
        return books
    rules = ScreeningRules.on(rulebook, day)
    listed, asked = records.read(part), parties(records, books)
    basis = pl.DataFrame({"rules": [rules.fingerprint]})
    before = _before(records, books, basis)
    if before is None:
        index = build_index(listed, rules)
        books = _with_found(records, books, day, asked, basis, index, screen(asked, index, seals))
        return _with_owned(records, books, asked, day, rulebook)
    compared, screened, hits, weights = before
    changes = list_changes(compared, listed)
    if not asked.equals(screened) or changes.to_screen.height or changes.gone.height:
        index = build_index(listed, rules, weights)
        found = screen_changes(hits, screened, asked, changes, index, seals)
        books = _with_found(records, books, day, asked, basis, index, found)
    return _with_owned(records, books, asked, day, rulebook)


def _with_owned(
    records: Records, books: Books, asked: pl.DataFrame, day: date, rulebook: Rulebook
) -> Books:
    """Add those whom parties with an open hit own, and those whose names nobody can compare."""
    part = books.tables[HITS_FOUND]
    hits = records.read(part)
    by_name = hits.filter(_BY_NAME)
    listed = by_name.filter(pl.col("cleared_by").is_null())
    beside = [owned_hits(records, books, listed, day, rulebook), nameless_hits(asked)]
    both = pl.concat([by_name, _known(pl.concat(beside), hits, day)]).sort(hit_order())
    if both.equals(hits):
        return books
    # what was found by name was written before
    return books.with_written(part.key).with_tables(
        **{HITS_FOUND: records.keep("clearance", day, both)}
    )


def _with_found(
    records: Records,
    books: Books,
    day: date,
    asked: pl.DataFrame,
    basis: pl.DataFrame,
    index: ListIndex,
    found: pl.DataFrame,
) -> Books:
    tables = {
        HITS_FOUND: _carried(records, books, found, day),
        PARTIES: asked,
        COMPARED: records.read(books.tables[LISTED_NAMES]),
        WEIGHTS: index.weights.frame(),
        BASIS: basis,
    }
    return books.with_tables(
        **{name: records.keep("clearance", day, frame) for name, frame in tables.items()}
    )


def _before(
    records: Records, books: Books, basis: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, TokenWeights] | None:
    """Return what was compared before, if by these rules."""
    if BASIS not in books.tables or not records.read(books.tables[BASIS]).equals(basis):
        return None
    compared = records.read(books.tables[COMPARED]).select(list(LISTED))
    screened = records.read(books.tables[PARTIES]).select(list(PARTY_SCHEMA))
    hits = records.read(books.tables[HITS_FOUND]).filter(_BY_NAME)
    weights = TokenWeights.read(records.read(books.tables[WEIGHTS]))
    return compared, screened, hits.select(list(HITS)), weights


def _carried(records: Records, books: Books, found: pl.DataFrame, day: date) -> pl.DataFrame:
    """Carry on what is known of a hit: when it was found, and who cleared it."""
    part = books.tables.get(HITS_FOUND)
    known = records.read(part) if part else pl.DataFrame(schema=FOUND)
    others = known.filter(~_BY_NAME)
    return pl.concat([_known(found, known, day), others]).sort(hit_order())


def _known(found: pl.DataFrame, known: pl.DataFrame, day: date) -> pl.DataFrame:
    said = known.select(*_SAME, "found_on", "cleared_by")
    joined = found.join(said, on=_SAME, how="left", maintain_order="left")
    dated = joined.with_columns(pl.col("found_on").fill_null(pl.lit(day)))
    return dated.select(pl.col(n).cast(t) for n, t in FOUND.items())
