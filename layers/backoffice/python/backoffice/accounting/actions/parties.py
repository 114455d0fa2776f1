"""What each holder of an issue posts under a corporate action: in shares, in money, and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from backoffice.accounting import chart
from backoffice.accounting.actions.terms import Outcome
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


_DELIVERS: Final = frozenset({"DEPOSITORY", "ISSUER"})
"""Who pays and delivers: the depository, also for what another action has not delivered to it."""


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
    def sign(self) -> int:
        """The sign of its lines where it is long."""
        return -1 if self.role in _OWED else 1

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
        sign = self.sign
        issuer, name = chart.SECURITIES_ISSUER, action.action_id
        return [
            Line(self.book, self.ref, action.isin, -gone * sign),
            Line(self.book, self.ref, action.into, new * sign),
            Line(issuer, name, action.isin, gone * sign),
            Line(issuer, name, action.into, -new * sign),
        ]

    def delivery(self, action: CorporateAction, new: int) -> list[Line]:
        """Deliver added shares to the depository: also of shares that it is still to be given."""
        ref = self.ref if self.role == "DEPOSITORY" else ""
        return [
            Line(chart.DEPOSITORY, ref, action.into, new),
            Line(chart.SECURITIES_ISSUER, action.action_id, action.into, -new),
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
    at_once = party.role not in _DELIVERS or action.replaces
    yield Wanted(MOVES, *whose, party.share_lines(action, came.gone, came.new if at_once else 0))
    if not at_once and paid:
        yield Wanted(DELIVERS, *whose, party.delivery(action, came.new))
    currency = action.currency
    if currency is None or not came.money:
        return
    if party.role not in _DELIVERS:
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
    income = _income(action, came)
    yield Line(chart.DIVIDENDS, "", currency, -income)
    own = chart.FRACTIONS if party.role == "OWN" else chart.PAYABLE_ACTIONS
    yield Line(own, party.ref, currency, income - came.money)


def _paid(
    action: CorporateAction, party: Party, came: Outcome, tax: int, currency: str
) -> Iterable[Line]:
    if party.role in _DELIVERS:
        yield Line(chart.CASH, currency, currency, came.money)
        yield Line(chart.RECEIVABLE_ACTIONS, action.action_id, currency, -came.money)
    elif party.role == "CLIENT":
        yield Line(chart.PAYABLE_ACTIONS, party.ref, currency, came.money - tax)
        yield Line(chart.CLIENT_CASH, party.ref, currency, tax - came.money)
    elif party.role == "HOUSE":
        own = came.money - _income(action, came)
        yield Line(chart.PAYABLE_ACTIONS, party.ref, currency, own)
        yield Line(chart.INVENTORY, party.ref, currency, -own)


def _income(action: CorporateAction, came: Outcome) -> int:
    """Return what of the money is the firm's income: what takes none of its lots' cost."""
    return came.income + (came.proceeds if action.cash_is_income else 0)
