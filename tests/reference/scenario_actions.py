"""Random days of corporate actions of every kind: rows of the files, day by day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.samples import (
    NETTING_STREET,
    SINGLE_STREET,
    account,
    counterparty,
    instrument,
    isin,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


Row = dict[str, str]
DAYS = [dt.date(2026, 10, day) for day in (5, 6, 7, 8, 9, 13, 14)]
DEALING = DAYS[:5]
METHODS = ("FIFO", "LIFO", "HIFO", "AVERAGE")
ACCOUNTS = [
    *(account(f"C-{place}", lot_method=method) for place, method in enumerate(METHODS)),
    account("H-1", kind="HOUSE", lot_method="FIFO"),
]
PLACES = {"US": ("XNYS", "USD", "14:00:00Z"), "IS": ("XICE", "ISK", "11:00:00Z")}


@dataclass
class ActionDays:
    """What comes in on each day, by kind of file; every row is of a day.

    `in_time`: all is known on its day and stands, and what an action adds has come before the next.
    """

    draw: Random
    papers: int
    kinds: tuple[str, ...] = ()
    in_time: bool = False
    rows: dict[dt.date, dict[str, list[Row]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    actions: dict[str, Row] = field(default_factory=dict)
    deals: list[Row] = field(default_factory=list)
    moves: list[Row] = field(default_factory=list)
    elections: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Draw all of it."""
        first = self.rows[DAYS[0]]
        first["accounts"] = [dict(row) for row in ACCOUNTS]
        first["counterparties"] = [
            counterparty(NETTING_STREET),
            counterparty(SINGLE_STREET, netting="TRADE"),
        ]
        for number in range(self.papers):
            country = self.draw.choice(["US", "US", "IS"])
            old, new = (isin(country, 100 + 2 * number + more) for more in (0, 1))
            venue, currency, _ = PLACES[country]
            first["instruments"] += [instrument(code, venue, currency) for code in (old, new)]
            self._deal(old, number, most=4)
            kinds = self.kinds or MIXED
            self._announce(kinds[number % len(kinds)], old, new, number)
            if self.draw.random() < 0.4:
                self._deal(new, number + 500, most=1)

    def _deal(self, code: str, number: int, most: int) -> None:
        venue, currency, time = PLACES[code[:2]]
        for row in ACCOUNTS:
            for place in range(self.draw.randint(0, most)):
                day = self.draw.choice(DEALING)
                told = day if self.draw.random() < 0.8 else self._later(day)
                name = f"T{number}-{row['account_id']}-{place}"
                kind = self.draw.choice(["BUY", "BUY", "BUY", "SELL", "SELL"])
                deal = {
                    "trade_id": name,
                    "account_id": row["account_id"],
                    "side": kind,
                    "isin": code,
                    "quantity": self._quantity(),
                    "price": str(self.draw.randint(100, 9999) / Decimal(100)),
                    "currency": currency,
                    "trade_time": f"{day}T{time}",
                    "venue": venue,
                    "counterparty": self.draw.choice([NETTING_STREET, SINGLE_STREET]),
                    "capacity": "PRINCIPAL" if row["kind"] == "HOUSE" else "AGENCY",
                }
                self.rows[told]["trades"].append(deal)
                stands = self._corrected(deal, told)
                self.deals += [] if stands is None else [stands]
            if self.draw.random() < 0.25:
                self._move(code, currency, row["account_id"], f"M{number}-{row['account_id']}")

    def _corrected(self, deal: Row, told: dt.date) -> Row | None:
        """Cancel or amend a deal now and then, that day or later; give what stands of it."""
        lot = self.draw.random()
        if lot > 0.12 or self.in_time:
            return deal
        later = self._later(told)
        if lot > 0.06:
            amended = deal | {"action": "AMEND", "version": "2", "quantity": self._quantity()}
            self.rows[later]["trades"].append(amended)
            return amended
        self.rows[later]["trades"].append(deal | {"action": "CANCEL"})
        return None

    def _move(self, code: str, currency: str, account_id: str, name: str) -> None:
        day = self.draw.choice(DEALING)
        size, cost = self._quantity(), str(self.draw.randint(1, 5000))
        move = {"movement_id": name, "account_id": account_id, "kind": "TRANSFER_IN"}
        move |= {"isin": code, "quantity": size, "cost": cost, "cost_currency": currency}
        move |= {"value_date": str(day)}
        self.rows[day]["movements"].append(move)
        self.moves.append(move)

    def _later(self, day: dt.date) -> dt.date:
        if self.in_time:
            return day
        return self.draw.choice([other for other in DAYS[:-1] if other >= day])

    def _quantity(self) -> str:
        if self.draw.random() < 0.7:
            return str(self.draw.randint(1, 300))
        return str(Decimal(self.draw.randint(1, 10**10)).scaleb(-self.draw.choice([1, 4, 8])))

    def _announce(self, event: str, old: str, new: str, number: int) -> None:
        draw, currency = self.draw, PLACES[old[:2]][1]
        ex = draw.choice(DEALING[2:4])
        name = f"A{number:03d}"
        row = {"action_id": name, "event": event, "isin": old, "ex_date": str(ex)}
        row |= KINDS[event](draw, new, currency, str(DAYS[4]))
        if draw.random() < 0.4:
            row["record_date"] = str(DEALING[DEALING.index(ex) + 1])
        told = draw.choice([*DAYS[:3], DAYS[5]])
        if "election_deadline" in row or self.in_time:
            told = draw.choice(DAYS[:2])
        self.rows[told]["actions"].append(row)
        self.actions[f"local/{name}"] = row
        if "ratio_new" in row and draw.random() < 0.15 and not self.in_time:
            row = row | {"action": "AMEND", "version": "2", "ratio_new": str(draw.randint(1, 7))}
            if event == "REVERSE_SPLIT":
                row["ratio_old"] = "8"
            if event == "SPLIT":
                row["ratio_old"] = "1"
                row["ratio_new"] = str(draw.randint(2, 7))
            self.rows[max(told, draw.choice(DAYS[2:6]))]["actions"].append(row)
            self.actions[f"local/{name}"] = row
        if draw.random() < 0.06 and not self.in_time:
            gone = max(told, draw.choice(DAYS[1:6]))
            self.rows[gone]["actions"].append(row | {"action": "CANCEL"})
            del self.actions[f"local/{name}"]
        if event in OPTIONS:
            self._elect(name, OPTIONS[event])
        # no transfer of the next one's shares is entitled to this one
        followed = event in FOLLOWED and row.get("record_date", "") < str(DAYS[4])
        if followed and draw.random() < 0.3 and not self.in_time:
            self._split_on(new if "new_isin" in row else old, number)

    def _split_on(self, code: str, number: int) -> None:
        """Split on the next day what came of an action."""
        name = f"B{number:03d}"
        row = {"action_id": name, "event": "SPLIT", "isin": code, "ex_date": str(DAYS[4])}
        row |= {"ratio_new": str(self.draw.randint(2, 5)), "ratio_old": "1"}
        self.rows[DAYS[0]]["actions"].append(row)
        self.actions[f"local/{name}"] = row

    def _elect(self, name: str, option: str) -> None:
        for row in ACCOUNTS:
            if self.draw.random() < 0.7:
                size = "" if self.draw.random() < 0.4 else self._quantity()
                election = {"election_id": f"{name}-{row['account_id']}", "action_id": name}
                election |= {"account_id": row["account_id"], "option": option, "quantity": size}
                day = self.draw.choice(DAYS[1:4])
                self.rows[day]["elections"].append(election)
                self.elections.append(election)


FOLLOWED = {"STOCK_DIVIDEND", "SPIN_OFF", "RIGHTS", "ISIN_CHANGE", "MERGER"}
OPTIONS = {"TENDER": "TENDER", "DIVIDEND_OPTION": "SHARES", "EXERCISE": "EXERCISE"}


def _ratios(draw: Random, most: int = 9) -> Row:
    return {"ratio_new": str(draw.randint(1, most)), "ratio_old": str(draw.randint(1, most))}


def _lieu(draw: Random, currency: str, pay: str) -> Row:
    if draw.random() < 0.4:
        return {}
    price = str(Decimal(draw.randint(1, 9999)).scaleb(-2))
    return {"lieu_price": price, "currency": currency, "pay_date": pay}


def _rate(draw: Random, currency: str, pay: str) -> Row:
    rate = str(Decimal(draw.randint(1, 10**6)).scaleb(-4))
    return {"rate": rate, "currency": currency, "pay_date": pay}


def _split(draw: Random, new: str, currency: str, pay: str) -> Row:
    del new
    old = draw.randint(1, 4)
    ratio = {"ratio_new": str(old + draw.randint(1, 4)), "ratio_old": str(old)}
    return ratio | _lieu(draw, currency, pay)


def _reverse(draw: Random, new: str, currency: str, pay: str) -> Row:
    del new
    small = draw.randint(1, 3)
    ratio = {"ratio_new": str(small), "ratio_old": str(small + draw.randint(1, 7))}
    return ratio | _lieu(draw, currency, pay)


def _stock_dividend(draw: Random, new: str, currency: str, pay: str) -> Row:
    del new
    return _ratios(draw) | {"pay_date": pay} | _lieu(draw, currency, pay)


def _cash_merger(draw: Random, new: str, currency: str, pay: str) -> Row:
    del new
    return _rate(draw, currency, pay)


def _merger(draw: Random, new: str, currency: str, pay: str) -> Row:
    row = {"new_isin": new} | _ratios(draw) | _lieu(draw, currency, pay)
    if draw.random() < 0.5:
        return row
    basis = str(draw.randint(1, 99))
    return row | _rate(draw, currency, pay) | {"basis_share": basis}


def _spin_off(draw: Random, new: str, currency: str, pay: str) -> Row:
    basis = str(Decimal(draw.randint(1, 9999)).scaleb(-2))
    row = {"new_isin": new, "basis_share": basis, "pay_date": pay}
    return row | _ratios(draw) | _lieu(draw, currency, pay)


def _rights(draw: Random, new: str, currency: str, pay: str) -> Row:
    del currency
    return {"new_isin": new, "pay_date": pay} | _ratios(draw)


def _redemption(draw: Random, new: str, currency: str, pay: str) -> Row:
    del new
    percent = {} if draw.random() < 0.4 else {"percent": str(draw.randint(1, 99))}
    return _rate(draw, currency, pay) | percent


def _isin_change(draw: Random, new: str, currency: str, pay: str) -> Row:
    del draw, currency, pay
    return {"new_isin": new}


def _tender(draw: Random, new: str, currency: str, pay: str) -> Row:
    del new
    row = _rate(draw, currency, pay) | {"election_deadline": str(DAYS[3])}
    return row | ({"default_option": "TENDER"} if draw.random() < 0.2 else {})


def _option(draw: Random, new: str, currency: str, pay: str) -> Row:
    del new
    row = _rate(draw, currency, pay) | _ratios(draw) | _lieu(draw, currency, pay)
    return row | {"election_deadline": str(DAYS[3])}


def _exercise(draw: Random, new: str, currency: str, pay: str) -> Row:
    row = {"new_isin": new} | _rate(draw, currency, pay) | _ratios(draw)
    row |= {"election_deadline": str(DAYS[3])}
    return row | ({"default_option": "EXERCISE"} if draw.random() < 0.2 else {})


def _dividend(draw: Random, new: str, currency: str, pay: str) -> Row:
    del new
    return _rate(draw, currency, pay)


KINDS: dict[str, Callable[[Random, str, str, str], Row]] = {
    "SPLIT": _split,
    "REVERSE_SPLIT": _reverse,
    "STOCK_DIVIDEND": _stock_dividend,
    "MERGER": _merger,
    "SPIN_OFF": _spin_off,
    "RIGHTS": _rights,
    "REDEMPTION": _redemption,
    "ISIN_CHANGE": _isin_change,
    "TENDER": _tender,
    "DIVIDEND_OPTION": _option,
    "CASH_DIVIDEND": _dividend,
    "EXERCISE": _exercise,
}
MIXED = tuple(kind for kind in KINDS if kind != "EXERCISE")
