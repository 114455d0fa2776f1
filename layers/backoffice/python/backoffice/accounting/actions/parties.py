"""What each holder of an issue posts under a corporate action: in shares, in money, and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from backoffice.accounting import chart
from backoffice.accounting.actions.terms import Outcome, money_for
from backoffice.accounting.loans import Line
from backoffice.clearance.corporate_actions import CorporateAction

ENTITLES: Final = "E"
PAYS: Final = "P"
MOVES: Final = "S"
DELIVERS: Final = "D"
KINDS: Final[Mapping[str, str]] = {
    ENTITLES: "ACTION_ENTITLEMENT",
    PAYS: "ACTION_PAYMENT",
    MOVES: "ACTION_SHARES",
    DELIVERS: "ACTION_SHARES",
}
"""The kinds of entries, by stage."""

ROLES: Final[Mapping[str, str]] = {
    chart.SECURITIES_CLIENT: "CLIENT",
    chart.SECURITIES_HOUSE: "HOUSE",
    chart.SECURITIES_FRACTIONS: "OWN",
    chart.SECURITIES_STREET: "STREET",
    chart.SECURITIES_LENDER: "LENDER",
    chart.DEPOSITORY: "DEPOSITORY",
    chart.SECURITIES_ISSUER: "ISSUER",
}
_OWED: Final = frozenset({"CLIENT", "HOUSE", "OWN"})
"""Whose long position is a credit."""
_WHOLE: Final = frozenset({*_OWED, "DEPOSITORY"})
"""Whose fractions are paid for; what is under way on the street keeps them."""


@dataclass(frozen=True, slots=True)
class Party:
    """A holder: its book and reference in the stock record, and what it holds, long positive.

    For the street that is what they owe us; for a lender, negative, what we owe them.
    """

    book: str
    ref: str
    quantity: int

    @classmethod
    def of(cls, book: str, ref: str, amount: int) -> "Party":
        """Make a holder of a line of the stock record."""
        return cls(book, ref, -amount if ROLES.get(book) in _OWED else amount)

    @property
    def role(self) -> str:
        """CLIENT, HOUSE, OWN, STREET, LENDER, DEPOSITORY or ISSUER."""
        return ROLES.get(self.book, "OTHER")

    @property
    def account_id(self) -> str | None:
        """Its account, where it has one."""
        return self.ref if self.role in {"CLIENT", "HOUSE"} else None

    @property
    def name(self) -> str:
        """What its entries are called."""
        return self.account_id or f"{self.role.lower()}-{self.ref}"

    @property
    def is_paid_whole(self) -> bool:
        """Whether it gets money for a fraction."""
        return self.role in _WHOLE

    def share_lines(self, action: CorporateAction, gone: int, new: int) -> list[Line]:
        """Move its shares against the issuer."""
        sign = -1 if self.role in _OWED else 1
        issuer, name = chart.SECURITIES_ISSUER, action.action_id
        return [
            Line(self.book, self.ref, action.isin, -gone * sign),
            Line(self.book, self.ref, action.into, new * sign),
            Line(issuer, name, action.isin, gone * sign),
            Line(issuer, name, action.into, -new * sign),
        ]


class Wanted(NamedTuple):
    """An entry as it is to stand: what it is called by, whose it is, and its lines."""

    stage: str
    party: str
    account_id: str | None
    lines: list[Line]


def entries_of(
    action: CorporateAction, party: Party, came: Outcome, tax: int, *, paid: bool
) -> Iterable[Wanted]:
    """Yield what a holder's outcome posts.

    Parameters
    ----------
    action
        The action.
    party, came, tax
        The holder, what it comes to, and what of that is withheld, in minor units.
    paid
        Whether the day has come on which money and added shares are delivered.
    """
    whose = (party.name, party.account_id)
    at_once = party.role != "DEPOSITORY" or action.replaces
    yield Wanted(MOVES, *whose, party.share_lines(action, came.gone, came.new if at_once else 0))
    if not at_once and paid:
        yield Wanted(DELIVERS, *whose, party.share_lines(action, 0, came.new))
    currency = action.currency
    if currency is None or not came.money:
        return
    if party.role not in {"DEPOSITORY", "ISSUER"}:
        yield Wanted(ENTITLES, *whose, list(_entitled(action, party, came, tax, currency)))
    if paid:
        yield Wanted(PAYS, *whose, list(_paid(action, party, came, tax, currency)))


def _entitled(
    action: CorporateAction, party: Party, came: Outcome, tax: int, currency: str
) -> Iterable[Line]:
    due = chart.RECEIVABLE_ACTIONS, action.action_id, currency
    if party.role in {"STREET", "LENDER"}:
        book = chart.CLAIMS_DUE if came.money > 0 else chart.CLAIMS_OWED
        yield Line(book, party.ref, currency, came.money)
        yield Line(*due, -came.money)
        return
    yield Line(*due, came.money)
    if party.role == "CLIENT":
        yield Line(chart.WITHHOLDING, action.isin[:2], currency, -tax)
        yield Line(chart.PAYABLE_ACTIONS, party.ref, currency, tax - came.money)
        return
    yield Line(chart.DIVIDENDS, "", currency, -came.income)
    own = chart.FRACTIONS if party.role == "OWN" else chart.PAYABLE_ACTIONS
    yield Line(own, party.ref, currency, came.income - came.money)


def _paid(
    action: CorporateAction, party: Party, came: Outcome, tax: int, currency: str
) -> Iterable[Line]:
    if party.role in {"DEPOSITORY", "ISSUER"}:
        yield Line(chart.CASH, currency, currency, came.money)
        yield Line(chart.RECEIVABLE_ACTIONS, action.action_id, currency, -came.money)
    elif party.role == "CLIENT":
        yield Line(chart.PAYABLE_ACTIONS, party.ref, currency, came.money - tax)
        yield Line(chart.CLIENT_CASH, party.ref, currency, tax - came.money)
    elif party.role == "HOUSE":
        own = came.money - came.income
        yield Line(chart.PAYABLE_ACTIONS, party.ref, currency, own)
        yield Line(chart.INVENTORY, party.ref, currency, -own)


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
