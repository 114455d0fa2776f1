"""Trial balances as of a day and known at another, on a year of books; beside the whole journal.

`python bench/as_of.py --days 250 --trades 10000` writes a year of closed books and asks for the
trial balance of the day before last as it was known then, and as it is known now; and for that of
a day in the middle of the year as it is known now. The other side reads the journal for each.
Every answer has to be the same on both sides.
"""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.inputs.year_of_books import business_days
from bench.measuring.report import Report, Table, Target, arguments, short
from bench.measuring.runs import Run, in_turns, module, run_well

SIDES = ("backoffice", "journal")
_MOST_S = 1.0


def main() -> None:
    """Measure, compare, report."""
    parser = arguments(__doc__)
    parser.add_argument("--days", type=int, default=250)
    parser.add_argument("--trades", type=int, default=10_000)
    asked = parser.parse_args()
    report = Report("as_of")
    days = [str(day) for day in business_days(asked.days)]
    middle, before, last = days[len(days) // 2], days[-2], days[-1]
    questions = {
        "yesterday, known yesterday": (before, before),
        "yesterday, known now": (before, last),
        "half a year ago, known now": (middle, last),
    }
    with TemporaryDirectory(prefix="bench-as-of-") as name:
        folder = Path(name)
        run_well(module("inputs.year_of_books", folder, asked.days, asked.trades))
        found = {
            what: in_turns(asked.runs, {s: partial(_run, s, folder, *dates) for s in SIDES})
            for what, dates in questions.items()
        }
        lines = [_assert_equal(folder, *dates) for dates in questions.values()]
    report.said.append(
        f"{asked.days} days of {asked.trades:,} trades; {', '.join(f'{n:,}' for n in lines)}"
        f" balances, the same on both sides; medians of {asked.runs} runs in turns."
    )
    seconds = {what: _seconds(runs) for what, runs in found.items()}
    head = ("seconds of answering", *SIDES, "times as fast")
    rows = [(w, *map(short, each), short(each[1] / each[0])) for w, each in seconds.items()]
    report.tables.append(Table([head, *rows]))
    report.targets = [
        Target(what, each[0], most=_MOST_S, unit="s") for what, each in seconds.items()
    ]
    report.finish(asked.json)


def _run(side: str, folder: Path, day: str, known_at: str) -> Run:
    out = _out(side, folder, day, known_at)
    return run_well(module(f"sides.as_of_{side}", folder, day, known_at, out))


def _out(side: str, folder: Path, day: str, known_at: str) -> Path:
    return folder / f"{side}-{day}-{known_at}.csv"


def _assert_equal(folder: Path, day: str, known_at: str) -> int:
    """Hold both answers against each other; return how many balances there are."""
    ours, theirs = (_out(side, folder, day, known_at).read_bytes() for side in SIDES)
    assert ours == theirs, f"balances as of {day}, known at {known_at}, differ"
    return ours.count(b"\n") - 1


def _seconds(runs: dict[str, Run]) -> tuple[float, float]:
    ours, theirs = (float(runs[side].figures()["seconds"]) for side in SIDES)
    return ours, theirs


if __name__ == "__main__":
    main()
