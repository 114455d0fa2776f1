"""When a report is due: the rulebook's days, time and zone.

Nothing here asks what time it is: a run for a closed day sees the clock as it stands at the end of
that day, so that whoever makes the reports again finds the same ones late.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import Rulebook

_RULE: Final = "report_due"


def due_at(kind: str, last: date, rulebook: Rulebook, calendar: SettlementCalendar) -> datetime:
    """Return when the report of a period that ends on `last` is due, in UTC.

    Parameters
    ----------
    kind
        `report_due.<kind>` of the rulebook says `calendar` (a venue), `working_days` or `days`
        after the period, `time` and `time_zone`; where it says `banks` OPEN, a day on which venues
        trade and banks are closed is too early.

    Raises
    ------
    NoRuleError
        When a rule does not hold on that day.
    """

    def rule(name: str) -> str:
        return str(rulebook.value(f"{_RULE}.{kind}.{name}", last))

    day = last + timedelta(days=int(rule("days")))
    for _ in range(int(rule("working_days"))):
        day = calendar.first_session_after(rule("calendar"), day)
    if _waits_for_banks(kind, last, rulebook):
        day = calendar.first_settlement_day_after(rule("calendar"), day - timedelta(days=1))
    at = datetime.combine(day, time.fromisoformat(rule("time")), ZoneInfo(rule("time_zone")))
    return at.astimezone(UTC)


def _waits_for_banks(kind: str, last: date, rulebook: Rulebook) -> bool:
    try:
        return rulebook.value(f"{_RULE}.{kind}.banks", last) == "OPEN"
    except NoRuleError:
        return False


def is_past(due: datetime, day: date) -> bool:
    """Whether a moment has passed by the end of a closed day, in UTC."""
    return due < datetime.combine(day + timedelta(days=1), time.min, UTC)
