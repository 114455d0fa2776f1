"""By which method each account's lots are taken on a day, and what the firm's own have realised."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.journal import Dated
from tests.reference.lots import replay

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from tests.reference.journal import Journal
    from tests.reference.lots import Flow
    from tests.reference.standing import Standing

Said = list[tuple["dt.date", str]]


@dataclass
class Dealing:
    """What accounts said of their method, each with the day it counts from."""

    journal: Journal
    said: dict[str, Said] = field(default_factory=lambda: defaultdict(list))
    booked: dict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def take(self, standing: Standing, day: dt.date) -> None:
        """Note the accounts whose method is another than it was."""
        for row in standing.tables["accounts"].values():
            known, method = self.said[row.text("account_id")], row.text("lot_method")
            if not known or known[-1][1] != method:
                known.append((day, method))

    def methods(self) -> Callable[[str, dt.date], str]:
        """Give the method of an account for what is dated a day, as it is known now."""
        said = {account: list(known) for account, known in self.said.items()}

        def method_of(account: str, day: dt.date) -> str:
            known = said[account]
            return next((method for since, method in reversed(known) if since <= day), known[0][1])

        return method_of

    def close(self, flows: list[Flow], standing: Standing, day: dt.date) -> None:
        """Move what house accounts realised since the last close to income."""
        now: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for (account, _), holding in replay(flows, self.methods()).items():
            for currency, profit in holding.realised.items():
                now[account, currency] += profit
        for account, currency in sorted({*now, *self.booked}):
            change = now[account, currency] - self.booked[account, currency]
            row = standing.account(account)
            self.booked[account, currency] = now[account, currency]
            if not change or row is None or row.text("kind") != "HOUSE":
                continue
            postings = [
                (f"Assets:Inventory:{account}", currency, change),
                ("Income:Trading", currency, -change),
            ]
            self.journal.write(Dated(day, day), "REALISED_PNL", account, postings)
