"""The two views of fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reference.amounts import write_money, write_plain

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from tests.reference.fails import Event, Fail
    from tests.reference.tables import Rows


def _day(value: dt.date | None) -> str:
    return value.isoformat() if value else ""


def fails_table(fails: Iterable[Fail]) -> Rows:
    """Give every fail as it stands."""
    return [
        {
            "fail_id": f"FAIL-{fail.first.obligation_id}",
            "obligation_id": fail.obligation.obligation_id,
            "counterparty": fail.obligation.counterparty,
            "isin": fail.obligation.isin,
            "currency": fail.obligation.currency,
            "direction": fail.direction,
            "failed_on": fail.failed_on.isoformat(),
            "reason": fail.reason,
            "open_quantity": write_plain(fail.quantity),
            "open_money": write_money(fail.money, fail.obligation.currency),
            "age": str(fail.age),
            "close_out_by": _day(fail.close_out_by),
            "buy_in_on": _day(fail.buy_in_on),
            "penalties": write_money(fail.penalties, fail.obligation.currency),
            "status": fail.status,
            "ended_on": _day(fail.ended_on),
        }
        for fail in {id(fail): fail for fail in fails}.values()
    ]


def history_table(events: Iterable[Event]) -> Rows:
    """Give what happened to fails, a row an event."""
    return [
        {
            "fail_id": f"FAIL-{event.fail.first.obligation_id}",
            "day": event.day.isoformat(),
            "event": event.event,
            "quantity": "" if event.quantity is None else write_plain(event.quantity),
            "money": ""
            if event.money is None
            else write_money(event.money, event.fail.obligation.currency),
            "currency": event.fail.obligation.currency,
            "note": event.note,
        }
        for event in events
    ]
