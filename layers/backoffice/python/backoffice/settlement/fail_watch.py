"""One fail watched on the days its clocks run to: its case is escalated before the market opens."""

from datetime import date, datetime
from typing import Final, Literal

import polars as pl

from backoffice.clearance.fail_codes import BUY_IN_DUE, CLOSE_OUT_DUE, CLOSE_OUT_OVERDUE
from backoffice.clearance.resolve_case import say
from backoffice.kernel.books import Books, latest
from backoffice.kernel.parts import Document, Records
from backoffice.settlement.fail_books import table_of
from backoffice.settlement.fail_frames import FAIL_SCHEMA, FAILS, OPEN

_MORNING: Final = "06:00:00Z"
"""Before any venue of the rulebook opens."""

_CASES: Final = {
    "close_out_by": (CLOSE_OUT_DUE, CLOSE_OUT_OVERDUE),
    "buy_in_on": (BUY_IN_DUE,),
}


class Look(Document):
    """OVER: nothing is left to wait for; WAIT: look again at `until`.

    `told` are the cases escalated.
    """

    outcome: Literal["OVER", "WAIT"]
    until: str | None = None
    told: tuple[str, ...] = ()


def look_at_fail(records: Records, fail_id: str, now: datetime) -> Look:
    """Look at a fail as of the latest close; escalate the cases of clocks whose day has come.

    Parameters
    ----------
    records
        The record store; only trails of cases are written.
    fail_id
        The fail.
    now
        A day has come from its midnight on, by UTC.
    """
    books = latest(records, closed=True)
    if books is None:
        return Look(outcome="OVER")
    fails = table_of(records, books, FAILS, FAIL_SCHEMA)
    row = fails.filter(pl.col("fail_id") == fail_id, pl.col("status") == OPEN)
    days: dict[str, date] = {
        name: row[name].item() for name in _CASES if row.height and row[name].item() is not None
    }
    come = [name for name, day in days.items() if day <= now.date()]
    told = _escalated(records, books, fail_id, come, days, now)
    ahead = [day for day in days.values() if day > now.date()]
    if not ahead:
        return Look(outcome="OVER", told=told)
    return Look(outcome="WAIT", until=f"{min(ahead)}T{_MORNING}", told=told)


def _escalated(
    records: Records,
    books: Books,
    fail_id: str,
    clocks: list[str],
    days: dict[str, date],
    now: datetime,
) -> tuple[str, ...]:
    part = books.tables.get("cases")
    if part is None or not clocks:
        return ()
    of_fail = pl.col("subject") == fail_id
    cases = records.read(part).filter(of_fail, pl.col("status") == "OPEN")
    told = []
    for name in clocks:
        for case_id in cases.filter(pl.col("code").is_in(_CASES[name]))["case_id"]:
            say(records, case_id, f"Its day, {days[name]}, has come.", now, "ESCALATE")
            told.append(case_id)
    return tuple(told)
