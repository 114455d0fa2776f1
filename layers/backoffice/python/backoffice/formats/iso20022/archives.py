"""A day's outgoing settlement messages as archives for the depository to fetch."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, Final

import polars as pl

from backoffice.formats.iso20022.envelope import wrap
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

_MESSAGES_A_FILE: Final = 1_000

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

    def messages(rows: pl.DataFrame, write: Write) -> Iterator[bytes]:
        for row in rows.select(*TERMS, "counterparty").iter_rows(named=True):
            try:
                yield write(row, parties_of(row["counterparty"]))
            except OutOfRangeError:
                unsendable.append(row["obligation_id"])

    files = []
    for kind, rows, write in (
        ("instructions", instructed, write_instruction),
        ("cancellations", requests, write_cancellation),
    ):
        if rows.height:
            files.append((f"{kind}-{phase}.zip", pack(_filed(messages(rows, write), kind))))
    return Archives(tuple(files), tuple(unsendable))


def _filed(messages: Iterable[bytes], kind: str) -> Iterator[tuple[str, bytes]]:
    """Put messages into files of many: an archive's entry costs more time than what it holds."""
    left, number = iter(messages), 0
    while some := list(islice(left, _MESSAGES_A_FILE)):
        number += 1
        yield f"{kind}-{number:04d}.xml", wrap(some)


def _parties(counterparties: pl.DataFrame, firm: Firm) -> Callable[[str], Parties]:
    """Return what names both sides and the depository, each counterparty looked up once."""
    known = {row["lei"]: row for row in counterparties.to_dicts()}

    @cache
    def parties_of(lei: str) -> Parties:
        facts = known.get(lei, {})
        them = Party.counterparty(lei, facts.get("bic"), facts.get("custodian_account"))
        return Parties(firm.us, them, firm.depository)

    return parties_of
