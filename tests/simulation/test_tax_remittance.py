"""Tax withheld of dividends is remitted by the month in which they were paid, four eyes."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

import tests.simulation.house as houses
from backoffice.clearance.act_rules import ActRefusedError
from tests.reference.samples import trade
from tests.simulation.house import House
from tests.simulation.remitting import remitting
from tests.simulation.test_cash_dividends import accounts_with, balance, dividend, opened, run
from tests.simulation.test_decisions import MAKER, act, decide

BOUGHT, EX, PAID = (date(2026, 10, day) for day in (26, 28, 30))
NOVEMBER: Final = date(2026, 11, 2)
NEXT, DUE, DECEMBER = date(2026, 11, 3), date(2026, 11, 16), date(2026, 12, 1)
PAYMENT: Final = "PAYMENT"


@pytest.fixture(autouse=True)
def _remits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rulebook = remitting(tmp_path, ("TAX-US",))
    monkeypatch.setattr(houses, "default_rulebook", lambda: rulebook)


def withheld() -> House:
    """Make a house at the end of October: one dividend is paid, another is paid in November."""
    paid = dividend(ex_date=str(EX), record_date=str(EX), pay_date=str(PAID), rate="1")
    later = dividend("DIV-2", ex_date=str(EX), record_date=str(EX), pay_date=str(DUE), rate="2")
    at = {"trade_time": f"{BOUGHT}T14:00:00Z"}
    bought = trade("T-1", "BUY", "100", "10", **at)
    house = run(opened(BOUGHT), BOUGHT, trades=[bought], actions=[paid, later])
    for day in (EX, PAID):
        run(house, day)
    return house


def requested(house: House) -> dict[str, tuple[str, str]]:
    return {row["payment_id"]: (row["amount"], row["status"]) for row in house.table("payments")}


def test_what_was_withheld_is_remitted_by_the_month_it_was_paid_in() -> None:
    house = withheld()
    assert balance(house, "Liabilities:Withholding:US") == Decimal("-45.00")
    run(house, NOVEMBER)
    assert requested(house) == {"REMIT/TAX-US/USD/2026-10": ("15.00", "REQUESTED")}
    [row] = house.table("payments")
    assert (row["beneficiary"], row["value_date"]) == ("Internal Revenue Service", "2026-11-15")
    act(house, PAYMENT, MAKER, "PROPOSE", outcome="RELEASE", text="why")
    with pytest.raises(ActRefusedError, match="four eyes"):
        act(house, PAYMENT, MAKER, "APPROVE")
    act(house, PAYMENT, MAKER, "WITHDRAW")
    decide(house, PAYMENT, "RELEASE")
    run(house, NEXT)
    assert balance(house, "Liabilities:Withholding:US") == Decimal("-30.00")
    run(house, DUE)
    assert "Liabilities:Payments:InTransit" not in accounts_with(house, "InTransit")
    run(house, DECEMBER)
    assert requested(house)["REMIT/TAX-US/USD/2026-11"] == ("30.00", "REQUESTED")
    decide(house, PAYMENT, "RELEASE", open_subject(house))
    run(house, date(2026, 12, 2))
    assert accounts_with(house, "Withholding") == {}
    run(house, date(2026, 12, 15))
    assert accounts_with(house, "Withholding", "InTransit") == {}
    assert {status for _, status in requested(house).values()} == {"PAID"}
    assert house.report(date(2026, 12, 15))["journal"]["balanced"]


def open_subject(house: House) -> str:
    """Give the subject of the remittance that waits."""
    rows = [r for r in house.table("cases") if (r["code"], r["status"]) == (PAYMENT, "OPEN")]
    [found] = [str(row["subject"]) for row in rows]
    return found


def test_a_dividend_taken_back_before_it_was_paid_is_not_remitted() -> None:
    house = withheld()
    gone = dividend("DIV-2", action="CANCEL", ex_date=str(EX), record_date=str(EX),
                    pay_date=str(DUE))  # fmt: skip
    run(house, NOVEMBER, actions=[gone])
    assert requested(house) == {"REMIT/TAX-US/USD/2026-10": ("15.00", "REQUESTED")}
    assert balance(house, "Liabilities:Withholding:US") == Decimal("-15.00")
    decide(house, PAYMENT, "RELEASE", open_subject(house))
    run(house, NEXT)
    assert accounts_with(house, "Withholding") == {}


def test_without_an_account_nothing_is_remitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rulebook = remitting(tmp_path / "none", ())
    monkeypatch.setattr(houses, "default_rulebook", lambda: rulebook)
    house = run(withheld(), NOVEMBER)
    assert requested(house) == {}
    assert balance(house, "Liabilities:Withholding:US") == Decimal("-45.00")
