"""Each partner reads of its own files only, with every refused row."""

import json
from datetime import date

from backoffice.intake.day_documents import FileResult
from backoffice.intake.partner_reports import post_reports
from tests.reference.samples import trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.small_days import FIRST, drop_all


def test_a_partner_is_told_of_its_own_files_and_its_refused_rows() -> None:
    house = House()
    drop_all(house, FIRST)
    house.drop("acme", FIRST, "trades-1.csv", table_bytes([trade("X", "BUY", "-1", "5")]))
    house.drop("acme", FIRST, "trades-2.csv", b"no header of trades\n")
    house.business_day(FIRST)
    files = [FileResult.model_validate(file) for file in house.report(FIRST)["files"]]
    keys = post_reports(house.outbox, house.records, house.books(FIRST), files)
    assert keys == [f"outbox/{who}/{FIRST}/report.json" for who in ("acme", "local")]
    told = json.loads(house.outbox.read_bytes(keys[0]))
    assert (told["business_date"], told["partner"]) == (str(FIRST), "acme")
    assert [(file["name"], file["status"]) for file in told["files"]] == [
        ("trades-1.csv", "COMMITTED"),
        ("trades-2.csv", "REFUSED"),
    ]
    assert [(row["file"], row["row"], row["field"], row["code"]) for row in told["rejects"]] == [
        ("trades-1.csv", 1, "quantity", "BAD_FORMAT")
    ]


def test_nobody_is_told_of_a_day_without_files() -> None:
    house, day = House(), date(2026, 1, 5)
    house.business_day(day)
    assert post_reports(house.outbox, house.records, house.books(day), ()) == []
