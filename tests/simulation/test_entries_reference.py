"""Days with entries by hand, locks and a year's end come to the reference's books."""

from datetime import date
from pathlib import Path
from typing import Final

from tests.reference.comparison import TABLES, compare
from tests.reference.model import Model
from tests.reference.samples import standing_rows, trade
from tests.reference.writing import write_table
from tests.simulation.house import House
from tests.simulation.test_entries import agree

DAYS: Final = tuple(date(2026, 12, day) for day in (28, 29, 30)) + tuple(
    date(2027, 1, day) for day in (4, 5, 6, 7)
)
Rows = dict[str, list[dict[str, str]]]


def entry(
    name: str, effective: str, *lines: tuple[str, str, str], **more: str
) -> list[dict[str, str]]:
    """Give the rows of an entry; each has every column."""
    head = {"entry_id": name, "effective_date": effective, "reason": "so it is", "reverse_on": ""}
    head["repeat_until"] = ""
    return [
        {**head, "account": account, "unit": unit, "amount": amount, **more}
        for account, unit, amount in lines
    ]


def files(day: date) -> Rows:
    """Give a day's rows: a trade, one of the 23rd of December, entries on some days."""
    late = {"trade_time": "2026-12-23T15:00:00Z"}
    rows: Rows = {
        "trades": [
            trade(f"B-{day}", "BUY", "9", "99.99", trade_time=f"{day}T15:00:00Z", commission="5"),
            trade(f"L-{day}", "SELL", "3", "99.99", **late, commission="1"),
        ],
    }
    if day == DAYS[0]:
        rows |= standing_rows()
        cash = (("Assets:Cash:USD", "USD", "90"), ("Equity:Capital", "USD", "-90"))
        rent = (("Expenses:Rent", "USD", "7.5"), ("Liabilities:Accrued:Rent", "USD", "-7.5"))
        uneven = (("Expenses:Rent", "USD", "7.5"), ("Assets:Cash:USD", "USD", "-7"))
        rows["entries"] = [
            *entry("E-1", "2026-12-01", *cash),
            *entry("E-2", "2026-12-31", *rent, reverse_on="2027-01-01"),
            *entry("E-3", "2026-12-28", *uneven),
            *entry("E-4", "2026-12-29", *cash),
            *entry("E-7", "2026-10-31", *rent, reverse_on="2026-11-01", repeat_until="2027-01-05"),
            *entry("E-8", "2026-12-05", *rent, repeat_until="2027-02-01"),
        ]
    if day == DAYS[3]:
        rows["periods"] = [
            {"request_id": "R-1", "period": "2026-11", "action": "LOCK"},
            {"request_id": "R-2", "period": "2026", "action": "LOCK"},
        ]
    if day == DAYS[5]:
        audit = (("Expenses:Audit", "USD", "2"), ("Liabilities:Accrued:Audit", "USD", "-2"))
        rows["entries"] = [*entry("E-5", "2026-12-31", *audit), *entry("E-6", "2026-12-30", *audit)]
    return rows


def decide(house: House, model: Model, day: date) -> None:
    """Agree to what waits after a day's cut-off; E-6 is let into no locked period."""
    if day == DAYS[0]:
        agree(house)
        model.by_hand.approved |= {"E-1", "E-2", "E-4", "E-7", "E-8"}
    if day == DAYS[3]:
        agree(house, "PERIOD_CHANGE")
        model.by_hand.agreed += [("2026-11", "LOCK"), ("2026", "LOCK")]
    if day == DAYS[5]:
        agree(house)
        agree(house, "LOCKED_PERIOD", about="E-5")
        model.by_hand.approved |= {"E-5", "E-6"}
        model.by_hand.excepted |= {"E-5"}


def test_every_table_is_the_references(tmp_path: Path) -> None:
    house, model = House(rows_per_bucket=1), Model()
    for day in DAYS:
        folder = tmp_path / str(day)
        folder.mkdir()
        for kind, rows in files(day).items():
            write_table(folder, f"{kind}.csv", rows)
        house.take(folder.iterdir(), day)
        house.cut_off(day)
        decide(house, model, day)
        house.business_day(day)
        model.run_day(folder, day)
        assert compare(model, {what: house.table(what, day) for what in TABLES}, day) == []
    for effective in (date(2026, 12, 1), date(2026, 12, 31), DAYS[4]):
        for known in DAYS:
            names = ("obligations", "journal", "trial-balance", "stock-record")
            ours = {what: house.table(what, effective, known) for what in names}
            assert compare(model, ours, effective, known) == []
    assert {row["entry_id"]: row["status"] for row in house.table("entries")} == {
        "E-1": "BOOKED",
        "E-2": "REVERSED",
        "E-4": "BOOKED",
        "E-5": "BOOKED",
        "E-6": "LOCKED",
        "E-7": "ENDED",
        "E-7/2026-10-31": "REVERSED",
        "E-7/2026-11-30": "REVERSED",
        "E-7/2026-12-31": "REVERSED",
        "E-8": "RECURRING",
        "E-8/2026-12-05": "BOOKED",
        "E-8/2027-01-05": "BOOKED",
    }
