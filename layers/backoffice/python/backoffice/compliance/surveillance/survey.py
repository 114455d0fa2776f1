"""Survey a closed day: look for every pattern, tell what is new, keep what later days look at."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.compliance.surveillance.activity import activity_of
from backoffice.compliance.surveillance.evidence import EVIDENCE, earlier_days, evidence_since
from backoffice.compliance.surveillance.histories import histories
from backoffice.compliance.surveillance.late_trades import came_late, with_earlier
from backoffice.compliance.surveillance.looked_at import Looking, Trading
from backoffice.compliance.surveillance.named_alerts import named_alerts
from backoffice.compliance.surveillance.patterns import PATTERNS, in_histories, in_trading
from backoffice.compliance.surveillance.report import (
    SurveillanceReport,
    find_report,
    find_reports,
    give_notice_of,
    write_report,
)
from backoffice.compliance.surveillance.structuring import cash_sums
from backoffice.compliance.surveillance.thresholds import Thresholds
from backoffice.kernel.books import latest, load, state_key
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook

_ROOM: Final = "compliance"


class NotClosedError(BackofficeError):
    """The day asked for is not closed."""


class Found:
    """What a look at a closed day found, with what it read on the way."""

    def __init__(self, looking: Looking, asked: Collection[str] = PATTERNS) -> None:
        self.looking, self.day = looking, looking.books.day
        accounts = looking.accounts()
        self.movements = looking.movements(accounts)
        self.dates = looking.dates()
        alerts, evidence = [], [pl.DataFrame(schema=dict(EVIDENCE))]
        for on in self.dates:
            trading = looking.trading(on, accounts)
            found = in_trading(trading, looking.thresholds, asked)
            if on == self.day:
                trading, more = self._in_histories(trading, accounts, asked)
                found = pl.concat([found, more])
            named, rows = named_alerts(found, trading, self.movements)
            alerts += named
            evidence.append(rows)
        self.alerts = tuple(sorted(alerts, key=lambda one: (one.pattern, one.subject)))
        self.evidence = pl.concat(evidence)

    def _in_histories(
        self, trading: Trading, accounts: pl.DataFrame, asked: Collection[str]
    ) -> tuple[Trading, pl.DataFrame]:
        """Look at what accounts did over days; return FOUND, and with the day's trades theirs."""
        looking, day = self.looking, self.day
        dealt = pl.concat([trading.trades, came_late(looking, day, accounts)])
        self.activity = activity_of(dealt, self.movements, day)
        of = histories(looking, self.activity, self.movements, accounts)
        found = in_histories(of, looking.thresholds, asked)
        trades = with_earlier(looking, dealt, earlier_days(found, day), accounts)
        named = evidence_since(found, trades, self.movements, day)
        return replace(trading, trades=trades), named


def survey_trading(
    records: Records, rulebook: Rulebook, day: date | None = None
) -> SurveillanceReport:
    """Survey a closed day, the latest unless one is named, and give notice of what is new.

    Parameters
    ----------
    records, rulebook
        The record store, and the rules.
    day
        A closed day.

    Raises
    ------
    NotClosedError
        When it is none, or none is closed.
    """
    books = latest(records, closed=True)
    if books is None or (day is not None and day not in books.closed_days):
        raise NotClosedError(f"{day or 'no business day'} is not closed")
    asked = day or books.day
    report = find_report(records, asked)
    if report is None:
        report = write_report(records, _survey(look_at(records, rulebook, asked)))
    give_notice_of(records, report)
    return report


def look_at(
    records: Records, rulebook: Rulebook, day: date, tried: Mapping[str, int] | None = None
) -> Looking:
    """Open the books of a closed day, to be looked at by its rules or others."""
    body = records.find_bytes(state_key(day, "closed"))
    if body is None:
        raise NotClosedError(f"{day} is not closed")
    books = load(records, state_key(day, "closed"))
    return Looking(records, books, rulebook, Thresholds.on(rulebook, day, tried))


def _survey(looking: Looking) -> SurveillanceReport:
    found, records, day = Found(looking), looking.records, looking.books.day
    told = _told_before(looking)
    new = tuple(one.alert_id for one in found.alerts if one.told not in told)
    cash = cash_sums(found.movements, day, looking.thresholds)
    members = _members(found, new)
    return SurveillanceReport(
        business_date=day,
        rulebook=looking.rulebook.version,
        thresholds=dict(looking.thresholds),
        currency=looking.thresholds.currency,
        dates=tuple(found.dates),
        alerts=found.alerts,
        new=new,
        unvalued=looking.unvalued(),
        evidence=records.keep(_ROOM, day, found.evidence),
        members=records.keep(_ROOM, day, members),
        activity=records.keep(_ROOM, day, found.activity),
        cash=records.keep(_ROOM, day, cash),
    )


def _told_before(looking: Looking) -> set[tuple[str, str, str]]:
    """Name what reports of the days before told of."""
    since = looking.books.day - timedelta(days=2 * looking.thresholds["late_days"])
    days = [one for one in looking.books.closed_days if since <= one < looking.books.day]
    reports = find_reports(looking.records, days)
    return {one.told for report in reports.values() for one in report.alerts}


def _members(found: Found, new: Collection[str]) -> pl.DataFrame:
    """Return the evidence of what is new as cases hold it: `CAUSE_SCHEMA`."""
    causes = pl.DataFrame(
        [(one.alert_id, one.code, one.subject) for one in found.alerts if one.alert_id in new],
        schema=dict.fromkeys(("alert_id", "code", "subject"), pl.String),
        orient="row",
    )
    is_trade = pl.when(pl.col("kind") == "TRADE").then("reference")
    rows = causes.join(found.evidence, on="alert_id").with_columns(trade_id=is_trade)
    return shaped(rows, CAUSE_SCHEMA).unique().sort(pl.all())
