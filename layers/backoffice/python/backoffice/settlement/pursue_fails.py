"""Pursue what did not settle, at a close: register, buy-ins, penalties, clocks, claims."""

from dataclasses import dataclass, replace

import polars as pl

from backoffice.clearance.fail_codes import (
    BUY_IN_MISFIT,
    CLAIM_PAYMENT_MISFIT,
    PENALTY_NOT_ASSESSED,
)
from backoffice.intake.once_kinds import BUY_IN_SCHEMA, CLAIM_PAYMENT_SCHEMA
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.buy_ins import BoughtIn, buy_in
from backoffice.settlement.claims import PaidClaims, pay_claims
from backoffice.settlement.fail_books import (
    BUY_INS,
    PAYMENTS,
    FailBookings,
    is_quiet,
    keep_fails,
    no_bookings,
    table_of,
)
from backoffice.settlement.fail_clocks import Clocks, as_causes, as_dues, reached, told
from backoffice.settlement.fail_events import claim_events, penalty_events, reason_events
from backoffice.settlement.fail_frames import FAIL_SCHEMA, FAILS, OPEN
from backoffice.settlement.fail_prices import instruments_of, penalties_of
from backoffice.settlement.fails import Followed, follow, late, open_fails
from backoffice.settlement.reasons import read_reasons
from backoffice.settlement.rolled_fails import roll_fails
from backoffice.settlement.rolling import rolls_of_the_day
from backoffice.settlement.short_sales import sold_short
from backoffice.settlement.street import Street, next_day_after


@dataclass(frozen=True, slots=True)
class Pursued:
    """A close after its fails were pursued.

    Attributes
    ----------
    books
        With the register, the day's history and what was booked.
    street
        With buy-ins' obligations, and the causes of fails' cases as they are now.
    requests
        Obligations whose cancellation is asked for: they were bought in.
    bookings
        What is to be posted.
    """

    books: Books
    street: Street
    requests: pl.DataFrame
    bookings: FailBookings


def pursue_fails(
    records: Records,
    books: Books,
    street: Street,
    anew: pl.DataFrame,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
) -> Pursued:
    """Pursue the fails of a day; a day without one, and with none before, costs a look.

    Parameters
    ----------
    records, books
        The record store and the state of the cut-off: who traded what, prices, the register.
    street
        The street's tables after the day's statuses.
    anew : pl.DataFrame
        `ROLL_SCHEMA`: what both sides cancelled today, `into` what it was instructed anew as.
    calendar, rulebook
        Settlement days, clocks and rates.

    Raises
    ------
    NoRuleError
        When a calendar or a rule ends before a day that is asked for.
    """
    rolls = rolls_of_the_day(records, books)
    quiet = is_quiet(records, books) and not rolls.height
    if quiet and not late(street.obligations, books.day).height:
        return Pursued(books, street, street.obligations.clear(), no_bookings())
    return _Pursuit(records, books, street, rolls, anew, calendar, rulebook).run()


@dataclass(frozen=True, slots=True)
class _Pursuit:
    records: Records
    books: Books
    street: Street
    rolls: pl.DataFrame
    anew: pl.DataFrame
    calendar: SettlementCalendar
    rulebook: Rulebook

    def run(self) -> Pursued:
        day = self.books.day
        clocks = self._clocks()
        opened = self._opened(clocks)
        left = pl.concat([self.rolls, self.anew])
        rolled = roll_fails(opened.fails, left, self.street.obligations, day)
        bought = self._bought(rolled.fails)
        ages = lambda fails: clocks.ages(fails, day)  # noqa: E731
        moved = follow(rolled.fails, bought.obligations, bought.bought, day, ages)
        paid = self._paid(bought.table)
        reasons = read_reasons(self.records, self.books)
        fails, because = reason_events(moved.fails, reasons, day)
        penalties = penalties_of(self.records, self.books, fails, clocks)
        fails, cost = penalty_events(fails, penalties, day)
        round_ = reached(fails, self.calendar, day)
        events = [opened.events, rolled.events, because, moved.events, cost]
        events.append(self._told(fails, round_))
        events.append(claim_events(fails, bought.bought, paid.paid, day))
        causes = self._causes(round_, penalties, bought, paid)
        books = keep_fails(self.records, self.books, fails, pl.concat(events), as_dues(round_))
        books = self._with_tables(books, bought, paid)
        street = replace(self.street, obligations=bought.obligations, causes=causes)
        posted = FailBookings(penalties.drop_nulls("penalty_minor"), bought.bought, paid.paid)
        return Pursued(books, street, bought.requests, posted)

    def _clocks(self) -> Clocks:
        late_ones = late(self.street.obligations, self.books.day)["isin"]
        isins = pl.concat([late_ones, self.rolls["isin"], self._fails()["isin"]])
        known = instruments_of(self.records, self.books, isins)
        return Clocks(self.calendar, self.rulebook, known)

    def _fails(self) -> pl.DataFrame:
        return table_of(self.records, self.books, FAILS, FAIL_SCHEMA)

    def _opened(self, clocks: Clocks) -> Followed:
        obligations = self.street.obligations

        def opened(new: pl.DataFrame) -> pl.DataFrame:
            beside = clocks.opened(new, frozenset())
            asked = beside.filter(pl.col("close_out_by").is_not_null())["obligation_id"]
            shorts = sold_short(self.records, self.books, obligations, asked)
            return clocks.opened(new, shorts) if shorts else beside

        return open_fails(self._fails(), obligations, self.rolls, self.books.day, opened)

    def _bought(self, fails: pl.DataFrame) -> BoughtIn:
        venues = dict(fails.select("obligation_id", "venue").iter_rows())
        return buy_in(
            self.street.obligations,
            table_of(self.records, self.books, BUY_INS, BUY_IN_SCHEMA),
            self.books.day,
            next_day_after(self.calendar, self.rulebook, self.books.day),
            venues.__getitem__,
            self.street.withdrawals["obligation_id"],
            fails.filter(pl.col("status") == OPEN),
        )

    def _paid(self, buy_ins: pl.DataFrame) -> PaidClaims:
        table = table_of(self.records, self.books, PAYMENTS, CLAIM_PAYMENT_SCHEMA)
        return pay_claims(buy_ins, table, self.books.day)

    def _told(self, fails: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
        before = fails.filter(pl.col("failed_on") < self.books.day)
        last = self.books.last_closed
        earlier = reached(before, self.calendar, last) if last else now.clear()
        return told(now, earlier, self.books.day)

    def _causes(
        self,
        clocks: pl.DataFrame,
        penalties: pl.DataFrame,
        bought: BoughtIn,
        paid: PaidClaims,
    ) -> pl.DataFrame:
        """Name what fails ask of people now, in the place of what they asked before."""
        unassessed = penalties.filter(pl.col("penalty_minor").is_null())
        named = [
            clocks.select("code", subject="fail_id"),
            unassessed.select(code=pl.lit(PENALTY_NOT_ASSESSED), subject="fail_id"),
            bought.misfits.select(code=pl.lit(BUY_IN_MISFIT), subject="buy_in_id"),
            paid.misfits.select(code=pl.lit(CLAIM_PAYMENT_MISFIT), subject="payment_id"),
        ]
        return as_causes(self.street.causes, pl.concat(named))

    def _with_tables(self, books: Books, bought: BoughtIn, paid: PaidClaims) -> Books:
        changed = {BUY_INS: bought.table, PAYMENTS: paid.table}
        known = {name: rows for name, rows in changed.items() if name in books.tables}
        kept = {name: self.records.keep("settlement", books.day, t) for name, t in known.items()}
        return books.with_tables(**kept)
