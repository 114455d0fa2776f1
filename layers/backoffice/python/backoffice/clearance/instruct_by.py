"""Until when a market and a currency take instructions for a settlement day: rules of their own."""

from datetime import date
from typing import Final

from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import Rulebook

_RULE: Final = "instruct_before_days"


def earliest_due(
    calendar: SettlementCalendar, rulebook: Rulebook, venue: str, currency: str, day: date
) -> date:
    """Return the first settlement day that what a day's cut-off instructs can still be due on.

    That is so many settlement days of the venue after the day as the stricter rule of its market
    and its currency asks for: 1 without a rule, for the day's cut-off is over then.

    Parameters
    ----------
    calendar, rulebook
        Settlement days; `instruct_before_days.<MIC>` and `.<CCY>` as of the day.
    venue, currency
        Where it was traded, and what it is paid in.
    day
        The business day of the cut-off.

    Raises
    ------
    NoRuleError
        When the venue is unknown or the calendar does not reach so far.
    """
    before = max(_days(rulebook, venue, day), _days(rulebook, currency, day))
    return calendar.add_settlement_days(venue, day, before)


def _days(rulebook: Rulebook, of: str, day: date) -> int:
    try:
        return max(1, rulebook.days(f"{_RULE}.{of}", day))
    except NoRuleError:
        return 1
