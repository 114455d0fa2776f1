"""The depository's transactions and the banks' entries, matched over the days by the real steps."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from backoffice.records.verify_store import verify_store
from cli.market.simulator import run_market
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.market import MemoryS3, settle_all
from tests.simulation.memory import DropMemory, Fuse
from tests.simulation.partners import Rows, Says, moved_cash, moved_shares, stating
from tests.simulation.small_days import FIRST, SECOND, THIRD, drop_all

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Change = Callable[[Rows], Rows]


def lines(moved: Callable[[House, date], Rows], change: Change = lambda rows: rows) -> Says:
    def say(house: House, day: date, off: Mapping[str, int]) -> bytes:
        del off
        rows = moved(house, day)
        names = list(dict.fromkeys(name for row in rows for name in row))
        return table_bytes(change(rows), names)

    return say


def run(says: Mapping[date, Mapping[str, Says]]) -> House:
    house = House()
    for day, said in says.items():
        drop_all(house, day)
        house.business_day(day, stating(said))
    assert verify_store(house.records)[1] == []
    return house


def breaks(house: House, kind: str, day: date | None = None) -> list[dict[str, str]]:
    return [row for row in house.table("breaks", day) if row["kind"] == kind]


def open_codes(house: House, day: date | None = None) -> set[str]:
    return {row["code"] for row in house.table("cases", day) if row["status"] == "OPEN"}


def test_what_the_depository_says_in_full_leaves_nothing() -> None:
    says = {"transactions-d.csv": lines(moved_shares), "bank-n.csv": lines(moved_cash)}
    house = run(dict.fromkeys((FIRST, SECOND, THIRD), says))
    assert house.table("breaks") == []
    matches = house.table("matches")
    assert {row["rule"] for row in matches} == {"REFERENCE"}
    assert {row["kind"] for row in matches} == {"TRANSACTION", "CASH_ENTRY"}
    assert house.report(SECOND)["breaks"] == 0


def test_what_is_missing_there_is_a_break_until_it_comes() -> None:
    held: Rows = []

    def all_but_one(rows: Rows) -> Rows:
        held[:] = rows[:1]
        return rows[1:]

    days = {SECOND: {"transactions-d.csv": lines(moved_shares, all_but_one)}}
    days = {FIRST: {}, **days, THIRD: {"transactions-d.csv": lines(moved_shares)}}
    house = House()
    for day, said in days.items():
        drop_all(house, day)
        if day == THIRD:
            found = [row["subject"] for row in breaks(house, "TRANSACTION")]
            assert found == [row["our_reference"] for row in held]
            assert "TRANSACTION_BREAK" not in open_codes(house)
        house.business_day(day, stating(said))
    (row,) = breaks(house, "TRANSACTION")
    assert (row["status"], row["age"], row["theirs"]) == ("OPEN", "1", "0")
    assert "TRANSACTION_BREAK" in open_codes(house)
    later = date(2026, 10, 12)
    house.drop("market", later, "transactions-late.csv", table_bytes(held))
    house.business_day(later, _mute)
    (row,) = breaks(house, "TRANSACTION")
    assert (row["status"], row["healed_on"]) == ("HEALED", str(later))
    assert "TRANSACTION_BREAK" not in open_codes(house)
    assert verify_store(house.records)[1] == []


def test_lines_without_our_reference_match_by_what_they_say() -> None:
    def anonymous(rows: Rows) -> Rows:
        return [row | {"our_reference": ""} for row in rows]

    says = {
        "transactions-d.csv": lines(moved_shares, anonymous),
        "bank-n.csv": lines(moved_cash, anonymous),
    }
    house = run({FIRST: says, SECOND: says})
    assert house.table("breaks") == []
    assert "EXACT" in {row["rule"] for row in house.table("matches")}


def test_one_entry_that_pays_for_all_of_a_counterparty_matches_their_sum() -> None:
    def summed(rows: Rows) -> Rows:
        dollars = [row for row in rows if row["currency"] == "USD"]
        total = sum(Decimal(row["amount"]) for row in dollars)
        one = dollars[0] | {"amount": f"{total:f}", "our_reference": "", "reference": "BULK"}
        one |= {"value_date": max(row["value_date"] for row in dollars)}
        return [row for row in rows if row["currency"] != "USD"] + [one]

    house = run({FIRST: {}, SECOND: {"bank-n.csv": lines(moved_cash, summed)}})
    rules = {row["rule"] for row in house.table("matches") if row["unit"] == "USD"}
    assert rules <= {"SUM", "SUBSET", "NEAR"}
    assert rules
    assert [row for row in breaks(house, "CASH_ENTRY") if row["unit"] == "USD"] == []


def test_what_we_know_nothing_of_is_missing_here_and_counts_in_the_day() -> None:
    def more(rows: Rows) -> Rows:
        fee = {"nostro": "N-USD", "currency": "USD", "amount": "-12.50", "value_date": str(SECOND)}
        return [*rows, fee | {"reference": "FEE-1", "our_reference": ""}]

    house = run({FIRST: {}, SECOND: {"bank-n.csv": lines(moved_cash, more)}})
    (row,) = breaks(house, "CASH_ENTRY")
    assert (row["subject"], row["ours"], row["theirs"]) == ("FEE-1", "0.00", "-12.50")
    assert (row["value"], row["currency"], row["owner"]) == ("12.50", "USD", "cash-control")
    assert house.report(SECOND)["breaks"] == 1
    assert house.report(SECOND)["break_list"][0]["kind"] == "CASH_ENTRY"


def test_lines_given_again_under_another_name_or_date_change_nothing() -> None:
    says = {"transactions-d.csv": lines(moved_shares), "bank-n.csv": lines(moved_cash)}
    once = run({FIRST: says, SECOND: says, THIRD: says})
    again = House()
    for day in (FIRST, SECOND, THIRD):
        drop_all(again, day)
        if day != FIRST:
            for name, moved in (("transactions", moved_shares), ("bank", moved_cash)):
                rows = moved(again, FIRST)
                again.drop("market", day, f"{name}-again.csv", table_bytes(rows[::-1]))
                again.drop("market", FIRST, f"{name}-{day}.csv", table_bytes(rows[::-1][1:]))
        again.business_day(day, stating(says))
    assert again.export("breaks") == once.export("breaks")
    assert again.export("matches") == once.export("matches")


def test_an_entry_told_before_without_our_reference_is_the_same_entry() -> None:
    def notice(rows: Rows) -> Rows:
        return [row | {"our_reference": ""} for row in rows]

    says = {FIRST: {}, SECOND: {"bank-n.csv": lines(moved_cash, notice)}}
    house = run(says)
    told = moved_cash(house, SECOND)
    assert all(row["reference"] for row in told)
    matched = len(house.table("matches"))
    drop_all(house, THIRD)
    house.drop("market", THIRD, "bank-statement.csv", table_bytes(told))
    house.business_day(THIRD, _mute)
    again = [row for row in house.table("matches") if row["side"] == "THEIRS"]
    assert len(again) == len({(row["subject"], row["amount"]) for row in again})
    assert matched == len([m for m in house.table("matches") if m["matched_on"] == str(SECOND)])
    assert breaks(house, "CASH_ENTRY") == []


def test_what_waits_there_is_compared_with_what_we_instructed() -> None:
    def waiting(house: House, day: date) -> Rows:
        moved = moved_shares(house, day)
        live = [
            row
            for row in house.table("obligations", day)
            if row["status"] in {"INSTRUCTED", "FAILED"} and row["direction"] != "CASH"
        ]
        return moved + [
            {
                "reference": f"W-{row['obligation_id']}",
                "our_reference": row["obligation_id"],
                "isin": row["isin"],
                "direction": row["direction"],
                "quantity": row["quantity"],
                "status": "PENDING",
            }
            for row in live
        ]

    def less(rows: Rows) -> Rows:
        settled = [row for row in rows if row["status"] == "SETTLED"]
        waits = [row for row in rows if row["status"] == "PENDING"]
        return [*settled, waits[0] | {"quantity": "1000000"}, *waits[2:]]

    house = House()
    drop_all(house, FIRST)
    house.business_day(FIRST, stating({"transactions-d.csv": lines(waiting)}))
    assert breaks(house, "TRANSACTION") == []
    known = [row["obligation_id"] for row in house.table("obligations")]
    house.business_day(SECOND, stating({"transactions-d.csv": lines(waiting, less)}, market=_mute))
    found = breaks(house, "TRANSACTION")
    assert len(found) == 2
    assert {row["subject"] for row in found} <= set(known)
    house.business_day(THIRD, stating({"transactions-d.csv": lines(waiting)}, market=_mute))
    assert {row["status"] for row in breaks(house, "TRANSACTION")} == {"HEALED"}


def _unremembered(house: House, day: date) -> Mapping[str, bytes]:
    """Confirm all that is due, whatever was confirmed before."""
    drops = DropMemory("drops", Fuse())
    s3 = cast("S3Client", MemoryS3(house.outbox, drops))
    keys = run_market(s3, house.outbox.name, drops.name, day, "settle-all")
    return {f"status-again-{n}.xml": drops.read_bytes(key) for n, key in enumerate(keys)}


def _mute(house: House, day: date) -> Mapping[str, bytes]:
    del house, day
    return {}


def test_a_wrong_confirmation_is_a_break_until_the_right_one_settles() -> None:
    def wrong(house: House, day: date) -> Mapping[str, bytes]:
        said = settle_all(house, day)
        return {name: body.replace(b"DELI", b"RECE") for name, body in said.items()}

    house = House()
    drop_all(house, FIRST)
    house.business_day(FIRST)
    drop_all(house, SECOND)
    house.business_day(SECOND, wrong)
    found = breaks(house, "SETTLEMENT")
    assert found
    assert {row["status"] for row in found} == {"OPEN"}
    assert "WRONG_DIRECTION" in open_codes(house)
    house.business_day(THIRD, _unremembered)
    healed = [row for row in breaks(house, "SETTLEMENT") if row["status"] == "HEALED"]
    settled = {r["obligation_id"] for r in house.table("obligations") if r["status"] == "SETTLED"}
    assert {row["subject"] for row in healed} == {row["subject"] for row in found} & settled
    assert healed
    assert verify_store(house.records)[1] == []


def test_a_date_beyond_the_calendars_is_a_break_and_no_end_of_the_day() -> None:
    def beyond(rows: Rows) -> Rows:
        extremes = ("9999-12-31", "0001-01-01")
        ends = [row | {"value_date": day, "our_reference": ""} for row in rows for day in extremes]
        return [row | {"reference": str(n)} for n, row in enumerate(ends)]

    house = run({FIRST: {"bank-1.csv": lines(moved_cash, beyond)}})
    assert {row["status"] for row in breaks(house, "CASH_ENTRY")} == {"OPEN"}
