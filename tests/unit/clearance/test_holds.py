"""Every hold code, alone and together."""

from datetime import date

import polars as pl
import pytest

from tests.unit.clearance.builders import (
    E8,
    ISIN,
    LEI,
    Row,
    cut_off,
    register_row,
    snapshot,
    trades,
)


def holds(row: Row, **reference: list[Row]) -> str:
    """Return the hold codes of one trade."""
    codes: str = register_row(row, snapshot(**reference))["hold_codes"]
    return codes


def test_a_good_trade_is_cleared_and_held_by_nothing() -> None:
    row = register_row({})
    assert (row["status"], row["hold_codes"]) == ("CLEARED", "")


@pytest.mark.parametrize(
    ("trade", "reference", "codes"),
    [
        ({"account_id": "A2"}, {}, "UNKNOWN_ACCOUNT"),
        ({"isin": "US0000000000"}, {}, "UNKNOWN_INSTRUMENT"),
        ({"currency": "EUR"}, {}, "CURRENCY_MISMATCH"),
        ({}, {"accounts": [{"kyc_status": "PENDING"}]}, "KYC_NOT_APPROVED"),
        ({}, {"instruments": [{"status": "HALTED"}]}, "INSTRUMENT_NOT_ACTIVE"),
        ({}, {"instruments": [{"status": None}]}, ""),
        ({"side": "SHORT"}, {}, "SHORT_WITHOUT_LOCATE"),
        ({"side": "SHORT", "locate_id": "L1"}, {}, ""),
        ({}, {"restrictions": [{}]}, "RESTRICTED_LIST"),
        ({}, {"restrictions": [{"list": "WATCH"}]}, ""),
        ({"trade_date": date(2026, 4, 5)}, {}, "NOT_A_SESSION"),
        ({"trade_date": date(1987, 12, 31)}, {}, "NO_RULE"),
        ({"trade_date": date(1987, 12, 26)}, {}, "NOT_A_SESSION;NO_RULE"),
        ({"trade_date": date(1984, 12, 29)}, {}, "NO_RULE"),
        ({"trade_date": date(2036, 1, 5)}, {}, "NO_RULE"),
    ],
)
def test_each_code_holds_for_its_own_reason(
    trade: Row, reference: dict[str, list[Row]], codes: str
) -> None:
    assert holds(trade, **reference) == codes


def test_every_code_that_applies_is_listed_in_order() -> None:
    codes = holds(
        {"account_id": "A2", "side": "SHORT", "trade_date": date(2026, 4, 4), "currency": "EUR"},
        instruments=[{"status": "RESTRICTED"}],
    )
    assert codes == (
        "CURRENCY_MISMATCH;INSTRUMENT_NOT_ACTIVE;NOT_A_SESSION;SHORT_WITHOUT_LOCATE;UNKNOWN_ACCOUNT"
    )


@pytest.mark.parametrize(
    ("price_e8", "held"),
    [(60 * E8, False), (60 * E8 + 1, True), (40 * E8, False), (40 * E8 - 1, True)],
)
def test_a_price_is_out_of_band_beyond_twenty_per_cent_not_at_it(
    price_e8: int, *, held: bool
) -> None:
    assert (holds({"price_e8": price_e8}, prices=[{}]) == "PRICE_OUT_OF_BAND") == held


def test_the_band_is_around_the_latest_close_up_to_the_trade_date() -> None:
    prices: list[Row] = [
        {"date": date(2026, 4, 8), "close_e8": 5000 * E8},
        {"date": date(2026, 4, 7), "close_e8": 100 * E8},
        {"date": date(2026, 4, 6), "close_e8": 50 * E8},
    ]
    assert holds({"price_e8": 100 * E8}, prices=prices) == ""
    assert holds({"price_e8": 100 * E8, "trade_date": date(2026, 4, 6)}, prices=prices) == (
        "PRICE_OUT_OF_BAND"
    )
    assert holds({"price_e8": 100 * E8, "trade_date": date(2026, 4, 2)}, prices=prices) == ""


def test_a_close_of_another_share_or_none_says_nothing() -> None:
    assert holds({"price_e8": 999 * E8}, prices=[{"isin": "US0000000000"}]) == ""
    assert holds({"price_e8": 999 * E8}) == ""


def test_a_counterparty_is_unknown_only_once_a_file_of_them_came() -> None:
    other: Row = {"counterparty": "529900T8BM49AURSDO55"}
    assert holds(other) == ""
    assert holds(other, counterparties=[]) == "UNKNOWN_COUNTERPARTY"
    assert holds(other, counterparties=[{}]) == "UNKNOWN_COUNTERPARTY"
    assert holds({"counterparty": LEI}, counterparties=[{"lei": LEI}]) == ""


def test_a_trade_that_many_restrictions_are_about_is_held_once() -> None:
    entries: list[Row] = [{}, {"accounts": "CLIENT"}, {"side": "BUY"}, {"subject": LEI}]
    known = snapshot(instruments=[{"issuer_lei": LEI}], restrictions=entries)
    frame = trades(*({"trade_id": str(n), "isin": (ISIN, "X")[n % 2]} for n in range(6)))
    register = cut_off(frame, known).register
    assert register["trade_id"].to_list() == [str(n) for n in range(6)]
    assert register["hold_codes"].to_list() == ["RESTRICTED_LIST", "UNKNOWN_INSTRUMENT"] * 3


def test_consent_to_a_trade_on_the_restricted_list_lets_it_clear() -> None:
    frame = trades({"trade_id": "1"}, {"trade_id": "2"})
    waived = pl.Series("waived_codes", ["RESTRICTED_LIST", ""])
    register = cut_off(frame.with_columns(waived), snapshot(restrictions=[{}])).register
    assert register["status"].to_list() == ["CLEARED", "HELD"]


def test_an_imposed_code_holds_beside_those_found() -> None:
    frame = trades({"trade_id": "1"}, {"trade_id": "2", "account_id": "A2"}, {"trade_id": "3"})
    imposed = pl.Series("imposed_codes", ["SANCTIONS_HIT", "SANCTIONS_HIT;UNKNOWN_ACCOUNT", None])
    codes = cut_off(frame.with_columns(imposed)).register["hold_codes"].to_list()
    assert codes == ["SANCTIONS_HIT", "SANCTIONS_HIT;UNKNOWN_ACCOUNT", ""]


def test_a_waived_code_no_longer_holds() -> None:
    frame = trades({"trade_id": "1", "side": "SHORT", "currency": "EUR"}, {"trade_id": "2"})
    waived = pl.Series("waived_codes", ["SHORT_WITHOUT_LOCATE", ""])
    half = cut_off(frame.with_columns(waived)).register
    assert half["hold_codes"].to_list() == ["CURRENCY_MISMATCH", ""]
    waived = pl.Series("waived_codes", ["SHORT_WITHOUT_LOCATE;CURRENCY_MISMATCH", None])
    assert cut_off(frame.with_columns(waived)).register["status"].to_list() == ["CLEARED"] * 2


def test_what_leaves_a_trade_incomplete_cannot_be_waived() -> None:
    row: Row = {"isin": "US0000000000", "account_id": "A2", "trade_date": date(1987, 12, 31)}
    codes = "NO_RULE;UNKNOWN_ACCOUNT;UNKNOWN_INSTRUMENT"
    frame = trades(row).with_columns(waived_codes=pl.lit(codes))
    assert cut_off(frame).register["hold_codes"].item() == codes


def test_codes_stay_with_their_trades_in_the_order_given() -> None:
    frame = trades(*({"trade_id": str(n), "account_id": f"A{n % 3}"} for n in range(9)))
    codes = cut_off(frame).register["hold_codes"].to_list()
    assert codes == ["UNKNOWN_ACCOUNT", "", "UNKNOWN_ACCOUNT"] * 3
    assert frame["isin"].to_list() == [ISIN] * 9
