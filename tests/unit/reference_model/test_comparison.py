"""What counts as a difference between two sets of exports, and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reference.comparison import TABLES, compare, same_obligations
from tests.reference.office import Office
from tests.reference.samples import trade

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reference.tables import Rows


@pytest.fixture(name="office")
def _office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    first, second = trade("A", "BUY", "100", "10", commission="1"), trade("B", "BUY", "7", "10")
    office.day("2026-10-07", {"trades": [first, second, first | {"side": "?"}]})
    office.day("2026-10-08", {"trades": [first | {"action": "CANCEL"}]})
    office.day("2026-10-09")
    return office


def exports(office: Office) -> dict[str, Rows]:
    return {what: [dict(row) for row in office.model.export(what)] for what in TABLES}


def test_a_model_agrees_with_itself(office: Office) -> None:
    shown = {what for what, rows in exports(office).items() if rows}
    assert shown >= set(TABLES) - {"allocations", "breaks", "fails", "fail-history"}
    assert compare(office.model, exports(office)) == []


def test_ids_kinds_messages_order_and_child_accounts_are_free(office: Office) -> None:
    theirs = exports(office)
    for row in theirs["journal"]:
        row["entry_id"] = "x" + row["entry_id"]
        row["reverses"] = row["reverses"] and "x" + row["reverses"]
        row["kind"] = row["kind"].lower()
        row["source"] = row["source"].replace("O0", "obligation-")
    for row in theirs["obligations"]:
        row["obligation_id"] = row["obligation_id"].replace("O0", "obligation-")
    for what in ("journal", "trial-balance", "stock-record"):
        for row in theirs[what]:
            row["account"] = row["account"].replace("Depository", "Depository:DE-1")
    theirs["rejects"][0]["message"] = "another sentence"
    theirs["trades"].reverse()
    assert compare(office.model, theirs) == []


@pytest.mark.parametrize(
    ("what", "name", "value"),
    [
        ("trades", "net", "1.01"),
        ("rejects", "code", "BAD_ISIN"),
        ("obligations", "status", "FAILED"),
        ("positions", "realised_pnl", "0.01"),
        ("lots", "opened_on", "2026-10-08"),
        ("journal", "effective_date", "2026-10-01"),
        ("trial-balance", "balance", "0.01"),
        ("stock-record", "quantity", "1"),
    ],
)
def test_a_wrong_value_is_named_on_both_sides(
    office: Office, what: str, name: str, value: str
) -> None:
    theirs = exports(office)
    theirs[what][0][name] = value
    found = compare(office.model, theirs)
    assert any(line.startswith(f"{what} lacks") for line in found)
    assert any(line.startswith(f"{what} has extra") for line in found)


@pytest.mark.parametrize(
    ("what", "name", "value"),
    [
        ("trades", "gross", "1000.0"),
        ("trades", "quantity", "100.00"),
        ("obligations", "money", "-070.00"),
        ("lots", "quantity", "7E+0"),
        ("positions", "realised_pnl", "-0.00"),
        ("journal", "amount", "+70.00"),
    ],
)
def test_a_number_written_otherwise_is_named(
    office: Office, what: str, name: str, value: str
) -> None:
    theirs = exports(office)
    theirs[what][0][name] = value
    assert f"{what} writes {name} as {value!r}" in compare(office.model, theirs)


def test_missing_or_moved_columns_are_named(office: Office) -> None:
    theirs = exports(office)
    theirs["lots"] = [dict(reversed(row.items())) for row in theirs["lots"]]
    assert any("has columns" in line for line in compare(office.model, theirs))


def test_the_products_obligation_ids_can_be_answered_to(office: Office) -> None:
    theirs = [
        row | {"obligation_id": f"P{n}"} for n, row in enumerate(exports(office)["obligations"])
    ]
    pairs = same_obligations(office.model, theirs)
    assert sorted(pairs) == ["P0", "P1"]
    assert sorted(pairs.values()) == sorted(
        row["obligation_id"] for row in office.table("obligations")
    )
