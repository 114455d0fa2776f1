"""Who of the firm's parties may be on a list: screened when they appear and when a list changes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.holds import SANCTIONS_HIT
from backoffice.clearance.standing import no_causes
from backoffice.kernel.books import Books
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records
from backoffice.reference.known import known_table
from backoffice.risk.screening.listed import LISTED
from backoffice.risk.screening.versions import IN_FORCE, ListVersion, read_versions

LIST_LOG: Final = "list_log"
LISTED_NAMES: Final = "listed"
PARTIES: Final = "screened"
HITS_FOUND: Final = "hits"

ACCOUNT: Final = "ACCOUNT"
COUNTERPARTY: Final = "COUNTERPARTY"
ISSUER: Final = "ISSUER"
OWNER: Final = "OWNER"
_COLUMN_OF: Final = {ACCOUNT: "account_id", COUNTERPARTY: "counterparty", ISSUER: "isin"}

LOG_SCHEMA: Final = {"list_code": pl.String, "number": pl.UInt32, "key": pl.String}
"""The last version of each list that was taken, in force or refused."""

PARTY_SCHEMA: Final = {
    "subject_kind": pl.String,
    "subject": pl.String,
    "name": pl.String,
    "kind": pl.String,
}


def versions_taken(records: Records, books: Books | None) -> dict[str, int]:
    """Return the number of the last version taken of each list."""
    part = books.tables.get(LIST_LOG) if books else None
    if part is None:
        return {}
    return dict(records.read(part, ("list_code", "number")).select("list_code", "number").rows())


def take_versions(
    records: Records, books: Books, keys: Sequence[str], day: date
) -> tuple[Books, list[ListVersion]]:
    """Take new versions of the lists: the latest of each in force is what names are compared with.

    Returns
    -------
    tuple
        The books with the lists' names, and every version taken, refused ones too.
    """
    if not keys:
        return books, []
    versions = read_versions(records, keys)
    last = {one.list_code: one for one in versions}
    rows = {code: (code, one.number, one.key) for code, one in last.items()}
    before = books.tables.get(LIST_LOG)
    known = {row[0]: row for row in records.read(before).rows()} if before else {}
    log = pl.DataFrame(sorted({**known, **rows}.values()), schema=LOG_SCHEMA, orient="row")
    books = books.with_tables(**{LIST_LOG: records.keep("clearance", day, log)})
    current = {one.list_code: one for one in versions if one.status == IN_FORCE}
    if not current:
        return books, versions
    listed = _replaced(records, books, current)
    return books.with_tables(**{LISTED_NAMES: records.keep("clearance", day, listed)}), versions


def _replaced(records: Records, books: Books, current: Mapping[str, ListVersion]) -> pl.DataFrame:
    part = books.tables.get(LISTED_NAMES)
    known = records.read(part) if part else pl.DataFrame(schema=dict(LISTED))
    others = known.filter(~pl.col("list_code").is_in(list(current)))
    fresh = [records.read(one.names) for _, one in sorted(current.items()) if one.names]
    return pl.concat([others, *fresh]).sort(list(LISTED))


def parties(records: Records, books: Books) -> pl.DataFrame:
    """Return `PARTY_SCHEMA`: account holders, counterparties, issuers, owners, with their names.

    An account with an LEI is an entity's; of another nothing is said.
    """
    entity = pl.lit("ENTITY")
    frames = [
        known_table(records, books, "accounts").select(
            subject_kind=pl.lit(ACCOUNT),
            subject="account_id",
            name="name",
            kind=pl.when(pl.col("lei").is_not_null()).then(entity),
        ),
        known_table(records, books, "counterparties").select(
            subject_kind=pl.lit(COUNTERPARTY), subject="lei", name="name", kind=entity
        ),
        known_table(records, books, "instruments").select(
            subject_kind=pl.lit(ISSUER), subject="isin", name="issuer_name", kind=entity
        ),
        known_table(records, books, "owners").select(
            subject_kind=pl.lit(OWNER), subject="owner", name="owner_name", kind="owner_kind"
        ),
    ]
    named = pl.concat(frames).filter(pl.col("name").is_not_null())
    typed = named.select(pl.col(n).cast(t) for n, t in PARTY_SCHEMA.items())
    return typed.unique().sort(pl.all())


def open_hits(records: Records, books: Books) -> pl.DataFrame:
    """Return the hits that nobody has cleared: subject_kind, subject and what was found."""
    part = books.tables.get(HITS_FOUND)
    if part is None:
        return pl.DataFrame(schema={"subject_kind": pl.String, "subject": pl.String})
    return uncleared(records.read(part))


def uncleared(hits: pl.DataFrame) -> pl.DataFrame:
    """Keep the hits that no two people have cleared."""
    return hits.filter(pl.col("cleared_by").is_null())


def imposed_codes(trades: pl.DataFrame, hits: pl.DataFrame) -> pl.DataFrame:
    """Add `imposed_codes` to trades of an account, with a counterparty or in an issue listed.

    Parameters
    ----------
    trades : pl.DataFrame
        account_id, counterparty, isin; when nobody is listed they come back as they are.
    hits : pl.DataFrame
        subject_kind, subject, as `open_hits` returns them.
    """
    if not hits.height:
        return trades
    listed = pl.any_horizontal(
        pl.col(column).is_in(hits.filter(pl.col("subject_kind") == kind)["subject"].implode())
        for kind, column in _COLUMN_OF.items()
    )
    code = pl.when(listed).then(pl.lit(SANCTIONS_HIT)).otherwise(pl.lit(""))
    return trades.with_columns(imposed_codes=code)


def listed_causes(register: pl.DataFrame, records: Records, books: Books) -> pl.DataFrame:
    """Name every party that may be listed, with the held trades it concerns, or by itself.

    Parameters
    ----------
    register : pl.DataFrame
        Register rows that are held.

    Returns
    -------
    pl.DataFrame
        `CAUSE_SCHEMA`, its subject the kind and the id of the party.
    """
    found = open_hits(records, books).select("subject_kind", "subject").unique()
    frames = [no_causes()]
    held = register.filter(pl.col("hold_codes").str.contains(SANCTIONS_HIT, literal=True))
    for kind, column in _COLUMN_OF.items():
        subjects = found.filter(pl.col("subject_kind") == kind)["subject"].implode()
        frames.append(
            held.filter(pl.col(column).is_in(subjects))
            .with_columns(
                code=pl.lit(SANCTIONS_HIT), subject=pl.format("{} {}", pl.lit(kind), column)
            )
            .select(list(CAUSE_SCHEMA))
        )
    trades = pl.concat(frames)
    alone = found.select(code=pl.lit(SANCTIONS_HIT), subject=party())
    without = alone.join(trades, on="subject", how="anti")
    return pl.concat([trades, shaped(without, CAUSE_SCHEMA)])


def party() -> pl.Expr:
    """Name a hit's party as the subject of its case."""
    return pl.concat_str("subject_kind", pl.lit(" "), "subject")
