"""What a corporate action brings a holder, from docs/contracts/actions.md and lots.md alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from tests.reference.codes import MINOR_UNITS
from tests.reference.dividends import TAXES
from tests.reference.share_lots import ONE, Deed, Event, Holdings, Leg, half_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REPLACES = frozenset({"SPLIT", "REVERSE_SPLIT", "MERGER", "ISIN_CHANGE", "REDEMPTION"})
DEFAULTS = {"DIVIDEND_OPTION": "CASH", "TENDER": "KEEP", "EXERCISE": "LAPSE"}
_ALL = Fraction(1)
_NONE = Fraction(0)


class Came(NamedTuple):
    """What a holding comes to: shares at 10^-8, money in minor units, with the holding's sign."""

    gone: int = 0
    new: int = 0
    fraction: int = 0
    income: int = 0
    proceeds: int = 0
    lieu: int = 0


@dataclass(frozen=True, eq=False)
class Action:
    """An action as its row tells it."""

    name: str
    row: Mapping[str, str]

    @property
    def event(self) -> str:
        """Its kind."""
        return self.row["event"]

    @property
    def isin(self) -> str:
        """What is held."""
        return self.row["isin"]

    @property
    def into(self) -> str:
        """What comes of it."""
        return self.row.get("new_isin") or self.isin

    @property
    def ex_date(self) -> dt.date:
        """Its ex date."""
        return dt.date.fromisoformat(self.row["ex_date"])

    @property
    def record_date(self) -> dt.date:
        """Its record date."""
        return dt.date.fromisoformat(self.row.get("record_date") or self.row["ex_date"])

    @property
    def minor(self) -> int:
        """Decimals of its currency."""
        return MINOR_UNITS[self.row.get("currency") or "USD"]

    def number(self, column: str) -> Fraction | None:
        """Read a column of its row."""
        text = self.row.get(column)
        return Fraction(Decimal(text)) if text else None

    @property
    def ratio(self) -> Fraction | None:
        """New shares for each held."""
        if self.event == "ISIN_CHANGE":
            return _ALL
        new, old = self.number("ratio_new"), self.number("ratio_old")
        return None if new is None or old is None else new / old

    def money(self, quantity: int, column: str) -> int:
        """Give what shares come to at a price of the row, half-up."""
        price = self.number(column) or _NONE
        return half_up(Fraction(quantity, ONE) * price * 10**self.minor)

    def part(self) -> Fraction:
        """Give how much of a holding a redemption takes."""
        return (self.number("percent") or Fraction(100)) / 100


def _new(action: Action, quantity: int) -> tuple[int, int]:
    """Give new shares, and the fraction that is paid for instead."""
    if action.ratio is None:
        return 0, 0
    exact = half_up(quantity * action.ratio)
    if not action.row.get("lieu_price"):
        return exact, 0
    whole = abs(exact) // ONE * ONE * (1 if exact > 0 else -1)
    return whole, exact - whole


def outcome(action: Action, quantity: int, option: str | None) -> Came:
    """Tell what a holding, or the part of it that an option is for, comes to."""
    event = action.event
    if option == "KEEP":
        return Came()
    if event == "CASH_DIVIDEND" or option == "CASH":
        return Came(income=action.money(quantity, "rate"))
    if option == "LAPSE":
        return Came(gone=quantity)
    if option == "TENDER":
        return Came(gone=quantity, proceeds=action.money(quantity, "rate"))
    gone = quantity if event in REPLACES or option == "EXERCISE" else 0
    if event == "REDEMPTION":
        gone = quantity - half_up(quantity * (1 - action.part()))
        return Came(gone=gone, proceeds=action.money(gone, "rate"))
    new, fraction = _new(action, quantity)
    paid = -new if option == "EXERCISE" else gone
    return Came(
        gone, new, fraction, 0, action.money(paid, "rate"), action.money(fraction, "lieu_price")
    )


def chosen(
    action: Action, quantity: int, elections: Sequence[tuple[str, int | None]]
) -> list[tuple[str | None, int]]:
    """Give the options of a holding, each once, with the shares it is for."""
    if action.event not in DEFAULTS:
        return [(None, quantity)]
    rest = quantity
    parts: Counter[str | None] = Counter()
    for option, size in elections:
        if rest > 0:
            taken = rest if size is None else min(size, rest)
            parts[option] += taken
            rest -= taken
    if rest:
        parts[action.row.get("default_option") or DEFAULTS[action.event]] += rest
    return [*parts.items()]


def came_to(action: Action, parts: Sequence[tuple[str | None, int]]) -> Came:
    """Add up what the parts of a holding come to."""
    each = [outcome(action, size, option) for option, size in parts]
    return Came(*(sum(figures) for figures in zip(*each, strict=True)))


def legs(action: Action, quantity: int, parts: Sequence[tuple[str | None, int]]) -> list[Leg]:
    """Tell what becomes of each share of a holding, and of its cost."""
    if action.event == "CASH_DIVIDEND":
        return []
    if action.event in DEFAULTS:
        return _legs_chosen(action, quantity, parts)
    if action.event == "REDEMPTION":
        part = action.part()
        kept = [Leg(action.isin, 1 - part, 1 - part)] if part < 1 else []
        return [*kept, Leg(None, part, part, action.number("rate"))]
    return _legs_of_shares(action)


def _legs_of_shares(action: Action) -> list[Leg]:
    ratio, rate = action.ratio, action.number("rate")
    lieu = action.number("lieu_price")
    basis = action.number("basis_share")
    share = None if basis is None else basis / 100
    if ratio is None:
        return [Leg(None, _ALL, _ALL, rate)]
    if action.event in REPLACES:
        goes = share if share is not None and rate else _ALL
        paid = [Leg(None, _ALL, 1 - goes, rate)] if rate else []
        return [Leg(action.into, ratio, goes, lieu), *paid]
    if action.into == action.isin:
        return [Leg(action.isin, 1 + ratio, _ALL, lieu, added=True)]
    goes = share or _NONE
    return [Leg(action.isin, _ALL, 1 - goes), Leg(action.into, ratio, goes, lieu)]


def _legs_chosen(
    action: Action, quantity: int, parts: Sequence[tuple[str | None, int]]
) -> list[Leg]:
    by_option = {option: sum(size for name, size in parts if name == option) for option, _ in parts}
    if action.event == "TENDER":
        went = Fraction(by_option.get("TENDER", 0), quantity)
        kept = [Leg(action.isin, 1 - went, 1 - went)] if went < 1 else []
        return [*kept, Leg(None, went, went, action.number("rate"))] if went else []
    if action.event == "DIVIDEND_OPTION":
        each = [outcome(action, size, name) for name, size in parts if name == "SHARES"]
        added = sum(one.new + one.fraction for one in each)
        grown = 1 + Fraction(added, quantity)
        lieu = action.number("lieu_price")
        return [Leg(action.isin, grown, _ALL, lieu, added=True)] if added else []
    gone = sum(size for name, size in parts if name in {"EXERCISE", "LAPSE"})
    came = [outcome(action, size, name) for name, size in parts if name == "EXERCISE"]
    new = Fraction(sum(one.new + one.fraction for one in came), gone)
    opened = dt.date.fromisoformat(action.row["election_deadline"])
    return [Leg(action.into, new, _ALL, opened=opened)] if new else [Leg(None, _ALL, _ALL, _NONE)]


def tax(kind: str, issuer: str, income: int) -> int:
    """Give what is withheld of income of a client in Iceland."""
    if kind != "CLIENT" or income <= 0:
        return 0
    return half_up(income * Fraction(Decimal(TAXES[issuer])) / 100)


class Entitlement(NamedTuple):
    """What an account is told of an action; figures as in the export, unformatted."""

    role: str
    party: str
    quantity: int
    came: Came
    tax: int


_FIRST, _TRANSFER, _ADDING, _TRADE = range(4)
"""The order of what is of one date."""


@dataclass
class AccountBook:
    """An account through all that happens to it."""

    name: str
    kind: str
    method: str
    holdings: Holdings = field(init=False)
    entitled: dict[str, Entitlement] = field(default_factory=dict)

    def run(
        self,
        events: Sequence[Event],
        actions: Sequence[Action],
        elections: Mapping[tuple[str, str], Sequence[tuple[str, int | None]]],
    ) -> None:
        """Take everything in its order: of a date actions, then transfers, then trades.

        Transfers from the ex date up to the record date are entitled to what replaces no shares;
        they stand before it where it changes the account's lots.
        """
        waits = {action for action in actions if action.event not in {*REPLACES, "CASH_DIVIDEND"}}
        idle: set[Action] = set()
        while True:
            done = self._run(events, actions, elections, waits - idle)
            found = {action for action in waits - idle if action not in done}
            if not found & {action for action in waits if action.event in DEFAULTS}:
                return
            idle |= {action for action in found if action.event in DEFAULTS}

    def _run(
        self,
        events: Sequence[Event],
        actions: Sequence[Action],
        elections: Mapping[tuple[str, str], Sequence[tuple[str, int | None]]],
        waits: set[Action],
    ) -> set[Action]:
        """Take everything; `waits` are the actions that transfers stand before."""
        self.holdings, self.entitled = Holdings(self.method), {}
        steps: list[tuple[dt.date, int, str, Event | Action]] = []
        for action in actions:
            place = _ADDING if action in waits else _FIRST
            steps.append((action.ex_date, place, action.name, action))
        for event in sorted(events, key=lambda event: event.opening):
            is_trade = bool(event.opening.time)
            day = event.opening.day if is_trade else _stands_on(event, waits)
            stands = event._replace(opening=event.opening._replace(stands=day))
            steps.append((day, _TRADE if is_trade else _TRANSFER, "", stands))
        steps.sort(key=lambda step: step[:3])
        done = set()
        for place, (*_, step) in enumerate(steps):
            if not isinstance(step, Action):
                self.holdings.take(step)
                continue
            later = [each for *_, each in steps[place:] if isinstance(each, Event)]
            if self._act(step, elections, _entitled_later(step, later)):
                done.add(step)
        return done

    def _act(
        self,
        action: Action,
        elections: Mapping[tuple[str, str], Sequence[tuple[str, int | None]]],
        later: int,
    ) -> bool:
        """Take an action; tell whether it changed lots, or would have."""
        quantity = self.holdings.total(action.isin) + later
        if not quantity:
            return False
        parts = chosen(action, quantity, elections.get((action.name, self.name), ()))
        came = came_to(action, parts)
        taxed = tax(self.kind, action.isin[:2], came.income)
        self.entitled[action.name] = Entitlement(self.kind, self.name, quantity, came, taxed)
        becomes = legs(action, quantity, parts)
        if becomes:
            deed = Deed(action.name, action.ex_date, action.isin, becomes, action.minor)
            self.holdings.act(deed)
        return bool(becomes)


def _stands_on(event: Event, waits: set[Action]) -> dt.date:
    days = [
        action.ex_date
        for action in waits
        if action.isin == event.isin and action.ex_date <= event.opening.day <= action.record_date
    ]
    return min([event.opening.day, *days])


def _entitled_later(action: Action, events: Sequence[Event]) -> int:
    """Add up the transfers that are entitled and stand after an action that changes no lots."""
    if action.event in REPLACES:
        return 0
    return sum(
        event.quantity if event.kind == "IN" else -event.quantity
        for event in events
        if not event.opening.time
        and event.isin == action.isin
        and action.ex_date <= event.opening.day <= action.record_date
    )
