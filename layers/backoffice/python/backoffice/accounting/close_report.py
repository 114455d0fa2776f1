"""What a close reports of its day."""

import json
from collections.abc import Sequence

import polars as pl

from backoffice.accounting.chart import amount_text
from backoffice.accounting.day_documents import BookedBucket, SettledDay
from backoffice.settlement.summary import counts


def day_report(
    settled: SettledDay,
    booked: Sequence[BookedBucket],
    written: Sequence[pl.DataFrame],
    breaks: pl.DataFrame,
    obligations: pl.DataFrame,
    cases_open: int,
) -> bytes:
    """Write the report of a day, as the contract has it of `day --json`.

    Parameters
    ----------
    settled, booked
        What the steps of the close before have said.
    written
        The journals of no bucket that the close wrote.
    breaks, obligations
        The day's breaks, and every obligation.
    cases_open
        How many cases are open.
    """
    facts = settled.facts
    entries = sum(journal["entry_id"].n_unique() for journal in written)
    entries += settled.entries_elsewhere
    postings = sum(journal.height for journal in written)
    report = {
        "business_date": str(settled.day),
        "files": [file.model_dump(mode="json") for file in facts.files],
        "trades": {
            **facts.counts.model_dump(),
            "cleared": facts.cleared,
            "held": facts.held,
        },
        "obligations": counts(obligations),
        "journal": {
            "entries": facts.entries + entries + sum(one.entries for one in booked),
            "postings": facts.postings + postings + sum(one.postings for one in booked),
            "balanced": True,
        },
        "cases_open": cases_open,
        "breaks": breaks.height,
        "break_list": _as_text(breaks),
    }
    return json.dumps(report, ensure_ascii=False, indent=1).encode()


def _as_text(breaks: pl.DataFrame) -> list[dict[str, str]]:
    figures = {name: amount_text(name) for name in ("ours", "theirs", "difference")}
    return breaks.with_columns(**figures).to_dicts()
