"""What is above a market's largest instruction goes out in parts that add up exactly."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.kernel.rulebook import Rulebook, default_rulebook
from backoffice.settlement.frames import STATUS_SCHEMA
from backoffice.settlement.shaping import (
    MOST_PARTS,
    addressed,
    instructions,
    obligations_of,
    shape,
)
from tests.unit.settlement.builders import E8, MONDAY, Row, obligations, statuses

BIG: Row = {"quantity_e8": 250 * E8, "buy_gross_minor": 1_000, "instructed_on": MONDAY}


def _rulebook(folder: Path, **largest: str) -> Rulebook:
    rules = [
        f'[[largest_instruction_{name}]]\nvalue = "{value}"\nvalid_from = 2020-01-01\n'
        'source = "the test"\n'
        for name, value in largest.items()
    ]
    (folder / "rules.toml").write_text("\n".join(rules), encoding="utf-8")
    return Rulebook.load(folder)


@pytest.fixture
def lots(tmp_path: Path) -> Rulebook:
    return _rulebook(tmp_path, **{"quantity.XNYS": "100"})


def test_the_rulebook_that_travels_has_no_maximum_so_nothing_is_in_parts() -> None:
    standing = obligations(BIG)
    parts = shape(standing, default_rulebook())
    assert parts.height == 0
    assert instructions(standing, parts) is standing
    messages = statuses({})
    assert addressed(messages, parts) is messages


def test_parts_are_as_large_as_may_be_and_the_last_is_the_rest(lots: Rulebook) -> None:
    parts = shape(obligations(BIG, {"obligation_id": "OB2", "instructed_on": MONDAY}), lots)
    assert parts.rows() == [
        ("OB1", "OB1.1", 100 * E8, -400),
        ("OB1", "OB1.2", 100 * E8, -400),
        ("OB1", "OB1.3", 50 * E8, -200),
    ]


def test_money_above_its_maximum_is_split_with_whole_shares(tmp_path: Path) -> None:
    rulebook = _rulebook(tmp_path, **{"money.USD": "4.00"})
    parts = shape(obligations(BIG), rulebook)
    assert parts["money_minor"].to_list() == [-396, -396, -208]
    assert parts["quantity_e8"].to_list() == [99 * E8, 99 * E8, 52 * E8]


def test_money_alone_is_split_too(tmp_path: Path) -> None:
    rulebook = _rulebook(tmp_path, **{"money.USD": "4.00"})
    cash = {"direction": "CASH", "quantity_e8": 0, "instructed_on": MONDAY}
    parts = shape(obligations({**cash, "buy_gross_minor": 1_000}), rulebook)
    assert parts.select("quantity_e8", "money_minor").rows() == [(0, -400), (0, -400), (0, -200)]


def test_of_several_venues_the_smallest_maximum_counts(tmp_path: Path) -> None:
    rulebook = _rulebook(tmp_path, **{"quantity.XNYS": "100", "quantity.XNAS": "60"})
    both = obligations(BIG).with_columns(
        venues=pl.Series([[{"venue": "XNAS", "trades": 1}, {"venue": "XNYS", "trades": 1}]])
    )
    assert shape(both, rulebook).height == 5


def test_what_has_more_parts_than_ids_have_room_for_stays_whole(tmp_path: Path) -> None:
    rulebook = _rulebook(tmp_path, **{"quantity.XNYS": "1"})
    many = {**BIG, "quantity_e8": (MOST_PARTS + 1) * E8}
    assert shape(obligations(many), rulebook).height == 0
    assert shape(obligations({**many, "quantity_e8": MOST_PARTS * E8}), rulebook).height == 9_999


def test_a_maximum_counts_from_its_day(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(
        "[[largest_instruction_quantity.XNYS]]\nvalue = 100\n"
        'valid_from = 2026-04-07\nsource = "t"\n'
    )
    assert shape(obligations(BIG), Rulebook.load(tmp_path)).height == 0


@given(
    quantity=st.integers(-(10**15), 10**15),
    bought=st.integers(0, 10**15),
    sold=st.integers(0, 10**15),
    lot=st.integers(1, 10**7),
    most=st.integers(2, 10**13),
)
def test_parts_add_up_and_none_is_above_a_maximum(
    tmp_path_factory: pytest.TempPathFactory,
    quantity: int,
    bought: int,
    sold: int,
    lot: int,
    most: int,
) -> None:
    money = f"{most // 100}.{most % 100:02d}"
    rulebook = _rulebook(
        tmp_path_factory.mktemp("rules"), **{"quantity.XNYS": str(lot), "money.USD": money}
    )
    one = {**BIG, "quantity_e8": quantity, "buy_gross_minor": bought, "sell_gross_minor": sold}
    parts = shape(obligations(one), rulebook)
    if not parts.height:
        return
    shares, amounts = parts["quantity_e8"].to_list(), parts["money_minor"].to_list()
    assert (sum(shares), sum(amounts)) == (quantity, sold - bought)
    assert all(abs(each) <= lot * E8 for each in shares)
    assert all(abs(each) <= most for each in amounts)
    assert all((each > 0) == (quantity > 0) for each in shares if quantity)


def test_instructions_stand_in_place_of_their_obligation(lots: Rulebook) -> None:
    other = {"obligation_id": "OB2", "instructed_on": MONDAY}
    standing = obligations(BIG, other)
    parts = shape(standing, lots)
    sent = instructions(standing, parts)
    assert sent["obligation_id"].to_list() == ["OB2", "OB1.1", "OB1.2", "OB1.3"]
    money = sent["sell_gross_minor"] - sent["buy_gross_minor"]
    assert money.to_list() == [-1_000, -400, -400, -200]
    assert sent.schema == standing.schema
    assert obligations_of(["OB1.2", "OB2", "OB1.1"], parts) == ("OB1", "OB2")


def test_a_message_about_a_part_is_about_its_obligation(lots: Rulebook) -> None:
    parts = shape(obligations(BIG), lots)
    messages = statuses({"obligation_id": "OB1.2"}, {"obligation_id": "OB1.9"}, {})
    found = addressed(messages, parts)
    assert found["obligation_id"].to_list() == ["OB1", "OB1.9", "OB1"]
    assert list(found.schema) == list(STATUS_SCHEMA)
