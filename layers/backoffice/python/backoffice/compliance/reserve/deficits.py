"""What lacks in possession or control of one issue, and what is to be done about it by when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple, Self

from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.rulebook import Rulebook

RELEASE_LIEN: Final = "RELEASE_LIEN"
RECALL_LOAN: Final = "RECALL_LOAN"
BUY_IN: Final = "BUY_IN"
OBTAIN_FAILED: Final = "OBTAIN_FAILED"
COVER_SHORT: Final = "COVER_SHORT"
OBTAIN: Final = "OBTAIN"


class Action(NamedTuple):
    """What is to be done of how many shares at 10^8, and by when."""

    name: str
    quantity_e8: int
    due: date


@dataclass(frozen=True, slots=True)
class Clocks:
    """The rule's days, as they hold on a day, counted by a calendar's sessions."""

    calendar: SettlementCalendar
    venue: str
    fail_days: int
    short_days: int
    recall_days: int
    release_days: int

    @classmethod
    def on(cls, rulebook: Rulebook, calendar: SettlementCalendar, day: date) -> Self:
        """Read the rules of a day; NoRuleError when one does not hold."""
        return cls(
            calendar,
            str(rulebook.value("possession_calendar", day)),
            rulebook.days("possession_days.fail_to_receive", day),
            rulebook.days("possession_days.short", day),
            rulebook.days("possession_business_days.recall_loan", day),
            rulebook.days("possession_business_days.release_lien", day),
        )

    def after(self, day: date, sessions: int = 1) -> date:
        """Return the so manieth business day after a day."""
        for _ in range(sessions):
            day = self.calendar.first_session_after(self.venue, day)
        return day

    def past(self, since: date, days: int) -> date:
        """Return the first business day on which something is more than so many days old."""
        return self.after(since + timedelta(days=days))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where shares of an issue are that are not in control: quantities at 10^8.

    Attributes
    ----------
    receipts
        Of what is due and has not come, its settlement date and customers' part.
    short_e8, short_since
        What accounts are short of in all, and since when that is known.
    """

    pledged_e8: int
    lent_e8: int
    receipts: tuple[tuple[date, int], ...]
    short_e8: int
    short_since: date


def actions(deficit_e8: int, where: Elsewhere, day: date, clocks: Clocks) -> Iterator[Action]:
    """Yield what is to be done until a deficit is covered, in the order of the rule.

    Instructions are due on the next business day, what they bring so many business days after it.
    What is neither elsewhere nor on its way nor short is nobody's ordinary lag: it is to be
    obtained on the next business day.
    """
    left, told = deficit_e8, clocks.after(day)
    for action in (*_asked_back(where, told, clocks), *_lagging(where, day, clocks)):
        part = min(left, action.quantity_e8)
        if part > 0:
            left -= part
            yield action._replace(quantity_e8=part)
    if left > 0:
        yield Action(OBTAIN, left, told)


def is_to_be_done(action: Action, day: date, clocks: Clocks) -> bool:
    """Whether somebody has to act by the next business day; till then it is a lag of settlement.

    An instruction to release or to return is one to give then, whenever it is to be followed.
    """
    return action.name in {RELEASE_LIEN, RECALL_LOAN} or action.due <= clocks.after(day)


def _asked_back(where: Elsewhere, told: date, clocks: Clocks) -> Iterator[Action]:
    yield Action(RELEASE_LIEN, where.pledged_e8, clocks.after(told, clocks.release_days))
    yield Action(RECALL_LOAN, where.lent_e8, clocks.after(told, clocks.recall_days))


def _lagging(where: Elsewhere, day: date, clocks: Clocks) -> Iterator[Action]:
    for settled, part in sorted(where.receipts):
        old = (day - settled).days > clocks.fail_days
        due = clocks.after(day) if old else clocks.past(settled, clocks.fail_days)
        yield Action(BUY_IN if old else OBTAIN_FAILED, part, due)
    old = (day - where.short_since).days > clocks.short_days
    due = clocks.after(day) if old else clocks.past(where.short_since, clocks.short_days)
    yield Action(COVER_SHORT, where.short_e8, due)
