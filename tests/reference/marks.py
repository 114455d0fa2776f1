"""The firm's own holdings at the latest close."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.reference.amounts import ZERO, round_money
from tests.reference.currencies import policy
from tests.reference.journal import Dated

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from decimal import Decimal

    from tests.reference.journal import Journal
    from tests.reference.lots import Holding
    from tests.reference.standing import Standing

    Key = tuple[str, str, str]


@dataclass
class Marks:
    """By account, ISIN and currency, what a holding was last worth more than it cost."""

    journal: Journal
    gains: dict[Key, Decimal] = field(default_factory=dict)

    def close(
        self, holdings: Mapping[tuple[str, str], Holding], standing: Standing, day: dt.date
    ) -> None:
        """Mark what the firm's accounts hold, where its policy is to."""
        if policy(standing, "MARK_TO_MARKET", day) is None:
            return
        held: dict[Key, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
        for (account_id, isin), holding in holdings.items():
            account = standing.account(account_id)
            if account is None or account.text("kind") != "HOUSE":
                continue
            for lot in holding.lots:
                quantity, cost = held[account_id, isin, lot.currency]
                held[account_id, isin, lot.currency] = (quantity + lot.quantity, cost + lot.cost)
        more: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
        for key in {*self.gains, *held}:
            was = self.gains.get(key, ZERO)
            now = self._gain(key, held.get(key, (ZERO, ZERO)), standing, day)
            if now is not None:
                self.gains[key] = now
                more[key[0], key[2]] += now - was
        for (account_id, currency), gain in sorted(more.items()):
            if gain:
                postings = [
                    (f"Assets:Revaluation:House:{account_id}", currency, gain),
                    ("Income:Trading:Unrealised", currency, -gain),
                ]
                source = f"{account_id} {currency}"
                self.journal.write(Dated(day, day), "MARK_TO_MARKET", source, postings)

    def _gain(
        self, key: Key, held: tuple[Decimal, Decimal], standing: Standing, day: dt.date
    ) -> Decimal | None:
        quantity, cost = held
        if not quantity and not cost:
            return ZERO
        priced = standing.priced(key[1], day)
        if priced is None or priced[1] != key[2]:
            return None
        instrument = standing.instrument(key[1])
        is_bond = instrument is not None and instrument.text("asset_class") == "BOND"
        value = quantity * priced[0] / (100 if is_bond else 1)
        return round_money(value, key[2]) - cost
