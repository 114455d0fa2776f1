"""A proposal is about what its author saw: once the case holds something else, it is refused."""

from typing import Any, Final

import polars as pl
import pytest

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.front_office import case_desk
from backoffice.front_office.case_models import BulkRequest
from backoffice.kernel.parts import Part
from tests.reference.samples import trade
from tests.reference.writing import table_bytes
from tests.simulation.desk import CHECKER, MAKER, NOW, Desk
from tests.simulation.house import House
from tests.simulation.test_decisions import OUT_OF_BAND, THURSDAY, cut_off, go_on
from tests.simulation.test_sanctions import ANOTHER, QUARRY, rows, run, take

LOCATE: Final = "SHORT_WITHOUT_LOCATE"
RELEASE: Final = {"outcome": "RELEASE", "text": "asked the trader"}


def send(desk: Desk, *trades: dict[str, str]) -> None:
    desk.house.drop("local", THURSDAY, "trades-later.csv", table_bytes(list(trades)))
    desk.house.cut_off(THURSDAY)


def refusal(desk: Desk, **said: Any) -> str:  # noqa: ANN401 - what an act says
    with pytest.raises(ActRefusedError) as refused:
        desk.act(OUT_OF_BAND, MAKER, "PROPOSE", **RELEASE, **said)
    assert refused.value.why == "CONFLICT"
    return str(refused.value)


@pytest.mark.parametrize(
    "sent",
    [
        trade("S-6", "BUY", "1", "150", trade_time="2026-10-08T14:00:00Z"),
        trade("S-1", "BUY", "10", "160", action="AMEND", version="1"),
        trade("S-2", "BUY", "5", "151", action="CANCEL"),
    ],
    ids=["one more", "another version", "one less"],
)
def test_a_proposal_of_what_the_case_no_longer_holds_is_refused(sent: dict[str, str]) -> None:
    desk = Desk(go_on(cut_off()))
    seen = desk.show(OUT_OF_BAND).seen
    send(desk, sent)
    desk.publish()
    assert "something else now" in refusal(desk, seen=seen)
    assert desk.show(OUT_OF_BAND).trail == ()
    now = desk.show(OUT_OF_BAND).seen
    assert desk.act(OUT_OF_BAND, MAKER, "PROPOSE", **RELEASE, seen=now).number == 1
    assert desk.show(OUT_OF_BAND).trail[0].seen == now


def test_what_was_seen_is_named_alike_whatever_else_is_held() -> None:
    desk = Desk(go_on(cut_off()))
    band, locate = desk.show(OUT_OF_BAND).seen, desk.show(LOCATE).seen
    send(desk, trade("S-6", "BUY", "1", "150", trade_time="2026-10-08T14:00:00Z"))
    desk.publish()
    assert desk.show(LOCATE).seen == locate
    assert desk.show(OUT_OF_BAND).seen != band
    assert desk.act(LOCATE, MAKER, "PROPOSE", **RELEASE, seen=locate).number == 1


def test_who_says_nothing_of_what_they_saw_proposes_what_there_is() -> None:
    desk = Desk(cut_off())
    assert desk.act(OUT_OF_BAND, MAKER, "PROPOSE", **RELEASE).number == 1
    assert desk.act(OUT_OF_BAND, CHECKER, "APPROVE", proposal="1").case.stage == "DECIDED"
    assert desk.started == [(desk.case_id(OUT_OF_BAND), 2)]


def test_an_act_sent_again_is_the_same_whatever_the_case_holds_by_then() -> None:
    desk = Desk(go_on(cut_off()))
    said = {**RELEASE, "seen": desk.show(OUT_OF_BAND).seen}
    desk.act(OUT_OF_BAND, MAKER, "PROPOSE", **said)
    send(desk, trade("S-2", "BUY", "5", "151", action="CANCEL"))
    desk.publish()
    assert desk.act(OUT_OF_BAND, MAKER, "PROPOSE", **said).number == 1


def test_an_act_of_named_trades_sent_again_is_the_same_once_they_are_gone() -> None:
    desk = Desk(go_on(cut_off()))
    said = {**RELEASE, "trades": [named(desk, "S-2")]}
    desk.act(OUT_OF_BAND, MAKER, "PROPOSE", **said)
    send(desk, trade("S-2", "BUY", "5", "151", action="CANCEL"))
    desk.publish()
    assert desk.act(OUT_OF_BAND, MAKER, "PROPOSE", **said).number == 1
    desk.act(OUT_OF_BAND, MAKER, "WITHDRAW")
    with pytest.raises(ActRefusedError, match="S-2 is no trade of") as refused:
        desk.act(OUT_OF_BAND, MAKER, "PROPOSE", **said)
    assert refused.value.why == "INVALID"


def named(desk: Desk, trade_id: str) -> dict[str, str]:
    (one,) = [one for one in desk.show(OUT_OF_BAND).members if one.trade_id == trade_id]
    return {
        "partner": str(one.partner),
        "trade_date": str(one.trade_date),
        "trade_id": trade_id,
    }


def test_a_checker_who_saw_something_else_looks_again() -> None:
    desk = Desk(go_on(cut_off()))
    desk.act(OUT_OF_BAND, MAKER, "PROPOSE", **RELEASE)
    seen = desk.show(OUT_OF_BAND).seen
    send(desk, trade("S-2", "BUY", "5", "151", action="CANCEL"))
    desk.publish()
    with pytest.raises(ActRefusedError, match="something else now"):
        desk.act(OUT_OF_BAND, CHECKER, "APPROVE", proposal="1", seen=seen)
    now = desk.show(OUT_OF_BAND).seen
    assert desk.act(OUT_OF_BAND, CHECKER, "APPROVE", proposal="1", seen=now).number == 2


def test_of_many_cases_each_is_proposed_as_it_was_seen() -> None:
    desk = Desk(go_on(cut_off()))
    ids = [desk.case_id(OUT_OF_BAND), desk.case_id(LOCATE)]
    seen = {ids[0]: desk.show(OUT_OF_BAND).seen, ids[1]: desk.show(LOCATE).seen}
    send(desk, trade("S-2", "BUY", "5", "151", action="CANCEL"))
    desk.publish()
    act = {"verb": "PROPOSE", **RELEASE}
    request = BulkRequest.model_validate({"case_ids": ids, "act": act, "seen": seen})
    told = list(case_desk.act_on_many(desk.desk, MAKER, request, NOW))
    assert [(one.status, one.number) for one in told] == [(409, None), (201, 1)]


@pytest.mark.parametrize("field", ["seen", "proposals"])
def test_what_is_said_of_a_case_that_is_not_among_the_many_is_refused(field: str) -> None:
    desk = Desk(cut_off())
    case_id = desk.case_id(OUT_OF_BAND)
    said = {case_id.lower(): {"seen": "0" * 16, "proposals": "1"}[field]}
    act = {"verb": "PROPOSE", **RELEASE}
    request = BulkRequest.model_validate({"case_ids": [case_id], "act": act, field: said})
    with pytest.raises(ActRefusedError, match="is not among the case_ids") as refused:
        list(case_desk.act_on_many(desk.desk, MAKER, request, NOW))
    assert refused.value.why == "INVALID"
    assert desk.show(OUT_OF_BAND).trail == ()


def test_of_many_cases_each_part_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(cut_off())
    ids = [desk.case_id(OUT_OF_BAND), desk.case_id(LOCATE)]
    seen = {ids[0]: desk.show(OUT_OF_BAND).seen, ids[1]: desk.show(LOCATE).seen}
    records, keys = desk.house.records, list[str]()
    read = records.read

    def told(part: Part) -> pl.DataFrame:
        keys.append(part.key)
        return read(part)

    monkeypatch.setattr(records, "read", told)
    act = {"verb": "COMMENT", "text": "hm"}
    request = BulkRequest.model_validate({"case_ids": ids, "act": act, "seen": seen})
    assert [one.status for one in case_desk.act_on_many(desk.desk, MAKER, request, NOW)] == [
        201
    ] * 2
    assert len(keys) == len(set(keys)) == 1


def test_a_hit_that_was_not_seen_is_not_cleared() -> None:
    house = House()
    take(house, rows(QUARRY))
    run(house)
    desk = Desk(house)
    seen, (hit,) = desk.show("SANCTIONS_HIT").seen, desk.show("SANCTIONS_HIT").hits
    assert hit.entry_id == "1"
    take(house, rows(QUARRY, more=({**ANOTHER, "name": QUARRY},)), THURSDAY)
    house.business_day(THURSDAY)
    desk.publish()
    assert len(desk.show("SANCTIONS_HIT").hits) == 2
    with pytest.raises(ActRefusedError, match="something else now"):
        desk.act("SANCTIONS_HIT", MAKER, "PROPOSE", **RELEASE, seen=seen)


def test_a_page_of_members_is_named_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(cut_off())
    whole = desk.show(OUT_OF_BAND)
    assert (len(whole.members), whole.next) == (3, None)
    monkeypatch.setattr("backoffice.front_office.case_evidence.MEMBERS_A_PAGE", 2)
    first = desk.show(OUT_OF_BAND)
    assert (len(first.members), first.next, first.seen) == (2, 2, whole.seen)
    rest = desk.show(OUT_OF_BAND, start=2)
    assert (len(rest.members), rest.next, rest.seen) == (1, None, whole.seen)
    assert first.members + rest.members == whole.members
