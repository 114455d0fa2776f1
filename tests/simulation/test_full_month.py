"""Clients' documents of a month in which everything moves money, as they are printed."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from backoffice.accounting.kinds import CASH_KINDS
from backoffice.formats.printing.languages import LANGUAGES
from backoffice.formats.printing.pdf import to_pdf
from backoffice.formats.printing.sheet import Table
from backoffice.formats.printing.wording import sheet_of
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.client_documents.editions import AskedDocuments
from backoffice.records.client_documents.gather import Slice, contents_of_slice, plan_documents
from tests.simulation.full_month import (
    AFTER,
    BUSY,
    CLIENTS,
    LAST,
    LONG_NAME,
    MIDDLE,
    OPENED,
    US_NAME,
    full_month,
)
from tests.simulation.house import House
from tests.unit.formats.printed import collisions, pieces, texts, width

MARGIN = 20 / 25.4 * 72
ASKED = {
    "October": AskedDocuments(month=f"{LAST:%Y-%m}"),
    "November": AskedDocuments(month=f"{AFTER:%Y-%m}"),
    "the year": AskedDocuments(year=LAST.year),
    "the first day": AskedDocuments(date=OPENED),
    "a day that takes back": AskedDocuments(date=MIDDLE),
    "a busy day": AskedDocuments(date=BUSY),
}
Contents = dict[str, Any]


@pytest.fixture(scope="module")
def house() -> House:
    return full_month()


def _contents(house: House, name: str) -> Iterator[Contents]:
    for key in plan_documents(house.records, house.work, ASKED[name]).slices:
        one = Slice.model_validate_json(house.work.read_bytes(key))
        for contents in contents_of_slice(house.records, one, default_rulebook()):
            if contents["account"]["account_id"] in CLIENTS:
                account = contents["account"]
                (name,) = house.seals().opened(pl.Series([account["name"]]))
                yield json.loads(json.dumps({**contents, "account": {**account, "name": name}}))


def _cash(house: House, name: str, client: str = "C-EN") -> list[dict[str, Any]]:
    (contents,) = (c for c in _contents(house, name) if c["account"]["account_id"] == client)
    return [b for b in contents["blocks"] if b["block"] == "table" and b["name"] == "cash"]


def _said(house: House, name: str, client: str = "C-EN") -> list[str]:
    """Return what lines of cash say."""
    (contents,) = (c for c in _contents(house, name) if c["account"]["account_id"] == client)
    tables = [block for block in sheet_of(contents).blocks if isinstance(block, Table)]
    cash = [t for t in tables if t.caption in {"Movements of cash", "Peningahreyfingar"}]
    return [row[2].replace("\N{NO-BREAK SPACE}", " ") for table in cash for row in table.rows]


def test_every_kind_that_may_move_a_clients_money_did(house: House) -> None:
    rows = house.table("journal")
    told = {r["kind"] for r in rows if r["account"].startswith("Liabilities:ClientCash:")}
    assert told == CASH_KINDS


def test_lines_of_cash_say_what_they_are(house: House) -> None:
    said = _said(house, "October")
    assert [text for text in said if "of kind" in text] == []
    assert {
        "Exchanged: USD 25,000.00 for ISK 3,487,500 (FX-C-EN)",
        "Dividend: 12.5 Security DE0000000033, EUR 10.00 less EUR 2.64 tax withheld (DIV-EUR)",
        "Interest for October 2026",
        "Adjustment (E-C-EN)",
        "Taken back (E-C-EN)",
        "Payment out (P-C-EN)",
    } <= set(said)
    dividends = [text for text in said if "(DIV-1)" in text]
    assert [text.partition(":")[0] for text in dividends] == ["Dividend", "Dividend, corrected"]
    assert "Interest for October 2026, adjusted" in _said(house, "November")
    assert "Vextir, október 2026, leiðrétting" in _said(house, "November", "C-1")


def test_a_trade_that_is_cancelled_or_amended_once_settled_is_named_as_it_stood(
    house: House,
) -> None:
    october, november = _said(house, "October"), _said(house, "November")
    cancelled = f"5 {US_NAME} (B-5-C-EN)"
    assert [text for text in october if "(B-5-" in text] == [
        f"Bought {cancelled}",
        f"Taken back: {cancelled}",
    ]
    assert [text for text in october if "(K-2-" in text] == [f"Bought 2,000 {LONG_NAME} (K-2-C-EN)"]
    assert {
        f"Taken back: 1 {US_NAME} (S-1-C-EN)",
        f"Taken back: 2,000 {LONG_NAME} (K-2-C-EN)",
        f"Bought 1,500 {LONG_NAME} (K-2-C-EN)",
    } <= set(november)
    assert f"Bakfært: 2.000 {LONG_NAME} (K-2-C-1)" in _said(house, "November", "C-1")


@pytest.mark.parametrize("name", ["October", "November"])
def test_balances_are_those_of_the_books(house: House, name: str) -> None:
    day = LAST if name == "October" else AFTER
    books = {
        (row["account"].split(":")[2], row["unit"]): -Decimal(row["balance"])
        for row in house.table("trial-balance", day)
        if row["account"].startswith("Liabilities:ClientCash:")
    }
    for client in CLIENTS:
        for block in _cash(house, name, client):
            (total,) = block["totals"]
            assert Decimal(total[4]) == books[client, block["currency"]]


@pytest.mark.parametrize("name", ASKED)
def test_documents_are_whole_in_every_language(house: House, name: str) -> None:
    for contents in _contents(house, name):
        for language in LANGUAGES:
            pdf = to_pdf(sheet_of({**contents, "language": language}))
            right = width(pdf) - MARGIN
            assert all(p.left >= MARGIN - 1 and p.right <= right + 1 for p in pieces(pdf))
            assert collisions(pdf) == []
            assert not re.search(r"\{[a-z_]+\}|[A-Z]+_[A-Z]+", "".join(texts(pdf)))


@pytest.mark.parametrize("client", CLIENTS)
def test_no_row_is_cut_by_the_end_of_a_page(house: House, client: str) -> None:
    (contents,) = (c for c in _contents(house, "October") if c["account"]["account_id"] == client)
    pages = texts(to_pdf(sheet_of(contents)))
    assert len(pages) >= 3
    ids = {row[2][1][-1][2] for block in _cash(house, "October", client) for row in block["rows"]
           if row[2][0] in {"cash.BUY", "cash.SELL"}}  # fmt: skip
    for trade_id in ids:
        # what was bought, and the trade it was bought by, are on one page
        (page,) = (text for text in pages if f"({trade_id})" in re.sub(r"\s", "", text))
        assert page
    assert sum(len(re.findall(r"\((?:S|K)-", page)) for page in pages) == 65
    starts = r"Kaup:|Bakfært:" if client == "C-1" else "Bought|Taken back:"
    for page in pages:
        assert len(re.findall(starts, page)) == len(re.findall(r"\((?:B|K)-\d+-", page))
