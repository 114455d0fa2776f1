"""The movements rows of a scenario."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tests.reference import scenario_world as world

if TYPE_CHECKING:
    import random

    from tests.reference.scenario_world import Line, Paper


def _cash(name: str, account_id: str, kind: str, money: str, day: dt.date) -> Line:
    amount, _, currency = money.partition(" ")
    row = {"movement_id": name, "account_id": account_id, "kind": kind, "currency": currency}
    return row | {"amount": amount, "value_date": day.isoformat()}


def _shares(name: str, kind: str, paper: Paper, amounts: str, day: dt.date) -> Line:
    quantity, _, cost = amounts.partition(" ")
    row = {"movement_id": name, "account_id": world.MOVER, "kind": kind, "isin": paper.isin}
    row |= {"quantity": quantity, "value_date": day.isoformat(), "cost": cost}
    return row | {"cost_currency": paper.currency if cost else ""}


def first_stock(day: dt.date) -> list[Line]:
    """Bring so much of every currency and paper that no statement need say less than nothing."""
    rows = [
        _cash(f"M-{currency}", "C-plain", "DEPOSIT", f"9000000000 {currency}", day)
        for currency in ("USD", "ISK", "EUR", "KWD", "JPY")
    ]
    papers = (*world.PAPERS, world.LATE_PAPER)
    return rows + [
        _shares(f"M-{paper.isin}", "TRANSFER_IN", paper, "9000000 45000000", day)
        for paper in papers
    ]


def movements(rng: random.Random, days: list[dt.date], place: int) -> list[Line]:
    """Make a day's rows: cash in and out, shares in before out, doubled, late and bad ones."""
    day, name = days[place], f"M{place}"
    soon = day + dt.timedelta(days=rng.randint(1, 3))
    amount, share = rng.randint(1000, 900000), world.PAPERS[0]
    rows = [
        _cash(f"{name}-1", "C-plain", "DEPOSIT", f"{amount}.25 USD", day),
        _cash(f"{name}-2", "H-1", "DEPOSIT", f"{amount}.125 KWD", day),
        _cash(f"{name}-3", "C-FIFO", "DEPOSIT", f"{amount}.00 ISK", soon),
        _cash(f"{name}-4", "C-plain", "WITHDRAWAL", f"{rng.randint(1, 99)}.5 USD", day),
        _cash(f"{name}-5", world.LATE_ACCOUNT, "DEPOSIT", "77 JPY", day),
        _cash(f"{name}-1", "C-plain", "DEPOSIT", f"{amount}.250 USD", day),
        _cash(f"{name}-2", "H-1", "DEPOSIT", "1 KWD", day),
        _cash(f"{name}-6", "C-plain", "DEPOSIT", "1.5 JPY", day),
        _cash(f"{name}-7", "C-plain", "WITHDRAWAL", " USD", day),
        _shares(f"{name}-in", "TRANSFER_IN", share, f"100 {rng.randint(8000, 12000)}.35", day),
        _shares(f"{name}-bad", "TRANSFER_IN", share, "100", day),
    ]
    if place:
        rows.append(_shares(f"{name}-out", "TRANSFER_OUT", share, f"{rng.randint(1, 40)}", day))
    rows.append(rows[0] if not place else _cash("M0-4", "C-plain", "DEPOSIT", "3 USD", day))
    return rows if place else rows + first_stock(day)
