"""Ten days of fails of every kind: the books are the reference's, each history is whole."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from backoffice.clearance.read_trails import read_trail
from backoffice.kernel.books import latest
from backoffice.settlement.fail_books import fails_to_watch
from backoffice.settlement.fail_watch import look_at_fail
from tests.reference.comparison import TABLES, compare
from tests.reference.model import Model
from tests.reference.samples import (
    BOND,
    GERMAN_SHARE,
    ICELANDIC_SHARE,
    JAPANESE_SHARE,
    NETTING_STREET,
    SINGLE_STREET,
    US_SHARE,
)
from tests.simulation.cloud.baton import InTurn
from tests.simulation.cloud.machines import Machine
from tests.simulation.fail_days import (
    DAYS,
    FRI,
    FRI2,
    MON2,
    SCRIPT,
    THU,
    THU2,
    TUE2,
    WED,
    WED2,
    write_day,
)
from tests.simulation.house import House
from tests.simulation.scripted import ScriptedStreet

Row = dict[str, str]


@dataclass
class Told:
    """The ten days as they were run, with what was exported at each close."""

    house: House
    model: Model
    folders: dict[date, Path] = field(default_factory=dict)
    said: dict[date, dict[str, bytes]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def find(self, **wanted: str) -> str:
        """Give the id of the obligation of these values that is not done."""
        rows = [
            row["obligation_id"]
            for row in self.house.table("obligations")
            if row["status"] in ("FAILED", "PARTIAL")
            and all(row[name] == value for name, value in wanted.items())
        ]
        (found,) = rows
        return found

    def fail(self, isin: str, direction: str, street: str, day: date | None = None) -> Row:
        """Give the only fail of these values."""
        (row,) = [
            row
            for row in self.house.table("fails", day)
            if (row["isin"], row["direction"], row["counterparty"]) == (isin, direction, street)
        ]
        return row

    def history(self, fail: Row) -> list[tuple[str, str]]:
        """Give the days and events of a fail."""
        rows = self.house.table("fail-history")
        return [(r["day"][-2:], r["event"]) for r in rows if r["fail_id"] == fail["fail_id"]]

    def cases(self, code: str, day: date) -> list[Row]:
        """Give the cases of a code that are open at a close."""
        rows = self.house.table("cases", day)
        return [row for row in rows if row["code"] == code and row["status"] == "OPEN"]

    def balance(self, account: str, unit: str = "EUR") -> Decimal:
        """Give the balance of an account."""
        rows = self.house.table("trial-balance")
        named = [row for row in rows if (row["account"], row["unit"]) == (account, unit)]
        return sum((Decimal(row["balance"]) for row in named), Decimal())


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Run the ten days on a house and on the reference implementation."""
    root = tmp_path_factory.mktemp("fails")
    script = root / "market.toml"
    script.write_text(SCRIPT)
    told = Told(House(), Model())
    street = ScriptedStreet(script, told.model)
    for day in DAYS:
        folder = told.folders[day] = write_day(root / str(day), day, told.find)
        told.house.day(folder, day, street.answers_house)
        told.model.run_day(folder, day, street.answers_model)
        told.said[day] = {what: told.house.export(what) for what in TABLES}
        told.faults += compare(told.model, {what: told.house.table(what) for what in TABLES})
    return told


def test_every_export_is_the_references_at_every_close(told: Told) -> None:
    assert told.faults == []


def test_a_past_day_is_exported_as_it_stood(told: Told) -> None:
    for day in DAYS:
        assert {what: told.house.export(what, day) for what in TABLES} == told.said[day]


def test_a_purchase_is_penalised_bought_in_and_claimed(told: Told) -> None:
    fail = told.fail(GERMAN_SHARE, "RECEIVE", NETTING_STREET)
    assert (fail["status"], fail["ended_on"]) == ("BOUGHT_IN", str(WED2))
    assert (fail["failed_on"], fail["buy_in_on"], fail["reason"]) == (str(THU), str(TUE2), "LACK")
    # 17, 18 and 21 on all of it, 22 on the 4,000 that were left
    assert fail["penalties"] == "340.00"
    assert told.history(fail) == [
        ("17", "FAILED"),
        ("17", "PENALTY"),
        ("17", "REASON"),
        ("18", "PENALTY"),
        ("21", "BUY_IN_DUE"),
        ("21", "PENALTY"),
        ("22", "BOUGHT_IN"),
        ("22", "CLAIM_RAISED"),
        ("22", "PENALTY"),
        ("23", "BOUGHT_IN"),
        ("23", "CLAIM_PAID"),
        ("23", "CLAIM_RAISED"),
        ("24", "CLAIM_PAID"),
        ("24", "CLAIM_PAID"),
    ]


def test_what_was_bought_in_leaves_nothing_with_who_failed(told: Told) -> None:
    for account in (
        f"Liabilities:Payable:Street:{NETTING_STREET}",
        f"Assets:Receivable:Street:{NETTING_STREET}",
        f"Assets:Claims:{NETTING_STREET}",
        f"Liabilities:Claims:{NETTING_STREET}",
    ):
        assert told.balance(account) == 0
    assert told.balance(f"Securities:Street:{NETTING_STREET}", GERMAN_SHARE) == 0
    assert told.balance(f"Securities:Street:{SINGLE_STREET}", GERMAN_SHARE) == 0
    assert told.balance("Securities:Depository", GERMAN_SHARE) == 3600


def test_penalties_stand_with_the_party_that_kept_the_other_waiting(told: Told) -> None:
    ours = told.fail(GERMAN_SHARE, "DELIVER", SINGLE_STREET)
    assert (ours["penalties"], ours["status"], ours["ended_on"]) == ("-100.00", "SETTLED", str(FRI))
    cash = told.fail(GERMAN_SHARE, "RECEIVE", SINGLE_STREET)
    assert (cash["penalties"], cash["reason"]) == ("-24.00", "MONY")
    assert told.balance(f"Liabilities:Penalties:{SINGLE_STREET}") == -124
    assert told.balance(f"Assets:Penalties:{NETTING_STREET}") == 340
    assert told.balance(f"Assets:Penalties:{SINGLE_STREET}") == 16
    assert told.balance("Expenses:Penalties") == 124
    assert told.balance("Income:Penalties") == -356


def test_a_sovereigns_bond_costs_a_tenth_and_a_part_less(told: Told) -> None:
    fail = told.fail(BOND, "RECEIVE", SINGLE_STREET)
    assert fail["penalties"] == "16.00"
    assert told.history(fail) == [
        ("17", "FAILED"),
        ("17", "PENALTY"),
        ("17", "REASON"),
        ("18", "PART_SETTLED"),
        ("18", "PENALTY"),
        ("21", "SETTLED"),
    ]
    at = told.fail(BOND, "RECEIVE", SINGLE_STREET, FRI)
    assert (at["open_quantity"], at["open_money"], at["age"]) == ("600000", "-600000.00", "2")


def test_a_close_out_is_due_the_next_day_where_a_short_sale_is_in_it(told: Told) -> None:
    short = told.fail(US_SHARE, "DELIVER", NETTING_STREET)
    long = told.fail(US_SHARE, "DELIVER", SINGLE_STREET)
    assert (short["close_out_by"], long["close_out_by"]) == (str(WED), str(FRI))
    assert [e for e in told.history(short) if e[1].startswith("CLOSE")] == [
        ("16", "CLOSE_OUT_DUE"),
        ("17", "CLOSE_OUT_OVERDUE"),
    ]
    assert [e for e in told.history(long) if e[1].startswith("CLOSE")] == [("17", "CLOSE_OUT_DUE")]
    assert short["penalties"] == "0.00"


def test_clocks_open_cases_by_their_dates_and_close_them(told: Told) -> None:
    short = told.fail(US_SHARE, "DELIVER", NETTING_STREET)["fail_id"]
    long = told.fail(US_SHARE, "DELIVER", SINGLE_STREET)["fail_id"]
    (due,) = told.cases("CLOSE_OUT_DUE", WED)
    assert (due["subject"], due["due"]) == (short, str(WED))
    (overdue,) = told.cases("CLOSE_OUT_OVERDUE", THU)
    assert (overdue["subject"], overdue["due"]) == (short, str(WED))
    assert [row["subject"] for row in told.cases("CLOSE_OUT_DUE", FRI)] == [long]
    assert told.cases("CLOSE_OUT_OVERDUE", MON2) == told.cases("CLOSE_OUT_DUE", MON2) == []
    (buying,) = told.cases("BUY_IN_DUE", MON2)
    assert buying["due"] == str(TUE2)
    assert told.cases("BUY_IN_DUE", WED2) == []


def test_what_fits_nothing_waits_and_is_somebodys(told: Told) -> None:
    assert [row["subject"] for row in told.cases("BUY_IN_MISFIT", FRI2)] == ["BI-X"]
    assert [row["subject"] for row in told.cases("CLAIM_PAYMENT_MISFIT", THU2)] == ["PAY-4"]
    (row,) = told.cases("PENALTY_NOT_ASSESSED", THU)
    fail = told.fail(ICELANDIC_SHARE, "RECEIVE", NETTING_STREET)
    assert row["subject"] == fail["fail_id"]
    assert told.cases("PENALTY_NOT_ASSESSED", FRI2) == []


def test_a_fail_ends_with_its_cancellation(told: Told) -> None:
    fail = told.fail(JAPANESE_SHARE, "RECEIVE", NETTING_STREET)
    assert (fail["status"], fail["ended_on"], fail["penalties"]) == ("CANCELLED", str(FRI), "1")
    notes = [r["note"] for r in told.house.table("fail-history") if r["event"] == "CANCELLED"]
    rests = [
        row["obligation_id"]
        for row in told.house.table("obligations")
        if row["isin"] == JAPANESE_SHARE and row["quantity"] == "10"
    ]
    assert notes == [f"replaced by {rests[0]}"]


def test_the_same_files_once_more_change_nothing(told: Told) -> None:
    house = told.house.copy()
    standing = [what for what in TABLES if what != "cash-ladder"]  # its rungs are of the day
    before = {what: house.export(what) for what in standing}
    for name, day in (("again-buyins", TUE2), ("again-claims", THU2)):
        kind = name.removeprefix("again-")
        body = (told.folders[day] / f"{kind}.csv").read_bytes() + b"\n"
        house.drop("local", date(2026, 9, 28), f"{kind}-{name}.csv", body)
    house.business_day(date(2026, 9, 28), lambda _house, _day: {})
    assert {what: house.export(what) for what in standing} == before
    files = house.report(date(2026, 9, 28))["files"]
    assert Counter(file["duplicates"] for file in files) == Counter([2, 3])


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def test_a_fail_is_watched_on_its_days_and_its_case_escalated(told: Told) -> None:
    """Each look is at the books as they stood: those of later closes are taken away."""
    house = _until(told.house, THU)
    books = latest(house.records)
    assert books is not None
    short = told.fail(US_SHARE, "DELIVER", NETTING_STREET)["fail_id"]
    bought = told.fail(GERMAN_SHARE, "RECEIVE", NETTING_STREET)["fail_id"]
    watched = fails_to_watch(house.records, books)
    assert bought in watched
    assert short not in watched  # it opened the day before
    look = look_at_fail(house.records, bought, _at(THU, 23))
    assert (look.outcome, look.until, look.told) == ("WAIT", f"{TUE2}T06:00:00Z", ())
    late = look_at_fail(house.records, short, _at(THU, 23))
    assert late.outcome == "OVER"
    (case,) = told.cases("CLOSE_OUT_OVERDUE", THU)
    assert late.told == (case["case_id"],)
    trail = read_trail(house.records, case["case_id"])
    assert [(event.act.verb, event.act.text) for event in trail] == [
        ("ESCALATE", f"Its day, {WED}, has come.")
    ]
    assert look_at_fail(house.records, short, _at(FRI, 6)).told == late.told
    assert len(read_trail(house.records, case["case_id"])) == 1
    assert look_at_fail(told.house.records, bought, _at(FRI2, 6)).outcome == "OVER"
    assert look_at_fail(told.house.records, "FAIL-OB9", _at(FRI2, 6)).outcome == "OVER"


def _until(house: House, day: date) -> House:
    """Return the house as it stood after a close."""
    earlier = house.copy()
    for key in earlier.records.keys("books/"):
        if date.fromisoformat(key.split("/")[1]) > day:
            del earlier.records.objects[key]
    return earlier


class _Looks:
    """A host that answers looks in turn."""

    conductor = InTurn(None)

    def __init__(self, *answers: dict[str, str]) -> None:
        self.answers, self.asked = list(answers), list[Any]()

    def invoke(self, resource: str, payload: Any, attempt: int) -> Any:  # noqa: ANN401
        del attempt
        self.asked.append((resource, payload))
        return self.answers.pop(0)

    def wait(self, seconds: float) -> None:
        del seconds

    def enters(self, state: str, data: Any) -> None:  # noqa: ANN401
        del state, data

    def between_steps(self) -> None:
        pass


def test_the_machine_of_a_fail_looks_until_it_is_over() -> None:
    looks = _Looks(
        {"outcome": "WAIT", "until": "2026-09-22T06:00:00Z"}, {"outcome": "OVER", "until": ""}
    )
    done = Machine.named("pursue_fail").run({"fail_id": "FAIL-OB1"}, looks)
    assert done.status == "SUCCEEDED"
    assert looks.asked == [("${PursueFailArn}", {"fail_id": "FAIL-OB1"})] * 2
