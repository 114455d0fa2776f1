"""Every reject and hold code, and which comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reference.office import Office
from tests.reference.samples import (
    CLIENT,
    GERMAN_SHARE,
    HOUSE,
    NETTING_STREET,
    US_SHARE,
    account,
    counterparty,
    instrument,
    isin,
    lei,
    trade,
)

if TYPE_CHECKING:
    from pathlib import Path

A = trade("A", "BUY", "100", "10")
BAD_LEI = "5493008KLP92CC1Y8810"
BAD_ISIN = "US0378331004"


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"trade_id": ""}, "MISSING_FIELD", "trade_id"),
        ({"capacity": " ", "price": "x", "isin": BAD_ISIN}, "MISSING_FIELD", "capacity"),
        ({"trade_id": "a b"}, "BAD_FORMAT", "trade_id"),
        ({"trade_id": "x" * 53}, "BAD_FORMAT", "trade_id"),
        ({"account_id": "x" * 41}, "BAD_FORMAT", "account_id"),
        ({"action": "DELETE"}, "BAD_FORMAT", "action"),
        ({"action": "new"}, "BAD_FORMAT", "action"),
        ({"version": "1.5"}, "BAD_FORMAT", "version"),
        ({"side": "buy"}, "BAD_FORMAT", "side"),
        ({"quantity": "0"}, "BAD_FORMAT", "quantity"),
        ({"quantity": "-5"}, "BAD_FORMAT", "quantity"),
        ({"quantity": "1e3"}, "BAD_FORMAT", "quantity"),
        ({"quantity": "1,000"}, "BAD_FORMAT", "quantity"),
        ({"quantity": "NaN"}, "BAD_FORMAT", "quantity"),
        ({"quantity": "+5"}, "BAD_FORMAT", "quantity"),
        ({"quantity": "1.123456789"}, "BAD_FORMAT", "quantity"),
        ({"quantity": "1000000000000000000"}, "BAD_FORMAT", "quantity"),
        ({"price": "0.00"}, "BAD_FORMAT", "price"),
        ({"price": "\u0661"}, "BAD_FORMAT", "price"),
        ({"trade_time": "2026-10-07T14:00:00"}, "BAD_FORMAT", "trade_time"),
        ({"trade_time": "2026-13-07T14:00:00Z"}, "BAD_FORMAT", "trade_time"),
        ({"currency": "usd"}, "BAD_FORMAT", "currency"),
        ({"venue": "NYSE1"}, "BAD_FORMAT", "venue"),
        ({"counterparty": "SHORT"}, "BAD_FORMAT", "counterparty"),
        ({"commission": "1.005"}, "BAD_FORMAT", "commission"),
        ({"commission": "-1"}, "BAD_FORMAT", "commission"),
        ({"currency": "ISK", "accrued": "0.5"}, "BAD_FORMAT", "accrued"),
        ({"isin": "US037833100"}, "BAD_FORMAT", "isin"),
        ({"isin": BAD_ISIN, "counterparty": BAD_LEI}, "BAD_ISIN", "isin"),
        ({"counterparty": BAD_LEI, "currency": "ZZZ"}, "BAD_LEI", "counterparty"),
        ({"currency": "ZZZ", "venue": "XTKS", "commission": "1.00001"}, "BAD_CURRENCY", "currency"),
        ({"venue": "XTKS"}, "BAD_VENUE", "venue"),
        ({"isin": BAD_ISIN, "capacity": "BOTH", "side": "X"}, "BAD_FORMAT", "side"),
        ({"action": "CANCEL", "trade_id": "Z"}, "UNKNOWN_TRADE", "trade_id"),
        ({"action": "AMEND", "trade_id": "Z"}, "UNKNOWN_TRADE", "trade_id"),
        ({"action": "CANCEL", "trade_time": "2026-10-06T14:00:00Z"}, "UNKNOWN_TRADE", "trade_id"),
        ({"price": "11"}, "CONFLICTING_DUPLICATE", "trade_id"),
        ({"accrued": "0"}, "CONFLICTING_DUPLICATE", "trade_id"),
        ({"version": "1"}, "CONFLICTING_DUPLICATE", "trade_id"),
    ],
)
def test_a_bad_row_is_rejected_with_its_first_code_and_field(
    tmp_path: Path, more: dict[str, str], code: str, field: str
) -> None:
    office = Office(tmp_path)
    office.day("2026-10-07", {"trades": [A, A | more]})
    row = office.one("rejects")
    assert (row["row"], row["code"], row["field"], row["file"]) == ("2", code, field, "trades.csv")
    assert office.one("trades")["status"] == "CLEARED"


@pytest.mark.parametrize(
    "more",
    [
        {"quantity": "100.000000000", "price": "10.0"},
        {"commission": "0.000"},
        {"action": "NEW", "desk": "7"},
        {"trade_time": "2026-10-07T10:00:00.000-04:00"},
        {"trade_time": "2026-10-07t14:00:00z"},
    ],
)
def test_a_row_equal_by_value_is_a_duplicate(tmp_path: Path, more: dict[str, str]) -> None:
    office = Office(tmp_path)
    report = office.day("2026-10-07", {"trades": [A, A | more]})
    assert (report["trades"]["captured"], report["trades"]["duplicates"]) == (1, 1)
    assert office.day("2026-10-08", {"trades": [A | more]})["trades"]["duplicates"] == 1


def test_what_is_cancelled_takes_no_more_changes_but_an_equal_row_is_a_duplicate(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path)
    gone = A | {"action": "CANCEL"}
    office.day("2026-10-07", {"trades": [A, gone, gone, gone | {"price": "11"}]})
    assert [row["row"] for row in office.table("rejects")] == ["4"]
    rows = [A, gone, A | {"action": "AMEND"}, A | {"price": "12"}]
    report = office.day("2026-10-08", {"trades": rows})
    assert (report["trades"]["duplicates"], report["trades"]["rejected"]) == (2, 2)
    codes = [row["code"] for row in office.table("rejects", business_date="2026-10-08")]
    assert codes == ["UNKNOWN_TRADE", "CONFLICTING_DUPLICATE"]


def test_the_trade_date_is_local_to_the_venue(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.day("2026-10-07", {"trades": [A | {"trade_time": "2026-10-08T03:30:00Z"}]})
    assert office.one("trades")["trade_date"] == "2026-10-07"


def held(root: Path, files: dict[str, list[dict[str, str]]], **more: str) -> str:
    office = Office(root)
    office.day("2026-10-07", {**files, "trades": [A | more]})
    return office.one("trades")["hold_codes"]


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({}, ""),
        ({"account_id": "nobody"}, "UNKNOWN_ACCOUNT"),
        ({"isin": isin("US", 99)}, "UNKNOWN_INSTRUMENT"),
        ({"counterparty": lei(99)}, "UNKNOWN_COUNTERPARTY"),
        ({"currency": "EUR"}, "CURRENCY_MISMATCH"),
        ({"side": "SHORT"}, "SHORT_WITHOUT_LOCATE"),
        ({"side": "SHORT", "locate_id": "L"}, ""),
        ({"trade_time": "2026-10-03T14:00:00Z"}, "NOT_A_SESSION"),
        ({"venue": "XICE", "trade_time": "2014-10-03T14:00:00Z"}, "NO_RULE"),
        ({"venue": "XICE", "trade_time": "2014-10-04T14:00:00Z"}, "NOT_A_SESSION;NO_RULE"),
        ({"trade_time": "1984-10-03T14:00:00Z"}, "NO_RULE"),
        (
            {"account_id": "nobody", "isin": isin("US", 99), "side": "SHORT"},
            "SHORT_WITHOUT_LOCATE;UNKNOWN_ACCOUNT;UNKNOWN_INSTRUMENT",
        ),
    ],
)
def test_every_hold_that_applies_is_named_sorted(
    tmp_path: Path, more: dict[str, str], codes: str
) -> None:
    assert held(tmp_path, {}, **more) == codes


def test_no_counterparty_is_unknown_before_any_is_known(tmp_path: Path) -> None:
    assert held(tmp_path, {"counterparties": []}, counterparty=lei(99)) == ""


@pytest.mark.parametrize(
    ("price", "codes"),
    [("8", ""), ("12", ""), ("12.00000001", "PRICE_OUT_OF_BAND"), ("7.99", "PRICE_OUT_OF_BAND")],
)
def test_a_price_is_held_beyond_a_fifth_of_the_latest_close(
    tmp_path: Path, price: str, codes: str
) -> None:
    price_row = {"isin": US_SHARE, "currency": "USD"}
    prices = [
        price_row | {"date": "2026-10-08", "close": "100"},
        price_row | {"date": "2026-10-06", "close": "10"},
        price_row | {"date": "2026-10-05", "close": "50"},
    ]
    assert held(tmp_path, {"prices": prices}, price=price) == codes


@pytest.mark.parametrize(
    ("status", "kyc", "codes"),
    [
        ("HALTED", "EXPIRED", "INSTRUMENT_NOT_ACTIVE;KYC_NOT_APPROVED"),
        ("RESTRICTED", "APPROVED", "INSTRUMENT_NOT_ACTIVE"),
        ("", "REJECTED", "KYC_NOT_APPROVED"),
    ],
)
def test_parties_and_instruments_must_be_in_order(
    tmp_path: Path, status: str, kyc: str, codes: str
) -> None:
    files = {
        "instruments": [instrument(US_SHARE, "XNYS", "USD", status=status)],
        "accounts": [account(CLIENT, kyc_status=kyc)],
        "counterparties": [counterparty(NETTING_STREET)],
    }
    assert held(tmp_path, files) == codes


@pytest.mark.parametrize(
    ("entry", "more", "codes"),
    [
        ({}, {}, "RESTRICTED_LIST"),
        ({"subject": lei(9)}, {}, "RESTRICTED_LIST"),
        ({"subject": lei(8)}, {}, ""),
        ({"list": "WATCH"}, {}, ""),
        ({"accounts": "HOUSE"}, {}, ""),
        ({"accounts": "HOUSE"}, {"account_id": HOUSE}, "RESTRICTED_LIST"),
        ({"side": "BUY"}, {}, "RESTRICTED_LIST"),
        ({"side": "SELL"}, {}, ""),
        ({"side": "SELL"}, {"side": "SHORT", "locate_id": "L"}, "RESTRICTED_LIST"),
        ({"valid_from": "2026-10-08"}, {}, ""),
        ({"valid_to": "2026-10-06"}, {}, ""),
        ({"valid_from": "2026-10-07", "valid_to": "2026-10-07"}, {}, "RESTRICTED_LIST"),
        ({"accounts": "CLIENT"}, {"account_id": "nobody"}, "UNKNOWN_ACCOUNT"),
        ({}, {"account_id": "nobody"}, "RESTRICTED_LIST;UNKNOWN_ACCOUNT"),
        ({"subject": "X"}, {}, ""),
    ],
)
def test_the_restricted_list_holds_what_its_entries_are_about(
    tmp_path: Path, entry: dict[str, str], more: dict[str, str], codes: str
) -> None:
    row = {"subject": US_SHARE, "list": "RESTRICTED", "valid_from": "2026-01-02"}
    files = {
        "instruments": [instrument(US_SHARE, "XNYS", "USD", issuer_lei=lei(9))],
        "restrictions": [row | entry],
    }
    assert held(tmp_path, files, **more) == codes


@pytest.mark.parametrize(
    ("rate", "side", "commission", "codes"),
    [
        ("137.5", "BUY", "0", ""),  # 1,000.00 x 137.5 is the limit
        ("137.5", "BUY", "0.01", "CREDIT_LIMIT"),
        ("137.5", "SELL", "0", ""),
        ("137.6", "BUY", "0", "CREDIT_LIMIT"),
        ("", "BUY", "0", "NO_FX_RATE"),
        ("", "SELL", "0", ""),
    ],
)
def test_one_buys_net_may_not_pass_the_limit_in_the_accounts_currency(
    tmp_path: Path, rate: str, side: str, commission: str, codes: str
) -> None:
    row = {"currency": "USD", "base": "ISK"}
    fx = [
        row | {"date": "2026-10-08", "rate": "1"},  # of a day to come
        {"currency": "ISK", "base": "USD", "date": "2026-10-01", "rate": "0.1"},  # no inverse
    ]
    if rate:
        fx += [
            row | {"date": "2026-10-06", "rate": rate},
            row | {"date": "2026-10-01", "rate": "9"},
        ]
    files = {"fx": fx, "accounts": [account(CLIENT, currency="ISK", credit_limit="137500.00")]}
    assert held(tmp_path, files, side=side, commission=commission) == codes


def test_a_held_trade_shows_its_figures_and_is_in_no_book(tmp_path: Path) -> None:
    office = Office(tmp_path)
    report = office.day("2026-10-07", {"trades": [A | {"side": "SHORT"}]})
    row = office.one("trades")
    assert (row["status"], row["gross"], row["settlement_date"]) == (
        "HELD",
        "1000.00",
        "2026-10-08",
    )
    assert office.table("journal") == office.table("obligations") == office.table("lots") == []
    assert (report["trades"]["held"], report["cases_open"]) == (1, 1)


def test_a_trade_of_an_unknown_instrument_has_no_figures_yet(tmp_path: Path) -> None:
    office = Office(tmp_path)
    deal = A | {"isin": GERMAN_SHARE, "currency": "EUR", "venue": "XETR"}
    office.day(
        "2026-10-07", {"instruments": [instrument(US_SHARE, "XNYS", "USD")], "trades": [deal]}
    )
    assert office.one("trades")["gross"] == office.one("trades")["net"] == ""
    office.day("2026-10-08", {"instruments": [instrument(GERMAN_SHARE, "XETR", "EUR")]})
    assert (office.one("trades")["net"], office.one("trades")["status"]) == ("1000.00", "CLEARED")
