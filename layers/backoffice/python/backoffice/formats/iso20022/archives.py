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
from backoffice.formats.iso20022.parties import Depository, Parties, Party, Place, instructed
from backoffice.kernel.errors import OutOfRangeError

DEPOSITORY: Final = "market"
"""The partner who fetches the firm's instructions."""

_MESSAGES_A_FILE: Final = 1_000

Sides = tuple[Place | None, Place | None]
"""What holds for us, and for them."""

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
    standing: pl.DataFrame | None = None,
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
    standing : pl.DataFrame, optional
        Standing settlement instructions, as `of_obligations` finds them for these obligations.
    """
    parties_of, unsendable = _parties(counterparties, firm, _standing_of(standing)), list[str]()

    def messages(rows: pl.DataFrame, write: Write) -> Iterator[bytes]:
        for row in rows.select(*TERMS, "counterparty").iter_rows(named=True):
            try:
                yield write(row, parties_of(row))
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


def _parties(
    counterparties: pl.DataFrame, firm: Firm, standing: Mapping[str, Sides]
) -> Callable[[Mapping[str, Any]], Parties]:
    """Return what names both sides and the depository, each pair looked up once."""
    known = {row["lei"]: row for row in counterparties.to_dicts()}

    @cache
    def parties_of(lei: str, ours: Place | None, theirs: Place | None) -> Parties:
        facts = known.get(lei, {})
        them = Party.counterparty(lei, facts.get("bic"), facts.get("custodian_account"))
        return instructed(Parties(firm.us, them, firm.depository), ours, theirs)

    def of_row(row: Mapping[str, Any]) -> Parties:
        return parties_of(row["counterparty"], *standing.get(row["obligation_id"], (None, None)))

    return of_row


def _standing_of(standing: pl.DataFrame | None) -> dict[str, Sides]:
    """Return by obligation what holds for us and for them, None where nothing does."""
    found: dict[str, Sides] = {}
    for row in standing.iter_rows(named=True) if standing is not None else ():
        name, side = row.pop("obligation_id"), row.pop("side")
        ours, theirs = found.get(name, (None, None))
        place = Place(**row)
        found[name] = (place, theirs) if side == "OWN" else (ours, place)
    return found
