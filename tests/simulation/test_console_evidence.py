"""What a posting rests on, as the console shows it: documents, files, and rows by their number."""

from functools import cache
from urllib.parse import quote

import pytest

from backoffice.clearance.act_rules import Person
from backoffice.console.pages import File, NoPageError, Upload
from backoffice.records.client_documents.editions import AskedDocuments
from backoffice.records.search.runs import index_records
from tests.reference.fix_writing import fields_of, file_bytes
from tests.reference.samples import trade
from tests.reference.writing import table_bytes
from tests.simulation.console_pages import Browser
from tests.simulation.desk import CHECKER, MAKER, Desk
from tests.simulation.house import House
from tests.simulation.printed import make
from tests.simulation.small_days import FILES, FIRST, SECOND, THIRD, run

ROWS = [trade(f"F-{number}", "BUY", "1", "101.25") for number in range(12, 0, -1)]


@cache
def _printed() -> House:
    house = run(House(), FIRST, SECOND)
    make(house, AskedDocuments(month=f"{FIRST:%Y-%m}"))
    house.business_day(THIRD)
    index_records(house.records, house.work)
    return house


def _browser(person: Person = CHECKER) -> Browser:
    return Browser(Desk(_printed().copy()), person)


def test_an_account_shows_its_balances_its_journal_and_its_documents() -> None:
    links = _browser().links("accounts/C-1")
    assert any(link.startswith("ledger/accounts/Liabilities%3AClientCash%3AC-1") for link in links)
    assert any(link.startswith("ledger/entries/") for link in links)
    assert any("/documents/" in link for link in links)


def test_a_clients_document_is_opened_by_the_desk_once_that_is_on_record() -> None:
    browser = _browser()
    place = next(link for link in browser.links("accounts/C-1") if "/documents/" in link)
    before = len(browser.desk.house.records.keys("accesses/"))
    kept = browser.ask(place)
    assert isinstance(kept, File)
    assert kept.body.startswith(b"%PDF")
    assert len(browser.desk.house.records.keys("accesses/")) == before + 1
    with pytest.raises(NoPageError):
        _browser(Person(name="guest", groups=())).ask(place)
    with pytest.raises(NoPageError):
        browser.ask(place.replace("C-1", "C-2"))
    browser.desk.house.keys.keys.clear()
    with pytest.raises(NoPageError):
        browser.ask(place)


def test_every_account_that_is_named_is_one_step_from_its_journal() -> None:
    browser = _browser()
    for place in ("positions", "trades"):
        assert any(link.startswith("accounts/") for link in browser.links(place)), place
    one = next(link for link in browser.links("trades") if link.startswith("trades/"))
    assert any(link.startswith("accounts/") for link in browser.links(one))


def test_an_entry_names_the_files_it_rests_on_and_the_records_that_name_it() -> None:
    browser = _browser()
    journal = browser.links("accounts/C-1?since=2026-10-01")
    pages = [browser.see(link) for link in journal if link.startswith("ledger/entries/")]
    assert any("movements.csv" in page for page in pages)
    assert any("Records that name it" in page for page in pages)


def test_a_trade_of_fix_shows_its_own_message_by_its_number() -> None:
    house = House()
    for name, body in FILES[FIRST].items():
        house.drop("local", FIRST, name, body)
    house.drop("local", FIRST, "trades-9.fix", file_bytes(ROWS))
    house.business_day(FIRST)
    browser = Browser(Desk(house))
    for number, row in enumerate(ROWS, start=1):
        named = f"trades?trade_id={row['trade_id']}"
        page = browser.see(next(link for link in browser.links(named) if "/F-" in link))
        wanted = dict(fields_of(row))
        shown = page[page.index("<pre") : page.index("</pre>")]
        assert any(str(value) == row["trade_id"] for value in wanted.values())
        assert f"={row['trade_id']}|" in shown, number


def test_an_entry_by_hand_leads_to_its_case_and_the_voucher_in_it() -> None:
    house = run(House(), FIRST)
    head = {"entry_id": "E-1", "effective_date": str(SECOND), "reason": "rent", "unit": "USD"}
    lines = (("Expenses:Rent", "50"), ("Assets:Cash:USD", "-50"))
    rows = [{**head, "account": account, "amount": amount} for account, amount in lines]
    house.drop("desk", SECOND, "entries-1.csv", table_bytes(rows))
    house.business_day(SECOND)
    desk = Desk(house)
    case = desk.case_id("MANUAL_ENTRY")
    maker, checker = Browser(desk, MAKER), Browser(desk, CHECKER)
    said = {"verb": "PROPOSE", "outcome": "RELEASE", "text": "the bill"}
    sent = {"attachment": Upload("bill.pdf", b"%PDF")}
    maker.ask(f"cases/{case}/acts", {"verb": "ATTACH"}, sent)
    maker.ask(f"cases/{case}/acts", said)
    checker.ask(f"cases/{case}/acts", {"verb": "APPROVE", "proposal": "2"})
    house.business_day(THIRD)
    desk.publish()
    (row,) = {row["entry_id"] for row in house.table("journal") if row["source"] == "E-1"}
    place = f"ledger/entries/{quote(row, safe='')}"
    assert f"cases/{case}" in checker.links(place)
    (voucher,) = [link for link in checker.links(f"cases/{case}") if "/attached/" in link]
    kept = checker.ask(voucher)
    assert isinstance(kept, File)
    assert kept.body == b"%PDF"
