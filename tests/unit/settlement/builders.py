"""Small frames for tests of settlement, and a street of trades that lives through days."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.accounting.journal import assert_balanced
from backoffice.accounting.own_places import nowhere
from backoffice.accounting.postings.street import post_settlements
from backoffice.kernel.calendar import default_calendar
from backoffice.settlement.contributions import contributions, locate
from backoffice.settlement.corrections import Corrected, correct
from backoffice.settlement.frames import (
    APPLIED_SCHEMA,
    FIGURES,
    MEMBERSHIP_SCHEMA,
    OBLIGATION_SCHEMA,
    STATUS_SCHEMA,
    WITHDRAWAL_SCHEMA,
    empty,
)
from backoffice.settlement.nets import add_nets, partial_nets
from backoffice.settlement.netting import Netted, net
from backoffice.settlement.statuses import SettlementResult, apply_statuses

Row = dict[str, Any]

MONDAY: Final = date(2026, 4, 6)
TUESDAY: Final = date(2026, 4, 7)
WEDNESDAY: Final = date(2026, 4, 8)
THURSDAY: Final = date(2026, 4, 9)
FRIDAY: Final = date(2026, 4, 10)
ISIN: Final = "US0378331005"
LEI: Final = "54930084UKLVMY22DS16"
OTHER_LEI: Final = "5493008KLP92CC1Y8810"
E8: Final = 10**8

_TRADE_TYPES: Final = {
    "partner": pl.String,
    "trade_date": pl.Date,
    "trade_id": pl.String,
    "side": pl.String,
    "quantity_e8": pl.Int128,
    "gross_minor": pl.Int128,
    "counterparty": pl.String,
    "isin": pl.String,
    "currency": pl.String,
    "venue": pl.String,
    "due_date": pl.Date,
    "cleared_on": pl.Date,
}
_TRADE: Final[Row] = {
    "partner": "acme",
    "trade_date": MONDAY,
    "trade_id": "T1",
    "side": "BUY",
    "quantity_e8": 100 * E8,
    "gross_minor": 1000,
    "counterparty": LEI,
    "isin": ISIN,
    "currency": "USD",
    "venue": "XNYS",
    "due_date": TUESDAY,
    "cleared_on": MONDAY,
}
_OBLIGATION: Final[Row] = {
    "obligation_id": "OB1",
    "counterparty": LEI,
    "isin": ISIN,
    "currency": "USD",
    "settlement_date": TUESDAY,
    "direction": "RECEIVE",
    "quantity_e8": 100 * E8,
    "buy_gross_minor": 1000,
    "sell_gross_minor": 0,
    "trades": 1,
    "status": "INSTRUCTED",
    "settled_quantity_e8": 0,
    "settled_money_minor": 0,
    "origin": "NET",
    "trade_key": None,
    "opened_on": MONDAY,
    "instructed_on": MONDAY,
    "settled_on": None,
    "cancel_requested_on": None,
    "replaced_by": None,
    "failed_days": 0,
}
_STATUS: Final[Row] = {
    "message": "sese.025",
    "obligation_id": "OB1",
    "reference": None,
    "outcome": "SETTLED",
    "reason": None,
    "quantity_e8": None,
    "money_minor": None,
    "currency": None,
    "effective_date": None,
    "isin": None,
    "direction": None,
    "partner": "depository",
    "file": "status-1.xml",
    "row": 1,
}


def trades(*rows: Row) -> pl.DataFrame:
    """Build cleared register rows, as far as settlement reads them."""
    return pl.DataFrame([{**_TRADE, **row} for row in rows], schema=_TRADE_TYPES)


def obligations(*rows: Row) -> pl.DataFrame:
    """Build obligations; what a row leaves out is that of an instructed purchase on XNYS."""
    filled = [{**_OBLIGATION, **row} for row in rows]
    of_one = [{"venues": [{"venue": "XNYS", "trades": row["trades"]}], **row} for row in filled]
    return pl.DataFrame(of_one, schema=dict(OBLIGATION_SCHEMA))


def withdrawals(*rows: Row) -> pl.DataFrame:
    """Build what waits for a cancellation, by default the whole of OB1."""
    given = {**_TRADE, **_OBLIGATION, "accepted_on": None}
    kept = [{name: {**given, **row}[name] for name in WITHDRAWAL_SCHEMA} for row in rows]
    return pl.DataFrame(kept, schema=dict(WITHDRAWAL_SCHEMA))


def statuses(*rows: Row) -> pl.DataFrame:
    """Build messages; each has content of its own unless it says otherwise."""
    filled = [
        {**_STATUS, "content_hash": f"hash-{n}", "row": n, **row}
        for n, row in enumerate(rows, start=1)
    ]
    return pl.DataFrame(filled, schema=dict(STATUS_SCHEMA))


def next_day_after(day: date) -> Any:  # noqa: ANN401 - a NextDay
    """Return the calendar's next settlement day by venue."""
    return lambda venue, _currency="USD": default_calendar().first_settlement_day_after(venue, day)


def hear(
    standing: pl.DataFrame,
    messages: pl.DataFrame | None = None,
    *,
    pending: pl.DataFrame | None = None,
    applied: pl.DataFrame | None = None,
    day: date = TUESDAY,
    at_close: bool = True,
) -> SettlementResult:
    """Apply messages on a day, by default at its close."""
    return apply_statuses(
        standing,
        messages,
        pending=empty(WITHDRAWAL_SCHEMA) if pending is None else pending,
        applied=empty(APPLIED_SCHEMA) if applied is None else applied,
        day=day,
        next_day=next_day_after(day),
        at_close=at_close,
    )


def whole(row: Row, **changes: object) -> Row:
    """Return the message that confirms all of an obligation."""
    return {
        "obligation_id": row["obligation_id"],
        "quantity_e8": abs(row["quantity_e8"]),
        "money_minor": row["sell_gross_minor"] - row["buy_gross_minor"],
        "currency": row["currency"],
        **changes,
    }


@dataclass
class Street:
    """The street's side of a firm, day by day: state, books, and what trades it still stands by.

    `books` are balances of the Street accounts, cash and depository; `standing` the trades that
    were cleared and not corrected.
    """

    trade_netting: frozenset[str] = frozenset()
    obligations: pl.DataFrame = field(default_factory=lambda: empty(OBLIGATION_SCHEMA))
    pending: pl.DataFrame = field(default_factory=lambda: empty(WITHDRAWAL_SCHEMA))
    applied: pl.DataFrame = field(default_factory=lambda: empty(APPLIED_SCHEMA))
    memberships: pl.DataFrame = field(default_factory=lambda: empty(MEMBERSHIP_SCHEMA))
    books: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    standing: dict[str, Row] = field(default_factory=dict)
    causes: list[Row] = field(default_factory=list)
    problems: list[Row] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)

    def cut_off(
        self,
        day: date,
        new: Iterable[Row] = (),
        corrected: Iterable[str] = (),
        messages: pl.DataFrame | None = None,
    ) -> Netted:
        """Run a cut-off: messages, corrections by trade_id, then the new trades."""
        self._hear(messages, day, at_close=False)
        self._correct([self.standing.pop(name) for name in corrected], day)
        rows = [{"trade_date": day, "cleared_on": day, **row} for row in new]
        cleared = trades(*rows)
        self._book(cleared, 1)
        self.standing.update({row["trade_id"]: row for row in cleared.to_dicts()})
        netted = net(add_nets([partial_nets(cleared, self.trade_netting)]), self.obligations, day)
        self.obligations = netted.obligations
        self.memberships = pl.concat([self.memberships, netted.memberships])
        return netted

    def close(self, day: date, messages: pl.DataFrame | None = None) -> SettlementResult:
        """Run a close."""
        return self._hear(messages, day, at_close=True)

    def _correct(self, rows: list[Row], day: date) -> Corrected | None:
        if not rows:
            return None
        old = trades(*rows)
        self._book(old, -1)
        located = locate(old, self.memberships, self.obligations)
        done = correct(self.obligations, located, self.pending, day, next_day_after(day))
        self.obligations, self.pending = done.obligations, done.pending
        self.causes += done.causes
        self.requests += done.requests["obligation_id"].to_list()
        return done

    def _hear(
        self, messages: pl.DataFrame | None, day: date, *, at_close: bool
    ) -> SettlementResult:
        result = hear(
            self.obligations,
            messages,
            pending=self.pending,
            applied=self.applied,
            day=day,
            at_close=at_close,
        )
        self.obligations, self.pending = result.obligations, result.pending
        self.applied = result.applied
        self.causes += result.causes
        self.problems += result.problems.to_dicts()
        journal = post_settlements(nowhere(result.settlements), day)
        assert_balanced(journal)
        self.entries += journal["entry_id"].unique().to_list()
        for row in journal.to_dicts():
            self.books[row["book"], row["ref"], row["unit"]] += row["amount"]
        return result

    def _book(self, cleared: pl.DataFrame, sign: int) -> None:
        """Post the Street's side of trades, or reverse it."""
        for row in contributions(cleared).to_dicts():
            quantity, bought, sold = (sign * row[name] for name in FIGURES)
            street, currency = row["counterparty"], row["currency"]
            self.books["Liabilities:Payable:Street", street, currency] -= bought
            self.books["Assets:Receivable:Street", street, currency] += sold
            self.books["Securities:Street", street, row["isin"]] += quantity

    def live(self) -> list[Row]:
        """Return the obligations that are at the street."""
        at_street = pl.col("status").is_in(("INSTRUCTED", "PARTIAL", "FAILED"))
        return self.obligations.filter(at_street).to_dicts()

    def one(self, **wanted: object) -> Row:
        """Return the only obligation of these values."""
        found = self.obligations.filter(*(pl.col(k) == v for k, v in wanted.items())).to_dicts()
        assert len(found) == 1
        return found[0]

    def settle_everything(self, day: date) -> None:
        """Confirm in full all there is at the street, and all that comes of it."""
        while True:
            rest = [
                {
                    **whole(row),
                    "quantity_e8": abs(row["quantity_e8"]) - row["settled_quantity_e8"],
                    "money_minor": row["sell_gross_minor"]
                    - row["buy_gross_minor"]
                    - row["settled_money_minor"],
                    "content_hash": f"{day}-{row['obligation_id']}-rest",
                }
                for row in self.live()
            ]
            self.close(day, statuses(*rest))
            if not self.live():
                return

    def unsettled(self) -> dict[tuple[str, str, str], int]:
        """Return the Street accounts that are not at zero."""
        return {key: n for key, n in self.books.items() if "Street" in key[0] and n}

    def holdings(self) -> dict[str, int]:
        """Return what stands at the depository."""
        return {unit: n for (book, _, unit), n in self.books.items() if "Depository" in book and n}

    def wanted_holdings(self) -> dict[str, int]:
        """Return the net quantities of the trades that stand."""
        net_quantities: Counter[str] = Counter()
        for row in self._standing():
            net_quantities[row["isin"]] += row["quantity_e8"]
        return {isin: n for isin, n in net_quantities.items() if n}

    def cash(self) -> dict[str, int]:
        """Return the cash."""
        return {unit: n for (book, _, unit), n in self.books.items() if "Cash" in book and n}

    def wanted_cash(self) -> dict[str, int]:
        """Return the net money of the trades that stand."""
        money: Counter[str] = Counter()
        for row in self._standing():
            money[row["currency"]] += row["sell_gross_minor"] - row["buy_gross_minor"]
        return {currency: n for currency, n in money.items() if n}

    def _standing(self) -> list[Row]:
        return contributions(trades(*self.standing.values())).to_dicts()
