"""What roundings leave of an action whose shares and money have all come."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from backoffice.accounting import chart
from backoffice.accounting.actions.parties import DELIVERS, PAYS, Party, Wanted
from backoffice.accounting.actions.terms import Outcome, money_for
from backoffice.accounting.journal import LARGEST_AMOUNT
from backoffice.accounting.loans import Line
from backoffice.clearance.corporate_actions import CorporateAction
from backoffice.kernel.errors import OutOfRangeError
from backoffice.kernel.scaled import E8, format_scaled

_HEADROOM: Final = 100
"""Accounts and lots add up so many such amounts and stay within what a journal holds."""


class LeftOver(NamedTuple):
    """What settles what is left; `beyond` says what is too much to be rounding, and stays."""

    wanted: list[Wanted]
    beyond: str | None


def assert_fits(entries: Iterable[Wanted]) -> None:
    """Refuse an action that comes to more than books can hold.

    Raises
    ------
    OutOfRangeError
        When a line is 10^28 or more, of minor units or of 10^-8 shares.
    """
    most = LARGEST_AMOUNT // _HEADROOM
    for entry in entries:
        for line in entry.lines:
            if abs(line.amount) >= most:
                raise OutOfRangeError(f"{entry.party} comes to too much of {line.unit}")


def left_over(
    action: CorporateAction, entries: Iterable[Wanted], came: Sequence[tuple[Party, Outcome]]
) -> LeftOver:
    """Tell what roundings leave: whole shares that fractions add up to, and minor units.

    Parameters
    ----------
    action
        The action, all of whose shares and money have come.
    entries
        Its other entries.
    came
        The holders, and what each came to. Each may leave a minor unit, and 10^-8 of a share
        beside its fraction.
    """
    sums, due = _sums(action, entries)
    if says := _shares_beyond(action, sums, came):
        return LeftOver([], says)
    shares = Wanted(DELIVERS, "fractions", None, list(_fractions(action, sums)))
    if action.currency is None:
        return LeftOver([shares], None)
    worth = money_for(action, -sums.get(action.into, 0), action.lieu_price_e8)
    rest, says = due - worth, None
    if abs(rest) > len(came):
        says = f"{rest} minor units of {action.currency} are left over"
    lines = _rounding(action, action.currency, worth, 0 if says else rest)
    return LeftOver([shares, Wanted(PAYS, "rounding", None, lines)], says)


def _sums(action: CorporateAction, entries: Iterable[Wanted]) -> tuple[dict[str, int], int]:
    """Add up what is left of shares at the issuer, and of the money that was due."""
    sums: dict[str, int] = {}
    due = 0
    for line in (line for entry in entries for line in entry.lines):
        if line.book == chart.SECURITIES_ISSUER and line.ref == action.action_id:
            sums[line.unit] = sums.get(line.unit, 0) + line.amount
        elif line.book == chart.RECEIVABLE_ACTIONS:
            due += line.amount
    return sums, due


def _shares_beyond(
    action: CorporateAction, sums: Mapping[str, int], came: Sequence[tuple[Party, Outcome]]
) -> str | None:
    """Say what is left of shares beside the fractions that are paid for, if it is no rounding."""
    fractions = sum(party.sign * outcome.fraction for party, outcome in came)
    for unit, amount in sorted(sums.items()):
        rest = amount - (fractions if unit == action.into else 0)
        if abs(rest) > len(came):
            return f"{format_scaled(rest, E8)} of {unit} are left over"
    return None


def _fractions(action: CorporateAction, sums: Mapping[str, int]) -> Iterable[Line]:
    for unit, amount in sorted(sums.items()):
        yield Line(chart.SECURITIES_ISSUER, action.action_id, unit, -amount)
        yield Line(chart.SECURITIES_FRACTIONS, action.action_id, unit, amount)


def _rounding(action: CorporateAction, currency: str, worth: int, rest: int) -> list[Line]:
    rounding = chart.ROUNDING_LOSS if rest > 0 else chart.ROUNDING_GAIN
    return [
        Line(chart.FRACTIONS, action.action_id, currency, worth),
        Line(rounding, "", currency, rest),
        Line(chart.RECEIVABLE_ACTIONS, action.action_id, currency, -worth - rest),
    ]
