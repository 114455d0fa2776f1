"""Every view of a full month as a workbook says what its CSV says."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import pytest

from cli.column_types import DATES, FIGURES
from cli.commands.books import What
from cli.workbooks import workbook_of
from tests.simulation.full_month import full_month
from tests.simulation.house import House
from tests.unit.cli.sheets import cells

_TEXTS: Final = (
    "account account_id accounts action action_id actor affirmed_at after against agent "
    "alert_id allocation_id approved_by archive asset_class at base before beneficiary "
    "beneficiary_account beneficiary_agent block_trade_id borrow_id buy_currency by capacity "
    "case_id change class code corrects counterparty currency deal_id default_option "
    "direction document_id done_at due_at election_id entry_id event fail_id fee_code "
    "fee_currency field figures file first_entry from_at groups held hold_codes hold_id "
    "html_sha256 into isin key kind language last_entry leg lender lock_approved_by "
    "lock_case_id lock_proposed_by loss_id loss_partner made_late market match "
    "matching_reason matching_status message message_id missing new_isin nostro note "
    "obligation_id opening_id opening_partner option owner partner party pattern payment_id "
    "pdf_sha256 period phase place place_of_settlement proposed_by reading_id reason "
    "recipient record record_id reference replacement_id replacement_partner report_id "
    "request_id reverses role rule safekeeping_account says sell_currency sent_late "
    "settlement_reason settlement_status sha256 side source state status subject table term "
    "to_at told trade_id traded_at transaction_id unit venue why"
)
TEXTS: Final = frozenset(_TEXTS.split())
"""What is neither a figure nor a day: ids, codes, words."""


@pytest.fixture(scope="module")
def house() -> House:
    return full_month()


@pytest.mark.parametrize("what", What)
def test_a_workbook_has_every_cell_of_its_view(house: House, what: What) -> None:
    body = house.export(what)
    columns, *rows = csv.reader(io.StringIO(body.decode(), newline=""))
    assert set(columns) <= FIGURES | DATES | TEXTS, "say what a new column holds"
    found = cells(workbook_of(what, body, None, None))
    for down, row in enumerate(rows, 5):
        for at, (name, text) in enumerate(zip(columns, row, strict=True)):
            kind, stored = found.get(f"{_letters(at)}{down}", ("", None))
            if kind == "n" and name in DATES:
                stored = str(date(1899, 12, 30) + timedelta(days=int(str(stored))))
            elif kind == "n":
                assert name in FIGURES
                assert Decimal(str(stored)) == Decimal(text)
                continue
            assert (stored or "") == text, (name, text)


def _letters(at: int) -> str:
    return (chr(64 + at // 26) if at >= 26 else "") + chr(65 + at % 26)
