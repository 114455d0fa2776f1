"""What roundings leave of an action whose shares and money have all come."""

from collections.abc import Iterable, Mapping

from backoffice.accounting import chart
from backoffice.accounting.actions.parties import DELIVERS, PAYS, Wanted
from backoffice.accounting.actions.terms import money_for
from backoffice.accounting.loans import Line
from backoffice.clearance.corporate_actions import CorporateAction


def left_over(action: CorporateAction, entries: Iterable[Wanted]) -> Iterable[Wanted]:
    """Yield what roundings leave: whole shares that fractions add up to, and minor units.

    Parameters
    ----------
    action
        The action, all of whose shares and money have come.
    entries
        Its other entries.
    """
    sums: dict[str, int] = {}
    due = 0
    for line in (line for entry in entries for line in entry.lines):
        if line.book == chart.SECURITIES_ISSUER and line.ref == action.action_id:
            sums[line.unit] = sums.get(line.unit, 0) + line.amount
        elif line.book == chart.RECEIVABLE_ACTIONS:
            due += line.amount
    yield Wanted(DELIVERS, "fractions", None, list(_fractions(action, sums)))
    if action.currency is not None:
        worth = money_for(action, -sums.get(action.into, 0), action.lieu_price_e8)
        yield Wanted(PAYS, "rounding", None, _rounding(action, action.currency, due, worth))


def _fractions(action: CorporateAction, sums: Mapping[str, int]) -> Iterable[Line]:
    for unit, amount in sorted(sums.items()):
        yield Line(chart.SECURITIES_ISSUER, action.action_id, unit, -amount)
        yield Line(chart.SECURITIES_FRACTIONS, action.action_id, unit, amount)


def _rounding(action: CorporateAction, currency: str, due: int, worth: int) -> list[Line]:
    rounding = chart.ROUNDING_LOSS if due > worth else chart.ROUNDING_GAIN
    return [
        Line(chart.FRACTIONS, action.action_id, currency, worth),
        Line(rounding, "", currency, due - worth),
        Line(chart.RECEIVABLE_ACTIONS, action.action_id, currency, -due),
    ]
