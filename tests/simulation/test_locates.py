"""Locates are used up: whoever sells short beyond them is held, whatever account or file it is."""

from datetime import date
from itertools import permutations
from typing import Final

import pytest

from backoffice.accounting.risk.assess import assess_risk
from backoffice.clearance.short_claims import CLAIMS_SERVED
from backoffice.clearance.trails import TradeName
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.serving import served_items
from backoffice.records.verify_store import verify_store
from backoffice.stores.parquet import from_parquet, to_parquet
from tests.reference.samples import GERMAN_SHARE, US_SHARE, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.test_decisions import case_of, decide

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
CODE: Final = "SHORT_WITHOUT_LOCATE"
OUT_OF_BAND: Final = "PRICE_OUT_OF_BAND"
ACCOUNTS: Final = ("C-1", "C-FIFO", "C-HIFO", "C-LIFO", "C-AVERAGE", "H-1")
"""Of several buckets, where a bucket holds few trades."""
Table = list[dict[str, str]]


def short(trade_id: str, quantity: str, clock: str = "14:00", **more: str) -> dict[str, str]:
    """Give a short sale of Wednesday on the locate L-1, of an account by its id's last digit."""
    own = {"account_id": ACCOUNTS[int(trade_id[-1]) % len(ACCOUNTS)], "locate_id": "L-1"}
    own |= {"trade_time": f"2026-10-07T{clock}:00Z"}
    return trade(trade_id, "SHORT", quantity, "100") | own | more


def located(quantity: str, locate_id: str = "L-1", **more: str) -> dict[str, str]:
    row = {"locate_id": locate_id, "isin": US_SHARE, "trade_date": str(WEDNESDAY)}
    return row | {"quantity": quantity} | more


def opened(rows_per_bucket: int = 1) -> House:
    house = House(rows_per_bucket=rows_per_bucket)
    for kind, rows in standing_rows().items():
        house.drop("local", WEDNESDAY, f"{kind}.csv", table_bytes(rows))
    return house


def drop(house: House, day: date, partner: str = "local", **tables: Table) -> House:
    for kind, rows in tables.items():
        number = house.dropped
        house.drop(partner, day, f"{kind}-{number:03d}.csv", table_bytes(rows))
    return house


def run(day: date = WEDNESDAY, house: House | None = None, **tables: Table) -> House:
    house = drop(house or opened(), day, "local", **tables)
    house.business_day(day)
    assert verify_store(house.records)[1] == []
    return house


def held(house: House, *codes: str) -> list[str]:
    """Name the trades that are held, each for these codes alone."""
    rows = [row for row in house.table("trades") if row["status"] == "HELD"]
    assert {row["hold_codes"] for row in rows} <= {";".join(sorted(codes or (CODE,)))}
    return sorted(row["trade_id"] for row in rows)


def test_before_any_locates_file_a_locate_is_named_and_no_more() -> None:
    house = run(trades=[short("T-1", "70"), short("T-2", "1", locate_id="")])
    assert held(house) == ["T-2"]
    assert not any(key.startswith("locate_claims") for key in house.books(WEDNESDAY).tables)


def test_once_a_file_is_known_be_it_an_empty_one_a_locate_has_to_be_on_record() -> None:
    house = opened()
    house.drop("local", WEDNESDAY, "locates.csv", b"locate_id,isin,trade_date,quantity\n")
    assert held(run(house=house, trades=[short("T-1", "70")])) == ["T-1"]


@pytest.mark.parametrize(
    "wrong",
    [{"isin": GERMAN_SHARE}, {"trade_date": str(THURSDAY)}, {"locate_id": "L-2"}],
    ids=["another issue", "another day", "another locate"],
)
def test_a_locate_holds_for_its_issue_and_its_day(wrong: dict[str, str]) -> None:
    house = run(trades=[short("T-1", "1")], locates=[located("100") | wrong])
    assert held(house) == ["T-1"]
    assert case_of(house, CODE).subject == f"{ACCOUNTS[1]} {US_SHARE}"


def test_shorts_take_what_is_located_in_the_order_of_their_times() -> None:
    trades = [
        short("T-1", "30", "15:00"),
        short("T-2", "60", "14:00"),
        short("T-3", "11", "15:30"),
        short("T-4", "10", "14:30"),
        short("T-5", "1", "16:00"),  # what went beyond before it has its place all the same
        short("T-6", "100", locate_id="L-2"),
        trade("T-7", "SELL", "900", "100", locate_id="L-1"),
    ]
    locates = [located("100"), located("100", "L-2")]
    assert held(run(trades=trades, locates=locates)) == ["T-3", "T-5"]


def test_at_one_time_partners_come_by_name_then_trades_by_id() -> None:
    for order in permutations(("alpha", "beta")):
        house = drop(opened(), WEDNESDAY, locates=[located("100")])
        for partner in order:
            drop(house, WEDNESDAY, partner, trades=[short("T-2", "30"), short("T-1", "30")])
        house.business_day(WEDNESDAY)
        rows = [row for row in house.table("trades") if row["status"] == "HELD"]
        assert [(row["partner"], row["trade_id"]) for row in rows] == [("beta", "T-2")]


@pytest.mark.parametrize("rows_per_bucket", [1, 3, 100_000])
def test_no_order_of_files_and_no_cut_of_accounts_changes_what_is_held(
    rows_per_bucket: int,
) -> None:
    tables: list[dict[str, Table]] = [
        {"trades": [short("T-1", "40", "15:00"), short("T-2", "40", "14:00")]},
        {"locates": [located("100"), located("5", "L-2")]},
        {"trades": [short("T-3", "40", "14:30"), short("T-4", "6", locate_id="L-2")]},
    ]
    digests = set()
    for order in permutations(range(len(tables))):
        house = opened(rows_per_bucket)
        for place in order:
            for kind, rows in tables[place].items():
                house.drop("local", WEDNESDAY, f"{kind}-{place}.csv", table_bytes(rows))
        house.business_day(WEDNESDAY)
        assert held(house) == ["T-1", "T-4"]
        digests.add(house.digest())
    assert len(digests) == 1


def test_a_late_short_comes_after_what_was_cleared_whenever_it_was_done() -> None:
    house = run(trades=[short("T-1", "70", "16:00")], locates=[located("100")])
    late = [short("T-2", "20", "14:00"), short("T-3", "20", "13:00"), short("T-4", "5", "12:00")]
    run(THURSDAY, house, trades=late)
    assert held(house) == ["T-2"]
    run(FRIDAY, house, trades=[short("T-5", "5", "11:00"), short("T-6", "1", "11:30")])
    # 95 are cleared: an earlier short takes the rest before T-2, which is held and waits
    assert held(house) == ["T-2", "T-6"]


def test_shorts_of_before_locates_were_known_have_their_claims() -> None:
    house = run(trades=[short("T-1", "70"), short("T-2", "9")])
    run(THURSDAY, house, locates=[located("80")], trades=[short("T-3", "2"), short("T-4", "1")])
    # T-3 and T-4 are of one time: 79 + 2 go beyond, and so does what comes after
    assert held(house) == ["T-3", "T-4"]
    run(FRIDAY, house, locates=[located("81")])
    assert held(house) == ["T-4"]


def test_a_later_row_of_a_locate_cures_and_takes_nothing_back() -> None:
    house = run(trades=[short("T-1", "70"), short("T-2", "40")], locates=[located("100")])
    assert held(house) == ["T-2"]
    run(THURSDAY, house, locates=[located("50")])
    assert held(house) == ["T-2"]
    run(FRIDAY, house, locates=[located("110", received_at="2026-10-07T12:00:00Z", lender="L")])
    assert held(house) == []
    assert case_of(house, CODE).status == "CLOSED"


def test_a_row_of_nothing_withdraws_a_locate_from_whoever_comes_after() -> None:
    house = run(trades=[short("T-1", "70")], locates=[located("100")])
    run(THURSDAY, house, trades=[short("T-2", "10")], locates=[located("0")])
    assert held(house) == ["T-2"]
    assert house.table("file-rejects") == []


def test_what_is_cancelled_gives_back_what_it_took() -> None:
    house = run(trades=[short("T-1", "70"), short("T-2", "40")], locates=[located("100")])
    run(THURSDAY, house, trades=[short("T-1", "70", action="CANCEL")])
    assert held(house) == []
    run(FRIDAY, house, trades=[short("T-3", "61"), short("T-4", "60")])
    assert held(house) == ["T-3", "T-4"]


def test_what_is_cancelled_while_it_is_held_gives_back_its_place() -> None:
    house = run(
        trades=[short("T-1", "80"), short("T-2", "40"), short("T-3", "20")],
        locates=[located("100")],
    )
    assert held(house) == ["T-2", "T-3"]
    run(THURSDAY, house, trades=[short("T-2", "40", action="CANCEL")])
    assert held(house) == []


def test_an_amended_short_is_looked_at_anew_after_all_that_was_cleared() -> None:
    trades = [short("T-1", "50", "13:00"), short("T-2", "40")]
    house = run(trades=trades, locates=[located("100")])
    run(THURSDAY, house, trades=[short("T-1", "61", "13:00", action="AMEND")])
    assert held(house) == ["T-1"]
    run(FRIDAY, house, trades=[short("T-1", "60", "13:00", action="AMEND", version="2")])
    assert held(house) == []


@pytest.mark.parametrize("change", [{"side": "SELL"}, {"locate_id": "L-2"}, {"isin": GERMAN_SHARE}])
def test_an_amend_takes_a_short_off_its_locate(change: dict[str, str]) -> None:
    there = {"venue": "XETR", "currency": "EUR"} if "isin" in change else {}
    locates = [located("100"), located("100", "L-2"), located("100", isin=GERMAN_SHARE)]
    house = run(trades=[short("T-1", "70"), short("T-2", "40")], locates=locates)
    assert held(house) == ["T-2"]
    amend = short("T-1", "70", action="AMEND", **change, **there)
    run(THURSDAY, house, trades=[amend])
    assert held(house) == []


def test_what_is_held_for_another_reason_keeps_its_place() -> None:
    trades = [
        short("T-1", "70", "13:00", account_id="C-LATE"),
        short("T-2", "30", "14:00"),
        short("T-3", "1", "15:00"),
    ]
    house = run(trades=trades, locates=[located("100")])
    codes = {row["trade_id"]: row["hold_codes"] for row in house.table("trades")}
    assert codes == {"T-1": "UNKNOWN_ACCOUNT", "T-2": "", "T-3": CODE}
    late = standing_rows()["accounts"][0] | {"account_id": "C-LATE"}
    run(THURSDAY, house, accounts=[late])
    assert held(house) == ["T-3"]


def test_what_is_released_clears_and_holds_its_claim_over_what_comes_later() -> None:
    house = run(trades=[short("T-1", "70"), short("T-2", "40")], locates=[located("100")])
    decide(house, CODE, "RELEASE")
    run(THURSDAY, house, trades=[short("T-3", "1", "10:00")])
    # T-3 is of an earlier time, and still takes what is left, which 70 leave of 100
    assert held(house) == []
    run(FRIDAY, house, trades=[short("T-4", "1", "10:00")])
    assert held(house) == ["T-4"]


@pytest.mark.parametrize("rows_per_bucket", [1, 100_000])
def test_what_is_released_before_the_close_clears_the_same_day(rows_per_bucket: int) -> None:
    house = drop(
        opened(rows_per_bucket),
        WEDNESDAY,
        trades=[short("T-1", "70"), short("T-2", "40"), short("T-3", "1")],
        locates=[located("100")],
    )
    house.cut_off(WEDNESDAY)
    decide(house, CODE, "RELEASE", f"{ACCOUNTS[2]} {US_SHARE}")
    house.close(WEDNESDAY)
    assert held(house) == ["T-3"]
    run(THURSDAY, house, trades=[short("T-4", "1")])
    assert held(house) == ["T-3", "T-4"]
    run(FRIDAY, house, trades=[short("T-2", "40", action="CANCEL")])
    assert held(house) == []


@pytest.mark.parametrize("rows_per_bucket", [1, 100_000])
@pytest.mark.parametrize("outcome", ["REFUSE", "ERROR_ACCOUNT"])
def test_what_is_refused_before_the_close_frees_others_of_any_bucket_the_same_day(
    outcome: str, rows_per_bucket: int
) -> None:
    prices = [{"isin": US_SHARE, "date": "2026-10-06", "close": "100", "currency": "USD"}]
    house = drop(
        opened(rows_per_bucket),
        WEDNESDAY,
        prices=prices,
        locates=[located("100")],
        trades=[short("T-1", "70", "13:00", price="150"), short("T-2", "40"), short("T-3", "61")],
    )
    house.cut_off(WEDNESDAY)
    assert case_of(house, OUT_OF_BAND).members == 1
    more = {"account": "H-1"} if outcome == "ERROR_ACCOUNT" else {}
    decide(house, OUT_OF_BAND, outcome, **more)
    house.close(WEDNESDAY)
    # a short that the firm takes over uses its locate as before
    assert held(house) == (["T-3"] if outcome == "REFUSE" else ["T-2", "T-3"])
    run(THURSDAY, house, trades=[short("T-4", "60")])
    assert held(house) == (["T-3", "T-4"] if outcome == "REFUSE" else ["T-2", "T-3", "T-4"])


def test_a_release_of_one_takes_from_another_that_is_released_of_something_else() -> None:
    prices = [{"isin": US_SHARE, "date": "2026-10-06", "close": "100", "currency": "USD"}]
    trades = [short("T-1", "70", "13:00", price="150"), short("T-2", "40")]
    house = run(prices=prices, locates=[located("100")], trades=trades)
    one = TradeName(partner="local", trade_date=WEDNESDAY, trade_id="T-2")
    decide(house, CODE, "RELEASE", trades=(one,))
    house.cut_off(THURSDAY)
    decide(house, OUT_OF_BAND, "RELEASE")
    house.close(THURSDAY)
    # T-2 was cleared in an earlier state: its claim is first, and T-1 has no locate any more
    assert held(house) == ["T-1"]
    run(FRIDAY, house, locates=[located("110")])
    assert held(house) == []


def test_locates_of_several_dates_are_kept_apart() -> None:
    house = run(trades=[short("T-1", "70"), short("T-2", "40")], locates=[located("100")])
    tomorrow = short("T-3", "100", trade_time="2026-10-08T14:00:00Z")
    run(THURSDAY, house, trades=[tomorrow], locates=[located("100", trade_date=str(THURSDAY))])
    assert held(house) == ["T-2"]
    late = short("T-4", "1", trade_time="2026-10-08T10:00:00Z")
    run(FRIDAY, house, trades=[late])
    assert held(house) == ["T-2", "T-4"]


def used(house: House) -> list[tuple[object, ...]]:
    report = assess_risk(house.records, default_rulebook(), default_calendar())
    names = ("locate_id", "quantity", "trades", "located", "left")
    return [tuple(row[name] for name in names) for row in report.locates]


def test_the_risk_report_says_what_is_located_and_what_is_left() -> None:
    trades = [
        short("T-1", "70"),
        short("T-2", "40.5"),
        short("T-3", "5", locate_id="L-2"),
        short("T-4", "6", locate_id="L-3"),
    ]
    house = run(trades=trades, locates=[located("100"), located("9", "L-3")])
    assert used(house) == [("L-1", "70", 1, "100", "30"), ("L-3", "6", 1, "9", "3")]
    for name in ("T-2", "T-3"):
        decide(house, CODE, "RELEASE", f"{ACCOUNTS[int(name[-1])]} {US_SHARE}")
    run(THURSDAY, house, trades=[short("T-4", "6", locate_id="L-3", action="CANCEL")])
    assert used(house) == [("L-1", "40.5", 1, "100", "-10.5"), ("L-2", "5", 1, None, None)]


def test_before_any_locates_file_the_risk_report_says_what_was_used_alone() -> None:
    assert used(run(trades=[short("T-1", "70")])) == [("L-1", "70", 1, None, None)]


def test_what_stands_of_a_dates_shorts_is_served_for_previews() -> None:
    house = run(trades=[short("T-1", "70"), short("T-2", "40")], locates=[located("100")])
    late = short("T-3", "5", trade_time="2026-10-08T10:00:00Z")
    run(THURSDAY, house, trades=[late, short("T-1", "70", action="CANCEL")])
    books = house.books(THURSDAY)
    items = served_items(house.records, books, to_parquet)["reference"]
    assert items[0]["locates_known"] is True
    found = {
        item["sk"]: from_parquet(house.records.read_bytes(item["part"]))["trade_id"].to_list()
        for item in items
        if item["pk"] == CLAIMS_SERVED
    }
    assert found == {str(WEDNESDAY): ["T-2"], str(THURSDAY): ["T-3"]}
