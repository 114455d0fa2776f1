"""What decisions mean for trades: codes that are let pass, trades refused or taken by the firm."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.holds import SANCTIONS_HIT
from backoffice.clearance.standing import no_causes
from backoffice.clearance.trails import Decision, TrailEvent
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

WAIVERS: Final = "waivers"
VERSION: Final = (*IDENTITY, "business_date", "file", "row")
"""One version of a trade: an amended one is looked at anew."""

_VERSION_TYPES: Final[Mapping[str, type[pl.DataType]]] = {n: CAUSE_SCHEMA[n] for n in VERSION}
WAIVER_SCHEMA: Final[Mapping[str, type[pl.DataType]]] = {
    **_VERSION_TYPES,
    "code": pl.String,
    "case_id": pl.String,
}
"""A code that two people let pass for a version of a trade."""

VERDICT_SCHEMA: Final[Mapping[str, type[pl.DataType]]] = {
    **_VERSION_TYPES,
    "code": pl.String,
    "case_id": pl.String,
    "outcome": pl.String,
    "account": pl.String,
}
"""What was decided about a version of a trade; `account` takes it over at ERROR_ACCOUNT."""


def verdicts(records: Records, books: Books, decided: Iterable[Decision]) -> pl.DataFrame:
    """Return `VERDICT_SCHEMA`: the trades that the decisions are about.

    These are the members that the proposer saw. Of several decisions about a version the later
    approved stands.
    """
    codes = _codes(records, books)
    frames = [pl.DataFrame(schema=VERDICT_SCHEMA)]
    frames += [
        _about(members_of(records, decision.proposal), decision, codes)
        for decision in sorted(decided, key=lambda one: (one.approval.at, one.case_id))
    ]
    key = [*VERSION, "code"]
    return pl.concat(frames).unique(key, keep="last", maintain_order=True)


def _codes(records: Records, books: Books) -> dict[str, str]:
    part = books.tables.get("cases")
    if part is None:
        return {}
    return dict(records.read(part, ("case_id", "code")).select("case_id", "code").iter_rows())


def members_of(records: Records, event: TrailEvent) -> pl.DataFrame:
    """Return the case's trades that an act is about: those it names, or all that were seen."""
    if event.members is None:
        return no_causes()
    members = records.read(event.members).filter(
        pl.col("case_id") == event.case_id, pl.col("trade_id").is_not_null()
    )
    named = event.act.trades
    if not named:
        return members
    rows = [(one.partner, one.trade_date, one.trade_id) for one in named]
    schema = {name: _VERSION_TYPES[name] for name in IDENTITY}
    return members.join(pl.DataFrame(rows, schema=schema, orient="row"), on=IDENTITY, how="semi")


def _about(members: pl.DataFrame, decision: Decision, codes: dict[str, str]) -> pl.DataFrame:
    said = {
        "code": codes.get(decision.case_id),
        "case_id": decision.case_id,
        "outcome": decision.outcome,
        "account": decision.proposal.act.account,
    }
    columns = {name: pl.lit(value, pl.String) for name, value in said.items()}
    return members.select(*VERSION, **columns)


def with_waivers(records: Records, books: Books, found: pl.DataFrame, day: date) -> Books:
    """Remember the codes that are let pass; for a trade the firm takes over, its case's too."""
    before = known_waivers(records, books)
    table = pl.concat([before, waivers_of(found)]).unique().sort(pl.all())
    if table.height == before.height:
        return books
    return books.with_tables(**{WAIVERS: records.keep("clearance", day, table)})


def known_waivers(records: Records, books: Books) -> pl.DataFrame:
    """Return `WAIVER_SCHEMA`: every code that was let pass so far."""
    part = books.tables.get(WAIVERS)
    return records.read(part) if part else pl.DataFrame(schema=WAIVER_SCHEMA)


def waivers_of(found: pl.DataFrame) -> pl.DataFrame:
    """Return the codes that verdicts let pass: when the firm takes a trade over, its case's too."""
    # what is found of a party is cleared for the party, not for a trade of it
    of_trades = pl.col("code") != SANCTIONS_HIT
    passed = found.filter(pl.col("outcome").is_in(("RELEASE", "ERROR_ACCOUNT")), of_trades)
    return passed.select(list(WAIVER_SCHEMA))


def waived_codes(trades: pl.DataFrame, waivers: pl.DataFrame) -> pl.DataFrame:
    """Add `waived_codes` (joined by `;`, "" for none) to trades, in their order."""
    lists = waivers.group_by(VERSION).agg(
        pl.col("code").unique().sort().str.join(";").alias("waived_codes")
    )
    joined = trades.join(lists, on=VERSION, how="left", maintain_order="left")
    return joined.with_columns(pl.col("waived_codes").fill_null(""))
