"""What two people agreed to about instructions under way: held, let go, taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from backoffice.clearance.conditions import APPROVED
from backoffice.clearance.requests import keep_requests
from backoffice.intake.day_conditions import CANCEL, CONDITIONS, HOLD, known_conditions
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.settlement.frames import FIGURES, WITHDRAWAL_SCHEMA, empty
from backoffice.settlement.held import BY_RULE, HOLD_SCHEMA
from backoffice.settlement.obligations import CANCELLABLE, CONFIRMABLE
from backoffice.settlement.street import Street

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Agreed:
    """A street after what was agreed to.

    Attributes
    ----------
    books
        With what became of each request.
    street
        With holds, and with what the depository is asked to cancel.
    requests : pl.DataFrame
        The obligations whose cancellation is asked for.
    """

    books: Books
    street: Street
    requests: pl.DataFrame


def do_as_agreed(records: Records, books: Books, street: Street) -> Agreed:
    """Do what two people agreed to and no step has done, in the order of their agreement.

    What cannot be done any more, of an instruction that is over or stands as asked already, is
    noted and left.

    Parameters
    ----------
    records, books
        The record store, and the books that know the requests.
    street
        The street's tables, netted, with the holds of the rules.
    """
    known = known_conditions(records, books)
    waiting = known.filter(pl.col("outcome") == APPROVED, pl.col("done_on").is_null())
    if not waiting.height:
        return Agreed(books, street, street.obligations.clear())
    work = _Work(street, books.day)
    for row in waiting.sort("decided_at", "request_id").iter_rows(named=True):
        work.do(row)
    table = _noted(known, work.notes, books.day)
    books = keep_requests(records, books, CONDITIONS, known, table)
    return Agreed(books, work.street(), work.requests())


def _noted(known: pl.DataFrame, notes: Mapping[str, str | None], day: date) -> pl.DataFrame:
    """Say of what was looked at that it is done, or why not."""
    done = pl.col("request_id").is_in(list(notes))
    note = pl.col("request_id").replace_strict(dict(notes), default=None, return_dtype=pl.String)
    return known.with_columns(
        done_on=pl.when(done).then(pl.lit(day, dtype=pl.Date)).otherwise("done_on"),
        note=pl.when(done).then(note).otherwise("note"),
    )


class _Work:
    """A street while requests are carried out one by one."""

    def __init__(self, street: Street, day: date) -> None:
        self._street, self._day = street, day
        self._obligations = {
            row["obligation_id"]: row for row in street.obligations.iter_rows(named=True)
        }
        self._holds = {
            row["obligation_id"]: row for row in street.instruction_holds.iter_rows(named=True)
        }
        self._shaped = set(street.instruction_parts["obligation_id"])
        self._cancelled: list[str] = []
        self.notes: dict[str, str | None] = {}

    def do(self, asked: Row) -> None:
        """Carry a request out, or note why not."""
        obligation = self._obligations.get(asked["obligation_id"])
        if obligation is None:
            self.notes[asked["request_id"]] = "no such obligation"
            return
        act = {HOLD: self._hold, CANCEL: self._cancel}.get(asked["action"], self._release)
        self.notes[asked["request_id"]] = act(asked, obligation)

    def _hold(self, asked: Row, obligation: Row) -> str | None:
        name = obligation["obligation_id"]
        if obligation["status"] not in CONFIRMABLE:
            return f"it is {obligation['status']}"
        before = self._holds.get(name, {})
        if before and before["released_on"] == self._day:
            return "it was let go today"
        if self._is_held(name) and before["held_by"] != BY_RULE:
            return "it is on hold"
        self._holds[name] = {
            "obligation_id": name,
            "held_on": self._day,
            "held_by": _who(asked),
            "reason": asked["reason"],
            "released_on": None,
            "released_by": None,
            "released_e8": obligation["settled_quantity_e8"],
        }
        return None

    def _release(self, asked: Row, obligation: Row) -> str | None:
        name, some = obligation["obligation_id"], asked["quantity_e8"]
        if not self._is_held(name):
            return "it is not on hold"
        hold = self._holds[name]
        let_go = max(obligation["settled_quantity_e8"], hold["released_e8"])
        left = abs(obligation["quantity_e8"]) - let_go
        if some is None or some == left:
            hold = {**hold, "released_on": self._day, "released_by": _who(asked)}
        elif some > left:
            return "more than is on hold"
        elif name in self._shaped:
            return "it went out as several instructions"
        else:
            hold = {**hold, "released_e8": let_go + some}
        self._holds[name] = hold
        return None

    def _cancel(self, asked: Row, obligation: Row) -> str | None:
        del asked
        name = obligation["obligation_id"]
        if obligation["status"] not in CANCELLABLE:
            return f"it is {obligation['status']}"
        if obligation["cancel_requested_on"] is not None or name in self._cancelled:
            return "its cancellation is asked for"
        self._cancelled.append(name)
        return None

    def _is_held(self, name: str) -> bool:
        hold = self._holds.get(name)
        return hold is not None and hold["released_on"] is None

    def requests(self) -> pl.DataFrame:
        """Return the obligations to be cancelled, as they stand."""
        return self._street.obligations.filter(pl.col("obligation_id").is_in(self._cancelled))

    def _unwanted(self) -> pl.DataFrame:
        """Return those of them that no trade is to leave."""
        return self.requests().join(self._street.withdrawals, on="obligation_id", how="anti")

    def street(self) -> Street:
        """Return the street as it stands now."""
        asked = pl.col("obligation_id").is_in(self._cancelled)
        today = pl.lit(self._day, dtype=pl.Date)
        rows = [tuple(row[name] for name in HOLD_SCHEMA) for row in self._holds.values()]
        holds = pl.DataFrame(rows, schema=dict(HOLD_SCHEMA), orient="row")
        return replace(
            self._street,
            obligations=self._street.obligations.with_columns(
                cancel_requested_on=pl.when(asked).then(today).otherwise("cancel_requested_on")
            ),
            withdrawals=pl.concat([self._street.withdrawals, _of_nobody(self._unwanted())]),
            instruction_holds=holds.sort("obligation_id"),
        )


def _who(asked: Row) -> str:
    return f"{asked['proposed_by']}, {asked['approved_by']}"


def _of_nobody(obligations: pl.DataFrame) -> pl.DataFrame:
    """Wait for an answer without a trade that is to leave: all of it is instructed anew."""
    nothing = dict.fromkeys(FIGURES, pl.lit(0, dtype=pl.Int128))
    rows = obligations.with_columns(
        **nothing,
        due_date="settlement_date",
        venue=pl.col("venues").list.first().struct.field("venue"),
    )
    given = [name for name in WITHDRAWAL_SCHEMA if name in rows.columns]
    return pl.concat([empty(WITHDRAWAL_SCHEMA), rows.select(given)], how="diagonal_relaxed")
