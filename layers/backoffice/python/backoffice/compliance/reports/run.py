"""What one run finds: how reports stand, what people have to see to, and the notice of it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.report_codes import (
    REPORT_INCOMPLETE,
    REPORT_OVERDUE,
    REPORT_REJECTED,
)
from backoffice.compliance.reports import answers as said
from backoffice.compliance.reports.clock import is_past
from backoffice.compliance.reports.documents import (
    Report,
    Run,
    State,
    read_report,
    run_key,
    submitted_key,
)
from backoffice.compliance.reports.submit import Desk
from backoffice.intake.day_documents import Cause
from backoffice.intake.notices import Notice, give_notice

SOURCE: Final = "make_reports"
DONE: Final = (said.ACKNOWLEDGED, said.CORRECTED)

Found = tuple[tuple[State, ...], tuple[Cause, ...]]


def find_out(
    desk: Desk, before: Run | None, made: Sequence[Report], heard: pl.DataFrame, day: date
) -> Found:
    """Return how every report stands that was not done with, and all that people have to see to.

    Parameters
    ----------
    before
        The run before; what it left is looked at again.
    made
        What this run made.
    heard
        Every answer that the day's books hold.
    """
    left = [one for one in before.states if one.status not in DONE] if before else []
    known = [read_report(desk.records, one.key) for one in left]
    latest = {report.kind: report for report in (*known, *made)}
    states, causes = list[State](), list[Cause]()
    for report in (*known, *made):
        state = _state(desk, report, latest, heard, day)
        if state is not None:
            states.append(state)
            causes += _causes(report, state, desk.kind(report.kind).until_taken)
    for report in _standing(desk, before, made):
        # what says why rows were refused says more than that the whole was
        told = tuple(one.subject for one in report.causes if one.code == REPORT_REJECTED)
        causes = [one for one in causes if not any(t.startswith(one.subject) for t in told)]
        causes += report.causes
        if report.differences:
            causes.append(Cause(code=REPORT_INCOMPLETE, subject=report.report_id))
    return tuple(states), tuple(causes)


def _standing(desk: Desk, before: Run | None, made: Sequence[Report]) -> Iterator[Report]:
    """Yield the latest report of each kind: what it found stands until the next one is made."""
    latest = dict(before.latest) if before else {}
    latest.update({report.kind: report.key for report in made})
    known = {report.key: report for report in made}
    for key in latest.values():
        yield known[key] if key in known else read_report(desk.records, key)


def _state(
    desk: Desk, report: Report, latest: dict[str, Report], heard: pl.DataFrame, day: date
) -> State | None:
    """Tell how a report stands; None of one that nobody is to answer, nor find fault with."""
    kind = desk.kind(report.kind)
    if not kind.is_answered or not report.files:
        return None
    status, refused = said.said_of(heard, report)
    if refused and kind.corrects and not desk.still_refused(report, latest.get(report.kind)):
        status = said.CORRECTED
    waits = status == said.SUBMITTED
    if waits and is_past(report.due, day):
        status = said.OVERDUE
    return State(key=report.key, status=status, rejected=refused)


def _causes(report: Report, state: State, until_taken: str | None) -> Iterator[Cause]:
    if until_taken and state.status not in DONE:
        yield Cause(code=until_taken, subject=report.report_id, due=report.due.date())
    if state.status == said.OVERDUE:
        yield Cause(code=REPORT_OVERDUE, subject=report.report_id, due=report.due.date())
    if state.status == said.REJECTED:
        yield Cause(code=REPORT_REJECTED, subject=report.report_id)


def write_run(desk: Desk, run: Run) -> Run:
    """Write a run and give notice of it; of two at once the first stands, and is returned."""
    key = run_key(run.day)
    desk.records.put_once(key, run.model_dump_json().encode())
    stands = Run.model_validate_json(desk.records.read_bytes(key))
    earlier = _before(desk, stands)
    fresh, over = _changes(earlier, stands)
    notice = Notice(
        source=SOURCE,
        day=stands.day,
        causes=fresh,
        cured=over,
        report=key,
        records=tuple(_written(desk, stands)),
    )
    give_notice(desk.records, notice)
    return stands


def _before(desk: Desk, run: Run) -> Run | None:
    earlier = desk.run_before(run.day)
    return Run.model_validate_json(desk.records.read_bytes(earlier)) if earlier else None


def _changes(before: Run | None, now: Run) -> tuple[tuple[Cause, ...], tuple[Cause, ...]]:
    """Return what is new for people to see to, and what is over; what stands is told once."""
    known = {(one.code, one.subject) for one in before.causes} if before else set()
    stands = {(one.code, one.subject) for one in now.causes}
    fresh = [one for one in now.causes if (one.code, one.subject) not in known]
    over = [Cause(code=code, subject=subject) for code, subject in sorted(known - stands)]
    return tuple(fresh), tuple(over)


def _written(desk: Desk, run: Run) -> Iterator[str]:
    for key in run.made:
        report = read_report(desk.records, key)
        yield key
        for parts in report.tables.values():
            yield from (part.key for part in parts)
        if report.files:
            yield submitted_key(report)
