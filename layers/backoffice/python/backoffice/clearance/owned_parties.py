"""Parties that are listed by no name of theirs: listed ones own them, or they have no name."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.listed_parties import ACCOUNT, COUNTERPARTY, ISSUER
from backoffice.kernel.books import Books
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.risk.screening.hits import HITS
from backoffice.risk.screening.ownership import OWNERS, blocked_by_ownership, owned_beyond_all

OWNERS_DISAGREE: Final = "OWNERS_DISAGREE"
"""The cause of owners whose shares come to more than 100 per cent; the rule counts them all."""

OWNERSHIP: Final = "OWNERSHIP"
"""What stands for the list when a party is on none, but owned by parties that are."""

NAMELESS: Final = "NAMELESS"
"""What stands for the list when a name cannot be compared with any."""

_PERCENT: Final = 8
_CERTAIN_BP: Final = 10_000


def owned_hits(
    records: Records, books: Books, listed: pl.DataFrame, day: date, rulebook: Rulebook
) -> pl.DataFrame:
    """Return HITS of the accounts, counterparties and issuers that listed parties own.

    Parameters
    ----------
    listed : pl.DataFrame
        subject: the parties with a hit that nobody has cleared, owners among them.
    day, rulebook
        `ofac_ownership_percent`: how much of a party listed ones own in the aggregate.
    """
    part = books.tables.get("owners")
    if part is None or not listed.height:
        return pl.DataFrame(schema=HITS)
    owners = records.read(part).select(pl.col(n).cast(t) for n, t in OWNERS.items())
    names = listed["subject"].unique().to_list()
    threshold = rulebook.scaled("ofac_ownership_percent", day, _PERCENT)
    blocked = blocked_by_ownership(owners, names, threshold)
    found = blocked.filter(~pl.col("entity").is_in(names))
    return _owned(found.join(_known(records, books), left_on="entity", right_on="party"))


def owner_causes(records: Records, books: Books) -> pl.DataFrame:
    """Return `CAUSE_SCHEMA`: the parties whose owners hold more than all of them."""
    part = books.tables.get("owners")
    entities = owned_beyond_all(records.read(part)) if part else []
    named = pl.DataFrame({"subject": entities}, schema={"subject": pl.String})
    return shaped(named.with_columns(code=pl.lit(OWNERS_DISAGREE)), CAUSE_SCHEMA)


def _known(records: Records, books: Books) -> pl.DataFrame:
    """Return party (an account_id or an LEI), and the subject that it is of each kind."""

    def table(kind: str, party: str, subject: str, subject_kind: str) -> pl.DataFrame:
        part = books.tables.get(kind)
        if part is None:
            schema = ("party", "subject", "subject_kind", "name")
            return pl.DataFrame(schema=dict.fromkeys(schema, pl.String))
        name = "issuer_name" if kind == "instruments" else "name"
        rows = records.read(part).filter(pl.col(party).is_not_null())
        return rows.select(
            party=party, subject=subject, subject_kind=pl.lit(subject_kind), name=name
        )

    return pl.concat(
        [
            table("accounts", "account_id", "account_id", ACCOUNT),
            table("accounts", "lei", "account_id", ACCOUNT),
            table("counterparties", "lei", "lei", COUNTERPARTY),
            table("instruments", "issuer_lei", "isin", ISSUER),
        ]
    ).unique()


def nameless_hits(asked: pl.DataFrame) -> pl.DataFrame:
    """Return HITS of the parties whose names have no letter and no digit: nobody can clear them.

    Parameters
    ----------
    asked : pl.DataFrame
        subject_kind, subject, name.
    """
    empty = asked.filter(~pl.col("name").str.contains(r"[\p{L}\p{N}]"))
    return _as_hits(empty, NAMELESS, "", "a name without a letter or a digit")


def _owned(found: pl.DataFrame) -> pl.DataFrame:
    told = pl.format("owned by {}", "owners")
    return _as_hits(found, OWNERSHIP, pl.col("owners"), told)


def _as_hits(
    found: pl.DataFrame, list_code: str, entry: pl.Expr | str, told: pl.Expr | str
) -> pl.DataFrame:
    entry = pl.lit(entry) if isinstance(entry, str) else entry
    said = {
        "subject_kind": pl.col("subject_kind"),
        "subject": pl.col("subject"),
        "name": pl.col("name").fill_null(""),
        "list_code": pl.lit(list_code),
        "entry_id": entry,
        "entry_kind": pl.lit("UNKNOWN"),
        "programs": pl.lit(""),
        "listed_name": entry,
        "quality": pl.lit("PRIMARY"),
        "score_bp": pl.lit(_CERTAIN_BP),
        "matched_tokens": pl.lit(0),
        "matched_weight": pl.lit(0),
        "explanation": pl.lit(told) if isinstance(told, str) else told,
    }
    typed = {name: said[name].cast(kind) for name, kind in HITS.items()}
    return found.select(**typed).unique().sort(pl.all())
