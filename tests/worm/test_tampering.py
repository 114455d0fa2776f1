"""One changed byte of any object of the record store is found, and the object named."""

from collections import Counter
from datetime import date
from typing import Any

import polars as pl
import pytest

from backoffice.compliance.surveillance.survey import survey_trading
from backoffice.intake.notices import Notice, give_notice
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.certificates import Certificate, certify
from backoffice.records.client_documents.editions import AskedDocuments
from backoffice.records.disposal import GONE
from backoffice.records.drill import TableDrill, report_drill
from backoffice.records.listing import class_of as kind_of
from backoffice.records.retention import default_schedule
from backoffice.records.verify_store import verify_store
from tests.simulation.busy_service import fill_registers
from tests.simulation.desk import MAKER, Desk
from tests.simulation.house import House
from tests.simulation.printed import make
from tests.simulation.reporting import report
from tests.simulation.small_days import FIRST, SECOND, THIRD, drop_all, run
from tests.simulation.test_attachments import MAIL
from tests.simulation.test_documents import NOON, keep, look
from tests.simulation.test_drill_cases import AT
from tests.simulation.test_record_requests import books_of
from tests.simulation.test_sanctions import take
from tests.worm import tampering
from tests.worm.tampering import FIRM, HARMS, Harm, HashingOnce, change_bytes, harm_each

SEED = 20261007
_UNSEALED = {"service-desk"}
"""Of tickets no seal tells: they are of no day. What writes them once is the bucket's lock."""


def store() -> dict[str, bytes]:
    """Give the objects of three days, with documents, lists, notices and acts of the desk."""
    house = run(House(), FIRST)
    fill_registers(house)
    look(house, keep(house, "PASSPORT", None), NOON)
    _jobs(house, FIRST)
    take(house, b"name\nNobody At All\n", SECOND)
    _notice(house, FIRST)
    drop_all(house, SECOND)
    house.cut_off(SECOND)
    desk = Desk(house)
    codes = Counter(item["code"] for item in desk.cases.items.values())
    code = next(code for code, count in codes.items() if count == 1)
    said: dict[str, Any] = {"text": "asked the trader", **MAIL}
    desk.act(code, MAKER, "ATTACH", **said)
    house.close(SECOND)
    make(house, AskedDocuments(date=SECOND))
    run(house, THIRD)
    # what awaits the next seal is changed as well
    _notice(house, THIRD)
    return house.records.objects


def _jobs(house: House, day: date) -> None:
    """Run what looks at a closed day, and certify what was let go."""
    drilled = TableDrill(table="balances", restored=3, served=3, differed=())
    report_drill(house.records, books_of(house), [drilled], AT, 1.25)
    report(house)
    survey_trading(house.records, default_rulebook(), day)
    gone = house.records.keep("certificates", day, pl.DataFrame(schema=GONE))
    said: dict[str, Any] = {
        "case_id": "",
        "proposed_by": "a",
        "approved_by": "b",
        "decided_at": "",
        "reason": "",
    }
    made = Certificate(request_id="D-1", kind="DISPOSE", at=AT, objects=gone.key, **said)
    certify(house.records, made, day)


def _notice(house: House, day: date) -> None:
    report = house.records.keep_bytes("risk", day, b'{"calls": []}', ".json")
    give_notice(house.records, Notice(source="risk", day=day, report=report))


@pytest.fixture(scope="module")
def objects() -> dict[str, bytes]:
    return store()


def test_the_store_is_whole_to_begin_with(objects: dict[str, bytes]) -> None:
    house = House()
    house.records.objects = objects
    assert verify_store(house.records)[1] == []


def test_a_thousand_of_a_thousand_changed_bytes_are_found(objects: dict[str, bytes]) -> None:
    changes = change_bytes(objects, 1_000, SEED)
    assert changes.missed == []
    assert changes.made.total() == 1_000
    assert {"seals.json", "signatures.json", "notices.json"} <= set(changes.made)


def test_an_object_of_every_class_is_among_those_that_are_changed(
    objects: dict[str, bytes],
) -> None:
    known = {kind_of(key) for key in objects}
    assert known | _UNSEALED == default_schedule().keys.keys()
    assert not known & _UNSEALED


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_an_object_of_every_class_that_is_harmed_in_any_way_is_named(
    objects: dict[str, bytes], harm: Harm
) -> None:
    assert harm_each(objects, harm, SEED) == []


@pytest.mark.parametrize(
    ("day", "body"),
    [
        ("2099-01-01", b"evil"),
        ("zz", b"{}"),
        ("2099-01-01", b'{"day":"2099-01-02","phase":"close","previous":null,"entries":[]}'),
    ],
)
def test_a_day_that_nobody_began_excuses_nothing(
    objects: dict[str, bytes], day: str, body: bytes
) -> None:
    records = HashingOnce("records", objects)
    records.objects[f"inputs/{day}/close.json"] = body
    found = {(one.fault, one.subject) for one in verify_store(records, firm_key=FIRM)[1]}
    assert found == {("ORPHANED", f"inputs/{day}/close.json")}


def test_of_two_days_the_first_alone_is_half_run(objects: dict[str, bytes]) -> None:
    records = HashingOnce("records", objects)
    for day in ("2099-01-01", "2099-01-02"):
        said = f'{{"day":"{day}","phase":"cut-off","previous":null,"entries":[]}}'
        records.objects |= {f"inputs/{day}/cut-off.json": said.encode(), f"risk/{day}/a": b"a"}
    found = {one.subject for one in verify_store(records, firm_key=FIRM)[1]}
    assert found == {"inputs/2099-01-02/cut-off.json", "risk/2099-01-02/a"}


def test_a_change_that_nothing_names_is_told(
    objects: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tampering, "verify_store", lambda *_, **__: (0, []))
    assert len(change_bytes(objects, 3, SEED).missed) == 3
