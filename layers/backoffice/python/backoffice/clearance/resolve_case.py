"""What a decision starts: say what the decided trades will come to, in the case's own trail."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from backoffice.clearance.bucket_trades import as_trades
from backoffice.clearance.clear import HELD, clear
from backoffice.clearance.clear_bucket import snapshot
from backoffice.clearance.listed_parties import imposed_codes, open_hits
from backoffice.clearance.read_trails import read_trail
from backoffice.clearance.trails import (
    PLATFORM,
    Act,
    Decision,
    TrailEvent,
    Verb,
    append,
    decisions,
)
from backoffice.clearance.verdicts import VERSION, known_waivers, verdicts, waived_codes, waivers_of
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook


class NotDecidedError(BackofficeError):
    """No two people decided what is to be resolved."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What decided trades will come to at the next look: how many, by status and hold codes."""

    trades: Counter[str]

    def told(self, decision: Decision) -> str:
        """Say it in a sentence."""
        parts = [f"{count} {status}" for status, count in sorted(self.trades.items())]
        told = ", ".join(parts) or "nothing is held for it any more"
        return f"{decision.outcome} by act {decision.approval.number}: {told}."


def decision_of(records: Records, case_id: str, number: int) -> Decision:
    """Return the decision that an approval made.

    Raises
    ------
    NotDecidedError
        There is no such approval, or not by two people who may.
    """
    found = [d for d in decisions(read_trail(records, case_id)) if d.approval.number == number]
    if not found:
        raise NotDecidedError(f"act {number} of {case_id} decides nothing")
    return found[0]


def outlook(
    records: Records,
    books: Books,
    decision: Decision,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
    day: date,
) -> Outlook:
    """Clear the decided trades as the next look will, and write nothing of it.

    Parameters
    ----------
    records, books
        The record store, which is only read, and the latest state.
    decision
        What two people decided.
    calendar, rulebook, day
        As for `clear`.
    """
    found = verdicts(records, books, [decision])
    held = records.read_all(books.bucketed.get("held", ())) if found.height else None
    if held is None:
        return Outlook(Counter())
    rows = held.join(found, on=VERSION, how="inner")
    if decision.outcome == "REFUSE":
        return Outlook(Counter({"REFUSED": rows.height} if rows.height else {}))
    taken = rows.with_columns(account_id=pl.coalesce("account", "account_id"))
    passed = pl.concat([known_waivers(records, books), waivers_of(found)])
    live = imposed_codes(waived_codes(as_trades(taken), passed), open_hits(records, books))
    register = clear(live, snapshot(records, books), calendar, rulebook, day).register
    told = pl.when(pl.col("status") == HELD).then(pl.format("HELD by {}", "hold_codes"))
    statuses = register.select(told.otherwise("status")).to_series()
    return Outlook(Counter(statuses.to_list()))


def say(records: Records, case_id: str, text: str, now: datetime, verb: Verb = "COMMENT") -> None:
    """Add a sentence of the platform itself to a trail, once."""
    reached = -1
    while True:
        trail = read_trail(records, case_id)
        if len(trail) == reached:
            return  # what stands next is no act: nothing can be said there any more
        reached = len(trail)
        if any(event.actor == PLATFORM and event.act.text == text for event in trail):
            return
        event = TrailEvent(
            case_id=case_id,
            number=len(trail) + 1,
            at=now.isoformat(timespec="milliseconds"),
            actor=PLATFORM,
            groups=(),
            act=Act(verb=verb, text=text),
        )
        if append(records, event):
            return
