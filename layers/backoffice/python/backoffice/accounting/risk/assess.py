"""Assess what the latest closed day leaves at risk, and give notice of it."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from backoffice.accounting.risk import tables
from backoffice.accounting.risk.inputs import (
    holdings_of,
    locates_of,
    margin_accounts,
    market_of,
    open_obligations,
    trades_cleared,
    trades_watched,
)
from backoffice.accounting.risk.report import (
    RiskReport,
    find_report,
    give_notice_of,
    report_before,
    write_report,
)
from backoffice.accounting.risk.tables import Row
from backoffice.clearance.standing import STANDING
from backoffice.intake.day_documents import Cause
from backoffice.kernel.books import Books, latest, load, state_key
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.risk.concentration import by_account, by_firm
from backoffice.risk.exposure import exposures
from backoffice.risk.margin import Assessed, Market, assess
from backoffice.risk.margin_calls import (
    CALLS,
    MARGIN_CALL,
    MARGIN_NOT_ASSESSED,
    CallDates,
    amount_called,
    call,
    first_due,
)
from backoffice.risk.margin_rates import PERCENT_SCALE, MarginRates


class NothingClosedError(BackofficeError):
    """No business day is closed: there is nothing to assess."""


def assess_risk(records: Records, rulebook: Rulebook, calendar: SettlementCalendar) -> RiskReport:
    """Report on the latest closed day, and give notice of it; once, however often it is asked.

    Raises
    ------
    NothingClosedError
        When no business day is closed.
    NoRuleError
        When a rule does not hold on that day.
    """
    books = latest(records, closed=True)
    if books is None:
        raise NothingClosedError("no business day is closed")
    report = find_report(records, books.day)
    if report is None:
        look = _Look(records, books, rulebook, calendar, market_of(records, books))
        report = write_report(records, look.report())
    give_notice_of(records, report)
    return report


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a closed day."""

    records: Records
    books: Books
    rulebook: Rulebook
    calendar: SettlementCalendar
    market: Market

    def report(self) -> RiskReport:
        """Assess, call, and say what else there is."""
        earlier = report_before(self.records, self.books.day)
        since = _since(self.books, earlier)
        standing = tables.calls_of(earlier.calls) if earlier else CALLS.to_frame()
        accounts = margin_accounts(self.records, self.books)
        now = self._assess(accounts, self.books)
        calls = self._calls(accounts, now, since, standing)
        large, firm_missing = self._firm(now)
        unassessed = tables.unassessed_rows(now.missing)
        causes = _causes(calls, standing, unassessed)
        return RiskReport(
            business_date=self.books.day,
            rulebook=self.rulebook.version,
            since=since,
            margin=tables.margin_rows(now.margin),
            calls=tables.call_rows(calls),
            unassessed=unassessed,
            concentrations=tables.concentration_rows(self._large(now), large),
            firm_missing=firm_missing,
            causes=causes,
            cured=self._cured(causes, earlier.causes if earlier else ()),
            **self._street(earlier.business_date if earlier else None),
        )

    def _assess(self, accounts: pl.DataFrame, books: Books | None) -> Assessed:
        """Assess the accounts as some books have them, at the closes and by the rules of now."""
        held = holdings_of(self.records, books, accounts)
        rates = MarginRates.on(self.rulebook, self.books.day)
        return assess(accounts, held.positions, held.cash, self.market, rates)

    def _calls(
        self, accounts: pl.DataFrame, now: Assessed, since: date | None, standing: pl.DataFrame
    ) -> pl.DataFrame:
        """Call for what is lacking.

        An account that can be assessed as it is now and not as it was then counts as without a
        deficiency then: rather the whole is called for than nothing.
        """
        before = load(self.records, state_key(since, "closed")) if since else None
        return call(
            now.margin,
            self._assess(accounts, before).margin,
            standing,
            now.missing.select("account_id").unique(),
            CallDates.on(self.rulebook, self.calendar, self.books.day),
        )

    def _percent(self, name: str) -> int:
        return self.rulebook.scaled(name, self.books.day, PERCENT_SCALE)

    def _large(self, now: Assessed) -> pl.DataFrame:
        return by_account(now.holdings, self._percent("concentration_percent.account"))

    def _firm(self, now: Assessed) -> tuple[pl.DataFrame, tuple[str, ...]]:
        currency = str(self.rulebook.value("risk_report_currency", self.books.day))
        threshold = self._percent("concentration_percent.firm")
        return by_firm(now.holdings, self.market.rates, currency, threshold)

    def _street(self, since: date | None) -> dict[str, tuple[Row, ...]]:
        """Look at the street, and at what was cleared since the report before."""
        owed = exposures(open_obligations(self.records, self.books), self.market)
        cleared = trades_cleared(self.records, self.books, since)
        used = locates_of(self.records, self.books, cleared)
        in_watched = trades_watched(self.records, self.books, cleared)
        return {
            "exposures": tables.exposure_rows(owed),
            "locates": tables.locate_rows(used),
            "watched": tables.watched_rows(in_watched),
        }

    def _cured(self, causes: tuple[Cause, ...], earlier: tuple[Cause, ...]) -> tuple[Cause, ...]:
        """Name what was found, by the report before or in the books, and is over."""
        found = {(one.code, one.subject) for one in earlier}
        part = self.books.tables.get(STANDING)
        if part is not None:
            ours = pl.col("code").is_in([MARGIN_CALL, MARGIN_NOT_ASSESSED])
            rows = self.records.read(part).filter(ours).select("code", "subject")
            found.update(rows.iter_rows())
        over = found - {(one.code, one.subject) for one in causes}
        return tuple(Cause(code=code, subject=account) for code, account in sorted(over))


def _since(books: Books, earlier: RiskReport | None) -> date | None:
    """Return the close after which transactions count: the last one reported on, or the last."""
    if earlier is not None:
        return earlier.business_date
    closed = [day for day in books.closed_days if day < books.day]
    return closed[-1] if closed else None


def _causes(
    calls: pl.DataFrame, before: pl.DataFrame, unassessed: tuple[Row, ...]
) -> tuple[Cause, ...]:
    """Name who is called, by when, whether for more than before, and who cannot be assessed."""
    known = dict(before.select("account_id", amount_called()).iter_rows())
    rows = calls.select("account_id", amount_called(), due=first_due()).iter_rows()
    called = (
        Cause(code=MARGIN_CALL, subject=name, due=due, grown=amount > known.get(name, amount))
        for name, amount, due in rows
    )
    accounts = sorted({str(row["account_id"]) for row in unassessed})
    return (*called, *(Cause(code=MARGIN_NOT_ASSESSED, subject=name) for name in accounts))
