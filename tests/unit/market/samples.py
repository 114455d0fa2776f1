"""Obligations, parties and schemas the message tests share."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from backoffice.formats.iso20022.instruction_reader import (
    Cancellation,
    Instruction,
    InstructionReader,
    Unreadable,
)
from backoffice.formats.iso20022.parties import Depository, Parties, Party

SCHEMAS = Path(__file__).resolve().parents[4] / "shared" / "data" / "iso20022"
US = Party("54930084UKLVMY22DS16", bic="BAKSISREXXX")
THEM = Party("5493001KJTIIGC8Y1R12", account="C-12 & <sons>")
DEPOSITORY = Depository("DTCYUS33XXX", "OUR-ACCOUNT-1")
PARTIES = Parties(US, THEM, DEPOSITORY)
SHARE = 10**8

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"


def obligation(**changes: object) -> dict[str, Any]:
    """Return a row of the OBLIGATION frame: we receive 100 shares and pay 9,500.25."""
    return {
        "obligation_id": "OB20260105-0123456789AB",
        "counterparty": THEM.lei,
        "isin": "US0378331005",
        "currency": "USD",
        "settlement_date": date(2026, 1, 6),
        "direction": "RECEIVE",
        "quantity_e8": 100 * SHARE,
        "buy_gross_minor": 1_000_025,
        "sell_gross_minor": 50_000,
        "trade_key": None,
        "opened_on": date(2026, 1, 5),
        **changes,
    }


def read_instruction(data: bytes) -> Instruction | Unreadable:
    """Read a file that holds one instruction."""
    (read,) = InstructionReader().read_instructions(data)
    return read


def read_cancellation(data: bytes) -> Cancellation | Unreadable:
    """Read a file that holds one request to cancel."""
    (read,) = InstructionReader().read_cancellations(data)
    return read


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMAS / f"{name}.xsd")))


def assert_valid(document: bytes, name: str) -> None:
    """Validate a Document against the published schema; skip where it is not there."""
    if not (SCHEMAS / f"{name}.xsd").exists():
        pytest.skip("the published schemas (../shared/data/iso20022) are not there")
    _schema(name).assertValid(etree.fromstring(document))
