"""Worked cancellations and amendments at every stage."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.messages import CancellationAnswer, Message
from tests.reference.office import Office
from tests.reference.samples import CLIENT, NETTING_STREET, SINGLE_STREET, US_SHARE, trade
from tests.reference.settling import settle_all

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from tests.reference.obligations import Obligation

PAYABLE = f"Liabilities:Payable:Street:{NETTING_STREET}"
KEY = f"{NETTING_STREET}/{US_SHARE}/USD"
A = trade("A", "BUY", "100", "10", commission="5")
B = trade("B", "BUY", "50", "10")
GONE = A | {"action": "CANCEL"}


def refuses(day: dt.date, obligations: Sequence[Obligation]) -> list[Message]:
    """Refuse every cancellation, and settle what is due."""
    return [
        CancellationAnswer(message.obligation_id, accepted=False)
        if isinstance(message, CancellationAnswer)
        else message
        for message in settle_all(day, obligations)
    ]


def test_a_cancel_before_the_cut_off_never_nets(tmp_path: Path) -> None:
    office = Office(tmp_path)
    report = office.day("2026-10-07", {"trades-1": [GONE], "trades-2": [A, B]})
    assert office.obligations() == {f"{KEY}/2026-10-08/RECEIVE/50/-500.00": "INSTRUCTED"}
    assert office.one("trades", trade_id="A")["status"] == "CANCELLED"
    assert office.one("trades", trade_id="A")["net"] == "1005.00"
    assert office.posted("A") == set()
    assert (report["trades"]["cancelled"], report["trades"]["cleared"]) == (1, 1)


def test_an_accepted_cancellation_instructs_the_rest_under_a_new_id(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.day("2026-10-07", {"trades": [A, B]})
    office.day("2026-10-08", {"trades": [GONE]})
    assert office.obligations() == {
        f"{KEY}/2026-10-08/RECEIVE/150/-1500.00": "CANCELLED",
        f"{KEY}/2026-10-09/RECEIVE/50/-500.00": "INSTRUCTED",
    }
    assert office.balance("Assets:Receivable:Client:C-1", "USD") == 0
    assert office.balance(PAYABLE, "USD") == -500
    turned = [row for row in office.table("journal", source="A") if row["reverses"]]
    assert {(row["effective_date"], row["recorded_on"]) for row in turned} == {
        ("2026-10-08", "2026-10-08")
    }
    office.day("2026-10-09")
    assert office.balance("Assets:Cash:USD", "USD") == -500
    assert office.statement() == {US_SHARE: Decimal(50)}


def test_a_rest_keeps_its_date_while_that_is_to_come(tmp_path: Path) -> None:
    office = Office(tmp_path)
    friday = {"trade_time": "2026-10-09T14:00:00Z"}
    office.day("2026-10-09", {"trades": [A | friday, B | friday]})
    office.day("2026-10-12", {"trades": [GONE | friday]})
    assert office.obligations() == {
        f"{KEY}/2026-10-13/RECEIVE/150/-1500.00": "CANCELLED",
        f"{KEY}/2026-10-13/RECEIVE/50/-500.00": "INSTRUCTED",
    }


def test_a_rest_of_nothing_is_no_obligation(tmp_path: Path) -> None:
    office = Office(tmp_path)
    row = A | {"counterparty": SINGLE_STREET}
    office.day("2026-10-07", {"trades": [row]})
    office.day("2026-10-08", {"trades": [row | {"action": "CANCEL"}]})
    assert [found["status"] for found in office.table("obligations")] == ["CANCELLED"]
    assert all(not Decimal(found["balance"]) for found in office.table("trial-balance"))


def test_an_unanswered_cancellation_leaves_the_old_obligation_instructed(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.day("2026-10-07", {"trades": [A, B]}, market="none")
    office.day("2026-10-08", {"trades": [GONE]}, market="none")
    assert office.obligations() == {f"{KEY}/2026-10-08/RECEIVE/150/-1500.00": "INSTRUCTED"}
    office.day("2026-10-09", market="none")
    assert set(office.obligations().values()) == {"FAILED"}
    office.day("2026-10-12")
    assert office.obligations() == {
        f"{KEY}/2026-10-08/RECEIVE/150/-1500.00": "CANCELLED",
        f"{KEY}/2026-10-13/RECEIVE/50/-500.00": "INSTRUCTED",
    }


def test_a_refused_cancellation_that_settles_leads_to_the_opposite(tmp_path: Path) -> None:
    office = Office(tmp_path)
    friday = {"trade_time": "2026-10-09T14:00:00Z"}
    office.day("2026-10-09", {"trades": [A | friday, B | friday]})
    office.day("2026-10-12", {"trades": [GONE | friday]}, market=refuses)
    office.day("2026-10-13", market=refuses)
    assert office.obligations() == {
        f"{KEY}/2026-10-13/RECEIVE/150/-1500.00": "SETTLED",
        f"{KEY}/2026-10-14/DELIVER/100/1000.00": "INSTRUCTED",
    }


def test_a_cancel_after_settlement_opens_the_opposite_on_the_same_accounts(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.day("2026-10-07", {"trades": [A, B]})
    office.day("2026-10-08")
    report = office.day("2026-10-09", {"trades": [GONE]})
    assert report["cases_open"] == 1
    assert office.obligations() == {
        f"{KEY}/2026-10-08/RECEIVE/150/-1500.00": "SETTLED",
        f"{KEY}/2026-10-13/DELIVER/100/1000.00": "INSTRUCTED",
    }
    assert office.balance(PAYABLE, "USD") == 1000  # paid for what is no longer bought
    assert office.balance(f"Liabilities:ClientCash:{CLIENT}", "USD") == 500  # B alone
    office.day("2026-10-12")
    office.day("2026-10-13")
    opposite = office.one("obligations", direction="DELIVER")["obligation_id"]
    assert office.posted(opposite) == {
        ("2026-10-13", PAYABLE, "USD", "-1000.00"),
        ("2026-10-13", "Assets:Cash:USD", "USD", "1000.00"),
        ("2026-10-13", "Securities:Depository", US_SHARE, "-100"),
        ("2026-10-13", f"Securities:Street:{NETTING_STREET}", US_SHARE, "100"),
    }
    assert office.balance(PAYABLE, "USD") == 0


def test_a_cancelled_sale_that_settled_is_bought_back_over_the_receivable(tmp_path: Path) -> None:
    office = Office(tmp_path)
    sale = trade("S", "SELL", "100", "10")
    office.day("2026-10-07", {"trades": [sale]})
    office.day("2026-10-08")
    office.day("2026-10-09", {"trades": [sale | {"action": "CANCEL"}]})
    assert f"{KEY}/2026-10-13/RECEIVE/100/-1000.00" in office.obligations()
    office.day("2026-10-12")
    office.day("2026-10-13")
    assert office.table("trial-balance") == []


def test_an_amendment_after_settlement_is_due_with_the_opposite(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.day("2026-10-07", {"trades": [B]})
    office.day("2026-10-08")
    office.day("2026-10-09", {"trades": [B | {"action": "AMEND", "price": "11"}]})
    assert office.obligations() == {
        f"{KEY}/2026-10-08/RECEIVE/50/-500.00": "SETTLED",
        f"{KEY}/2026-10-13/DELIVER/50/500.00": "INSTRUCTED",
        f"{KEY}/2026-10-13/RECEIVE/50/-550.00": "INSTRUCTED",
    }
    assert office.posted("B") >= {
        ("2026-10-09", PAYABLE, "USD", "-550.00"),
        ("2026-10-09", f"Liabilities:ClientCash:{CLIENT}", "USD", "-500.00"),
        ("2026-10-09", f"Liabilities:ClientCash:{CLIENT}", "USD", "550.00"),
    }
    assert office.one("lots")["cost"] == "550.00"
    office.day("2026-10-12")
    office.day("2026-10-13")
    assert office.statement() == {US_SHARE: Decimal(50)}
    assert office.balance("Assets:Cash:USD", "USD") == -550


def test_an_amendment_before_settlement_replaces_the_instruction(tmp_path: Path) -> None:
    office = Office(tmp_path)
    friday = {"trade_time": "2026-10-09T14:00:00Z"}
    office.day("2026-10-09", {"trades": [A | friday, B | friday]})
    amended = A | friday | {"action": "AMEND", "quantity": "80"}
    office.day("2026-10-12", {"trades": [amended]})
    assert office.obligations() == {
        f"{KEY}/2026-10-13/RECEIVE/150/-1500.00": "CANCELLED",
        f"{KEY}/2026-10-13/RECEIVE/80/-800.00": "INSTRUCTED",
        f"{KEY}/2026-10-13/RECEIVE/50/-500.00": "INSTRUCTED",
    }
    assert ("2026-10-12", PAYABLE, "USD", "-800.00") in office.posted("A")


def test_amendments_stand_by_version_and_those_without_one_first(tmp_path: Path) -> None:
    office = Office(tmp_path)
    amend = A | {"action": "AMEND"}
    files = {
        "trades-a": [
            amend | {"version": "3", "price": "13"},
            amend | {"version": "2", "price": "12"},
        ],
        "trades-b": [amend | {"price": "14"}],
        "trades-c": [A],
    }
    report = office.day("2026-10-07", files)
    assert office.one("trades")["price"] == "13"
    assert report["trades"]["captured"] == 4
    assert report["trades"]["cleared"] == 1
    office.day("2026-10-08", {"trades": [amend | {"version": "1", "price": "11"}]}, market="none")
    assert office.one("trades")["price"] == "11"  # a closed day's event stands before today's


def test_a_correction_of_a_flat_obligation_nets_it_anew(tmp_path: Path) -> None:
    office = Office(tmp_path)
    friday = {"trade_time": "2026-10-09T14:00:00Z"}
    sale = trade("S", "SELL", "50", "10", **friday)
    office.day("2026-10-09", {"trades": [B | friday, sale]})
    office.day("2026-10-12", {"trades": [sale | {"action": "CANCEL"}]})
    row = office.one("obligations")
    assert (row["direction"], row["quantity"], row["settlement_date"]) == (
        "RECEIVE",
        "50",
        "2026-10-13",
    )


def test_the_books_are_empty_once_everything_is_cancelled_and_settled_back(tmp_path: Path) -> None:
    office = Office(tmp_path)
    rows = [A, B, trade("S", "SELL", "70", "10.5", commission="3")]
    office.day("2026-10-07", {"trades": rows})
    office.day("2026-10-08")
    office.day("2026-10-09", {"trades": [row | {"action": "CANCEL"} for row in rows]})
    office.day("2026-10-12")
    office.day("2026-10-13")
    assert office.table("trial-balance") == office.table("lots") == []
