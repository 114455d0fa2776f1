"""What went out in earlier reports, as far as it is asked about."""

from collections.abc import Collection, Iterator
from datetime import date

import polars as pl

from backoffice.compliance.reports.answers import refused_records
from backoffice.compliance.reports.documents import PREFIX, Report, read_report, report_key
from backoffice.compliance.rts22.frames import CANCEL, GROUP, LEG, NEW, OPEN_ROW, REFUSED, ROW
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records

ROWS = "rows"


def rows_sent(
    records: Records, kind: str, dates: Collection[date], groups: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return `ROW` of every record that went out of some trade dates, of some groups.

    A record is sent on its trade date or later: earlier reports are not looked into, nor those
    that have nothing of these dates.
    """
    frames = [pl.DataFrame(schema=dict(ROW))]
    for report in _reports(records, kind, min(dates, default=date.max)):
        if not set(report.trade_dates).isdisjoint(dates):
            for part in report.tables.get(ROWS, ()):
                rows = records.read(part).filter(pl.col("trade_date").is_in(list(dates)))
                if groups is not None:
                    rows = rows.join(groups, on=GROUP, how="semi")
                frames.append(rows)
    return pl.concat(frames)


def ever_refused(
    records: Records, answers: pl.DataFrame, kind: str, dates: Collection[date]
) -> pl.DataFrame:
    """Return transaction_id of the records of some trade dates that were sent new and refused.

    Parameters
    ----------
    answers
        All that were ever taken: what is mended on the day it is refused waits in no report.
    """
    earliest = f"{kind}-{min(dates, default=date.max)}"
    rows = newly_refused(records, answers.filter(pl.col("message_id") >= earliest), kind)
    of_dates = rows.filter(pl.col("status") == NEW, pl.col("trade_date").is_in(list(dates)))
    return of_dates.select("transaction_id").unique()


def _reports(records: Records, kind: str, since: date) -> Iterator[Report]:
    begins = f"/reports/{kind}-"
    for key in records.keys(PREFIX):
        if begins in key and key.split("/")[1] >= str(since):
            yield read_report(records, key)


def standing(sent: pl.DataFrame) -> pl.DataFrame:
    """Return of every leg the last record that was sent new, and whether it `stands` uncancelled.

    Parameters
    ----------
    sent : pl.DataFrame
        `ROW`.
    """
    last = pl.col("version") == pl.col("version").max().over(LEG)
    latest = sent.filter(last)
    gone = latest.filter(pl.col("status") == CANCEL).select(*LEG, stands=pl.lit(value=False))
    new = latest.filter(pl.col("status") == NEW)
    return new.join(gone, on=LEG, how="left").with_columns(pl.col("stands").fill_null(value=True))


def newly_refused(records: Records, answers: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Return `OPEN_ROW` of the records that answers refuse, a whole file's where it is refused.

    An answer about what was never sent, or from who is not the recipient, is nobody's.
    """
    frames = [pl.DataFrame(schema=dict(OPEN_ROW))]
    told = refused_records(answers)
    for (message,), found in told.group_by("message_id", maintain_order=True):
        name, _, number = str(message).rpartition("-")
        report = _sent_as(records, name, kind)
        parts = report.tables.get(ROWS, ()) if report else ()
        if report is None or not number.isdecimal() or not 1 <= int(number) <= len(parts):
            continue
        ours = found.filter(pl.col("partner") == (report.recipient or ""))
        frames.append(_refused(records.read(parts[int(number) - 1]), ours, str(message)))
    return pl.concat(frames)


def _sent_as(records: Records, name: str, kind: str) -> Report | None:
    day = name.removeprefix(f"{kind}-")
    try:
        return read_report(records, report_key(date.fromisoformat(day), name))
    except (KeyError, ValueError, BackofficeError):
        return None


def _refused(rows: pl.DataFrame, told: pl.DataFrame, message: str) -> pl.DataFrame:
    whole = told.filter(pl.col("record_id").is_null())
    if whole.height:
        found = rows.with_columns(reason=pl.lit(whole["reason"][-1], pl.String))
    else:
        reasons = told.unique("record_id", keep="last").select("record_id", "reason")
        found = rows.join(reasons, left_on="transaction_id", right_on="record_id", how="inner")
    return shaped(found.with_columns(why=pl.lit(REFUSED), message_id=pl.lit(message)), OPEN_ROW)
