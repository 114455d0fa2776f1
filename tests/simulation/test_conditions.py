"""Instructions under way are held, let go in part or cancelled when two people say so."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import pytest

from backoffice.formats.iso20022.instruction_reader import Change, InstructionReader
from backoffice.formats.iso20022.packing import unpack
from backoffice.front_office import case_desk
from backoffice.front_office.case_models import ActRequest
from backoffice.records.verify_store import verify_store
from cli.market.simulator import run_market
from tests.reference.samples import standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.desk import CHECKER, MAKER, NOW, Desk
from tests.simulation.house import House
from tests.simulation.market import MemoryS3, settle_all, silent
from tests.simulation.outbound import valid_messages

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
TUESDAY, WEDNESDAY2, THURSDAY2, FRIDAY2 = (date(2026, 10, day) for day in (13, 14, 15, 16))
CODE: Final = "INSTRUCTION_CHANGE"


@pytest.fixture
def house() -> House:
    """Make a house that bought 10 shares, which the street does not deliver."""
    bought = House()
    for kind, rows in standing_rows().items():
        bought.drop("local", WEDNESDAY, f"{kind}.csv", table_bytes(rows))
    bought.drop("local", WEDNESDAY, "trades.csv", table_bytes([trade("B", "BUY", "10", "100")]))
    bought.business_day(WEDNESDAY, silent)
    return bought


def obligation(house: House) -> dict[str, str]:
    """Give the obligation that was instructed last."""
    live = [row for row in house.table("obligations") if row["status"] != "CANCELLED"]
    (found,) = live
    return found


def ask(house: House, day: date, request_id: str, action: str, **more: str) -> None:
    """Drop a request about the obligation."""
    name = {"request_id": request_id, "obligation_id": obligation(house)["obligation_id"]}
    body = table_bytes([{**name, "action": action, **more}])
    house.drop("desk", day, f"conditions-{request_id}.csv", body)


def agree(house: House, outcome: str = "RELEASE") -> None:
    """Let two people decide the only request that waits."""
    desk = Desk(house)
    number = str(desk.act(CODE, MAKER, "PROPOSE", outcome=outcome, text="why").number)
    desk.act(CODE, CHECKER, "APPROVE", proposal=number)


def agree_to_all(house: House) -> None:
    """Let two people agree to every request that waits, by their ids."""
    desk = Desk(house)
    waiting = [item for item in desk.cases.items.values() if item["code"] == CODE]
    for item in sorted(waiting, key=lambda one: str(one["subject"])):
        said = {"verb": "PROPOSE", "outcome": "RELEASE", "text": "why"}
        for person in (MAKER, CHECKER):
            asked = ActRequest.model_validate(said)
            done = case_desk.act(desk.desk, str(item["sk"]), person, asked, NOW)
            said = {"verb": "APPROVE", "proposal": str(done.number)}


def held_of(house: House, row: Mapping[str, str]) -> str:
    """Say whether an obligation's instruction is on hold."""
    (found,) = [
        one for one in house.table("instructions") if one["obligation_id"] == row["obligation_id"]
    ]
    return found["held"]


def scripted(script: Path) -> Callable[[House, date], Mapping[str, bytes]]:
    """Return a market that does what a script says."""

    def says(one: House, day: date) -> Mapping[str, bytes]:
        s3 = cast("S3Client", MemoryS3(one.outbox, one.drops))
        keys = run_market(s3, one.outbox.name, one.drops.name, day, str(script))
        return {key.rpartition("/")[2]: one.drops.read_bytes(key) for key in keys}

    return says


def agreed(house: House, action: str, **more: str) -> House:
    """Ask on Thursday and agree to it before Thursday's close."""
    ask(house, THURSDAY, "R-1", action, **more)
    house.cut_off(THURSDAY)
    agree(house)
    house.close(THURSDAY)
    return house


def stands(house: House) -> dict[str, tuple[str, str]]:
    return {row["request_id"]: (row["status"], row["note"]) for row in house.table("conditions")}


def changes(house: House) -> list[tuple[bool, int | None]]:
    """Read what the depository was told, day by day: hold or not, and how much at 10^8."""
    reader = InstructionReader()
    found = [
        change
        for key in sorted(house.outbox.keys("outbox/market/"))
        if "/changes-" in key
        for _, file in unpack(house.outbox.read_bytes(key))
        for change in reader.read_changes(file)
    ]
    assert all(isinstance(change, Change) for change in found)
    return [(one.hold, one.released_e8) for one in found if isinstance(one, Change)]


def sent(house: House, kind: str) -> int:
    """Count the files of a kind that the depository was sent."""
    keys = house.outbox.keys("outbox/market/")
    return sum(f"/{kind}-" in key for key in keys)


def held(house: House) -> str:
    return house.table("instructions")[-1]["held"]


def test_nothing_happens_before_two_people_have_agreed(house: House) -> None:
    ask(house, THURSDAY, "R-1", "HOLD", reason="their account is wrong")
    house.business_day(THURSDAY, silent)
    assert (held(house), stands(house), changes(house)) == ("N", {"R-1": ("REQUESTED", "")}, [])
    (case,) = [row for row in house.table("cases") if row["code"] == CODE]
    name = obligation(house)["obligation_id"]
    assert case["subject"] == f"R-1: HOLD {name} (their account is wrong)"


def test_what_two_people_hold_no_rule_lets_go(house: House) -> None:
    agreed(house, "HOLD")
    assert (held(house), stands(house), changes(house)) == (
        "Y",
        {"R-1": ("DONE", "")},
        [(True, None)],
    )
    house.business_day(FRIDAY, silent)
    assert held(house) == "Y"
    assert [row["code"] for row in house.table("cases") if row["status"] == "OPEN"] == [
        "INSTRUCTION_HELD"
    ]


def test_a_part_is_let_go_and_the_rest_stays_on_hold(house: House) -> None:
    agreed(house, "HOLD")
    house.business_day(FRIDAY, settle_all)
    assert obligation(house)["status"] == "FAILED"
    (row,) = house.table("instructions")
    assert row["settlement_reason"].startswith("PREA")
    ask(house, TUESDAY, "R-2", "RELEASE", quantity="4")
    house.cut_off(TUESDAY)
    agree(house)
    house.close(TUESDAY)
    assert (held(house), changes(house)[1:]) == ("Y", [(False, 4 * 10**8)])
    house.business_day(WEDNESDAY2, settle_all)
    row = obligation(house)
    assert (row["status"], row["settled_quantity"], held(house)) == ("PARTIAL", "4", "Y")
    ask(house, THURSDAY2, "R-3", "RELEASE")
    house.cut_off(THURSDAY2)
    agree(house)
    house.close(THURSDAY2)
    assert (held(house), changes(house)[2:]) == ("N", [(False, None)])
    house.business_day(FRIDAY2, settle_all)
    assert obligation(house)["status"] == "SETTLED"
    assert verify_store(house.records)[1] == []
    assert valid_messages(house)["sese.030.001.09"] == 3


def test_more_than_is_held_is_void(house: House) -> None:
    agreed(house, "HOLD")
    ask(house, FRIDAY, "R-2", "RELEASE", quantity="11")
    house.cut_off(FRIDAY)
    agree(house)
    house.close(FRIDAY)
    assert stands(house)["R-2"] == ("VOID", "more than is on hold")
    assert (held(house), len(changes(house))) == ("Y", 1)


def test_what_both_sides_cancel_is_instructed_anew(house: House) -> None:
    old = obligation(house)
    agreed(house, "CANCEL")
    assert (sent(house, "cancellations"), obligation(house)) == (1, old)
    house.business_day(FRIDAY, settle_all)
    rows = {row["obligation_id"]: row for row in house.table("obligations")}
    assert rows.pop(old["obligation_id"])["status"] == "CANCELLED"
    (new,) = rows.values()
    told = ("direction", "quantity", "money", "trades")
    assert [new[name] for name in told] == [old[name] for name in told]
    assert (new["status"], new["settlement_date"]) == ("INSTRUCTED", str(TUESDAY))
    house.business_day(TUESDAY, settle_all)
    assert obligation(house)["status"] == "SETTLED"


def test_a_refused_cancellation_ends_and_what_settles_stands(house: House, tmp_path: Path) -> None:
    script = tmp_path / "market.toml"
    script.write_text('[[answer]]\ndo = "refuse-cancellation"\n')

    agreed(house, "CANCEL")
    house.business_day(FRIDAY, scripted(script))
    row = obligation(house)
    assert (row["status"], row["settled_quantity"]) == ("SETTLED", "10")
    house.business_day(TUESDAY, silent)
    assert obligation(house) == row
    assert [one for one in house.table("cases") if one["status"] == "OPEN"] == []


def test_what_is_held_in_part_settled_stays_on_hold(house: House, tmp_path: Path) -> None:
    script = tmp_path / "market.toml"
    script.write_text('[[answer]]\ndo = "partial"\nquantity = "4"\n')
    ask(house, THURSDAY, "R-1", "HOLD")
    house.cut_off(THURSDAY)
    for name, body in scripted(script)(house, THURSDAY).items():
        house.drop("market", THURSDAY, name, body)
    agree(house)
    house.close(THURSDAY)
    assert (obligation(house)["settled_quantity"], held(house)) == ("4", "Y")
    house.business_day(FRIDAY, settle_all)
    row = obligation(house)
    assert (row["status"], row["settled_quantity"], held(house)) == ("PARTIAL", "4", "Y")
    assert changes(house) == [(True, None)]
    ask(house, TUESDAY, "R-2", "RELEASE", quantity="7")
    ask(house, TUESDAY, "R-3", "RELEASE", quantity="5")
    house.cut_off(TUESDAY)
    agree_to_all(house)
    house.close(TUESDAY)
    assert (stands(house)["R-2"], stands(house)["R-3"]) == (
        ("VOID", "more than is on hold"),
        ("DONE", ""),
    )
    house.business_day(WEDNESDAY2, settle_all)
    assert obligation(house)["settled_quantity"] == "9"


def test_held_and_let_go_in_part_at_once_the_depository_is_told_both(house: House) -> None:
    ask(house, THURSDAY, "R-1", "HOLD")
    ask(house, THURSDAY, "R-2", "RELEASE", quantity="4")
    house.cut_off(THURSDAY)
    agree_to_all(house)
    house.close(THURSDAY)
    assert changes(house) == [(True, None), (False, 4 * 10**8)]
    house.business_day(FRIDAY, settle_all)
    assert (obligation(house)["settled_quantity"], held(house)) == ("4", "Y")


def test_what_is_on_hold_stays_so_where_it_is_instructed_anew(house: House) -> None:
    agreed(house, "HOLD")
    ask(house, FRIDAY, "R-2", "CANCEL")
    house.cut_off(FRIDAY)
    agree(house)
    house.close(FRIDAY)
    house.business_day(TUESDAY, settle_all)
    new = obligation(house)
    assert (new["status"], held_of(house, new)) == ("INSTRUCTED", "Y")
    assert changes(house)[-1] == (True, None)


def test_a_fail_lives_on_in_what_both_sides_had_instructed_anew(house: House) -> None:
    agreed(house, "CANCEL")
    house.business_day(FRIDAY, silent)
    (before,) = house.table("fails")
    house.business_day(TUESDAY, settle_all)
    (fail,) = house.table("fails")
    new = obligation(house)
    assert (fail["fail_id"], fail["status"]) == (before["fail_id"], "OPEN")
    assert fail["obligation_id"] == new["obligation_id"] != before["obligation_id"]
    assert fail["buy_in_on"] == before["buy_in_on"]


def test_a_request_is_taken_once(house: House) -> None:
    agreed(house, "HOLD")
    ask(house, FRIDAY, "R-1", "HOLD")
    ask(house, FRIDAY, "R-2", "HOLD")
    house.cut_off(FRIDAY)
    agree(house)
    house.close(FRIDAY)
    assert stands(house) == {"R-1": ("DONE", ""), "R-2": ("VOID", "it is on hold")}
    assert len(changes(house)) == 1


def test_a_refused_request_never_happens(house: House) -> None:
    ask(house, THURSDAY, "R-1", "CANCEL")
    house.cut_off(THURSDAY)
    agree(house, "REFUSE")
    house.close(THURSDAY)
    assert stands(house) == {"R-1": ("REFUSED", "")}
    assert sent(house, "cancellations") == 0
