"""hledger beside the books: the machine's, or the one infra/fetch_hledger.sh fetched."""

import csv
import io
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from backoffice.records.hledger import original_account

_FETCHED: Final = Path(__file__).parent.parent / ".build/hledger/usr/bin"
HLEDGER: Final = shutil.which("hledger") or shutil.which("hledger", path=_FETCHED)
needs_hledger = pytest.mark.skipif(HLEDGER is None, reason="hledger is not to be had here")


def ask_hledger(text: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """Have hledger read a text."""
    return subprocess.run(  # noqa: S603 - the program found on the path
        [str(HLEDGER), "-f", "-", *words], input=text, capture_output=True, text=True, check=False
    )


def balances_by_hledger(text: str) -> dict[tuple[str, str], Decimal]:
    """Read every account's balance of every unit as hledger comes to it."""
    done = ask_hledger(text, "balance", "--flat", "--no-total", "--layout=bare", "-O", "csv")
    assert done.returncode == 0, done.stderr
    rows = csv.DictReader(io.StringIO(done.stdout))
    found = {
        (original_account(row["account"]), row["commodity"]): Decimal(row["balance"])
        for row in rows
    }
    return {key: amount for key, amount in found.items() if amount}
