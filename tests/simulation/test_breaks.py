"""Breaks over the days: they appear, age, are cases, heal; statements missing or late."""

from collections.abc import Sequence
from datetime import date

from backoffice.records.verify_store import verify_store
from tests.reference.samples import KUWAITI_SHARE, isin, standing_rows
from tests.reference.writing import table_bytes
from tests.simulation.desk import CHECKER, MAKER, Desk
from tests.simulation.house import House
from tests.simulation.partners import custody, stating
from tests.simulation.small_days import FIRST, SECOND, THIRD, drop_all

FOURTH = date(2026, 10, 12)
SHARE = KUWAITI_SHARE
"""Nobody trades it: the books hold none."""


def breaks(house: House, day: date | None = None, **wanted: str) -> list[dict[str, str]]:
    rows = house.table("breaks", day)
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def open_codes(house: House, day: date | None = None) -> set[tuple[str, str]]:
    return {(r["code"], r["subject"]) for r in house.table("cases", day) if r["status"] == "OPEN"}


def run(house: House, days: Sequence[tuple[date, int | None]]) -> House:
    """Run days on each of which the custodian is off by so many shares, or says nothing."""
    for day, off in days:
        if day != FOURTH:
            drop_all(house, day)
        if off is None:
            house.business_day(day)
        else:
            house.business_day(day, stating({f"holdings-{day}.csv": custody}, {SHARE: off}))
    return house


def whole(house: House) -> None:
    """Check that the record store names every object there is."""
    assert verify_store(house.records)[1] == []


def test_a_break_appears_ages_and_heals_and_its_history_stays() -> None:
    house = run(House(), [(FIRST, 1), (SECOND, 1), (THIRD, 1), (FOURTH, 0)])
    (first,) = breaks(house, FIRST, subject=SHARE)
    assert (first["status"], first["age"], first["difference"]) == ("OPEN", "0", "-1")
    assert (first["owner"], first["place"], first["healed_on"]) == ("securities-control", "", "")
    assert ("HOLDINGS_BREAK", SHARE) in open_codes(house, FIRST)
    (third,) = breaks(house, THIRD, subject=SHARE)
    assert (third["status"], third["age"]) == ("OPEN", "2")
    assert first["case_id"] == third["case_id"] != ""
    (over,) = breaks(house, subject=SHARE)
    assert (over["status"], over["healed_on"], over["age"]) == ("HEALED", str(FOURTH), "3")
    assert (over["first_seen"], over["case_id"]) == (str(FIRST), first["case_id"])
    assert ("HOLDINGS_BREAK", SHARE) not in open_codes(house)
    assert breaks(house, FIRST, subject=SHARE) == [first]
    whole(house)


def test_a_break_that_comes_back_has_another_life_and_another_case() -> None:
    house = run(House(), [(FIRST, 1), (SECOND, 0), (THIRD, 1)])
    old, new = breaks(house, subject=SHARE)
    assert (old["status"], new["status"]) == ("HEALED", "OPEN")
    assert (old["first_seen"], new["first_seen"]) == (str(FIRST), str(THIRD))
    assert old["case_id"] != new["case_id"]


def test_a_break_is_valued_at_the_latest_close() -> None:
    house = House()
    price = {"isin": SHARE, "date": str(FIRST), "close": "101.5", "currency": "KWD"}
    house.drop("local", FIRST, "prices.csv", table_bytes([price]))
    run(house, [(FIRST, 3)])
    (row,) = breaks(house, subject=SHARE)
    assert (row["value"], row["currency"]) == ("304.500", "KWD")


def test_without_a_close_a_break_has_no_value() -> None:
    (row,) = breaks(run(House(), [(FIRST, 3)]), subject=SHARE)
    assert (row["value"], row["currency"]) == ("", "")


def test_who_a_case_is_assigned_to_owns_its_breaks() -> None:
    house = run(House(), [(FIRST, 1)])
    Desk(house).act("HOLDINGS_BREAK", MAKER, "ASSIGN", assignee="checker")
    assert breaks(house, subject=SHARE)[0]["owner"] == "securities-control"
    run(house, [(SECOND, 1)])
    assert breaks(house, subject=SHARE)[0]["owner"] == "checker"
    assert breaks(house, FIRST, subject=SHARE)[0]["owner"] == "securities-control"


def acknowledge(house: House) -> None:
    desk = Desk(house)
    number = desk.act(
        "HOLDINGS_BREAK", MAKER, "PROPOSE", outcome="ACKNOWLEDGE", text="known"
    ).number
    desk.act("HOLDINGS_BREAK", CHECKER, "APPROVE", proposal=str(number))


def test_an_acknowledged_break_is_left_alone_until_it_grows() -> None:
    house = run(House(), [(FIRST, 1)])
    acknowledge(house)
    run(house, [(SECOND, 1)])
    assert ("HOLDINGS_BREAK", SHARE) not in open_codes(house)
    assert breaks(house, subject=SHARE)[0]["status"] == "OPEN"
    run(house, [(THIRD, 2)])
    assert ("HOLDINGS_BREAK", SHARE) in open_codes(house)
    whole(house)


def test_a_statement_that_is_missing_is_a_case_until_the_next_one() -> None:
    house = run(House(), [(FIRST, 1), (SECOND, None)])
    assert ("STATEMENT_MISSING", "market HOLDINGS") in open_codes(house)
    (row,) = breaks(house, subject=SHARE)
    assert (row["status"], row["age"]) == ("OPEN", "1")
    run(house, [(THIRD, 0)])
    assert ("STATEMENT_MISSING", "market HOLDINGS") not in open_codes(house)
    assert breaks(house, subject=SHARE)[0]["status"] == "HEALED"
    whole(house)


def test_a_late_statement_is_compared_with_the_books_of_its_date() -> None:
    house = run(House(), [(FIRST, 1), (SECOND, None)])
    late = custody(house, SECOND, {})
    house.drop("market", SECOND, "holdings-late.csv", late)
    assert breaks(house, subject=SHARE)[0]["status"] == "OPEN"
    run(house, [(THIRD, None)])
    (row,) = breaks(house, subject=SHARE)
    assert (row["status"], row["healed_on"]) == ("HEALED", str(THIRD))
    assert ("STATEMENT_MISSING", "market HOLDINGS") in open_codes(house)
    whole(house)


def test_a_late_statement_before_one_that_was_compared_only_adds_to_the_history() -> None:
    house = run(House(), [(FIRST, 0), (SECOND, None), (THIRD, 0)])
    house.drop("market", SECOND, "holdings-late.csv", custody(house, SECOND, {SHARE: 4}))
    run(house, [(FOURTH, 0)])
    (row,) = breaks(house, subject=SHARE)
    assert (row["status"], row["first_seen"], row["healed_on"]) == (
        "HEALED", str(SECOND), str(THIRD),
    )  # fmt: skip
    assert house.report(FOURTH)["breaks"] == 0


def test_a_late_statement_is_not_healed_by_one_that_spoke_of_another_currency() -> None:
    house = run(House(), [(FIRST, None), (SECOND, None)])
    drop_all(house, THIRD)
    house.drop("bank", THIRD, "cash-1.csv", b"currency,closing_balance\nEUR,12345.00\n")
    house.business_day(THIRD)
    both = b"currency,closing_balance\nUSD,1.01\nEUR,6789.00\n"
    house.drop("bank", SECOND, "cash-late.csv", both)
    run(house, [(FOURTH, None)])
    (dollars,) = breaks(house, subject="USD")
    assert (dollars["status"], dollars["first_seen"]) == ("OPEN", str(SECOND))
    euros = [(row["status"], row["first_seen"]) for row in breaks(house, subject="EUR")]
    assert ("OPEN", str(THIRD)) in euros
    assert ("OPEN", str(SECOND)) not in euros
    whole(house)


def test_a_statement_twice_changes_nothing() -> None:
    once, twice = run(House(), [(FIRST, 1), (SECOND, 1)]), run(House(), [(FIRST, 1)])
    again = custody(twice, FIRST, {SHARE: 1})
    twice.drop("market", FIRST, "holdings-again.csv", again)
    twice.drop("market", FIRST, "holdings-other.csv", again + b"\n")
    run(twice, [(SECOND, 1)])
    assert once.export("breaks") == twice.export("breaks")


def test_breaks_beside_a_missing_statement_are_in_its_case() -> None:
    house = run(House(), [(FIRST, 0)])
    house.drop("other", FIRST, "holdings-o.csv", b"isin,quantity,location\n")
    house.drop("other", FIRST, "cash-o.csv", b"currency,closing_balance\nUSD,1\n")
    run(house, [(SECOND, 0)])
    run(house, [(THIRD, 7)])
    (row,) = breaks(house, subject=SHARE)
    (case,) = [c for c in house.table("cases") if c["case_id"] == row["case_id"]]
    assert (case["code"], case["subject"]) == ("STATEMENT_MISSING", "other HOLDINGS")


def test_many_breaks_at_once_are_one_case() -> None:
    house = House()
    drop_all(house, FIRST)
    rows = standing_rows()["instruments"]
    more = [row | {"isin": isin("SE", 1000 + number)} for number in range(60) for row in rows[:1]]
    held = [{"isin": row["isin"], "quantity": "5"} for row in more]
    house.drop("bank", FIRST, "holdings.csv", table_bytes(held))
    house.business_day(FIRST)
    own = [row for row in house.table("cases") if row["code"] == "HOLDINGS_BREAK"]
    assert len(own) == 1
    assert (own[0]["subject"], int(own[0]["members"])) == (str(FIRST), len(breaks(house)))


def test_a_day_without_statements_remembers_nothing() -> None:
    house = run(House(), [(FIRST, None), (SECOND, None)])
    tables = set(house.books(SECOND).tables)
    assert not tables & {"break_lives", "compared_dates", "open_items", "statement_partners"}
    assert house.table("breaks") == house.table("matches") == []
