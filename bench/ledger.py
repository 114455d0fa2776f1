"""A million postings as text in, every entry verified, all balances out; beside three others.

`python bench/ledger.py --postings 1000000` runs the same journal through `ledger`, `hledger` and
beancount, each a process of its own from its start to its last line. All have to come to the same
balances, and to find and name the one entry of a small journal that is out of balance. A program
that is not there is said so and left out.
"""

import shutil
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measuring.report import Report, Target, arguments
from bench.measuring.runs import Run, in_turns, module, run, run_well

OURS, BEANCOUNT, LEDGER, HLEDGER = "backoffice", "beancount", "ledger", "hledger"
_OTHERS = (LEDGER, BEANCOUNT, HLEDGER)
_FASTER_THAN = {BEANCOUNT: 50.0, LEDGER: 8.0}
_LEDGERS_MEMORY = 0.5

Balances = dict[tuple[str, str], Decimal]


def main() -> None:
    """Measure, compare, report."""
    parser = arguments(__doc__)
    parser.add_argument("--postings", type=int, default=1_000_000)
    parser.add_argument("--beside", nargs="*", choices=_OTHERS, default=_OTHERS)
    asked = parser.parse_args()
    report = Report("ledger")
    sides = [OURS, *(name for name in asked.beside if _is_there(name))]
    with TemporaryDirectory(prefix="bench-ledger-") as name:
        folder = Path(name)
        run_well(module("inputs.journal_texts", folder, asked.postings))
        for side in sides:
            _assert_finds(side, folder / "broken")
        runs = in_turns(asked.runs, {side: partial(_run_well, side, folder) for side in sides})
        found = {side: _READ[side](folder, runs[side]) for side in sides}
    accounts = found[OURS]
    assert all(balances == accounts for balances in found.values()), "balances differ"
    _say(report, asked.postings, asked.runs, len(accounts))
    report.sides(runs)
    report.targets.extend(_targets(runs))
    report.finish(asked.json)


def _is_there(side: str) -> bool:
    found = side == BEANCOUNT or shutil.which(side) is not None
    if not found:
        print(f"{side} is not installed and is left out (Debian: apt-get install {side}).")
    return found


def _command(side: str, folder: Path) -> list[str]:
    text = str(folder / "journal.ledger")
    return {
        OURS: module("sides.ledger_backoffice", folder / "journal.csv", folder / f"{OURS}.csv"),
        BEANCOUNT: module(
            "sides.ledger_beancount", folder / "journal.beancount", folder / f"{BEANCOUNT}.csv"
        ),
        LEDGER: [
            *(LEDGER, "--args-only", "--file", text, "balance", "--flat", "--no-total"),
            *("--format", "%(account)|%(join(display_total))\n"),
        ],
        HLEDGER: [
            *(HLEDGER, "--file", text, "balance", "--flat", "--no-total"),
            *("--output-format", "csv", "--layout", "bare"),
        ],
    }[side]


def _run_well(side: str, folder: Path) -> Run:
    return run_well(_command(side, folder))


def _assert_finds(side: str, folder: Path) -> None:
    """Hold a side to finding the entry that is out of balance, and to naming it."""
    done = run(_command(side, folder))
    assert done.failed, f"{side} took a journal with an entry out of balance"
    entry = (folder / "entry.txt").read_text()
    assert entry in done.output, f"{side} does not name {entry}: {done.output[-500:]}"


def _of_file(side: str, folder: Path, _: Run) -> Balances:
    """Read `account,unit,balance` lines; no account has a comma in its name."""
    rows = (line.split(",") for line in (folder / f"{side}.csv").read_text().splitlines())
    return _kept({(account, unit): Decimal(number) for account, unit, number in rows})


def _of_ledger(_: Path, done: Run) -> Balances:
    r"""Read `account|1.00 EUR\n2 "US0000000012"` lines, the \n as two characters."""
    found: Balances = {}
    for line in done.output.splitlines():
        account, totals = line.split("|")
        for total in totals.split("\\n"):
            number, unit = total.split(" ")
            found[account, unit.strip('"')] = Decimal(number)
    return _kept(found)


def _of_hledger(_: Path, done: Run) -> Balances:
    """Read CSV of account, commodity, balance."""
    rows = (line.replace('"', "").split(",") for line in done.output.splitlines()[1:])
    return _kept({(account, unit): Decimal(number) for account, unit, number in rows})


def _kept(balances: Balances) -> Balances:
    return {account: number for account, number in balances.items() if number}


_READ: dict[str, Callable[[Path, Run], Balances]] = {
    OURS: partial(_of_file, OURS),
    BEANCOUNT: partial(_of_file, BEANCOUNT),
    LEDGER: _of_ledger,
    HLEDGER: _of_hledger,
}


def _say(report: Report, postings: int, times: int, balances: int) -> None:
    report.said.append(
        f"{postings:,} postings as text, every entry verified, {balances:,} balances, the same on"
        f" every side; whole processes, medians of {times} runs in turns. Each side found and"
        " named the one entry of a small journal that is out of balance by a minor unit."
    )


def _targets(runs: dict[str, Run]) -> list[Target]:
    ours = runs[OURS]
    faster = [
        Target(f"faster than {side}", runs[side].seconds / ours.seconds, least=least)
        for side, least in _FASTER_THAN.items()
        if side in runs
    ]
    if LEDGER not in runs:
        return faster
    memory = ours.peak_mb / runs[LEDGER].peak_mb
    return [*faster, Target("ledger's memory", memory, most=_LEDGERS_MEMORY)]


if __name__ == "__main__":
    main()
