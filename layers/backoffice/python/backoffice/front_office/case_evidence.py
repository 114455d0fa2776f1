"""What a case holds as it is served: its members, and what was found of a party."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.listed_parties import party, uncleared
from backoffice.clearance.served_cases import part_of
from backoffice.front_office.case_models import Hit, Member, NamedTrade
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.canonical import canonical_hash
from backoffice.kernel.parts import Part
from backoffice.kernel.sealed_text import MARK, Seals

MEMBERS_A_PAGE: Final = 200
SEEN_DIGITS: Final = 16
_SEALED: Final = ("name", "explanation")

ReadPart = Callable[[Part], pl.DataFrame]
"""Reads a part of the books: whoever looks at many cases reads each part once."""


@dataclass(frozen=True, slots=True)
class CaseEvidence:
    """What a case holds: rows of `Member` and of `Hit`, in the order they are shown."""

    members: pl.DataFrame
    hits: pl.DataFrame

    @property
    def seen(self) -> str:
        """Name what the case holds: once it holds anything else it has another name."""
        found = self.hits.select(pl.exclude("subject"))
        both = canonical_hash(self.members) + canonical_hash(found)
        return hashlib.sha256(both.encode()).hexdigest()[:SEEN_DIGITS]

    def page(self, start: int) -> tuple[tuple[Member, ...], int | None]:
        """Return the members from the `start`-th on, and where the page after begins."""
        some = self.members.slice(start, MEMBERS_A_PAGE)
        end = start + some.height
        shown = tuple(map(Member.model_validate, some.iter_rows(named=True)))
        return shown, end if end < self.members.height else None

    def shown_hits(self) -> tuple[Hit, ...]:
        """Return what was found of the party, the likeliest first."""
        return tuple(map(Hit.model_validate, self.hits.iter_rows(named=True)))

    def sealed_of(self) -> str | None:
        """Return whose name the hits hold sealed; None when none does: a case is of one party."""
        if "name" not in self.hits.columns:
            return None
        sealed = self.hits.filter(pl.col("name").str.starts_with(MARK))
        return str(sealed["subject"][0]) if sealed.height else None

    def opened(self, seals: Seals) -> "CaseEvidence":
        """Open what of the hits is sealed."""
        shown = [seals.shown(self.hits[name]) for name in _SEALED]
        return replace(self, hits=self.hits.with_columns(shown))

    def unknown(self, trades: Iterable[NamedTrade]) -> str | None:
        """Name the first of some trades that the case does not hold."""
        held = set(self.members.select(IDENTITY).iter_rows())
        asked = ((one, (one.partner, one.trade_date, one.trade_id)) for one in trades)
        return next((one.trade_id for one, identity in asked if identity not in held), None)


def read_evidence(read: ReadPart, item: Mapping[str, Any]) -> CaseEvidence:
    """Read what an open case holds; what was found of a party and cleared is left out."""
    return CaseEvidence(_members(read, item), _hits(read, item))


def _members(read: ReadPart, item: Mapping[str, Any]) -> pl.DataFrame:
    part = part_of(item, "evidence")
    names = list(Member.model_fields)
    if part is None:
        return pl.DataFrame(schema={name: CAUSE_SCHEMA[name] for name in names})
    return read(part).filter(pl.col("case_id") == item["sk"]).select(names)


def _hits(read: ReadPart, item: Mapping[str, Any]) -> pl.DataFrame:
    part = part_of(item, "hits")
    if part is None:
        return pl.DataFrame()
    subject, _, _ = item["subject"].partition(" #")
    return uncleared(read(part)).filter(party() == subject).select("subject", *Hit.model_fields)
