"""Two people decide a case: what is released nets and books, the same day where it still can."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, Protocol, TypeVar

import polars as pl
import pytest

from backoffice.clearance.act_rules import ActRefusedError, OpenCase, Person
from backoffice.clearance.decide import act_on
from backoffice.clearance.read_trails import read_trail
from backoffice.clearance.taken import TRAILS
from backoffice.clearance.trails import (
    CHECKERS,
    MAKERS,
    Act,
    TradeName,
    TrailEvent,
    Verb,
    append,
    pending_proposal,
)
from backoffice.kernel.books import latest
from backoffice.records.verify_store import verify_store
from tests.reference.samples import HOUSE as FIRM
from tests.reference.samples import SINGLE_STREET, US_SHARE, fee, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.market import settle_all
from tests.simulation.memory import Fuse, StoreFailedError

MAKER: Final = Person(name="maker", groups=(MAKERS, CHECKERS))
CHECKER: Final = Person(name="checker", groups=(MAKERS, CHECKERS))
NOW: Final = datetime(2026, 10, 5, 22, 30, tzinfo=UTC)
AnyHouse = TypeVar("AnyHouse", bound="Recorded")
WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
OUT_OF_BAND: Final = "PRICE_OUT_OF_BAND"


def files() -> dict[str, bytes]:
    """Give a day with a price that three trades are far from, and a short sale without a locate."""
    rows = [
        trade("S-1", "BUY", "10", "150"),
        trade("S-2", "BUY", "5", "151"),
        trade("S-3", "SELL", "4", "100"),
        trade("S-4", "BUY", "3", "150", counterparty=SINGLE_STREET),
        trade("S-5", "SHORT", "2", "101"),
    ]
    prices = [{"isin": US_SHARE, "date": "2026-10-06", "close": "100", "currency": "USD"}]
    tables = {f"{kind}.csv": table_bytes(found) for kind, found in standing_rows().items()}
    fees = [fee("X", "TRADE", "1")]
    return tables | {
        "prices.csv": table_bytes(prices),
        "fees.csv": table_bytes(fees),
        "trades.csv": table_bytes(rows),
    }


def cut_off() -> House:
    """Return a house after Wednesday's cut-off, its accounts in several buckets."""
    house = House(rows_per_bucket=2)
    for name, body in files().items():
        house.drop("local", WEDNESDAY, name, body)
    house.cut_off(WEDNESDAY)
    return house


def go_on(house: House, *days: date) -> House:
    """Close Wednesday and run the days after it; the market confirms all that is due."""
    for name, body in settle_all(house, WEDNESDAY).items():
        house.drop("market", WEDNESDAY, name, body)
    house.close(WEDNESDAY)
    for day in days:
        house.business_day(day)
    return house


class Recorded(Protocol):
    """Whatever keeps records: a house, or a firm on the simulated cloud."""

    @property
    def records(self) -> Any:  # noqa: ANN401 - in memory or in a bucket
        """The record store."""


def case_of(house: Recorded, code: str, subject: str | None = None) -> OpenCase:
    books = latest(house.records)
    assert books is not None
    rows = house.records.read(books.tables["cases"]).filter(pl.col("code") == code)
    rows = rows.filter(pl.col("subject") == subject) if subject else rows
    row = rows.sort("opened_on").to_dicts()[-1]
    trails = books.tables.get(TRAILS)
    taken = dict(house.records.read(trails).rows()) if trails else {}
    return OpenCase(
        **{name: row[name] for name in ("case_id", "code", "subject", "status", "members")},
        evidence=books.tables["case_members"],
        taken=taken.get(row["case_id"], 0),
    )


def act(
    house: Recorded,
    code: str,
    person: Person,
    verb: Verb,
    subject: str | None = None,
    **more: Any,  # noqa: ANN401 - what an act says
) -> TrailEvent:
    return act_on_case(house, case_of(house, code, subject), person, verb, NOW, more)


def act_on_case(
    house: Recorded,
    case: OpenCase,
    person: Person,
    verb: Verb,
    now: datetime,
    said: Mapping[str, Any],
) -> TrailEvent:
    """Act on a case; who decides has seen the proposal that waits."""
    waiting = pending_proposal(read_trail(house.records, case.case_id))
    decides = waiting is not None and verb in {"APPROVE", "REJECT"}
    seen: dict[str, Any] = {"proposal": waiting.number} if waiting and decides else {}
    return act_on(house.records, case, person, Act(verb=verb, **seen, **said), now).event


def decide(
    house: AnyHouse,
    code: str,
    outcome: str,
    subject: str | None = None,
    **more: Any,  # noqa: ANN401 - what a proposal says
) -> AnyHouse:
    act(house, code, MAKER, "PROPOSE", subject, outcome=outcome, text="looked at", **more)
    act(house, code, CHECKER, "APPROVE", subject)
    return house


def statuses(house: House) -> dict[str, str]:
    return {row["trade_id"]: row["status"] for row in house.table("trades")}


def without_prices(*days: date) -> House:
    """Return the same days of a house that knew no price: nothing is out of any band."""
    house = House()
    for name, body in files().items():
        if name != "prices.csv":
            house.drop("local", WEDNESDAY, name, body)
    house.cut_off(WEDNESDAY)
    return go_on(house, *days)


def test_what_is_released_before_the_close_nets_and_books_the_same_day() -> None:
    house = go_on(decide(cut_off(), OUT_OF_BAND, "RELEASE"))
    plain = without_prices()
    for view in ("trades", "positions", "lots", "trial-balance", "stock-record"):
        assert house.table(view) == plain.table(view), view
    orders = sorted((row["trades"], row["status"]) for row in house.table("obligations"))
    assert orders == [("1", "INSTRUCTED"), ("1", "INSTRUCTED"), ("2", "INSTRUCTED")]
    assert case_of(house, OUT_OF_BAND).status == "CLOSED"
    assert case_of(house, "SHORT_WITHOUT_LOCATE").status == "OPEN"
    assert verify_store(house.records)[1] == []


def test_what_was_released_settles_with_the_rest() -> None:
    house = go_on(decide(cut_off(), OUT_OF_BAND, "RELEASE"), THURSDAY)
    plain = without_prices(THURSDAY)
    assert {row["status"] for row in house.table("obligations")} == {"SETTLED"}
    for view in ("trades", "positions", "lots", "trial-balance", "stock-record"):
        assert house.table(view) == plain.table(view), view
    assert verify_store(house.records)[1] == []


def test_what_is_released_after_the_close_clears_at_the_next_cut_off() -> None:
    house = go_on(cut_off())
    assert statuses(house)["S-1"] == "HELD"
    decide(house, OUT_OF_BAND, "RELEASE").business_day(THURSDAY)
    assert set(statuses(house).values()) == {"CLEARED", "HELD"}
    assert statuses(house)["S-5"] == "HELD"
    late = [row for row in house.table("obligations") if row["settlement_date"] == str(FRIDAY)]
    assert sorted(row["trades"] for row in late) == ["1", "2"]
    house.business_day(FRIDAY)
    assert {row["status"] for row in house.table("obligations")} == {"SETTLED"}
    assert verify_store(house.records)[1] == []


@pytest.mark.parametrize("at_once", [True, False])
def test_a_refused_trade_never_books(at_once: bool) -> None:  # noqa: FBT001
    house = cut_off() if at_once else go_on(cut_off())
    decide(house, OUT_OF_BAND, "REFUSE")
    if at_once:
        go_on(house)
    house.business_day(THURSDAY)
    assert [statuses(house)[name] for name in ("S-1", "S-2", "S-4")] == ["REFUSED"] * 3
    assert {row["source"] for row in house.table("journal") if row["kind"] == "TRADE"} == {"S-3"}
    assert verify_store(house.records)[1] == []


@pytest.mark.parametrize("at_once", [True, False])
def test_the_error_account_takes_what_the_client_does_not_get(at_once: bool) -> None:  # noqa: FBT001
    house = cut_off() if at_once else go_on(cut_off())
    decide(house, OUT_OF_BAND, "ERROR_ACCOUNT", account=FIRM)
    if at_once:
        go_on(house)
    again = table_bytes([trade("S-1", "BUY", "10", "150")])
    house.drop("local", THURSDAY, "trades-again.csv", again)
    house.business_day(THURSDAY)
    house.business_day(FRIDAY)
    taken = {row["trade_id"]: row["account_id"] for row in house.table("trades")}
    assert [taken[name] for name in ("S-1", "S-2", "S-3", "S-4")] == [FIRM, FIRM, "C-1", FIRM]
    held = {row["account_id"]: row["settled_quantity"] for row in house.table("positions")}
    assert held == {FIRM: "18", "C-1": "-4"}
    assert house.report(THURSDAY)["trades"]["duplicates"] == 1
    assert len(house.table("trades")) == 5
    assert verify_store(house.records)[1] == []


def test_some_of_a_cases_trades_may_be_decided_and_the_rest_stays() -> None:
    house = cut_off()
    one = TradeName(partner="local", trade_date=WEDNESDAY, trade_id="S-2")
    decide(house, OUT_OF_BAND, "RELEASE", trades=(one,))
    go_on(house)
    assert [statuses(house)[name] for name in ("S-1", "S-2", "S-4")] == ["HELD", "CLEARED", "HELD"]
    assert (case_of(house, OUT_OF_BAND).status, case_of(house, OUT_OF_BAND).members) == ("OPEN", 2)
    decide(house, OUT_OF_BAND, "REFUSE").business_day(THURSDAY)
    assert [statuses(house)[name] for name in ("S-1", "S-2", "S-4")] == [
        "REFUSED",
        "CLEARED",
        "REFUSED",
    ]
    assert case_of(house, OUT_OF_BAND).status == "CLOSED"


def test_a_case_that_is_split_is_two_cases_decided_apart() -> None:
    house = cut_off()
    one = TradeName(partner="local", trade_date=WEDNESDAY, trade_id="S-2")
    act(house, OUT_OF_BAND, MAKER, "SPLIT", trades=(one,))
    go_on(house)
    cases = {row["subject"]: row for row in house.table("cases") if row["code"] == OUT_OF_BAND}
    (part,) = set(cases) - {US_SHARE}
    assert {name: row["members"] for name, row in cases.items()} == {
        US_SHARE: "2",
        part: "1",
    }
    assert {row["status"] for row in cases.values()} == {"OPEN"}
    decide(house, OUT_OF_BAND, "REFUSE", subject=part).business_day(THURSDAY)
    assert [statuses(house)[name] for name in ("S-1", "S-2", "S-4")] == ["HELD", "REFUSED", "HELD"]
    assert verify_store(house.records)[1] == []


def test_a_decision_is_about_the_version_that_was_looked_at() -> None:
    house = go_on(cut_off())
    decide(house, OUT_OF_BAND, "RELEASE")
    later = trade("S-1", "BUY", "10", "190", action="AMEND", version="1")
    house.drop("local", THURSDAY, "trades-later.csv", table_bytes([later]))
    house.business_day(THURSDAY)
    assert [statuses(house)[name] for name in ("S-1", "S-2", "S-4")] == [
        "HELD",
        "CLEARED",
        "CLEARED",
    ]


@pytest.mark.parametrize("name", ["S-1", "S-3", "S-4"])
def test_a_trade_that_was_released_can_be_cancelled_out_of_its_obligation(name: str) -> None:
    house = go_on(decide(cut_off(), OUT_OF_BAND, "RELEASE"))
    plain = without_prices()
    for each in (house, plain):
        sent = {row["trade_id"]: row for row in each.table("trades")}[name]
        said = {field: sent[field] for field in ("side", "quantity", "price", "counterparty")}
        told = trade(name, **said, action="CANCEL")
        each.drop("local", THURSDAY, "trades-cancel.csv", table_bytes([told]))
        each.business_day(THURSDAY)
        each.business_day(FRIDAY)
    for view in ("trades", "positions", "lots", "trial-balance", "stock-record"):
        assert house.table(view) == plain.table(view), view
    cancelled = [row for row in house.table("obligations") if row["status"] == "CANCELLED"]
    assert len(cancelled) == 1
    assert verify_store(house.records)[1] == []


@pytest.mark.parametrize("by", [MAKER, CHECKER.model_copy(update={"groups": (MAKERS,)})])
def test_one_pair_of_eyes_decides_nothing(by: Person) -> None:
    house = cut_off()
    proposed = act(house, OUT_OF_BAND, MAKER, "PROPOSE", outcome="RELEASE", text="mine")
    with pytest.raises(ActRefusedError) as refused:
        act(house, OUT_OF_BAND, by, "APPROVE")
    assert refused.value.why == "FORBIDDEN"
    approval = Act(verb="APPROVE", proposal=1)
    forged = {"number": 2, "act": approval, "actor": by.name, "groups": by.groups}
    assert append(house.records, proposed.model_copy(update=forged))
    go_on(house)
    assert statuses(house)["S-1"] == "HELD"
    assert case_of(house, OUT_OF_BAND).taken == 2


def test_an_approval_is_of_the_proposal_that_was_seen() -> None:
    house = cut_off()
    act(house, OUT_OF_BAND, MAKER, "PROPOSE", outcome="REFUSE", text="a bust")
    act(house, OUT_OF_BAND, MAKER, "WITHDRAW")
    act(house, OUT_OF_BAND, MAKER, "PROPOSE", outcome="RELEASE", text="no bust")
    case = case_of(house, OUT_OF_BAND)
    for seen in (None, 1, 2, 4):
        with pytest.raises(ActRefusedError, match="act 3") as refused:
            act_on(house.records, case, CHECKER, Act(verb="APPROVE", proposal=seen), NOW)
        assert refused.value.why == "CONFLICT"
    act_on(house.records, case, CHECKER, Act(verb="APPROVE", proposal=3), NOW)
    go_on(house)
    assert statuses(house)["S-1"] == "CLEARED"


def _held_twice() -> House:
    """Return a house with a short sale out of the band and without a locate."""
    house = House(rows_per_bucket=2)
    for name, body in files().items():
        house.drop("local", WEDNESDAY, name, body)
    short = trade("S-9", "SHORT", "2", "150")
    house.drop("local", WEDNESDAY, "trades-9.csv", table_bytes([short]))
    house.cut_off(WEDNESDAY)
    return house


@pytest.mark.parametrize("first", [OUT_OF_BAND, "SHORT_WITHOUT_LOCATE"])
def test_of_two_ways_out_the_gravest_stands_whichever_was_first(first: str) -> None:
    house = _held_twice()
    ways = {
        OUT_OF_BAND: ("ERROR_ACCOUNT", {"account": FIRM}),
        "SHORT_WITHOUT_LOCATE": ("RELEASE", {}),
    }
    later = next(code for code in ways if code != first)
    for minute, code in enumerate((first, later)):
        outcome, more = ways[code]
        case, now = case_of(house, code), NOW.replace(minute=minute)
        proposal = {"outcome": outcome, "text": "looked at", **more}
        act_on_case(house, case, MAKER, "PROPOSE", now, proposal)
        act_on_case(house, case, CHECKER, "APPROVE", now, {})
    go_on(house)
    taken = {row["trade_id"]: row["account_id"] for row in house.table("trades")}
    assert (statuses(house)["S-9"], taken["S-9"]) == ("CLEARED", FIRM)


@pytest.mark.parametrize("account", ["C-1", "C-FIFO", "NOBODY"])
def test_only_an_account_of_the_firms_own_takes_a_trade_over(account: str) -> None:
    house = go_on(decide(cut_off(), OUT_OF_BAND, "ERROR_ACCOUNT", account=account))
    assert statuses(house)["S-1"] == "HELD"
    assert case_of(house, OUT_OF_BAND).status == "OPEN"


def test_a_case_that_is_being_split_is_not_decided() -> None:
    house = cut_off()
    one = TradeName(partner="local", trade_date=WEDNESDAY, trade_id="S-2")
    act(house, OUT_OF_BAND, MAKER, "SPLIT", trades=(one,))
    with pytest.raises(ActRefusedError, match="split"):
        act(house, OUT_OF_BAND, MAKER, "PROPOSE", outcome="RELEASE", text="all")


def test_any_third_write_of_a_close_with_decisions_may_fail_and_it_is_run_again() -> None:
    ready = decide(cut_off(), OUT_OF_BAND, "ERROR_ACCOUNT", account=FIRM)
    good = ready.copy()
    good.close(WEDNESDAY)
    writes = good.fuse.writes
    assert writes > 30
    # an odd step: writes that take effect and such that do not by turns
    for number in range(1, writes + 1, 3):
        house = ready.copy(Fuse(blows_at=number, takes_effect=number % 2 == 0))
        with pytest.raises(StoreFailedError):
            house.close(WEDNESDAY)
        house.close(WEDNESDAY)
        assert house.digest() == good.digest(), number
        assert house.records.objects.keys() == good.records.objects.keys(), number
