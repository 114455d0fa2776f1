"""A year of trading: the books stay square every day, and other programs agree with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from beancount import loader
from beancount.core.data import Transaction

from backoffice.records.beancount_names import original_account
from samples.make_year import DAYS, Year
from tests.hledger import HLEDGER, ask_hledger, balances_by_hledger
from tests.simulation.house import House

Row = Mapping[str, str]
Balances = dict[tuple[str, str], Decimal]
_SIDES: Final = ("Assets", "Liabilities", "Equity", "Income", "Expenses")


def run_days(folder: Path, days: Iterable[date]) -> House:
    """Run business days one after another; whatever is not square ends it on its day."""
    year, house = Year(), House()
    for day in days:
        place = folder / str(day)
        year.write_day(place, day)
        report = house.day(place, day)
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
    house = run_days(tmp_path, DAYS)
    assert house.report_days() == DAYS
    assert_others_agree(house, tmp_path)
