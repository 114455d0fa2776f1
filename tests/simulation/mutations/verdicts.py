"""What must have become of a mutated input once its day is closed."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.intake.file_columns import SCHEMAS
from backoffice.kernel.books import load, state_key
from backoffice.records.export import Asked, export
from backoffice.records.verify_store import verify_store
from tests.simulation.firm import APP, Firm
from tests.simulation.invariants import BrokenError, assert_balanced, assert_conserved
from tests.simulation.mutations import messages, tables
from tests.simulation.mutations.mutant import Mutant

CODES: Final = frozenset(
    {
        "MISSING_FIELD", "BAD_FORMAT", "BAD_ISIN", "BAD_LEI", "BAD_CURRENCY", "BAD_VENUE",
        "CONFLICTING_DUPLICATE", "UNKNOWN_TRADE",
    }
)  # fmt: skip
"""The contract's reject codes."""
_SENTENCE: Final = re.compile(r"[^\n]{8,600}")
_KEYED: Final = (
    "accounts", "instruments", "counterparties", "restrictions",
    "prices", "fx", "fees", "movements",
)  # fmt: skip
_BY_CONTROL: Final = "the control file states"

Shown = list[dict[str, str]]


class Verdicts:
    """A closed day, looked at from outside: its report, its exports, its tables."""

    def __init__(self, firm: Firm, day: date) -> None:
        self._firm, records = firm, firm.records
        self._books = load(records, state_key(day, "closed"))
        self._report = json.loads(records.read_bytes(str(self._books.report)))
        self._files = {f"{f['partner']}/{f['name']}": f for f in self._report["files"]}
        self._rejects = self._shown("file-rejects")
        self._trades = {
            (row["partner"], row["trade_id"]): row["status"] for row in self._shown("trades")
        }
        self._known = {
            kind: set(records.read(part)[tables.MAKERS[kind][1]].cast(pl.String))
            for kind in _KEYED
            if (part := self._books.tables.get(kind))
        }

    def _shown(self, what: str) -> Shown:
        text = export(self._firm.records, Asked(what=what)).decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def check_books(self, accepted: Iterable[str]) -> None:
        """Check that the books are whole, hold what was accepted, and nothing from outside."""
        for key, body in self._firm.cloud.records.items():
            assert_balanced(key, body)
        assert_conserved(self._firm.records, self._books)
        if findings := verify_store(self._firm.records)[1]:
            raise BrokenError(f"the record store is not whole: {findings}")
        for trade_id in accepted:
            if (APP, trade_id) not in self._trades:
                raise BrokenError(f"the accepted trade {trade_id} is lost")
        if messages.CANARY in json.dumps([self._report, self._rejects]):
            raise BrokenError("an external entity was read")

    def check_file(self, place: str, mutant: Mutant) -> str:
        """Check what became of a file; return its status."""
        file = self._files.get(place)
        if file is None:
            raise _broken("it is not reported", mutant)
        if file["status"] == "REFUSED":
            _check_refusal(file, mutant)
            return "REFUSED"
        partner = place.partition("/")[0]
        rejects = [
            row for row in self._rejects if (row["partner"], row["file"]) == (partner, mutant.name)
        ]
        if file["rows"] != file["captured"] + file["rejected"] + file["duplicates"]:
            raise _broken(f"rows do not add up: {file}", mutant)
        if len(rejects) != file["rejected"]:
            raise _broken(f"{file['rejected']} rows rejected, {len(rejects)} told", mutant)
        for row in rejects:
            _check_reject(row, mutant, file)
        self._check_good(partner, mutant, file)
        return str(file["status"])

    def _check_good(self, partner: str, mutant: Mutant, file: Mapping[str, Any]) -> None:
        """Check that the rows left alone are booked."""
        if mutant.fate == "any" and not mutant.spoken_of:
            return
        if mutant.kind == "trades":
            lost = [k for k in mutant.good if self._trades.get((partner, k)) != "CLEARED"]
        elif mutant.kind in _KEYED:
            lost = [key for key in mutant.good if key not in self._known[mutant.kind]]
        else:
            lost = ["some"] if file["captured"] < len(mutant.good) else []
        if lost:
            raise _broken(f"good rows are lost: {lost} of {file}", mutant)


def _check_refusal(file: Mapping[str, Any], mutant: Mutant) -> None:
    reason = file["reason"] or ""
    if mutant.fate != "any":
        raise _broken(f"refused whole: {reason}", mutant)
    if not _SENTENCE.fullmatch(reason) or file["captured"]:
        raise _broken(f"refused with {reason!r}", mutant)
    if mutant.spoken_of and _BY_CONTROL not in reason:
        raise _broken(f"a good file is refused: {reason}", mutant)


def _check_reject(row: Mapping[str, str], mutant: Mutant, file: Mapping[str, Any]) -> None:
    columns = {column.name for column in SCHEMAS.get(mutant.kind, ())} | {"row"}
    named = row["field"] if mutant.name.endswith(".xml") else row["field"] in columns
    whole = row["code"] in CODES and named and _SENTENCE.fullmatch(row["message"])
    number = int(row["row"])
    if not whole or not 0 < number <= file["rows"]:
        raise _broken(f"a reject without a reason: {row}", mutant)
    if mutant.fate != "any" and number not in mutant.touched:
        raise _broken(f"a good row is rejected: {row}", mutant)


def _broken(why: str, mutant: Mutant) -> BrokenError:
    return BrokenError(f"{why} ({mutant.name}, {mutant.how})")
