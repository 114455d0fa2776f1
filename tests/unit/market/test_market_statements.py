"""What the market sends beside its answers: files once more, statements of the end of a day."""

from datetime import date
from pathlib import Path

import pytest

from backoffice.kernel.errors import BadFileError
from tests.unit.market.stores import MONDAY, TUESDAY, WEDNESDAY, Platform

FOLDER = "drops/market/2026-01-06/"
OPENING = """
[[opening]]
isin = "US0378331005"
quantity = "1000"
[[opening]]
isin = "IS0000000297"
quantity = "5"
from = 2026-01-07
[[opening]]
currency = "USD"
amount = "20000.00"
[[opening]]
currency = "ISK"
amount = 7
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return tmp_path / "market.toml"


def _text(platform: Platform, name: str) -> str:
    return platform.body(FOLDER + name).decode()


def test_a_days_files_may_come_twice_and_in_half(platform: Platform, script: Path) -> None:
    script.write_text(
        '[[file]]\ndo = "again"\non = 2026-01-06\n[[file]]\ndo = "truncated"\non = 2026-01-06\n'
        '[[file]]\ndo = "again"\non = 2026-01-07\nof = 2026-01-06\n'
    )
    platform.instruct(MONDAY, "OB-1")
    keys = platform.run(TUESDAY, str(script))
    names = ["status-1.xml", "status-again-20260106-1.xml", "status-truncated-20260106-1.xml"]
    assert keys == [FOLDER + name for name in names]
    whole, again, half = (platform.body(key) for key in keys)
    assert (again, half) == (whole, whole[: len(whole) // 2])
    assert platform.run(TUESDAY, str(script)) == keys
    (key,) = platform.run(WEDNESDAY, str(script))
    assert key == "drops/market/2026-01-07/status-again-20260106-1.xml"
    assert platform.body(key) == whole


def test_the_last_part_is_in_the_first_file(platform: Platform, script: Path) -> None:
    script.write_text('[[answer]]\ndo = "out-of-order"\n')
    platform.instruct(MONDAY, "OB-1")
    first, second = platform.run(TUESDAY, str(script))
    assert (first, second) == (FOLDER + "status-1.xml", FOLDER + "status-2.xml")
    assert b"PARC" in platform.body(first)
    assert b"PAIN" in platform.body(second)
    assert platform.run(TUESDAY, str(script)) == [first, second]


def test_holdings_and_cash_are_the_opening_and_what_was_confirmed(
    platform: Platform, script: Path
) -> None:
    script.write_text(
        OPENING + '[[statement]]\nkind = "cash"\n[[statement]]\nkind = "holdings"\n'
        '[[answer]]\ndo = "wrong-quantity"\nobligation = "OB-2"\n'
    )
    platform.instruct(MONDAY, "OB-1", "OB-2")
    keys = platform.run(TUESDAY, str(script))
    assert keys == [FOLDER + name for name in ("status-1.xml", "holdings-1.csv", "cash-1.csv")]
    assert _text(platform, "holdings-1.csv") == "isin,quantity\nUS0378331005,1100\n"
    assert _text(platform, "cash-1.csv") == "currency,closing_balance\nISK,7\nUSD,10499.75\n"
    before = [platform.body(key) for key in keys]
    assert platform.run(TUESDAY, str(script)) == keys
    assert [platform.body(key) for key in keys] == before
    platform.run(WEDNESDAY, str(script))
    held = platform.body("drops/market/2026-01-07/holdings-1.csv").decode()
    assert held == "isin,quantity\nIS0000000297,5\nUS0378331005,1200\n"


def test_a_statement_is_sent_left_out_sent_twice_or_wrong(platform: Platform, script: Path) -> None:
    script.write_text(
        OPENING + '[[statement]]\nkind = "cash"\ndo = "omit"\non = 2026-01-05\n'
        '[[statement]]\nkind = "cash"\ndo = "wrong"\ncurrency = "USD"\noff = "-0.05"\n'
        'on = 2026-01-06\n[[statement]]\nkind = "cash"\ndo = "twice"\n'
    )
    assert platform.run(MONDAY, str(script)) == []
    assert platform.run(TUESDAY, str(script)) == [FOLDER + "cash-1.csv"]
    assert _text(platform, "cash-1.csv").endswith("USD,19999.95\n")
    once, again = platform.run(WEDNESDAY, str(script))
    assert again == "drops/market/2026-01-07/cash-1-again.csv"
    assert platform.body(once) == platform.body(again)


def test_a_late_statement_comes_under_its_own_day_and_says_what_stood_then(
    platform: Platform, script: Path
) -> None:
    script.write_text(
        OPENING + '[[statement]]\nkind = "holdings"\ndo = "late"\non = 2026-01-05\ndays = 2\n'
    )
    platform.instruct(MONDAY, "OB-1")
    assert platform.run(MONDAY, str(script)) == []
    assert platform.run(TUESDAY, str(script)) == [FOLDER + "status-1.xml"]
    keys = platform.run(WEDNESDAY, str(script))
    assert keys == ["drops/market/2026-01-05/holdings-1.csv"]
    assert platform.body(keys[0]) == b"isin,quantity\nUS0378331005,1000\n"
    assert platform.run(WEDNESDAY, str(script)) == keys
    assert platform.run(date(2026, 1, 8), str(script)) == []


def test_the_transactions_are_what_was_said_on_the_day(platform: Platform, script: Path) -> None:
    script.write_text(
        '[[statement]]\nkind = "transactions"\n[[answer]]\ndo = "fail"\nobligation = "OB-2"\n'
        '[[answer]]\ndo = "malformed"\nobligation = "OB-3"\n'
    )
    platform.instruct(MONDAY, "OB-1", "OB-2", "OB-3")
    status, transactions = platform.run(TUESDAY, str(script))
    assert [name for name, _ in platform.said(status)] == ["OB-1", "OB-2"]
    header, settled, pending = platform.body(transactions).decode().splitlines()
    assert header == (
        "our_reference,reference,isin,direction,quantity,amount,currency,status,settled_on"
    )
    terms = ["US0378331005", "RECEIVE", "100", "-9500.25", "USD"]
    assert settled.split(",")[2:] == [*terms, "SETTLED", "2026-01-06"]
    assert pending.split(",")[2:] == [*terms, "PENDING", ""]
    assert platform.run(TUESDAY, str(script)) == [status, transactions]


def test_more_than_there_is_cannot_be_stated(platform: Platform, script: Path) -> None:
    script.write_text('[[statement]]\nkind = "holdings"\n')
    platform.instruct(MONDAY, "OB-1", quantity_e8=-5 * 10**8, direction="DELIVER")
    with pytest.raises(BadFileError, match="holds -5 of US0378331005"):
        platform.run(TUESDAY, str(script))


def test_who_is_silent_may_send_statements_and_old_files(platform: Platform, script: Path) -> None:
    script.write_text(
        'default = "none"\n[[opening]]\ncurrency = "USD"\namount = 1\n'
        '[[statement]]\nkind = "cash"\n'
    )
    platform.instruct(MONDAY, "OB-1")
    assert platform.run(TUESDAY, str(script)) == [FOLDER + "cash-1.csv"]
