"""The restricted list holds until someone consents or it ends; the watch list only tells."""

import json
from datetime import UTC, date, datetime
from typing import Final

import pytest

from backoffice.accounting.risk.assess import assess_risk
from backoffice.accounting.risk.report import RiskReport, report_key
from backoffice.accounting.risk.tables import to_csv
from backoffice.front_office.checks import CheckDesk, check_order
from backoffice.front_office.models import CheckAnswer, OrderRequest
from backoffice.front_office.preview import KnownReference, preview_clearing
from backoffice.intake.capture import venue_zones
from backoffice.kernel.books import latest
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.serving import served_items
from backoffice.records.verify_store import verify_store
from backoffice.stores.parquet import from_parquet, to_parquet
from tests.reference.samples import (
    CLIENT,
    GERMAN_SHARE,
    HOUSE,
    ICELANDIC_SHARE,
    US_SHARE,
    instrument,
    isin,
    lei,
    standing_rows,
    trade,
)
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.test_decisions import case_of, decide, statuses

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
ISSUER: Final = lei(7)
SISTER: Final = isin("US", 77)
CODE: Final = "RESTRICTED_LIST"
Row = dict[str, str]


def entry(subject: str, **more: str) -> Row:
    row = {"subject": subject, "list": "RESTRICTED", "valid_from": str(WEDNESDAY)}
    return row | {"accounts": "", "side": "", "valid_to": "", "reason": ""} | more


OVERLAPPING: Final = (
    entry(US_SHARE, accounts="CLIENT", side="BUY"),
    entry(US_SHARE, accounts="CLIENT", reason="research of ours comes out"),
    entry(US_SHARE, side="BUY", valid_to=str(THURSDAY)),
    entry(ISSUER, accounts="HOUSE"),
    entry(ISSUER, accounts="HOUSE", side="SELL", valid_from="2026-10-01"),
    entry(GERMAN_SHARE, side="SELL"),
    entry(ICELANDIC_SHARE, valid_from=str(THURSDAY)),
)
TRADES: Final = {
    "client-buys": (trade("client-buys", "BUY", "10", "100"), True),
    "client-sells": (trade("client-sells", "SELL", "1", "100"), True),
    "house-buys": (trade("house-buys", "BUY", "2", "100", account_id=HOUSE), True),
    "house-sister": (trade("house-sister", "SELL", "3", "9", account_id=HOUSE, isin=SISTER), True),
    "client-sister": (trade("client-sister", "BUY", "4", "9", isin=SISTER), False),
    "german-buy": (
        trade("german-buy", "BUY", "9", "40", isin=GERMAN_SHARE, currency="EUR", venue="XETR"),
        False,
    ),
    "german-short": (
        trade("german-short", "SHORT", "5", "40", isin=GERMAN_SHARE, currency="EUR", venue="XETR")
        | {"locate_id": "L-1"},
        True,
    ),
    "too-soon": (
        trade("too-soon", "BUY", "6", "18", isin=ICELANDIC_SHARE, currency="ISK", venue="XICE"),
        False,
    ),
}
"""Each trade, and whether the overlapping entries hold it."""
HELD: Final = {name for name, (_, held) in TRADES.items() if held}


def drop(house: House, day: date, **tables: list[Row]) -> None:
    for name, rows in tables.items():
        house.drop("local", day, f"{name}-{day}.csv", table_bytes(rows))


def cut_off(*entries: Row, trades: list[Row] | None = None) -> House:
    """Return a house after Wednesday's cut-off, its accounts in several buckets."""
    house, known = House(rows_per_bucket=2), standing_rows()
    of_issuer = [
        instrument(code, "XNYS", "USD", issuer_lei=ISSUER, symbol=f"S{place}")
        for place, code in enumerate((US_SHARE, SISTER))
    ]
    rest = [row | {"issuer_lei": ""} for row in known["instruments"] if row["isin"] != US_SHARE]
    sent = [row for row, _ in TRADES.values()] if trades is None else trades
    all_columns = {name: "" for row in sent for name in row}
    drop(
        house,
        WEDNESDAY,
        **known | {"instruments": [*of_issuer, *rest]},
        trades=[all_columns | row for row in sent],
    )
    if entries:
        drop(house, WEDNESDAY, restrictions=list(entries))
    house.cut_off(WEDNESDAY)
    return house


def closed(*entries: Row, trades: list[Row] | None = None) -> House:
    house = cut_off(*entries, trades=trades)
    house.close(WEDNESDAY)
    return house


def held(house: House) -> set[str]:
    rows = [row for row in house.table("trades") if row["status"] == "HELD"]
    assert {row["hold_codes"] for row in rows} <= {CODE}
    return {row["trade_id"] for row in rows}


def cases(house: House) -> dict[str, tuple[str, str]]:
    rows = [row for row in house.table("cases") if row["code"] == CODE]
    return {row["subject"]: (row["status"], row["members"]) for row in rows}


def report_of(house: House) -> RiskReport:
    return assess_risk(house.records, default_rulebook(), default_calendar())


def is_sound(house: House) -> bool:
    return verify_store(house.records)[1] == []


def test_overlapping_entries_hold_each_trade_once_and_open_a_case_an_issue() -> None:
    house = closed(*OVERLAPPING)
    assert held(house) == HELD
    assert len(house.table("trades")) == len(TRADES)
    assert cases(house) == {
        US_SHARE: ("OPEN", "3"),
        SISTER: ("OPEN", "1"),
        GERMAN_SHARE: ("OPEN", "1"),
    }
    assert house.report(WEDNESDAY)["trades"]["held"] == len(HELD)
    assert is_sound(house)


def test_who_consents_releases_the_trades_who_does_not_refuses_them() -> None:
    house = cut_off(*OVERLAPPING)
    decide(house, CODE, "RELEASE", subject=US_SHARE)
    decide(house, CODE, "REFUSE", subject=SISTER)
    decide(house, CODE, "ERROR_ACCOUNT", subject=GERMAN_SHARE, account=HOUSE)
    house.close(WEDNESDAY)
    found = statuses(house)
    assert (found["client-buys"], found["house-buys"]) == ("CLEARED", "CLEARED")
    assert (found["house-sister"], found["german-short"]) == ("REFUSED", "CLEARED")
    assert {status for status, _ in cases(house).values()} == {"CLOSED"}
    assert is_sound(house)


def test_consent_is_to_the_trades_that_were_seen() -> None:
    house = closed(entry(US_SHARE))
    decide(house, CODE, "RELEASE", subject=US_SHARE)
    later = trade("later", "BUY", "1", "100", trade_time="2026-10-08T14:00:00Z")
    drop(house, THURSDAY, trades=[later])
    house.business_day(THURSDAY)
    assert held(house) == {"later"}
    assert case_of(house, CODE, US_SHARE).status == "OPEN"


@pytest.mark.parametrize("last", ["2026-10-06", "2026-10-07", "2026-10-08"])
def test_an_entry_that_ended_before_the_trade_date_lets_the_trade_clear(last: str) -> None:
    house = closed(entry(US_SHARE, valid_from="2026-10-05"), trades=[TRADES["client-buys"][0]])
    drop(house, THURSDAY, restrictions=[entry(US_SHARE, valid_from="2026-10-05", valid_to=last)])
    house.business_day(THURSDAY)
    is_over = last < str(WEDNESDAY)
    assert held(house) == (set() if is_over else {"client-buys"})
    assert cases(house)[US_SHARE][0] == ("CLOSED" if is_over else "OPEN")
    assert is_sound(house)


def test_the_issuers_entry_goes_with_the_instrument_of_the_cut_off() -> None:
    house = closed(entry(ISSUER), trades=[TRADES["client-sister"][0]])
    assert held(house) == {"client-sister"}
    drop(house, THURSDAY, instruments=[instrument(SISTER, "XNYS", "USD", issuer_lei=lei(8))])
    house.business_day(THURSDAY)
    assert held(house) == set()


def test_books_from_before_the_first_restriction_go_on() -> None:
    house = closed()
    books = latest(house.records)
    assert books is not None
    assert "restrictions" not in books.tables
    assert held(house) == set()
    before = report_of(house)
    assert before.watched == ()
    told = before.model_dump(mode="json")
    del told["watched"]  # as it was written before there was a watch list
    house.records.objects[report_key(WEDNESDAY)] = json.dumps(told).encode()
    later = trade("later", "BUY", "1", "100", trade_time="2026-10-08T14:00:00Z")
    drop(house, THURSDAY, trades=[later], restrictions=[entry(ISSUER, side="BUY")])
    house.business_day(THURSDAY)
    assert held(house) == {"later"}
    assert report_of(house).since == WEDNESDAY


WATCH: Final = (
    entry(US_SHARE, list="WATCH"),
    entry(US_SHARE, list="WATCH", side="BUY", accounts="CLIENT"),
    entry(ISSUER, list="WATCH", accounts="HOUSE", reason="a merger nobody knows of"),
    entry(GERMAN_SHARE, list="WATCH", valid_from=str(THURSDAY)),
)


def test_the_watch_list_holds_nothing_and_opens_no_case() -> None:
    house, without = closed(*WATCH), closed()
    assert held(house) == set()
    for view in ("trades", "cases", "obligations", "journal", "file-rejects", "rejects"):
        assert house.table(view) == without.table(view), view


def test_what_cleared_in_watched_issues_stands_in_the_risk_report() -> None:
    house = closed(*WATCH, entry(US_SHARE, accounts="CLIENT", side="SELL"))
    report = report_of(house)
    shown = [tuple(row.values()) for row in report.watched]
    day = str(WEDNESDAY)
    assert shown == [
        (day, ISSUER, US_SHARE, HOUSE, "BUY", "2", 1),
        (day, ISSUER, SISTER, HOUSE, "SELL", "3", 1),
        (day, US_SHARE, US_SHARE, CLIENT, "BUY", "10", 1),
        (day, US_SHARE, US_SHARE, HOUSE, "BUY", "2", 1),
    ]
    lines = to_csv("watched", report.watched).decode().splitlines()
    assert lines[0] == "trade_date,subject,isin,account_id,side,quantity,trades"
    assert len(lines) == 5
    decide(house, CODE, "RELEASE", subject=US_SHARE).business_day(THURSDAY)
    (late,) = report_of(house).watched
    assert (late["trade_date"], late["side"], late["quantity"]) == (day, "SELL", "1")


def test_what_cleared_on_a_day_without_a_report_stands_in_the_next() -> None:
    reported = report_of(closed(*WATCH)).watched
    house = closed(*WATCH)
    house.business_day(THURSDAY)
    assert report_of(house).watched == reported != ()
    house.business_day(FRIDAY)
    assert report_of(house).watched == ()


def check(house: House, **order: str) -> CheckAnswer:
    """Ask as an app does: by the tables that the books' served pointers name."""
    books = latest(house.records)
    assert books is not None
    _, pointer = served_items(house.records, books, to_parquet)["reference"]
    known = KnownReference(lambda key: from_parquet(house.records.read_bytes(key)))
    reference = known.snapshot(pointer["parts"], counterparties_known=books.counterparties_known)
    calendar, rulebook = default_calendar(), default_rulebook()
    desk = CheckDesk(
        venue_zones(rulebook),
        reference,
        lambda row: preview_clearing(row, reference, calendar, rulebook, THURSDAY),
        lambda _account: pytest.fail("no money is asked for"),
        rulebook,
    )
    asked = {"account_id": CLIENT, "side": "SELL", "isin": US_SHARE, "quantity": "1"}
    asked |= {"price": "100", "currency": "USD", "venue": "XNYS"} | order
    now = datetime(2026, 10, 8, 14, tzinfo=UTC)
    answer = check_order(desk, OrderRequest.model_validate(asked), now)
    assert isinstance(answer, CheckAnswer)
    return answer


def test_a_check_answers_by_the_served_list_as_clearing_does_and_tells_nothing_of_watching() -> (
    None
):
    house = closed(*OVERLAPPING, *WATCH, trades=[])
    assert check(house).codes == (CODE,)
    assert check(house, account_id=HOUSE).codes == (CODE,)
    assert check(house, isin=SISTER).codes == ()
    assert check(house, isin=SISTER, account_id=HOUSE, side="SHORT", locate_id="L").codes == (CODE,)
    past = "2026-10-06T14:00:00Z"
    assert check(house, trade_time=past).codes == ()
    assert check(closed(*WATCH, trades=[])) == check(closed(trades=[]))
