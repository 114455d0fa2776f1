"""The other side of `bench.as_of`: the whole journal read, filtered by its two dates, summed.

`python -m bench.sides.as_of_journal FOLDER DAY KNOWN_AT OUT` says how long that took.
"""

import sys
from datetime import date
from pathlib import Path

from backoffice.accounting.balances import as_of
from backoffice.kernel.books import latest
from backoffice.records import views
from bench.inputs.folder_records import FolderRecords
from bench.measuring.inside import Clock, say


def main(folder: Path, day: date, known_at: date, out: Path) -> None:
    """Read, sum, say how long it took."""
    clock = Clock()
    records = FolderRecords(folder)
    books = latest(records, closed=True)
    journal = records.read_all(books.journal) if books else None
    assert journal is not None, "no books"
    shown = views.trial_balance(as_of(journal, day, known_at))
    out.write_bytes(views.to_csv(shown))
    say(clock.figures())


if __name__ == "__main__":
    _folder, _day, _known_at, _out = sys.argv[1:]
    main(Path(_folder), date.fromisoformat(_day), date.fromisoformat(_known_at), Path(_out))
