"""Disposal follows references: what stays leads nowhere that is gone, wherever it was stopped."""

import random
import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import polars as pl
import pytest

from backoffice.kernel.books import Books, latest
from backoffice.kernel.parts import Part
from backoffice.records.disposal import due_for_disposal
from backoffice.records.references import delete_in_order, still_named
from backoffice.records.retention import default_schedule
from tests.simulation.memory import RecordMemory
from tests.simulation.small_days import THIRD
from tests.simulation.test_record_requests import LATER
from tests.worm.test_tampering import store

DAY: Final = date(2026, 10, 5)
CASE: Final = "cases/2026-10-05/CASE-20261005-0123456789/"
_NAMED: Final = re.compile(r'"([^"\\]+/[^"\\]+)"')


class StoppedError(Exception):
    """Whoever deleted died."""


class Deleting:
    """Who deletes, until a number of objects is gone; some a lock keeps."""

    def __init__(self, records: RecordMemory, stops: int = -1, locked: Iterable[str] = ()) -> None:
        self.objects, self.left, self.locked = records.objects, stops, set(locked)

    def delete(self, keys: Iterable[str]) -> list[str]:
        kept = []
        for key in keys:
            if self.left == 0:
                raise StoppedError
            if key in self.locked:
                kept.append(key)
                continue
            self.left -= 1
            del self.objects[key]
        return kept


def made(objects: dict[str, Any]) -> RecordMemory:
    records = RecordMemory("records")
    records.objects = {key: str(said).encode() for key, said in objects.items()}
    return records


def books_of(**tables: Part) -> Books:
    return Books(day=DAY, phase="closed", previous=None, rulebook="", tables=tables)


def leads_nowhere(objects: dict[str, bytes], gone: set[str]) -> dict[str, set[str]]:
    """Find the documents that stay, and are no proof, with what they name that is gone."""
    found = {
        key: set(_NAMED.findall(body.decode())) & gone
        for key, body in objects.items()
        if key.endswith(".json") and default_schedule().class_of(key).disposed
    }
    return {key: names for key, names in found.items() if names}


def test_what_a_kept_document_names_stays_and_what_that_names_in_turn() -> None:
    edition, archive = "client-documents/2026-10-05/STATEMENT-2026-10.json", "client-documents/a.z"
    notice = "notices/2026-10-05/make_documents-0.json"
    objects = {notice: f'{{"report":"{edition}"}}', edition: f'["{archive}"]', archive: "pages"}
    assert still_named(made(objects), books_of(), {edition, archive}) == {edition, archive}
    assert still_named(made(objects), books_of(), set(objects)) == set()


@pytest.mark.parametrize("namer", ["books/2026-10-05/closed.json", "inputs/2026-10-05/close.json"])
def test_what_never_goes_says_what_there_was_and_holds_nothing(namer: str) -> None:
    records = made({namer: '["risk/2026-10-05/a.json"]', "risk/2026-10-05/a.json": "{}"})
    assert still_named(records, books_of(), {"risk/2026-10-05/a.json"}) == set()


def test_a_trail_goes_whole_or_not_at_all_and_not_while_its_case_is_open() -> None:
    acts = [f"{CASE}00000{number}.json" for number in (1, 2)]
    record = f"{CASE}attached/{'a' * 64}"
    records = made({acts[0]: "{}", acts[1]: f'{{"record":"{record}"}}', record: "mail"})
    everything = {*acts, record}
    for due in ({acts[0]}, {acts[0], record}):
        assert still_named(records, books_of(), due) == due
    for status, stays in (("OPEN", everything), ("CLOSED", set())):
        cases = pl.DataFrame({"case_id": ["CASE-20261005-0123456789"], "status": [status]})
        books = books_of(cases=records.keep("clearance", DAY, cases))
        assert still_named(records, books, everything) == stays


def test_the_version_in_force_of_a_list_and_the_latest_run_of_reports_stay() -> None:
    def version(number: int, status: str) -> str:
        return (
            f'{{"list_code":"UN","number":{number},"taken_on":"2026-10-05","status":"{status}",'
            f'"sha256":"","files":{{"un.xml":"lists/UN/{number}/originals/a/un.xml"}}}}'
        )

    files = {f"lists/UN/{number}/originals/a/un.xml": "names" for number in (1, 2, 3)}
    taken = {1: "IN_FORCE", 2: "IN_FORCE", 3: "REFUSED"}
    log = {f"lists/UN/log/00000{n}.json": version(n, status) for n, status in taken.items()}
    report, run = "compliance/{}/reports/R.json", "compliance/{}/reports-run.json"
    runs = {
        run.format(day): f'{{"day":"{day}","made":[],"states":[],"causes":[],'
        f'"latest":{{"R":"{report.format(day)}"}}}}'
        for day in ("2026-10-05", "2026-10-06")
    }
    reports = {report.format(day): "{}" for day in ("2026-10-05", "2026-10-06")}
    records = made({**files, **log, **runs, **reports})
    assert still_named(records, books_of(), {*files, *runs, *reports}) == {
        "lists/UN/2/originals/a/un.xml",
        run.format("2026-10-06"),
        report.format("2026-10-06"),
    }


@pytest.fixture(scope="module")
def due() -> tuple[dict[str, bytes], list[str]]:
    """Give a store of three days, and what may go of it in fourteen years."""
    records = RecordMemory("records")
    records.objects = store()
    books = latest(records, closed=True)
    assert books is not None
    keys = due_for_disposal(records, books, LATER.date(), THIRD)["key"].to_list()
    assert len(keys) > 50
    assert (
        leads_nowhere({k: b for k, b in records.objects.items() if k not in keys}, set(keys)) == {}
    )
    return records.objects, keys


def test_whoever_dies_while_deleting_leaves_nothing_that_names_what_is_gone(
    due: tuple[dict[str, bytes], list[str]],
) -> None:
    objects, keys = due
    for stops in range(len(keys)):
        records = RecordMemory("records")
        records.objects = dict(objects)
        with pytest.raises(StoppedError):
            delete_in_order(records, keys, Deleting(records, stops).delete)
        gone = objects.keys() - records.objects.keys()
        assert len(gone) == stops
        assert leads_nowhere(records.objects, gone) == {}
        left = [key for key in keys if key in records.objects]
        assert delete_in_order(records, left, Deleting(records).delete) == len(left)
        assert objects.keys() - records.objects.keys() == set(keys)


def test_what_a_lock_keeps_keeps_what_it_names(due: tuple[dict[str, bytes], list[str]]) -> None:
    objects, keys = due
    for seed in range(30):
        chance = random.Random(seed)  # noqa: S311 - replayed by its seed
        records = RecordMemory("records")
        records.objects = dict(objects)
        locked = chance.sample(keys, chance.randint(1, len(keys) // 2))
        deleted = delete_in_order(records, keys, Deleting(records, locked=locked).delete)
        gone = objects.keys() - records.objects.keys()
        assert len(gone) == deleted
        assert not gone & set(locked)
        assert leads_nowhere(records.objects, gone) == {}


def test_what_people_wrote_that_names_each_other_stops_nothing() -> None:
    acts = [f"{CASE}00000{number}.json" for number in (1, 2)]
    other = CASE.replace("0123456789", "9876543210") + "000001.json"
    written = {
        acts[0]: f'{{"text":"{acts[1]}"}}',
        acts[1]: f'{{"text":"{other}"}}',
        other: f'{{"text":"{acts[0]}"}}',
        "risk/2026-10-05/a.json": "{}",
    }
    records = made(written)
    assert delete_in_order(records, list(written), Deleting(records).delete) == len(written)
    assert records.objects == {}
