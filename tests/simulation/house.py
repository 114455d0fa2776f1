"""The whole house in one process: the real use cases in the state machines' order."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from backoffice.accounting.book_bucket import book_bucket
from backoffice.accounting.clear_share import clear_share
from backoffice.accounting.close_books import close_books
from backoffice.accounting.close_day import settle_day
from backoffice.accounting.cut_off import cut_off
from backoffice.formats.delimited import plan
from backoffice.formats.delimited_rows import read_range
from backoffice.formats.iso20022.status_reader import read_status
from backoffice.intake.capture import venue_zones
from backoffice.intake.day_inputs import resolve_inputs
from backoffice.intake.filing import capture_range, commit_file, plan_file
from backoffice.intake.freeze import Frozen, freeze_close, freeze_cut_off
from backoffice.intake.status_frames import StatusRows
from backoffice.kernel.books import latest, load, state_key
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.export import Asked, export
from backoffice.records.seal_day import seal_day
from backoffice.stores.street_post import poster
from tests.simulation.memory import MemoryBucket

Market = Callable[["House", date], Mapping[str, bytes]]


class RecordMemory(MemoryBucket):
    """The record store in memory."""

    def copy_once(self, drops: MemoryBucket, drop_key: str, version: str | None, key: str) -> None:
        del version
        self.put_once(key, drops.objects[drop_key])


class House:
    """One firm's stores and the steps of its days."""

    def __init__(self) -> None:
        self.drops, self.work, self.outbox = MemoryBucket(), MemoryBucket(), MemoryBucket()
        self.records = RecordMemory()

    def drop(self, partner: str, day: date, name: str, body: bytes) -> None:
        """Drop a file and run capture_file on it."""
        key = f"drops/{partner}/{day}/{name}"
        self.drops.objects[key] = body
        planned = plan_file(self.drops, self.work, key, None, plan)
        captured = [
            capture_range(
                self.drops,
                self.work,
                planned.plan,
                found,
                zones=venue_zones(default_rulebook()),
                read_rows=read_range,
                read_status=_statuses,
            )
            for found in planned.ranges
        ]
        commit_file(self.records, self.drops, self.work, planned.plan, captured)

    def cut_off(self, day: date) -> Frozen:
        """Run the cut-off of a day."""
        frozen = freeze_cut_off(self.records, day)
        if frozen.outcome != "FROZEN":
            return frozen
        rulebook, calendar = default_rulebook(), default_calendar()
        resolved = resolve_inputs(self.records, self.work, str(frozen.inputs), rulebook.version)
        shares = [
            clear_share(self.records, self.work, resolved, bucket, calendar, rulebook)
            for bucket in range(resolved.books.buckets)
        ]
        counterparties = resolved.books.tables.get("counterparties")
        post = poster(self.records, self.outbox, rulebook, counterparties, "cut-off")
        cut_off(self.records, self.work, resolved, shares, calendar, rulebook, post)
        return frozen

    def close(self, day: date) -> Frozen:
        """Run the close of a day."""
        frozen = freeze_close(self.records, day)
        if frozen.outcome != "FROZEN":
            return frozen
        rulebook = default_rulebook()
        settled = settle_day(
            self.records,
            self.work,
            str(frozen.inputs),
            default_calendar(),
            lambda books: poster(
                self.records, self.outbox, rulebook, books.tables.get("counterparties"), "close"
            ),
        )
        booked = [
            book_bucket(self.records, self.work, settled, bucket)
            for bucket in range(settled.books.buckets)
        ]
        closed = close_books(self.records, self.work, settled, booked, rulebook)
        seal_day(self.records, closed.key)
        return frozen

    def day(self, folder: Path, day: date, market: Market | None = None) -> dict[str, Any]:
        """Run a business day on a folder's files."""
        for path in sorted(folder.iterdir()):
            self.drop("local", day, path.name, path.read_bytes())
        self.cut_off(day)
        for name, body in (market(self, day) if market else {}).items():
            self.drop("market", day, name, body)
        self.close(day)
        return self.report(day)

    def report(self, day: date) -> dict[str, Any]:
        """Read a closed day's report."""
        import json

        books = load(self.records, state_key(day, "closed"))
        report: dict[str, Any] = json.loads(self.records.read_bytes(str(books.report)))
        return report

    def export(self, what: str, day: date | None = None, form: str = "json") -> bytes:
        """Export a view."""
        return export(self.records, Asked(what=what, format=form, date=day))

    def digest(self) -> str:
        """Hash every view of the latest books."""
        assert latest(self.records) is not None
        views = [
            self.export(what)
            for what in (
                "trades",
                "rejects",
                "cases",
                "obligations",
                "positions",
                "lots",
                "journal",
                "trial-balance",
                "stock-record",
            )
        ]
        return hashlib.sha256(b"\0".join(views)).hexdigest()


def _statuses(data: bytes) -> StatusRows:
    read = read_status(data)
    return StatusRows(read.statuses, read.rejects)
