"""Try thresholds on a past day: what would have been found then, beside what was."""

from collections.abc import Mapping
from datetime import date

from backoffice.compliance.surveillance.patterns import PATTERNS
from backoffice.compliance.surveillance.report import Alert, find_report
from backoffice.compliance.surveillance.survey import Found, NotClosedError, look_at
from backoffice.compliance.surveillance.thresholds import UnknownThresholdError
from backoffice.kernel.books import latest
from backoffice.kernel.parts import Document, Records
from backoffice.kernel.rulebook import Rulebook


class Tried(Document):
    """What to try: the latest closed day unless one is named, all patterns unless some are."""

    day: date | None = None
    patterns: tuple[str, ...] = ()
    thresholds: Mapping[str, int] = {}


class Outcome(Document):
    """What was found.

    Attributes
    ----------
    surveyed
        Whether the day has a report that this is held against.
    added, gone
        Ids of alerts that the report does not have, and of its alerts that are none by what was
        tried; of the patterns tried alone.
    """

    business_date: date
    thresholds: Mapping[str, int]
    surveyed: bool
    alerts: tuple[Alert, ...]
    gone_alerts: tuple[Alert, ...]
    added: tuple[str, ...]
    gone: tuple[str, ...]


def try_out(records: Records, rulebook: Rulebook, tried: Tried) -> Outcome:
    """Look at a closed day by other thresholds; nothing is written.

    Raises
    ------
    NotClosedError
        When the day is not closed, or none is.
    UnknownThresholdError
        When a threshold or a pattern has another name.
    """
    books = latest(records, closed=True)
    day = tried.day or (books.day if books else None)
    if day is None:
        raise NotClosedError("no business day is closed")
    asked = tried.patterns or PATTERNS
    if unknown := sorted(set(asked) - set(PATTERNS)):
        raise UnknownThresholdError(f"no pattern is called {unknown[0]!r}: {', '.join(PATTERNS)}")
    found = Found(look_at(records, rulebook, day, tried.thresholds), asked)
    report = find_report(records, day)
    told = [one for one in (report.alerts if report else ()) if one.pattern in asked]
    now, then = {one.alert_id for one in found.alerts}, {one.alert_id for one in told}
    return Outcome(
        business_date=day,
        thresholds=tried.thresholds,
        surveyed=report is not None,
        alerts=found.alerts,
        gone_alerts=tuple(one for one in told if one.alert_id not in now),
        added=tuple(sorted(now - then)),
        gone=tuple(sorted(then - now)),
    )
