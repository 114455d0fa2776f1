"""A day's outgoing settlement messages as archives for the depository to fetch."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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
    known = {row["lei"]: row for row in counterparties.to_dicts()}
    met: dict[str, Parties] = {}
    unsendable: list[str] = []

    def messages(rows: pl.DataFrame, write: Write) -> Iterator[tuple[str, bytes]]:
        for row in rows.select(*TERMS, "counterparty").iter_rows(named=True):
            try:
                lei = row["counterparty"]
                if lei not in met:
                    met[lei] = Parties(firm.us, _party(lei, known), firm.depository)
                yield f"{row['obligation_id']}.xml", write(row, met[lei])
            except OutOfRangeError:
                unsendable.append(row["obligation_id"])

    files = []
    if instructed.height:
        files.append((f"instructions-{phase}.zip", pack(messages(instructed, write_instruction))))
    if requests.height:
        files.append((f"cancellations-{phase}.zip", pack(messages(requests, write_cancellation))))
    return Archives(tuple(files), tuple(unsendable))


def _party(lei: str, known: Mapping[str, Mapping[str, Any]]) -> Party:
    facts = known.get(lei, {})
    return Party.counterparty(lei, facts.get("bic"), facts.get("custodian_account"))
