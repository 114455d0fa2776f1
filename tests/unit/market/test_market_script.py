"""The script that tells the market what to do."""

from datetime import date
from pathlib import Path

import pytest

from backoffice.kernel.errors import BadFileError
from cli.market.rules import Rule
from cli.market.script import SETTLE_ALL, SILENT, Script
from cli.market.script_file import load_script, parse_script


def test_two_scripts_have_names() -> None:
    assert load_script("settle-all") is SETTLE_ALL
    assert load_script("none") is SILENT
    assert SILENT.is_silent
    assert not SETTLE_ALL.is_silent


def test_an_empty_script_settles_everything(tmp_path: Path) -> None:
    file = tmp_path / "market.toml"
    file.write_text("", encoding="utf-8")
    assert load_script(str(file)) == SETTLE_ALL


def test_every_key_of_an_answer_is_read() -> None:
    text = """
    default = "none"
    [[answer]]
    do = "partial"
    obligation = "OB-1"
    isin = "US0378331005"
    counterparty = "X"
    direction = "DELIVER"
    on = [2026-01-06, 2026-01-07]
    quantity = "0.5"
    money = "-12.50"
    reason = "LACK"
    duplicate = true
    [[answer]]
    do = "settle"
    on = 2026-01-08
    money = 7
    """
    days = frozenset({date(2026, 1, 6), date(2026, 1, 7)})
    first = Rule(
        do="partial",
        obligation="OB-1",
        isin="US0378331005",
        counterparty="X",
        direction="DELIVER",
        on=days,
        quantity_e8=5 * 10**7,
        money="-12.50",
        reason="LACK",
        duplicate=True,
    )
    second = Rule(do="settle", on=frozenset({date(2026, 1, 8)}), money="7")
    assert parse_script(text) == Script("none", (first, second))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("default = ", "no TOML"),
        ('default = "maybe"', "not settle or none"),
        ("speed = 5", "more than a default"),
        ('answer = "x"', "more than a default"),
        ("answer = [1]", "is no table"),
        ("[[answer]]", "needs a do"),
        ('[[answer]]\ndo = "explode"', "not one of"),
        ('[[answer]]\ndo = "partial"', "only partial"),
        ('[[answer]]\ndo = "settle"\nquantity = 5', "only partial"),
        ('[[answer]]\ndo = "settle"\ncolour = "red"', "no such key"),
        ('[[answer]]\ndo = "settle"\nisin = ""', "no text"),
        ('[[answer]]\ndo = "settle"\nisin = 5', "no text"),
        ('[[answer]]\ndo = "settle"\non = "2026-01-06"', "no date"),
        ('[[answer]]\ndo = "settle"\non = []', "no date"),
        ('[[answer]]\ndo = "settle"\non = 2026-01-06T10:00:00Z', "no date"),
        ('[[answer]]\ndo = "settle"\nmoney = 0.1', "neither text nor an integer"),
        ('[[answer]]\ndo = "settle"\nmoney = true', "neither text nor an integer"),
        ('[[answer]]\ndo = "settle"\nmoney = "1e5"', "no plain decimal"),
        (f'[[answer]]\ndo = "settle"\nmoney = "{"9" * 41}"', "too long"),
        (f'[[answer]]\ndo = "settle"\nmoney = "{"9" * 30}"', "10"),
        ('[[answer]]\ndo = "partial"\nquantity = 0', "more than nothing"),
        ('[[answer]]\ndo = "partial"\nquantity = "-5"', "more than nothing"),
        ('[[answer]]\ndo = "partial"\nquantity = "0.000000001"', "decimals"),
        ('[[answer]]\ndo = "settle"\nduplicate = 1', "neither true nor false"),
    ],
)
def test_a_script_that_makes_no_sense_is_refused_with_one_sentence(text: str, says: str) -> None:
    with pytest.raises(BadFileError, match=says):
        parse_script(text)


def test_a_script_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    for name in (tmp_path / "absent.toml", tmp_path, binary):
        with pytest.raises(BadFileError, match="cannot be read"):
            load_script(str(name))
