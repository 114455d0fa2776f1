"""The transaction report of a business day: what was cleared, changed or taken back on it."""

from collections.abc import Collection
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.allocation_requests import known_allocations
from backoffice.compliance.reports.answers import answers_until
from backoffice.compliance.reports.clock import due_at, is_past
from backoffice.compliance.reports.kinds import Look, Made, ReportKind
from backoffice.compliance.reports.submit import OPEN
from backoffice.compliance.rts22.changes import Changes, changes
from backoffice.compliance.rts22.completeness import Tied, tie
from backoffice.compliance.rts22.eligible import reportable
from backoffice.compliance.rts22.executions import executions
from backoffice.compliance.rts22.frames import (
    CANCEL,
    GROUP,
    LEG,
    NEW,
    OPEN_ROW,
    REFUSED,
    ROW,
)
from backoffice.compliance.rts22.refusals import causes_of, refusal, released
from backoffice.compliance.rts22.reported import (
    ROWS,
    ever_refused,
    newly_refused,
    rows_sent,
    standing,
)
from backoffice.compliance.rts22.terms import desired
from backoffice.intake.register import superseded
from backoffice.kernel.books import load, state_key
from backoffice.kernel.frames import shaped
from backoffice.reference.known import known_table

RTS22: Final = "RTS22"
ROWS_A_FILE: Final = 100_000
_IDENTITY: Final = ["partner", "trade_date", "trade_id"]


def make_transaction_report(look: Look) -> Made:
    """Make the report of what the books say since the last one.

    Every trade whose state changed, everything that waited or was refused since, is looked at as it
    stands now and compared with what was sent of it. So it does not matter why something changed.
    """
    step = _Step(look)
    found = step.changes()
    dates = sorted({*step.touched["trade_date"], *found.rows["trade_date"]})
    tied = step.tie(found, dates)
    return Made(
        tables={
            ROWS: list(found.rows.iter_slices(ROWS_A_FILE)),
            OPEN: [found.waiting] if found.waiting.height else [],
        },
        figures={**_counts(found.rows), **tied.figures},
        differences=tied.differences,
        causes=tuple(causes_of(found.waiting)),
        trade_dates=tuple(sorted(set(found.rows["trade_date"]))),
    )


TRANSACTION_REPORT: Final = ReportKind(
    name=RTS22,
    cycle="DAY",
    make=make_transaction_report,
    rows=(ROWS,),
    suffix=".xml",
    is_answered=True,
    corrects=True,
)


class _Step:
    """One report being made: what is looked at, and what is known of it."""

    def __init__(self, look: Look) -> None:
        self._look = look
        records, books = look.records, look.books
        waited = look.before.tables.get(OPEN, ()) if look.before else ()
        frames = [pl.DataFrame(schema=dict(OPEN_ROW)), *(records.read(part) for part in waited)]
        rows = pl.concat([*frames, newly_refused(records, look.answers, RTS22)])
        self._open = rows.with_columns(again=refusal().is_in(list(released(look))))
        self._instruments = known_table(records, books, "instruments")
        self._accounts = known_table(records, books, "accounts")
        changed, seen = self._changed_trades()
        allotted = self._changed_blocks()
        again = [self._open.select(GROUP), allotted, seen]
        self.touched = pl.concat([changed, *again]).unique().sort(GROUP)
        self._seen = pl.concat(again).unique()

    def _changed_trades(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the trades the day changed, and those of them that were there before."""
        records, books = self._look.records, self._look.books
        parts = [part for part in books.trades if self._look.covers(part.day)]
        named = {"group_id": pl.col("trade_id")}
        frames = [records.read(part, _IDENTITY).with_columns(**named) for part in parts]
        nothing = pl.DataFrame(schema={name: ROW[name] for name in GROUP})
        changed = pl.concat([nothing, *(frame.select(GROUP) for frame in frames)])
        later = superseded(records, books).with_columns(**named)
        return changed, changed.join(later, on=GROUP, how="semi")

    def _changed_blocks(self) -> pl.DataFrame:
        """Return the blocks of which something else is allotted than at the report before."""
        look, since = self._look, self._look.since
        now = known_allocations(look.records, look.books)
        if since is None:
            over = now
        else:
            earlier = load(look.records, state_key(since, "closed"))
            before = known_allocations(look.records, earlier)
            columns = ["partner", "trade_date", "allocation_id", "block_trade_id"]
            columns += ["status", "account_id", "quantity_e8"]
            over = pl.concat(
                [
                    one.select(columns).join(other.select(columns), on=columns, how="anti")
                    for one, other in ((now, before), (before, now))
                ]
            )
        named = over.rename({"block_trade_id": "group_id"})
        return named.select(GROUP).filter(pl.col("group_id").is_not_null()).unique()

    def changes(self) -> Changes:
        """Compare what is to be reported of what was touched with what was sent of it."""
        look = self._look
        dates = self.touched["trade_date"].unique().to_list()
        rows = executions(look.records, look.books, dates, self.touched)
        wanted = desired(self._reportable(rows), self._accounts, look.rulebook)
        sent = rows_sent(
            look.records, RTS22, self._seen["trade_date"].unique().to_list(), self._seen
        )
        known = standing(sent)
        late = {day: self._is_late(day) for day in dates}
        found = changes(wanted, known, self._refused(known), late)
        gone = self._open.filter(pl.col("why") == REFUSED, pl.col("status") == CANCEL)
        # what never stood is not taken back: of that a cancellation is refused for ever
        gone = gone.join(self._ever_refused(gone["trade_date"]), on="transaction_id", how="anti")
        gone = gone.unique("transaction_id", keep="last", maintain_order=True)
        again = shaped(gone.filter("again"), ROW)
        waits = shaped(gone.filter(~pl.col("again")), OPEN_ROW)
        return Changes(pl.concat([again, found.rows]), pl.concat([waits, found.waiting]))

    def _refused(self, known: pl.DataFrame) -> pl.DataFrame:
        """Return of what was refused the latest version that was sent of each leg."""
        refused = self._open.filter(pl.col("why") == REFUSED, pl.col("status") == NEW)
        latest = refused.join(known.select(*LEG, "version"), on=[*LEG, "version"], how="semi")
        return latest.unique([*LEG, "version"], keep="last", maintain_order=True)

    def _reportable(self, rows: pl.DataFrame) -> pl.DataFrame:
        return reportable(rows, self._instruments, self._look.rulebook)

    def _is_late(self, day: date) -> bool:
        look = self._look
        return is_past(due_at(RTS22, day, look.rulebook, look.calendar), look.books.day)

    def tie(self, found: Changes, dates: list[date]) -> Tied:
        """Tie the report to the blotter of every trade date that it touches."""
        look = self._look
        blotter = self._reportable(executions(look.records, look.books, dates))
        before = rows_sent(look.records, RTS22, dates)
        sent = pl.concat([before, found.rows.select(before.columns)])
        waiting = found.waiting.filter(pl.col("trade_date").is_in(dates))
        return tie(blotter, sent, waiting, self._ever_refused(dates))

    def _ever_refused(self, dates: Collection[date]) -> pl.DataFrame:
        """Return transaction_id of what was sent new of some trade dates and refused, till now."""
        every = answers_until(self._look.records, self._look.books)
        return ever_refused(self._look.records, every, RTS22, dates)


def _counts(rows: pl.DataFrame) -> dict[str, str]:
    new = rows.filter(pl.col("status") == NEW)
    return {
        "new": str(new.height),
        "cancelled": str(rows.height - new.height),
        "late": str(new.filter("is_late").height),
    }
