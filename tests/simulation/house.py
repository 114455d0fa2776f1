"""The whole house in one process: the real use cases in the state machines' order."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

from backoffice.accounting.book_bucket import book_bucket
from backoffice.accounting.clear_share import Share, clear_share
from backoffice.accounting.close_books import close_books
from backoffice.accounting.close_day import settle_day
from backoffice.accounting.cut_off import close_decisions, cut_off
from backoffice.clearance.beside import has_listed, take_beside
from backoffice.clearance.customer_documents import new_documents
from backoffice.clearance.decided_day import decide_at_close
from backoffice.clearance.document_accesses import PREFIX as ACCESSES
from backoffice.clearance.document_accesses import new_accesses
from backoffice.clearance.listed_parties import versions_taken
from backoffice.clearance.screen_parties import screen_day
from backoffice.clearance.short_claims import allot_locates
from backoffice.clearance.taken import new_acts
from backoffice.formats.readers import READERS
from backoffice.formats.row_planners import PLANS
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.formats.sealed_originals import SealedOriginals
from backoffice.intake.capture import venue_zones
from backoffice.intake.capture_file import capture_range
from backoffice.intake.commit_file import commit_file
from backoffice.intake.day_documents import ResolvedDay
from backoffice.intake.day_inputs import resolve_inputs
from backoffice.intake.documents import (
    CLOSE,
    CUT_OFF,
    ByteRange,
    CapturedRange,
    FileEntry,
    FrozenInputs,
)
from backoffice.intake.freeze import Beside, Frozen, freeze_close, freeze_cut_off
from backoffice.intake.notices import new_notices
from backoffice.intake.plan_file import RANGE_BYTES, Planned, plan_file
from backoffice.intake.staging import ROWS_PER_BUCKET
from backoffice.kernel.books import Books, latest, load, state_key
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.export import Asked, export
from backoffice.records.seal_day import seal_day
from backoffice.risk.screening.versions import new_versions
from backoffice.settlement.street import Post
from backoffice.stores.payment_post import pay_out
from backoffice.stores.street_post import poster
from tests.simulation.fixed_signer import FixedSigner
from tests.simulation.invariants import assert_kinds_known, assert_scheduled
from tests.simulation.key_ring import KeysInMemory
from tests.simulation.market import settle_all
from tests.simulation.memory import DropMemory, Fuse, OutboxMemory, RecordMemory, WorkMemory

Market = Callable[["House", date], Mapping[str, bytes]]
Result = TypeVar("Result")

VIEWS: Final = (
    "trades",
    "rejects",
    "cases",
    "obligations",
    "fails",
    "fail-history",
    "rolls",
    "positions",
    "lots",
    "journal",
    "trial-balance",
    "stock-record",
    "cash-ladder",
)
"""What the books show; `records` tells how they are kept."""


class House:
    """One firm's stores and the steps of its days.

    `range_bytes` and `rows_per_bucket` say how finely work is cut: no figure may depend on them.
    """

    def __init__(
        self, range_bytes: int = RANGE_BYTES, rows_per_bucket: int = ROWS_PER_BUCKET
    ) -> None:
        self.range_bytes, self.rows_per_bucket = range_bytes, rows_per_bucket
        self.fuse = Fuse()
        self.drops = DropMemory("drops", self.fuse)
        self.work = WorkMemory("work", self.fuse)
        self.outbox = OutboxMemory("outbox", self.fuse)
        self.records = RecordMemory("records", self.fuse)
        self.keys = KeysInMemory()
        self.signer = FixedSigner()
        self.dropped = 0

    def copy(self, fuse: Fuse | None = None) -> "House":
        """Return a house with the same content, which goes its own way from here."""
        other = type(self)(self.range_bytes, self.rows_per_bucket)
        other.fuse = fuse or Fuse()
        other.drops, other.work = self.drops.copy(other.fuse), self.work.copy(other.fuse)
        other.outbox, other.records = self.outbox.copy(other.fuse), self.records.copy(other.fuse)
        other.keys, other.dropped = self.keys.copy(), self.dropped
        return other

    def seals(self) -> SealedColumns:
        """Open and seal what is personal, with the keys there are now."""
        return SealedColumns(self.keys)

    def step(self, call: Callable[[], Result]) -> Result:
        """Run one step of a state machine."""
        return call()

    def drop(self, partner: str, day: date, name: str, body: bytes) -> FileEntry:
        """Drop a file and run capture_file on it."""
        key = f"drops/{partner}/{day}/{name}"
        self.drops.objects[key] = body
        self.dropped += 1
        return self.capture(key)

    def capture(self, key: str) -> FileEntry:
        """Plan a dropped file, capture its ranges, commit it."""
        planned = self.step(lambda: self.plan(key))
        captured = [self.captured(planned, found) for found in planned.ranges]
        return self.committed(planned, captured)

    def captured(self, planned: Planned, found: ByteRange) -> CapturedRange:
        """Capture a range of a planned file."""
        return self.step(
            lambda: capture_range(
                self.drops,
                self.work,
                planned.plan,
                found,
                zones=venue_zones(default_rulebook()),
                readers=READERS,
                seals=self.seals(),
            )
        )

    def committed(self, planned: Planned, captured: Sequence[CapturedRange]) -> FileEntry:
        """Commit a file whose ranges are captured."""
        seals = SealedOriginals(self.keys)
        return self.step(
            lambda: commit_file(self.records, self.drops, self.work, planned.plan, captured, seals)
        )

    def plan(self, key: str) -> Planned:
        """Plan a dropped file."""
        return plan_file(
            self.drops,
            self.work,
            key,
            None,
            PLANS,
            range_bytes=self.range_bytes,
            rows_per_bucket=self.rows_per_bucket,
        )

    def cut_off(self, day: date) -> Frozen:
        """Run the cut-off of a day."""
        frozen = self.step(lambda: freeze_cut_off(self.records, day, self._beside(CUT_OFF)))
        if frozen.outcome == "FROZEN":
            self._cut_off(str(frozen.inputs))
        return frozen

    def _cut_off(self, inputs: str) -> None:
        rulebook, calendar = default_rulebook(), default_calendar()
        resolved = self.step(lambda: self._resolve(inputs, rulebook.version))
        if has_listed(resolved.books):
            found = resolved
            resolved = self.step(
                lambda: screen_day(self.records, self.work, found, rulebook, self.seals())
            )
        shares = self._clear(resolved, range(resolved.books.buckets))
        resolved = self._pay_out(resolved)
        post = self._poster(resolved.books, "cut-off")
        self.step(
            lambda: cut_off(self.records, self.work, resolved, shares, calendar, rulebook, post)
        )

    def _beside(self, phase: str) -> Beside:
        books = latest(self.records)
        acts = new_acts(self.records, books)
        if phase == CLOSE:
            return Beside(acts=acts)
        return Beside(
            acts=acts,
            lists=new_versions(self.records, versions_taken(self.records, books)),
            notices=new_notices(self.records, books),
            documents=new_documents(self.records, books),
            accesses=new_accesses(self.records, books, self.today()),
        )

    def today(self) -> date:
        """Return the day of the latest reading of a document: before it none are missed."""
        days = [key.split("/")[1] for key in self.records.keys(ACCESSES)]
        return date.fromisoformat(max(days, default=str(date.min)))

    def _resolve(self, inputs: str, rulebook: str) -> ResolvedDay:
        resolved = resolve_inputs(
            self.records, self.work, inputs, rulebook, rows_per_bucket=self.rows_per_bucket
        )
        frozen = FrozenInputs.model_validate_json(self.records.read_bytes(inputs))
        resolved = take_beside(self.records, self.work, resolved, frozen)
        return allot_locates(self.records, self.work, resolved)

    def _clear(self, resolved: ResolvedDay, buckets: Iterable[int]) -> list[Share]:
        rulebook, calendar = default_rulebook(), default_calendar()
        return [
            self.step(
                lambda bucket=bucket: clear_share(  # type: ignore[misc]
                    self.records, self.work, resolved, bucket, calendar, rulebook
                )
            )
            for bucket in buckets
        ]

    def _decide(self, inputs: str) -> None:
        """Take the decisions that came since the cut-off."""
        resolved, buckets = self.step(lambda: decide_at_close(self.records, self.work, inputs))
        shares = self._clear(resolved, buckets)
        resolved = self._pay_out(resolved)
        post, rulebook = self._poster(resolved.books, "released"), default_rulebook()
        self.step(
            lambda: close_decisions(
                self.records, self.work, resolved, shares, default_calendar(), rulebook, post
            )
        )

    def _pay_out(self, resolved: ResolvedDay) -> ResolvedDay:
        """Ask for remittances and order what is approved, as the step that nets does first."""
        rulebook, calendar = default_rulebook(), default_calendar()
        return self.step(
            lambda: pay_out(self.records, self.outbox, resolved, rulebook, calendar, self.seals)
        )

    def _poster(self, books: Books, phase: str) -> Post:
        return poster(self.records, self.outbox, default_rulebook(), books, phase)

    def close(self, day: date) -> Frozen:
        """Run the close of a day."""
        frozen = self.step(lambda: freeze_close(self.records, day, self._beside(CLOSE)))
        if frozen.outcome == "FROZEN":
            if frozen.acts:
                self._decide(str(frozen.inputs))
            self._close(str(frozen.inputs))
        return frozen

    def _close(self, inputs: str) -> None:
        rulebook, calendar = default_rulebook(), default_calendar()
        settled = self.step(
            lambda: settle_day(
                self.records,
                self.work,
                inputs,
                calendar,
                rulebook,
                lambda books: self._poster(books, "close"),
            )
        )
        booked = [
            self.step(
                lambda bucket=bucket: book_bucket(  # type: ignore[misc]
                    self.records,
                    self.work,
                    settled,
                    bucket,
                    lambda day: rulebook.days("wash_sale_days", day),
                )
            )
            for bucket in range(settled.books.buckets)
        ]
        closed = self.step(lambda: close_books(self.records, self.work, settled, booked, rulebook))
        self.step(lambda: seal_day(self.records, closed.key, self.signer))
        books = load(self.records, closed.key)
        assert_kinds_known(self.records, books)
        assert_scheduled(self.records, books)

    def business_day(self, day: date, market: Market = settle_all) -> None:
        """Run a business day on what has been dropped: cut-off, the market, close."""
        if self.cut_off(day).outcome == "REFUSED":
            return
        for name, body in market(self, day).items():
            self.drop("market", day, name, body)
        self.close(day)

    def day(self, folder: Path, day: date, market: Market = settle_all) -> dict[str, Any]:
        """Run a business day on a folder's files and return its report."""
        self.take(folder.iterdir(), day)
        self.business_day(day, market)
        return self.report(day)

    def take(self, paths: Iterable[Path], day: date) -> None:
        """Drop files for a day, by name."""
        for path in sorted(paths):
            self.drop("local", day, path.name, path.read_bytes())

    def report_days(self) -> tuple[date, ...]:
        """Name the closed days."""
        found = latest(self.records, closed=True)
        return found.closed_days if found else ()

    def books(self, day: date) -> Books:
        """Read the books of a closed day."""
        return load(self.records, state_key(day, "closed"))

    def report(self, day: date) -> dict[str, Any]:
        """Read a closed day's report."""
        report: dict[str, Any] = json.loads(self.records.read_bytes(str(self.books(day).report)))
        return report

    def export(
        self,
        what: str,
        day: date | None = None,
        known_at: date | None = None,
        form: str = "csv",
    ) -> bytes:
        """Export a view."""
        return export(
            self.records,
            Asked(what=what, format=form, date=day, known_at=known_at),
            self.seals,
        )

    def table(
        self, what: str, day: date | None = None, known_at: date | None = None
    ) -> list[dict[str, str]]:
        """Export a view and read it as whoever asked for CSV would."""
        text = self.export(what, day, known_at).decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def digest(self, day: date | None = None) -> str:
        """Hash every view of the books."""
        shown = [self.export(what, day) for what in VIEWS]
        return hashlib.sha256(b"\0".join(shown)).hexdigest()
