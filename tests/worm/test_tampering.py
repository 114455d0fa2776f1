"""One changed byte of any object of the record store is found, and the object named."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from backoffice.intake.notices import Notice, give_notice
from backoffice.records.client_documents.editions import AskedDocuments
from backoffice.records.verify_store import verify_store
from tests.simulation.desk import MAKER, Desk
from tests.simulation.house import House
from tests.simulation.small_days import FIRST, SECOND, THIRD, drop_all, run
from tests.simulation.test_attachments import MAIL
from tests.simulation.test_client_documents import make
from tests.simulation.test_sanctions import take
from tests.worm import tampering
from tests.worm.tampering import change_bytes

SEED = 20261007


def store() -> dict[str, bytes]:
    """Give the objects of three days, with documents, lists, notices and acts of the desk."""
    house = run(House(), FIRST)
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


def test_a_change_that_nothing_names_is_told(
    objects: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tampering, "verify_store", lambda *_, **__: (0, []))
    assert len(change_bytes(objects, 3, SEED).missed) == 3
