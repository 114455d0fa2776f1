"""A day's outgoing settlement messages as archives for the depository to fetch."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from typing import Any, Final

import polars as pl

from backoffice.formats.iso20022.condition_writer import MODIFICATION, write_hold_release
from backoffice.formats.iso20022.envelope import headed, wrap
from backoffice.formats.iso20022.header_writer import RELEASES, header_writer
from backoffice.formats.iso20022.instruction_writer import (
    CANCELLATION,
    INSTRUCTION,
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


CHANGES: Final = ("obligation_id", "isin", "quantity_e8", "counterparty", "hold", "released_e8")
"""The columns of a request to hold (`hold`) or release, in part where `released_e8` says it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a step sends: obligations to instruct, to ask the cancellation of, to hold or release.

    `changes` has the columns of CHANGES.
    """

    instructed: pl.DataFrame
    requests: pl.DataFrame
    changes: pl.DataFrame | None = None


def archives(
    outgoing: Outgoing,
    counterparties: pl.DataFrame,
    firm: Firm,
    day: date,
    phase: str,
    standing: pl.DataFrame | None = None,
) -> Archives:
    """Write a message, behind its header, for every obligation to instruct, to cancel or to hold.

    Parameters
    ----------
    outgoing : Outgoing
        What is to be sent.
    counterparties : pl.DataFrame
        lei, bic, custodian_account, as known.
    firm : Firm
        Us and our depository.
    day : date
        The business day, which the headers name.
    phase : str
        Ends the archives' names: two steps of a day never write the same one.
    standing : pl.DataFrame, optional
        Standing settlement instructions, as `of_obligations` finds them for these obligations.
    """
    parties_of, unsendable = _parties(counterparties, firm, _standing_of(standing)), list[str]()

    def messages(rows: pl.DataFrame, definition: str, write: Write) -> Iterator[bytes]:
        head_of = _heads(definition, firm, day, phase)
        for row in rows.iter_rows(named=True):
            try:
                document = write(row, parties_of(row))
            except OutOfRangeError:
                unsendable.append(row["obligation_id"])
            else:
                yield headed(head_of(row), document)

    files = [
        (f"{kind}-{phase}.zip", pack(_filed(messages(rows, definition, write), kind)))
        for kind, rows, definition, write in _kinds(outgoing)
    ]
    return Archives(tuple(files), tuple(unsendable))


def _heads(
    definition: str, firm: Firm, day: date, phase: str
) -> Callable[[Mapping[str, Any]], bytes]:
    head, release = (
        header_writer(definition, firm.us, firm.depository, day, begins)
        for begins in (None, RELEASES)
    )

    def headed_by(row: Mapping[str, Any]) -> bytes:
        if row.get("hold", True):
            return head(row["obligation_id"])
        # parts of one instruction may be let go by several steps of a day
        part = row.get("released_e8")
        turn = "" if part is None else f"|{phase}"
        return release(f"{row['obligation_id']}{turn}")

    return headed_by


def _kinds(outgoing: Outgoing) -> Iterator[tuple[str, pl.DataFrame, str, Write]]:
    """Yield what there is to say; rows that are none may lack columns."""
    terms = (*TERMS, "counterparty")
    for kind, rows, columns, definition, write in (
        ("instructions", outgoing.instructed, terms, INSTRUCTION, write_instruction),
        ("cancellations", outgoing.requests, terms, CANCELLATION, write_cancellation),
        ("changes", outgoing.changes, CHANGES, MODIFICATION, _write_change),
    ):
        if rows is not None and rows.height:
            yield kind, rows.select(columns), definition, write


def _write_change(row: Mapping[str, Any], parties: Parties) -> bytes:
    return write_hold_release(row, parties, hold=row["hold"], released_e8=row["released_e8"])


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
