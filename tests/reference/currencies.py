"""Deals in currencies, and the firm's own positions by average cost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.reference import calendars
from tests.reference.amounts import ZERO, round_money, write_money, write_plain
from tests.reference.codes import MINOR_UNITS
from tests.reference.journal import Dated, balances
from tests.reference.payments import CUT_OFFS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from tests.reference.journal import Journal, Posting
    from tests.reference.rows import Row, Values
    from tests.reference.standing import Standing

_DAY = dt.timedelta(days=1)
CONVERSION = "Equity:Conversion"


def settles_on(deal: Values) -> dt.date | None:
    """Give the first day from the value date on that is a bank day of both currencies."""
    day = deal.date("value_date")
    currencies = (deal.text("buy_currency"), deal.text("sell_currency"))
    if any(currency not in CUT_OFFS for currency in currencies):
        return None
    venues = [CUT_OFFS[currency][0] for currency in currencies]
    while any(calendars.settlement_day_after(venue, day - _DAY) != day for venue in venues):
        day += _DAY
    return day


@dataclass
class Deal:
    """A deal and the closes that wrote its entries."""

    row: Values
    booked: dt.date | None = None
    settles: dt.date | None = None
    settled: bool = False

    @property
    def legs(self) -> tuple[tuple[str, Decimal], tuple[str, Decimal]]:
        """Give what is bought and what is sold."""
        buys = (self.row.text("buy_currency"), self.row.amount("buy_amount"))
        return buys, (self.row.text("sell_currency"), self.row.amount("sell_amount"))

    @property
    def sign(self) -> int:
        """Say what the firm itself does: as the row (1), the opposite (-1), or nothing (0)."""
        if not self.row.has("account_id"):
            return 1
        return 0 if self.row.has("counterparty") else -1


@dataclass
class Position:
    """What the firm has of a currency, what it cost, what its value was less that."""

    amount: Decimal = ZERO
    cost: Decimal = ZERO
    gain: Decimal = ZERO
    as_of: dt.date = dt.date.min

    def take(self, amount: Decimal, value: Decimal, base: str) -> Decimal:
        """Add to it or take from it, and give what that realised."""
        if self.amount * amount >= 0:
            self.amount, self.cost = self.amount + amount, self.cost + value
            return ZERO
        closes = min(abs(amount), abs(self.amount))
        cost = round_money(self.cost * closes / abs(self.amount), base)
        brought = round_money(value * closes / abs(amount), base)
        opens = closes < abs(amount)
        self.amount, self.cost = self.amount + amount, self.cost - cost
        if opens:
            self.cost = value - brought
        return -brought - cost


@dataclass
class Currencies:
    """Every deal taken, and the positions as they were last revalued."""

    journal: Journal
    deals: dict[str, Deal] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    last: dt.date | None = None

    def take(self, rows: Iterable[Row]) -> None:
        """Take a day's rows: an equal one again is a duplicate, another of its id a conflict."""
        for row in sorted(rows, key=lambda row: row.order):
            if row.values is None:
                continue
            name = row.values.text("deal_id")
            earlier = self.deals.get(name)
            if earlier is None:
                self.deals[name] = Deal(row.values)
            elif earlier.row == row.values:
                row.outcome = "DUPLICATE"
            else:
                row.reject("CONFLICTING_DUPLICATE", "deal_id")

    def book(self, standing: Standing, day: dt.date) -> None:
        """Book what was dealt by the day, and settle what is due."""
        for name, deal in sorted(self.deals.items()):
            if deal.booked is None and deal.row.date("trade_date") <= day:
                deal.settles = settles_on(deal.row)
                if deal.settles and _knows_both(standing, deal.row):
                    deal.booked = day
                    dated = Dated(deal.row.date("trade_date"), day)
                    self.journal.write(dated, "FX_DEAL", name, _owed(standing, deal))
            if deal.booked and not deal.settled and deal.settles and deal.settles <= day:
                deal.settled = True
                dated = Dated(deal.settles, day)
                self.journal.write(dated, "FX_SETTLEMENT", name, _paid(standing, deal))

    def expected(self) -> list[tuple[str, dt.date, Decimal]]:
        """Give what deals with the street that are not settled yet bring and take."""
        flows = []
        for deal in self.deals.values():
            if deal.booked and deal.settles and not deal.settled and deal.row.has("counterparty"):
                (bought, gets), (sold, gives) = deal.legs
                flows += [(bought, deal.settles, gets), (sold, deal.settles, -gives)]
        return flows

    def revalue(self, standing: Standing, day: dt.date) -> None:
        """Bring the firm's positions to the day's rates, where its policy is to."""
        base = _base(standing, day)
        if base:
            stands = self._stands()
            for currency in sorted({*self.positions, *stands} - {base}):
                self._revalue(currency, base, stands.get(currency, ZERO), standing, day)
        self.last = day

    def _stands(self) -> dict[str, Decimal]:
        stands: dict[str, Decimal] = {}
        for (account, unit), amount in balances(self.journal.entries).items():
            own = account.split(":")[0] in {"Income", "Expenses", "Equity"}
            if own and unit in MINOR_UNITS:
                stands[unit] = stands.get(unit, ZERO) - amount
        return {unit: amount for unit, amount in stands.items() if amount}

    def _revalue(
        self, currency: str, base: str, stands: Decimal, standing: Standing, day: dt.date
    ) -> None:
        since = self.last or day - _DAY
        position = self.positions.setdefault(currency, Position(as_of=since))
        rate = standing.rate(currency, base, day)
        if rate is None:
            return
        flows = self._flows(currency, base, position.as_of)
        rest = stands - position.amount - sum((amount for amount, _ in flows), ZERO)
        realised = ZERO
        for amount, value in ((rest, None), *flows):
            worth = round_money(amount * rate, base) if value is None else value
            if amount:
                realised += position.take(amount, worth, base)
        gain = round_money(position.amount * rate, base) - position.cost
        more, position.gain, position.as_of = gain - position.gain, gain, day
        dated = max(
            row.date("date")
            for key, row in standing.tables["fx"].items()
            if key[:2] == (currency, base) and row.date("date") <= day
        )
        postings = [
            (f"Equity:Revaluation:{currency}", base, more + realised),
            ("Income:FX:Unrealised", base, -more),
            ("Income:FX:Realised", base, -realised),
        ]
        held = write_money(position.amount, currency)
        source = f"{currency} {held} at {write_plain(rate)} {base} of {dated}"
        if more or realised:
            self.journal.write(Dated(day, day), "FX_REVALUATION", source, postings)

    def _flows(
        self, currency: str, base: str, since: dt.date
    ) -> list[tuple[Decimal, Decimal | None]]:
        flows: list[tuple[Decimal, Decimal | None]] = []
        found = [
            (deal.row.date("trade_date"), name, deal)
            for name, deal in self.deals.items()
            if deal.booked and deal.booked > since and deal.sign
        ]
        for _, _, deal in sorted(found, key=lambda one: one[:2]):
            (bought, gets), (sold, gives) = deal.legs
            if bought == currency:
                flows.append((deal.sign * gets, deal.sign * gives if sold == base else None))
            if sold == currency:
                flows.append((-deal.sign * gives, -deal.sign * gets if bought == base else None))
        return flows


def policy(standing: Standing, name: str, day: dt.date) -> Values | None:
    """Give the row of a policy that began last, unless it has ended."""
    rows = [
        row
        for row in standing.tables["policies"].values()
        if row.text("policy") == name and row.date("valid_from") <= day
    ]
    latest = max(rows, key=lambda row: row.date("valid_from"), default=None)
    ended = latest is not None and latest.has("valid_to") and latest.date("valid_to") < day
    return None if ended else latest


def _base(standing: Standing, day: dt.date) -> str:
    found = policy(standing, "FX_REVALUATION", day)
    return found.text("currency") if found else ""


def _knows_both(standing: Standing, deal: Values) -> bool:
    account, street = deal.text("account_id"), deal.text("counterparty")
    known = not account or standing.account(account) is not None
    return known and (not street or standing.knows_counterparty(street))


def _names(standing: Standing, deal: Deal) -> tuple[str, str, str]:
    """Give who the account is in books of what is owed, its purse, and the street."""
    name = deal.row.text("account_id")
    account = standing.account(name) if name else None
    if account is not None and account.text("kind") == "HOUSE":
        return f"House:{name}", f"Assets:Inventory:{name}", deal.row.text("counterparty")
    owner = f"Client:{name}" if name else ""
    return owner, f"Liabilities:ClientCash:{name}", deal.row.text("counterparty")


def _owed(standing: Standing, deal: Deal) -> list[Posting]:
    owner, _, street = _names(standing, deal)
    (bought, gets), (sold, gives) = deal.legs
    return [
        (f"Liabilities:Payable:{owner}" if owner else CONVERSION, bought, -gets),
        (f"Assets:Receivable:{owner}" if owner else CONVERSION, sold, gives),
        (f"Assets:Receivable:Street:{street}" if street else CONVERSION, bought, gets),
        (f"Liabilities:Payable:Street:{street}" if street else CONVERSION, sold, -gives),
    ]


def _paid(standing: Standing, deal: Deal) -> list[Posting]:
    owner, purse, street = _names(standing, deal)
    (bought, gets), (sold, gives) = deal.legs
    postings: list[Posting] = []
    if owner:
        postings += [
            (f"Liabilities:Payable:{owner}", bought, gets),
            (purse, bought, -gets),
            (f"Assets:Receivable:{owner}", sold, -gives),
            (purse, sold, gives),
        ]
    if street:
        postings += [
            (f"Assets:Receivable:Street:{street}", bought, -gets),
            (f"Assets:Cash:{bought}", bought, gets),
            (f"Liabilities:Payable:Street:{street}", sold, gives),
            (f"Assets:Cash:{sold}", sold, -gives),
        ]
    return postings
