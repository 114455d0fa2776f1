"""What must hold after every step, whatever went wrong in it."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

import polars as pl

from backoffice.accounting.chart import CLIENT_CASH
from backoffice.accounting.kinds import CASH_KINDS, KINDS
from backoffice.intake.documents import FrozenInputs
from backoffice.intake.register import read_standing
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.records.retention import default_schedule
from backoffice.stores.parquet import from_parquet
from tests.simulation.key_ring import as_it_came

Entry = Mapping[str, Any]
Trade = tuple[str, str]
"""Partner and trade_id: no trade of the simulation has another's on another date."""

_PAR: Final = b"PAR1"


class BrokenError(AssertionError):
    """An invariant does not hold."""


def assert_balanced(key: str, body: bytes) -> None:
    """Check that every entry of a part of the journal comes to zero in every unit."""
    if not body.startswith(_PAR) or b"entry_id" not in body:
        return
    rows = from_parquet(body)
    if not {"entry_id", "amount"} <= set(rows.columns) or not rows.height:
        return
    sums = rows.group_by("entry_id", "unit").agg(pl.col("amount").sum())
    unbalanced = sums.filter(pl.col("amount") != 0)
    if unbalanced.height:
        raise BrokenError(f"{key}: entries do not come to zero: {unbalanced.rows()}")


def assert_kinds_known(records: Records, books: Books) -> None:
    """Check that what a close wrote is of kinds that are known for what they may move."""
    for part in books.journal:
        if part.day == books.day:
            rows = records.read(part)
            reverses = pl.col("entry_id").str.contains(r"^[0-9-]{10}:R:")
            wrong = rows.filter(reverses != (pl.col("kind") == "REVERSAL"))
            if wrong.height:
                raise BrokenError(f"no reversal, or not called one: {wrong['entry_id'].to_list()}")
            cash = set(rows.filter(pl.col("book") == CLIENT_CASH)["kind"])
            if unknown := (set(rows["kind"]) - KINDS) | (cash - CASH_KINDS):
                raise BrokenError(f"{books.day}: nobody said what these may move: {unknown}")


def assert_scheduled(records: Records, books: Books) -> None:
    """Check that every object there is, and every table of the books, has its period.

    Raises
    ------
    UnscheduledRecordError
        Naming what the retention schedule knows nothing of.
    """
    schedule = default_schedule()
    for key in records.keys(""):
        schedule.class_of(key)
    beside = ("trades", "journal", "pending_journal", "off_date")
    named = [name for name in beside if getattr(books, name)]
    for table in {*named, *books.tables, *books.bucketed, *books.day_parts}:
        schedule.records_of_table(table)


def assert_conserved(records: Records, books: Books) -> None:
    """Check that for every security what is held and what is owed come to zero."""
    journal = records.read_all((*books.journal, *books.pending_journal))
    if journal is None:
        return
    shares = journal.filter(pl.col("book").str.starts_with("Securities"))
    sums = shares.group_by("unit").agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
    if sums.height:
        raise BrokenError(f"{books.day} {books.phase}: shares came or went: {sums.rows()}")


def assert_no_trade_lost_or_doubled(
    records: Records, books: Books, contents: Mapping[str, bytes]
) -> None:
    """Check that the register holds every trade of what was frozen, once.

    `contents` is the record store: the originals in it say what the trades are.
    """
    wanted = set(_frozen_trades(books, contents))
    found: Counter[Trade] = Counter()
    if books.trades:
        rows = read_standing(records, books, books.trades).select(IDENTITY)
        found.update((row["partner"], row["trade_id"]) for row in rows.to_dicts())
    if doubled := sorted(trade for trade, times in found.items() if times > 1):
        raise BrokenError(f"{books.day} {books.phase}: trades are there twice: {doubled}")
    if found.keys() != wanted:
        lost, made = sorted(wanted - found.keys()), sorted(found.keys() - wanted)
        raise BrokenError(f"{books.day} {books.phase}: lost {lost}, out of nothing {made}")


def _frozen_trades(books: Books, contents: Mapping[str, bytes]) -> Iterator[Trade]:
    for key, body in contents.items():
        if not key.startswith("inputs/"):
            continue
        frozen = FrozenInputs.model_validate_json(body)
        if (frozen.day, frozen.phase == "close") > (books.day, books.phase == "closed"):
            continue
        for entry_key in frozen.entries:
            yield from trades_of(json.loads(contents[entry_key]), contents)


def trades_of(entry: Entry, contents: Mapping[str, bytes]) -> Iterator[Trade]:
    """Name the trades that the good NEW rows of a committed file make."""
    if entry["drop"]["kind"] == "trades" and entry["refusal"] is None:
        partner = entry["drop"]["partner"]
        original = as_it_came(contents[entry["original"]], entry["sha256"])
        for row in _rows(original):
            if row.get("action", "") in ("", "NEW") and Decimal(row["quantity"]) > 0:
                yield partner, row["trade_id"]


def _rows(original: bytes) -> Iterable[Mapping[str, str]]:
    if original.startswith(b"["):
        return [item["trade"] for item in json.loads(original)]
    return csv.DictReader(io.StringIO(original.decode(), newline=""))


def assert_swept_once(contents: Mapping[str, bytes]) -> None:
    """Check that no app's trade is in two sweeps, and that every sweep has what it says."""
    taken: Counter[tuple[str, str]] = Counter()
    for key, body in contents.items():
        if "/files/" not in key:
            continue
        entry = json.loads(body)
        if entry["drop"]["key"].startswith("api/"):
            items = json.loads(contents[entry["original"]])
            taken.update((item["pk"], item["sk"]) for item in items)
            if entry["rows"] != len(items):
                raise BrokenError(f"{key} has {entry['rows']} rows of {len(items)} trades")
    if twice := sorted(item for item, times in taken.items() if times > 1):
        raise BrokenError(f"trades are in two sweeps: {twice}")
