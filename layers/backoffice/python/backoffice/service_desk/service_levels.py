"""By when a ticket is answered and resolved: hours round the clock, or working days.

A working day is a session of the venue that `ticket_calendar` names. The figures are rules with
dates, `ticket_respond.<PRIORITY>` and `ticket_resolve.<PRIORITY>`, `4 h` or `3 d`.
"""

import re
from datetime import datetime, timedelta
from typing import Final

from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.errors import RulebookError
from backoffice.kernel.rulebook import Rulebook

_TARGET: Final = re.compile(r"(\d{1,3}) (h|d)", re.ASCII)


def respond_by(
    opened: datetime, priority: str, calendar: SettlementCalendar, rulebook: Rulebook
) -> datetime:
    """Return by when somebody takes a ticket up that was opened at a time."""
    return _after(opened, f"ticket_respond.{priority}", calendar, rulebook)


def resolve_by(
    opened: datetime, priority: str, calendar: SettlementCalendar, rulebook: Rulebook
) -> datetime:
    """Return by when a ticket is resolved."""
    return _after(opened, f"ticket_resolve.{priority}", calendar, rulebook)


def _after(
    since: datetime, name: str, calendar: SettlementCalendar, rulebook: Rulebook
) -> datetime:
    """Return when a target is over; after working days at the time of day it began at.

    Raises
    ------
    NoRuleError
        No target holds on the day, or the calendar does not reach so far.
    RulebookError
        The target is neither hours nor days.
    """
    day = since.date()
    said = str(rulebook.value(name, day))
    target = _TARGET.fullmatch(said)
    if target is None:
        raise RulebookError(f"{name} is {said!r} on {day}, neither hours nor working days")
    if target[2] == "h":
        return since + timedelta(hours=int(target[1]))
    venue = str(rulebook.value("ticket_calendar", day))
    for _ in range(int(target[1])):
        day = calendar.first_session_after(venue, day)
    return since.replace(year=day.year, month=day.month, day=day.day)
