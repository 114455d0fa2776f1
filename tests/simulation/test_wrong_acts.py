"""What stands among the acts and is none, or was changed, is named, and stops nothing."""

import base64
from typing import Final

import pytest

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.clearance.resolve_case import say
from backoffice.clearance.trails import Act, TrailEvent, append, trail_key
from backoffice.records.left_documents import left_documents
from backoffice.records.verify_store import verify_store
from tests.simulation.desk import CHECKER, MAKER, NOW, Desk
from tests.simulation.test_decisions import (
    FRIDAY,
    OUT_OF_BAND,
    THURSDAY,
    cut_off,
    decide,
    go_on,
    statuses,
)

LOCATE: Final = "SHORT_WITHOUT_LOCATE"
MAIL: Final = {
    "attachment": {"name": "mail.txt", "content": base64.b64encode(b"the mail").decode()}
}


def found(desk: Desk) -> list[tuple[str, str]]:
    return [(one.fault, one.subject) for one in verify_store(desk.house.records)[1]]


def test_a_changed_act_is_a_finding_and_its_sealed_document_is_not_left() -> None:
    desk = Desk(cut_off())
    desk.act(OUT_OF_BAND, MAKER, "ATTACH", **MAIL)
    desk.act(OUT_OF_BAND, MAKER, "COMMENT", text="hm")
    first, second = (trail_key(desk.case_id(OUT_OF_BAND), number) for number in (1, 2))
    go_on(desk.house)
    objects = desk.house.records.objects
    objects[first] = b"x" + objects[first]
    objects[second] = objects[second].replace(b'"COMMENT"', b'"COMMENTS"')
    assert found(desk) == [("WRONG_HASH", first), ("WRONG_HASH", second)]
    assert left_documents(desk.house.records) == []
    desk.house.business_day(THURSDAY)
    assert found(desk) == [("WRONG_HASH", first), ("WRONG_HASH", second)]


@pytest.mark.parametrize(
    "name", ["attached/x.json", "000000.json", "1.json", "000001.json", "000007.json", "zz.json"]
)
def test_what_is_no_act_is_named_and_stops_nothing(name: str) -> None:
    desk = Desk(cut_off())
    stray = trail_key(desk.case_id(OUT_OF_BAND), 1).replace("000001.json", name)
    desk.house.records.put_once(stray, b"{}")
    decide(desk.house, LOCATE, "RELEASE")
    go_on(desk.house, THURSDAY)
    assert statuses(desk.house)["S-5"] == "CLEARED"
    assert found(desk) == [("ORPHANED", stray)]
    desk.house.business_day(FRIDAY)
    assert found(desk) == [("ORPHANED", stray)]


def test_an_act_that_says_it_stands_elsewhere_decides_nothing() -> None:
    desk = Desk(cut_off())
    band, locate = desk.case_id(OUT_OF_BAND), desk.case_id(LOCATE)
    decide(desk.house, OUT_OF_BAND, "RELEASE")
    records = desk.house.records
    for number in (1, 2):
        # as if the one case's decision were the other's
        records.put_once(trail_key(locate, number), records.read_bytes(trail_key(band, number)))
    go_on(desk.house)
    assert statuses(desk.house)["S-5"] == "HELD"
    strays = [trail_key(locate, number) for number in (1, 2)]
    assert found(desk) == [("ORPHANED", key) for key in strays]


def test_an_act_after_a_gap_counts_for_nothing() -> None:
    desk = Desk(cut_off())
    desk.act(LOCATE, MAKER, "PROPOSE", outcome="RELEASE", text="looked at")
    case_id = desk.case_id(LOCATE)
    said = Act(verb="APPROVE", proposal=1)
    groups = CHECKER.groups
    late = TrailEvent(
        case_id=case_id, number=3, at="2026-10-07", actor="c", groups=groups, act=said
    )
    assert append(desk.house.records, late)
    go_on(desk.house)
    assert statuses(desk.house)["S-5"] == "HELD"
    assert found(desk) == [("ORPHANED", trail_key(case_id, 3))]


def test_who_acts_where_no_act_can_be_read_is_told_so() -> None:
    desk = Desk(cut_off())
    case_id = desk.case_id(LOCATE)
    desk.house.records.put_once(trail_key(case_id, 1), b"none")
    with pytest.raises(ActRefusedError, match=r"act 1 of .* cannot be read"):
        desk.act(LOCATE, MAKER, "COMMENT", text="hm")
    say(desk.house.records, case_id, "It was due.", NOW)  # gives up
    assert desk.show(LOCATE).trail == ()
