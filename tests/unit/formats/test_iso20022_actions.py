"""seev.031 as rows of an actions file; the samples are held against the published schema."""

from pathlib import Path
from typing import Any, Final

import pytest
from lxml import etree

from backoffice.formats.iso20022.statement_reader import read_statement
from tests.reference.samples import US_SHARE, isin
from tests.samples.seev031 import dividend, notice, option, price, shares

SCHEMA: Final = Path("/work/shared/data/iso20022/seev.031.001.14.xsd")
OTHER: Final = isin("US", 77)
_DATES: Final = {"ex_date": "2026-10-07", "record_date": "2026-10-07", "pay_date": "2026-10-09"}

NOTICES: Final[dict[str, tuple[bytes, dict[str, str]]]] = {
    "a dividend": (
        notice("E-1", "DVCA", US_SHARE, option("001", "CASH", dividend("0.25"))),
        {"event": "CASH_DIVIDEND", "rate": "0.25", "currency": "USD", "action": "NEW"},
    ),
    "a split with cash in lieu": (
        notice("E-1", "SPLF", US_SHARE, option("001", "SECU", shares(US_SHARE, "3:2", lieu="8"))),
        {"event": "SPLIT", "ratio_new": "3", "ratio_old": "2", "lieu_price": "8"},
    ),
    "a merger": (
        notice(
            "E-1", "MRGR", US_SHARE, option("001", "CASE", shares(OTHER, "1:2"), price("4.5")),
            kind="REPL",
        ),
        {"event": "MERGER", "action": "AMEND", "new_isin": OTHER, "rate": "4.5"},
    ),
    "a tender": (
        notice(
            "E-1", "TEND", US_SHARE,
            option("001", "CASH", price("11"), default="false", until="2026-10-08"),
            option("002", "NOAC"),
            mandatory="VOLU",
        ),
        {"event": "TENDER", "default_option": "KEEP", "election_deadline": "2026-10-08"},
    ),
    "a dividend to choose": (
        notice(
            "E-1", "DVOP", US_SHARE,
            option("001", "CASH", dividend("1"), until="2026-10-08"),
            option("002", "SECU", shares(US_SHARE, "1:10"), default="false", until="2026-10-08"),
            mandatory="CHOS",
        ),
        {"event": "DIVIDEND_OPTION", "default_option": "CASH", "rate": "1", "ratio_new": "1"},
    ),
}  # fmt: skip


def rows(data: bytes) -> list[dict[str, Any]]:
    return read_statement("actions", data).rows["actions"].to_dicts()


@pytest.mark.parametrize("name", NOTICES)
def test_a_notification_is_a_row(name: str) -> None:
    data, said = NOTICES[name]
    [row] = rows(data)
    assert (row["action_id"], row["isin"], row["row"]) == ("E-1", US_SHARE, 1)
    expected = _DATES | said
    assert {key: row[key] for key in expected} == expected


@pytest.mark.parametrize("name", NOTICES)
def test_the_samples_are_what_the_schema_says(name: str) -> None:
    if not SCHEMA.exists():
        pytest.skip("the published schemas are not on this machine")
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    schema.assertValid(etree.fromstring(NOTICES[name][0]))


def test_a_reminder_is_no_row_and_what_is_no_such_event_is_rejected() -> None:
    reminder = notice("E-1", "DVCA", US_SHARE, option("001", "CASH", dividend("1")), kind="RMDR")
    assert rows(reminder) == []
    read = read_statement("actions", notice("E-1", "XMET", US_SHARE))
    assert read.rejects["field"].to_list() == ["CorpActnGnlInf/EvtTp/Cd"]


def test_what_was_said_before_is_not_said_of_the_next() -> None:
    both = b"<Messages>" + NOTICES["a merger"][0].partition(b"?>")[2]
    both += notice("E-2", "CHAN", US_SHARE).partition(b"?>")[2] + b"</Messages>"
    first, second = rows(both)
    assert (first["rate"], second["rate"], second["new_isin"]) == ("4.5", None, None)
