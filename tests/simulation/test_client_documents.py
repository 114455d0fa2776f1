"""Clients' documents, made from the sealed books of small days by the deployed machine's steps."""

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from backoffice.formats.printing.archive import document_at
from backoffice.formats.printing.languages import LANGUAGES
from backoffice.formats.printing.print_documents import print_documents
from backoffice.formats.printing.wording import sheet_of
from backoffice.formats.sealed_bytes import UnreadableError
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.client_documents import confirmations
from backoffice.records.client_documents.editions import (
    AskedDocuments,
    NotClosedError,
    confirmations_of,
    editions,
)
from backoffice.records.client_documents.gather import (
    Slice,
    contents_of_slice,
    plan_documents,
)
from backoffice.records.client_documents.register import PrintedSlice, register_editions
from backoffice.records.verify_store import verify_store
from tests.reference.samples import account
from tests.reference.writing import table_bytes
from tests.simulation.cloud.stores import RECORDS, Cloud
from tests.simulation.firm import Firm
from tests.simulation.house import House
from tests.simulation.printed import make
from tests.simulation.small_days import DAYS, FIRST, SECOND, THIRD, drop_all, run

MONTH = AskedDocuments(month=f"{FIRST:%Y-%m}")
Contents = dict[str, Any]


@pytest.fixture(scope="module")
def good() -> House:
    return run(House(), *DAYS)


def _contents(house: House, asked: AskedDocuments, accounts: int = 2) -> Iterator[Contents]:
    for key in plan_documents(house.records, house.work, asked, accounts).slices:
        one = Slice.model_validate_json(house.work.read_bytes(key))
        for contents in contents_of_slice(house.records, one, default_rulebook()):
            yield json.loads(json.dumps(contents))


def _blocks(contents: Contents, kind: str) -> Iterator[dict[str, Any]]:
    for block in contents["blocks"]:
        inner = block["blocks"] if block["block"] == "group" else [block]
        yield from (one for one in inner if one["block"] == kind)


def _tables(contents: Contents, name: str) -> list[dict[str, Any]]:
    return [one for one in _blocks(contents, "table") if one["name"] == name]


def _rows(block: dict[str, Any], which: str = "rows") -> list[dict[str, Any]]:
    names = [name for name, _ in block["columns"]]
    return [dict(zip(names, row, strict=True)) for row in block[which]]


def _facts(contents: Contents, name: str) -> list[Any]:
    items = (item for block in _blocks(contents, "facts") for item in block["items"])
    return [value for fact, _, value in items if fact == name]


def test_a_statements_balances_and_gains_are_those_of_the_books(good: House) -> None:
    balances: dict[tuple[str, str], Decimal] = {}
    gains: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in good.table("trial-balance", THIRD):
        if row["account"].startswith("Liabilities:ClientCash:"):
            balances[row["account"].split(":")[2], row["unit"]] = -Decimal(row["balance"])
    for row in good.table("positions", THIRD):
        gains[row["account_id"], row["currency"]] += Decimal(row["realised_pnl"])
    clients = {row["account_id"] for row in good.table("positions", THIRD)} - {"H-1"}
    told: dict[tuple[str, str], Decimal] = {}
    realised: dict[tuple[str, str], Decimal] = {}
    for contents in _contents(good, MONTH):
        name = contents["account"]["account_id"]
        for amount, currency in _facts(contents, "closing"):
            told[name, currency] = Decimal(amount)
        for block in _tables(contents, "realised"):
            (total,) = _rows(block, "totals")
            realised[name, block["currency"]] = Decimal(total["gain"])
        clients.discard(name)
    assert {key: amount for key, amount in told.items() if amount} == balances
    assert realised == {key: gain for key, gain in gains.items() if gain}
    assert clients == set()


def test_every_line_of_cash_leads_to_the_closing_balance(good: House) -> None:
    lines = 0
    for contents in _contents(good, MONTH):
        for block in _tables(contents, "cash"):
            left = Decimal(0)
            for row in _rows(block):
                left += Decimal(row["amount"])
                assert Decimal(row["balance"]) == left
                lines += 1
            assert [Decimal(row["balance"]) for row in _rows(block, "totals")] == [left]
    journal = good.table("journal", THIRD)
    assert lines == sum(row["account"].startswith("Liabilities:ClientCash:") for row in journal)


def test_charges_of_the_month_are_those_of_the_journal(good: House) -> None:
    told: dict[str, Decimal] = defaultdict(Decimal)
    for contents in _contents(good, MONTH):
        for block in _tables(contents, "charges"):
            for row in _rows(block):
                told[block["currency"]] += Decimal(row["amount"])
    journal = good.table("journal", THIRD)
    of_clients = {
        row["entry_id"]
        for row in journal
        if row["account"].startswith(("Assets:Receivable:Client", "Liabilities:Payable:Client"))
    }
    books: dict[str, Decimal] = defaultdict(Decimal)
    for row in journal:
        charged = row["account"].startswith(("Liabilities:Fees:", "Income:Commission"))
        if charged and row["entry_id"] in of_clients:
            books[row["unit"]] -= Decimal(row["amount"])
    assert {key: amount for key, amount in told.items() if amount} == dict(books)


def test_what_was_sold_comes_to_what_the_books_realised(good: House) -> None:
    sold = 0
    for contents in _contents(good, AskedDocuments(year=FIRST.year)):
        realised = {
            block["currency"]: Decimal(_rows(block, "totals")[0]["gain"])
            for block in _tables(contents, "realised")
        }
        told: dict[str, Decimal] = defaultdict(Decimal)
        for block in _tables(contents, "disposals"):
            (total,) = _rows(block, "totals")
            gains = [Decimal(row["gain"]) for row in _rows(block)]
            assert Decimal(total["gain"]) == sum(gains)
            assert gains == [
                Decimal(row["proceeds"]) - Decimal(row["cost"]) + Decimal(row["disallowed"])
                for row in _rows(block)
            ]
            told[block["currency"]] += sum(gains)
            sold += len(gains)
        assert told == realised
    assert sold == len([r for r in good.table("disposals", THIRD) if r["account_id"] != "H-1"])


def test_a_confirmation_comes_to_the_net_of_the_trade(good: House) -> None:
    nets = {row["trade_id"]: row for row in good.table("trades", FIRST)}
    seen = set()
    for contents in _contents(good, AskedDocuments(date=FIRST)):
        ids = _facts(contents, "trade_id")
        for trade_id, block in zip(ids, _tables(contents, "figures"), strict=True):
            (total,) = _rows(block, "totals")
            assert total["value"] == nets[trade_id]["net"]
            parts = [Decimal(row["value"]) for row in _rows(block)]
            sign = 1 if nets[trade_id]["side"] == "BUY" else -1
            assert parts[0] + sum(
                part if "accrued" in str(row["item"]) else sign * part
                for row, part in zip(_rows(block)[1:], parts[1:], strict=True)
            ) == Decimal(total["value"])
            seen.add(trade_id)
    wanted = {
        name
        for name, row in nets.items()
        if row["status"] == "CLEARED" and row["account_id"] != "H-1"
    }
    assert seen == wanted


def test_what_is_cancelled_and_corrected_names_what_it_takes_the_place_of(good: House) -> None:
    (first,) = (
        contents
        for contents in _contents(good, AskedDocuments(date=SECOND))
        if contents["account"]["account_id"] == "C-1"
    )
    original = confirmations_of(FIRST, [FIRST]).document_id("C-1")
    notes = [note for note in _blocks(first, "note") if note["strong"]]
    assert [note["say"] for note in notes] == ["note.CANCEL", "note.CORRECTED"]
    assert all(["original", "text", original] in note["with"] for note in notes)
    (made,) = (
        contents["document_id"]
        for contents in _contents(good, AskedDocuments(date=FIRST))
        if contents["account"]["account_id"] == "C-1"
    )
    assert made == original


def test_a_day_of_very_many_trades_has_a_row_a_trade(
    good: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirmations, "_MOST_SECTIONS", 2)
    (first,) = (
        contents
        for contents in _contents(good, AskedDocuments(date=SECOND))
        if contents["account"]["account_id"] == "C-1"
    )
    rows = [row for block in _tables(first, "summary") for row in _rows(block)]
    assert sorted(row["trade_id"] for row in rows) == ["B-1", "B-2"]
    assert sorted(_facts(first, "trade_id")) == ["A-1", "A-4"]
    assert sheet_of(first).blocks


def test_an_account_is_written_to_in_its_language_or_its_countrys() -> None:
    house = House()
    rows = [account("C-1", language="EN"), account("C-LIFO", country="DE")]
    drop_all(house, FIRST)
    house.drop("local", FIRST, "accounts_9.csv", table_bytes(rows))
    house.business_day(FIRST)
    languages = {c["account"]["account_id"]: c["language"] for c in _contents(house, MONTH)}
    assert (languages["C-1"], languages["C-LIFO"], languages["C-HIFO"]) == ("EN", "EN", "IS")


def test_every_kind_is_wholly_said_in_every_language(good: House) -> None:
    asked = [AskedDocuments(date=day) for day in DAYS[:2]] + [MONTH, AskedDocuments(year=2026)]
    for each in asked:
        for contents in _contents(good, each):
            for code in LANGUAGES:
                said = str(sheet_of({**contents, "language": code}))
                assert not re.search(r"\{[a-z_]+\}", said)


def test_what_is_made_is_sealed_by_the_next_day_and_listed_and_proven() -> None:
    house = run(House(), FIRST, SECOND)
    make(house, AskedDocuments(date=FIRST))
    make(house, MONTH)
    assert verify_store(house.records)[1] == []
    house.business_day(THIRD)
    assert verify_store(house.records)[1] == []
    sealed = {row["key"] for row in house.table("records") if row["class"] == "client-documents"}
    assert sealed == set(house.records.keys("client-documents/"))
    listed = list(csv.DictReader(io.StringIO(house.export("documents").decode())))
    assert {row["kind"] for row in listed} == {"CONFIRMATION", "STATEMENT"}
    assert len({row["document_id"] for row in listed}) == len(listed)
    for row in listed:
        archive = house.records.read_bytes(row["archive"])
        for form, start in (("pdf", b"%PDF"), ("html", b"<!DOCTYPE html>")):
            piece = archive[int(row[f"{form}_start"]) : int(row[f"{form}_end"])]
            assert _opened(house, row, form, piece).startswith(start)


def test_an_edition_is_made_once_and_the_same_again_from_a_copy() -> None:
    house = run(House(), FIRST)
    other = house.copy()
    for one in (house, house, other):
        make(one, AskedDocuments(date=FIRST))
    assert plan_documents(house.records, house.work, AskedDocuments(date=FIRST)).slices == ()
    assert house.records.objects == other.records.objects


def test_a_changed_archive_is_found(good: House) -> None:
    house = good.copy()
    make(house, MONTH)
    key = next(key for key in house.records.keys("client-documents/") if key.endswith(".zip"))
    house.records.objects[key] = house.records.objects[key][:-1] + b"?"
    assert [finding.subject for finding in verify_store(house.records)[1]] == [key]


def test_one_document_that_cannot_be_printed_stops_no_other_and_is_a_case() -> None:
    house = run(House(), FIRST)
    edition = confirmations_of(FIRST, [FIRST])
    rows = list(_contents(house, AskedDocuments(date=FIRST)))
    del rows[0]["firm"]
    archive, printed, failed = print_documents(rows, house.keys)
    assert (len(printed), len(failed)) == (len(rows) - 1, 1)
    kept = house.records.keep_bytes("client-documents", FIRST, archive, ".zip")
    said = {"edition": edition, "archive": kept, "printed": printed, "failed": failed}
    register_editions(house.records, [edition], [PrintedSlice.model_validate(said)])
    house.business_day(SECOND)
    cases = {(row["code"], row["subject"]) for row in house.table("cases")}
    assert ("DOCUMENT_NOT_MADE", rows[0]["account"]["account_id"]) in cases


def test_the_deployed_machine_makes_what_is_asked_for_once(good: House) -> None:
    cloud = Cloud()
    cloud.buckets[RECORDS] = dict(good.records.objects)
    firm = Firm(cloud)
    with firm.at_work(datetime(2026, 11, 2, tzinfo=UTC)):
        ended = firm.start("make_documents", {"month": MONTH.month, "date": str(FIRST)})
        again = firm.start("make_documents", {"month": MONTH.month})
        refused = firm.start("make_documents", {"year": 2031})
    by_steps = good.copy()
    make(by_steps, AskedDocuments(month=MONTH.month, date=FIRST))
    assert (ended.status, again.output["made"]) == ("SUCCEEDED", [])
    assert [(one["kind"], one["failed"]) for one in ended.output["made"]] == [
        ("CONFIRMATION", 0),
        ("STATEMENT", 0),
    ]
    assert (refused.status, refused.error) == ("FAILED", "Refused")
    assert cloud.records == by_steps.records.objects


def test_a_schedule_makes_the_days_and_the_months_and_years_they_ended() -> None:
    days = (date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 4))
    due = editions(AskedDocuments(day="2027-01-04T23:50:00Z"), days)
    assert [(one.kind, one.period) for one in due] == [
        *(("CONFIRMATION", str(day)) for day in days),
        ("STATEMENT", "2026-12"),
        ("GAINS", "2026"),
    ]
    assert due[3].as_of == days[1]
    with pytest.raises(NotClosedError):
        editions(AskedDocuments(month="2027-02"), days)


def test_a_document_is_gone_with_its_clients_key_and_no_later_one_is_made() -> None:
    house = run(House(), FIRST)
    make(house, AskedDocuments(date=FIRST))
    row = next(csv.DictReader(io.StringIO(house.export("documents").decode())))
    piece = house.records.read_bytes(row["archive"])[int(row["pdf_start"]) : int(row["pdf_end"])]
    assert _opened(house, row, "pdf", piece).startswith(b"%PDF")
    house.keys.destroy(row["account_id"])
    with pytest.raises(UnreadableError, match="destroyed"):
        _opened(house, row, "pdf", piece)
    asked = list(_contents(house, MONTH))
    _, printed, failed = print_documents(asked, house.keys)
    assert row["account_id"] not in {one["account_id"] for one in printed}
    (gone,) = failed
    assert (gone["account_id"], gone["reason"]) == (row["account_id"], "ErasedSubjectError")
    with pytest.raises(UnreadableError, match="destroyed"):
        _opened(house, row, "pdf", piece)


def _opened(house: House, row: Mapping[str, Any], form: str, piece: bytes) -> bytes:
    name = f"{row['document_id']}.{form}"
    return document_at(piece, row[f"{form}_sha256"], name, row["account_id"], house.keys.keys)


def test_a_name_that_is_markup_is_a_name() -> None:
    house = House()
    drop_all(house, FIRST)
    hostile = account("C-1", name='#panic("x") <script>alert(1)</script>')
    house.drop("local", FIRST, "accounts_9.csv", table_bytes([hostile]))
    house.business_day(FIRST)
    (named,) = (c for c in _contents(house, MONTH) if c["account"]["account_id"] == "C-1")
    sealed = pl.Series([named["account"]["name"]])
    assert house.seals().opened(sealed)[0].endswith("<script>alert(1)</script>")
    archive, (printed,), failed = print_documents([named], house.keys)
    assert failed == []
    piece = archive[printed["html"]["start"] : printed["html"]["end"]]
    row = {**printed, "html_sha256": printed["html"]["sha256"]}
    assert b"<script" not in _opened(house, row, "html", piece)
