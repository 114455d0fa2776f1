"""What each partner is told of its files: what became of them, and every row that was refused."""

import json
from collections.abc import Iterable
from datetime import date

from backoffice.intake.day_documents import FileResult
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Outbox, Records

REPORT_NAME = "report.json"
_REJECT = ("file", "row", "kind", "trade_id", "field", "code", "message")


def post_reports(
    outbox: Outbox, records: Records, books: Books, files: Iterable[FileResult]
) -> list[str]:
    """Post each partner's report of a day, as it stands; a later one of the day replaces it.

    Parameters
    ----------
    outbox, records
        The stores.
    books
        The state a step of the day left; the last part of `rejects` is the day's.
    files
        What became of the day's files so far.

    Returns
    -------
    list
        The keys written, `outbox/<partner>/<day>/report.json`: business_date, partner, files (as
        in the day's report), rejects (file, row, kind, trade_id, field, code, message).
    """
    rejects = records.read(books.day_parts["rejects"][-1]).to_dicts()
    theirs: dict[str, list[FileResult]] = {}
    for file in files:
        theirs.setdefault(file.partner, []).append(file)
    return [
        outbox.post(partner, books.day, REPORT_NAME, _report(books.day, partner, own, rejects))
        for partner, own in sorted(theirs.items())
    ]


def _report(
    day: date, partner: str, files: Iterable[FileResult], rejects: Iterable[dict[str, object]]
) -> bytes:
    own = [row for row in rejects if row["partner"] == partner]
    document = {
        "business_date": str(day),
        "partner": partner,
        "files": [file.model_dump(mode="json", exclude={"partner"}) for file in files],
        "rejects": [{name: row[name] for name in _REJECT} for row in own],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
