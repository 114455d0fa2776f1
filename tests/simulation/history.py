"""What the books come to when nothing goes wrong, for whatever a day happened to freeze.

`books(D) = close(books(D-1), inputs(D))`: which files a day took may depend on what went wrong;
what it made of them may not. Each is worked out once, undisturbed, and remembered.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final

from backoffice.intake.documents import FileEntry, FrozenInputs, frozen_key
from backoffice.kernel.books import Books
from backoffice.records.verify_store import verify_store
from tests.simulation.cloud.stores import OUTBOX, RECORDS, WORK, Cloud
from tests.simulation.firm import Firm
from tests.simulation.invariants import (
    BrokenError,
    assert_balanced,
    assert_conserved,
    assert_no_trade_lost_or_doubled,
    assert_swept_once,
)

PHASES: Final = {"cut_off": "cut-off", "close_business_day": "close"}
_FILED: Final = ("files", "originals", "sweeps")
_EVENING: Final = time(22, tzinfo=UTC)


def evening(day: date) -> datetime:
    """Return when a day's cut-off is."""
    return datetime.combine(day, _EVENING)


@dataclass
class Undisturbed:
    """A cloud to which nothing bad ever happened, and what came of it, by what was frozen."""

    cloud: Cloud
    following: "dict[tuple[str, date, tuple[str, ...]], Undisturbed]" = field(default_factory=dict)

    def after(self, machine: str, day: date, actual: Cloud) -> "Undisturbed":
        """Return what a phase comes to, given what it froze in another cloud."""
        frozen = actual.records.get(frozen_key(day, PHASES[machine]))
        if frozen is None:
            raise BrokenError(f"{machine} of {day} ended without frozen inputs")
        inputs = FrozenInputs.model_validate_json(frozen)
        step = (machine, day, (*inputs.entries, *inputs.acts))
        if step not in self.following:
            self.following[step] = self._run(machine, day, inputs, actual)
        return self.following[step]

    def _run(self, machine: str, day: date, inputs: FrozenInputs, actual: Cloud) -> "Undisturbed":
        cloud = self.cloud.copy()
        for entry_key in inputs.entries:
            for bucket, key in objects_of(entry_key, actual):
                cloud.buckets[bucket][key] = actual.buckets[bucket][key]
        for key in inputs.acts:
            cloud.records[key] = actual.records[key]
        cloud.tables["intake"] = {}
        firm = Firm(cloud)
        with firm.at_work(evening(day)):
            ended = firm.start(machine, {"day": str(day)})
            if ended.status != "SUCCEEDED":
                raise BrokenError(f"undisturbed, {machine} of {day} ends as {ended}")
            audit(firm)
        return Undisturbed(cloud)


def objects_of(entry_key: str, cloud: Cloud) -> Iterator[tuple[str, str]]:
    """Name what a committed file consists of, by bucket and key."""
    entry = FileEntry.model_validate_json(cloud.records[entry_key])
    yield RECORDS, entry_key
    yield RECORDS, str(entry.original)
    for cut in entry.cuts:
        yield WORK, cut.key
    for part in (*entry.parts, *entry.identities, *entry.shorts, *entry.rejects):
        yield WORK, part.key


def audit(firm: Firm) -> None:
    """Check everything there is to check of a cloud."""
    contents = firm.cloud.records
    for key, body in contents.items():
        assert_balanced(key, body)
    for key in sorted(key for key in contents if key.startswith("books/")):
        check_state(firm, key)
    assert_swept_once(contents)
    _, findings = verify_store(firm.records)
    if findings:
        raise BrokenError(f"the record store is not whole: {findings}")


def check_state(firm: Firm, key: str) -> None:
    """Check the trades and the shares of one state of the books."""
    books = Books.model_validate_json(firm.cloud.records[key])
    assert_no_trade_lost_or_doubled(firm.records, books, firm.cloud.records)
    assert_conserved(firm.records, books)


def assert_equal(actual: Cloud, undisturbed: Cloud) -> None:
    """Check that a cloud holds what it would, had nothing gone wrong; files in waiting apart."""
    taken = set(_taken(actual))
    settled = {key: body for key, body in actual.records.items() if not _waits(key, taken)}
    wanted = {key: body for key, body in undisturbed.records.items() if not _waits(key, taken)}
    _same("records", settled, wanted)
    _same(OUTBOX, actual.buckets[OUTBOX], undisturbed.buckets[OUTBOX])
    for table, items in undisturbed.tables.items():
        if table != "intake":
            _same(f"table {table}", actual.tables[table], items)


def _same(where: str, found: Mapping[Any, object], wanted: Mapping[Any, object]) -> None:
    if found == wanted:
        return
    missing = sorted(str(key) for key in wanted.keys() - found.keys())
    extra = sorted(str(key) for key in found.keys() - wanted.keys())
    other = sorted(str(key) for key in found.keys() & wanted.keys() if found[key] != wanted[key])
    raise BrokenError(f"{where}: missing {missing}, too many {extra}, other content {other}")


def _taken(cloud: Cloud) -> Iterator[str]:
    for key, body in cloud.records.items():
        if key.startswith("inputs/"):
            inputs = json.loads(body)
            for entry_key in inputs["entries"]:
                yield entry_key
                yield json.loads(cloud.records[entry_key])["original"]
            yield from inputs["acts"]


def _waits(key: str, taken: set[str]) -> bool:
    """Whether an object is of a file, or an act of the desk, that no day has frozen yet."""
    folders = key.split("/")
    if folders[0] == "cases":
        return key not in taken
    return folders[0] == "intake" and folders[2] in _FILED and key not in taken
