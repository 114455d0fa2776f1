"""Seal a closed day: everything written since the seal before enters one tree, and the chain.

Writing the sealed state is the commit of the close: a closed day is a signed one. The seal names
its leaves; the seal's own hash, its signature's and the state's enter the next day's tree.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Final

from backoffice.accounting.day_documents import CutOffFacts, DecidedDay
from backoffice.clearance.read_trails import read_acts, read_trail
from backoffice.clearance.trails import trail_key
from backoffice.intake.documents import CLOSE, CUT_OFF, FrozenInputs, frozen_key, original_of
from backoffice.intake.freeze import taken_by
from backoffice.intake.notices import read_notices
from backoffice.intake.swept_trades import original_taken
from backoffice.kernel.books import Books, decided_key, load, state_key
from backoffice.kernel.parts import Document, Part, Records
from backoffice.records.merkle import Leaf, Seal, seal
from backoffice.records.signatures import (
    SIGNATURES,
    Signer,
    announce_key,
    sign_seal,
    signed_day,
    written_beside,
)
from backoffice.risk.screening.versions import read_versions

_HEX: Final = 64
_READERS: Final = 8


class SealedDay(Document):
    """The outcome of sealing: the chain's new end, and how many records the seal names."""

    day: date
    chain: str
    records_sealed: int


def seal_day(records: Records, closed_key: str, signer: Signer) -> SealedDay:
    """Seal the day whose closed books stand under `closed_key`, and make them the day's state.

    Parameters
    ----------
    records
        The record store.
    closed_key
        The closed books, written but not yet the state.
    signer
        The firm's signing key. Earlier seals without a signature are signed first.
    """
    books = load(records, closed_key)
    previous = _previous_seal(records, books)
    before = _before(records, books)
    announce_key(records, signer, books.day)
    _sign_earlier(records, books, signer)
    written = {*_written(records, books, closed_key), *written_beside(records, books.day, previous)}
    keys = sorted(written - _named(before))
    with ThreadPoolExecutor(_READERS) as pool:
        leaves = list(pool.map(lambda key: Leaf(key, _sha256(records, key)), keys))
    sealed = seal(books.day, leaves, previous)
    if not records.put_once(seal_key(books.day), sealed.to_json().encode()):
        # what stands is what is signed: a key may have come since
        sealed = read_seal(records, books.day)
    sign_seal(records, signer, sealed, books.day)
    records.put_once(state_key(books.day, "closed"), records.read_bytes(closed_key))
    return SealedDay(day=books.day, chain=sealed.chain, records_sealed=len(sealed.leaves))


def seal_key(day: date) -> str:
    """Where the seal of a day stands."""
    return f"seals/{day}.json"


def read_seal(records: Records, day: date) -> Seal:
    """Read the seal of a closed day."""
    return Seal.from_json(records.read_bytes(seal_key(day)))


def parts_of(books: Books) -> Iterator[str]:
    """Name every part of a state, whichever field holds it."""
    groups: list[Iterable[Part]] = [books.trades, books.journal, books.pending_journal]
    groups += [(one.sums for one in books.off_date if one.sums is not None)]
    groups += [books.tables.values(), *books.bucketed.values(), *books.day_parts.values()]
    for group in groups:
        for part in group:
            yield part.key


def _sign_earlier(records: Records, books: Books, signer: Signer) -> None:
    """Sign the seals that have no signature: they were made when none was."""
    signed = {signed_day(key) for key in records.keys(SIGNATURES)}
    for day in books.closed_days:
        if day < books.day and str(day) not in signed:
            sign_seal(records, signer, read_seal(records, day), books.day)


def _previous_seal(records: Records, books: Books) -> Seal | None:
    earlier = [day for day in books.closed_days if day < books.day]
    return read_seal(records, earlier[-1]) if earlier else None


def _before(records: Records, books: Books) -> Books | None:
    earlier = [day for day in books.closed_days if day < books.day]
    return load(records, state_key(earlier[-1], "closed")) if earlier else None


def _written(records: Records, books: Books, closed_key: str) -> Iterator[str]:
    """Name everything the day wrote, and the seal and state of the day before."""
    yield closed_key
    yield from parts_of(books)
    yield from books.written
    if books.report:
        yield books.report
    cut_off_key = state_key(books.day, "cut-off")
    cut_off = load(records, cut_off_key)
    yield cut_off_key
    yield from parts_of(cut_off)
    yield from cut_off.written
    yield from _decided(records, books.day, str(cut_off.report))
    taken = taken_by(records, before=books.day)
    for phase in (CUT_OFF, CLOSE):
        yield from _inputs(records, frozen_key(books.day, phase), taken)
    earlier = [day for day in books.closed_days if day < books.day]
    if earlier:
        yield seal_key(earlier[-1])
        yield state_key(earlier[-1], "closed")


def _decided(records: Records, day: date, facts_key: str) -> Iterator[str]:
    """Name what the close wrote when it took decisions, and what that took the place of."""
    body = records.find_bytes(decided_key(day))
    if body is None:
        return
    yield decided_key(day)
    yield from parts_of(DecidedDay.model_validate_json(body).books)
    facts = CutOffFacts.model_validate_json(records.read_bytes(facts_key))
    yield from (part.key for part in facts.balances)


def _inputs(records: Records, key: str, taken: Iterable[str]) -> Iterator[str]:
    """Name what a freeze took for the first time: a content comes again, an entry is reopened."""
    yield key
    earlier = {place for entry_key in taken for place in (entry_key, original_of(entry_key))}
    frozen = FrozenInputs.model_validate_json(records.read_bytes(key))
    yield from frozen.beside
    for notice in read_notices(records, frozen.notices):
        yield from notice.named
    for version in read_versions(records, frozen.lists):
        yield from version.files.values()
        if version.names:
            yield version.names.key
    yield from _attached(records, frozen.acts)
    for entry_key in frozen.entries:
        if entry_key not in earlier:
            yield from {entry_key, original_taken(records, entry_key)} - earlier


def _attached(records: Records, acts: Sequence[str]) -> Iterator[str]:
    """Name the documents that acts attached for the first time: one may be attached again."""
    for event in read_acts(records, acts):
        if event.act.record:
            earlier = read_trail(records, event.case_id)[: event.number - 1]
            taken = [one for one in earlier if trail_key(one.case_id, one.number) not in acts]
            if event.act.record not in {one.act.record for one in taken}:
                yield event.act.record


def _named(books: Books | None) -> set[str]:
    return set() if books is None else set(parts_of(books))


def _sha256(records: Records, key: str) -> str:
    """Hash what is stored; a content-addressed key already says it."""
    stem = key.rsplit("/", 1)[-1].split(".", 1)[0]
    if len(stem) == _HEX and "/originals/" not in key:
        return stem
    return records.sha256(key)
