"""A year of trading: the books stay square every day, and other programs agree with them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from beancount import loader
from beancount.core.data import Transaction

from backoffice.records.beancount_names import original_account
from samples.make_year import DAYS, Year
from samples.year_actions import APART
from tests.hledger import HLEDGER, ask_hledger, balances_by_hledger
from tests.simulation.house import House
from tests.simulation.test_financial_statements import shown
from tests.simulation.year_ends import Accountants, assert_stated, missing, play

Row = Mapping[str, str]
Balances = dict[tuple[str, str], Decimal]
AFTER: Final = (date(2027, 1, 4), date(2027, 1, 5), date(2027, 1, 6))
"""Days of the next year on which the last one is ended."""
YEAR_END: Final = date(2026, 12, 31)
_SIDES: Final = ("Assets", "Liabilities", "Equity", "Income", "Expenses")


def run_days(folder: Path, days: Sequence[date], apart: int = APART) -> House:
    """Run business days one after another; whatever is not square ends it on its day.

    A month is ended on the first two days of the next: what it lacks is entered, it is locked,
    its statements are held against the ledger and every client is written to.
    """
    year, house = Year(apart=apart), House()
    accountants = Accountants(house)
    for day in days:
        if day in DAYS:
            year.write_day(folder / str(day), day)
            house.take((folder / str(day)).iterdir(), day)
        accountants.prepare(day)
        report = play(accountants, day)
        assert report["journal"]["balanced"]
        assert report["breaks"] == 0, day
        assert_square(house, day)
    return house


def assert_square(house: House, day: date) -> None:
    """Assets are liabilities and equity, what was earned included; shares sum to zero."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in house.table("trial-balance", day):
        sums[row["account"].partition(":")[0], row["unit"]] += Decimal(row["balance"])
    units = {unit for side, unit in sums if side in _SIDES}
    for unit in units:
        assets = sums["Assets", unit]
        claims = -sum((sums[side, unit] for side in _SIDES[1:]), Decimal())
        assert assets == claims, (day, unit)
    shares: dict[str, Decimal] = defaultdict(Decimal)
    for row in house.table("stock-record", day):
        shares[row["isin"]] += Decimal(row["quantity"])
    assert not any(shares.values()), day


def balances(house: House) -> Balances:
    rows = house.table("trial-balance")
    return {(row["account"], row["unit"]): Decimal(row["balance"]) for row in rows}


def by_beancount(house: House, folder: Path) -> Balances:
    """Sum what beancount read, by the accounts' own names."""
    path = folder / "journal.beancount"
    path.write_bytes(house.export("journal", form="beancount"))
    entries, errors, _ = loader.load_file(str(path))
    assert errors == []
    sums: Balances = defaultdict(Decimal)
    for entry in entries:
        if isinstance(entry, Transaction):
            for posting in entry.postings:
                assert posting.units is not None
                number, unit = posting.units.number, posting.units.currency
                assert isinstance(number, Decimal)
                sums[original_account(posting.account), unit] += number
    return {key: amount for key, amount in sums.items() if amount}


def assert_others_agree(house: House, folder: Path) -> None:
    """Hold every final balance against beancount's and hledger's."""
    ours = balances(house)
    assert by_beancount(house, folder) == ours
    if HLEDGER:
        text = house.export("journal", form="hledger").decode()
        assert ask_hledger(text, "check").stderr == ""
        assert balances_by_hledger(text) == ours


def test_a_week_of_the_year_is_square(tmp_path: Path) -> None:
    house = run_days(tmp_path, DAYS[:5])
    assert_others_agree(house, tmp_path)


@pytest.mark.soak
def test_a_year_is_square_on_every_day(tmp_path: Path) -> None:
    house = run_days(tmp_path, (*DAYS, *AFTER))
    assert house.report_days() == (*DAYS, *AFTER)
    assert_others_agree(house, tmp_path)
    assert not missing(house, "2026"), "the year is complete"
    assert_stated(house, DAYS[0], YEAR_END)
    assert_closed(house)


def assert_closed(house: House) -> None:
    """Nothing is left of the year's income and expenses, and all of it is retained."""
    left: dict[str, Decimal] = defaultdict(Decimal)
    for row in shown(house, "ledger", YEAR_END, since=YEAR_END):
        if row["line"] == "CLOSING" and row["account"].startswith(("Income:", "Expenses:")):
            left[row["unit"]] += Decimal(row["balance"])
    assert not any(left.values())
    closing = [row for row in house.table("journal") if row["kind"] == "CLOSING"]
    assert "Equity:RetainedEarnings" in {row["account"] for row in closing}
