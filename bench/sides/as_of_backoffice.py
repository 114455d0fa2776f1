"""Our side of `bench.as_of`: a trial balance as of a day and known at another, as it is exported.

`python -m bench.sides.as_of_backoffice FOLDER DAY KNOWN_AT OUT` says how long that took.
"""

import sys
from datetime import date
from pathlib import Path

from backoffice.records.export import Asked, export
from bench.inputs.folder_records import FolderRecords
from bench.measuring.inside import Clock, say


def main(folder: Path, day: date, known_at: date, out: Path) -> None:
    """Export, say how long it took."""
    clock = Clock()
    asked = Asked(what="trial-balance", date=day, known_at=known_at)
    out.write_bytes(export(FolderRecords(folder), asked))
    say(clock.figures())


if __name__ == "__main__":
    _folder, _day, _known_at, _out = sys.argv[1:]
    main(Path(_folder), date.fromisoformat(_day), date.fromisoformat(_known_at), Path(_out))
