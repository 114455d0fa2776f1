"""hledger loads the journal, finds it balanced, and comes to the books' own balances."""

import csv
import io
import shutil
import subprocess
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from tests.simulation.house import House
from tests.simulation.small_days import DAYS, FIRST, THIRD, run

HLEDGER = shutil.which("hledger")
needs_hledger = pytest.mark.skipif(HLEDGER is None, reason="hledger is not installed here")


@pytest.fixture(scope="module")
def good() -> House:
    return run(House(), *DAYS)


def _asked(path: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the machine's own hledger
        [str(HLEDGER), *command, "-f", str(path)], capture_output=True, text=True, check=False
    )


@needs_hledger
def test_hledger_comes_to_the_balances_of_the_books(good: House, tmp_path: Path) -> None:
    path = tmp_path / "books.journal"
    path.write_bytes(good.export("journal", THIRD, form="hledger"))
    checked = _asked(path, "check", "--strict")
    assert checked.returncode == 0, checked.stderr
    told = _asked(path, "balance", "--flat", "--no-total", "-O", "csv", "--layout=bare")
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in csv.DictReader(io.StringIO(told.stdout)):
        found[row["account"], row["commodity"].strip('"')] += Decimal(row["balance"])
    books = {
        (row["account"], row["unit"]): Decimal(row["balance"])
        for row in good.table("trial-balance", THIRD)
    }
    assert {key: amount for key, amount in found.items() if amount} == books


@needs_hledger
def test_hledger_loads_the_journal_of_any_two_dates(good: House, tmp_path: Path) -> None:
    path = tmp_path / "books.journal"
    for known_at in DAYS:
        path.write_bytes(good.export("journal", FIRST, known_at, form="hledger"))
        assert _asked(path, "check", "--strict").returncode == 0


@needs_hledger
def test_hledger_finds_a_balance_that_is_not_the_books(good: House, tmp_path: Path) -> None:
    path = tmp_path / "books.journal"
    text = good.export("journal", THIRD, form="hledger").decode()
    kept, _, last = text.rpartition(" = ")
    path.write_text(f"{kept} = 1{last}")
    assert "assertion" in _asked(path, "check").stderr
