"""A day's outgoing settlement messages as archives for the depository to fetch."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import polars as pl

from backoffice.formats.iso20022.instruction_writer import (
    TERMS,
    write_cancellation,
    write_instruction,
)
from backoffice.formats.iso20022.packing import pack
from backoffice.formats.iso20022.parties import Depository, Parties, Party
from backoffice.kernel.errors import OutOfRangeError

DEPOSITORY: Final = "market"
"""The partner who fetches the firm's instructions."""

Write = Callable[[Mapping[str, Any], Parties], bytes]


@dataclass(frozen=True, slots=True)
class Firm:
    """Who instructs, and where its securities are kept."""

    us: Party
    depository: Depository


@dataclass(frozen=True, slots=True)
class Archives:
    """Named archives to post, and the obligations no message can hold."""

    files: tuple[tuple[str, bytes], ...]
    unsendable: tuple[str, ...]


def archives(
    instructed: pl.DataFrame,
    requests: pl.DataFrame,
    counterparties: pl.DataFrame,
    firm: Firm,
    phase: str,
) -> Archives:
    """Write a message for every obligation to instruct or to cancel.

    Parameters
    ----------
    instructed, requests : pl.DataFrame
        Obligations to instruct, and to ask the cancellation of.
    counterparties : pl.DataFrame
        lei, bic, custodian_account, as known.
    firm : Firm
        Us and our depository.
    phase : str
        Ends the archives' names: two steps of a day never write the same one.
    """
    parties_of = _parties(counterparties, firm)
    unsendable: list[str] = []

    def messages(rows: pl.DataFrame, write: Write) -> Iterator[tuple[str, bytes]]:
        for row in rows.select(*TERMS, "counterparty").iter_rows(named=True):
            try:
                yield f"{row['obligation_id']}.xml", write(row, parties_of(row["counterparty"]))
            except OutOfRangeError:
                unsendable.append(row["obligation_id"])

    files = []
    if instructed.height:
        files.append((f"instructions-{phase}.zip", pack(messages(instructed, write_instruction))))
    if requests.height:
        files.append((f"cancellations-{phase}.zip", pack(messages(requests, write_cancellation))))
    return Archives(tuple(files), tuple(unsendable))


def _parties(counterparties: pl.DataFrame, firm: Firm) -> Callable[[str], Parties]:
    """Return what names both sides and the depository, each counterparty looked up once."""
    known = {row["lei"]: row for row in counterparties.to_dicts()}

    @cache
    def parties_of(lei: str) -> Parties:
        facts = known.get(lei, {})
        them = Party.counterparty(lei, facts.get("bic"), facts.get("custodian_account"))
        return Parties(firm.us, them, firm.depository)

    return parties_of
