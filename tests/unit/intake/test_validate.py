"""Which rows are captured, as what, and which are rejected with which code and field."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from backoffice.intake.file_columns import SCHEMAS
from backoffice.intake.schemas import UNKNOWN
from backoffice.intake.validate import validate
from backoffice.reference.tables import SCHEMAS as TABLES
from tests.unit.intake.sample_rows import (
    GOOD,
    ISIN,
    LEI,
    WRONG_ISIN,
    WRONG_LEI,
    ZONES,
    captured,
    checked,
    fault,
    good,
    strings,
)

BAD = "BAD_FORMAT"


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_good_row_of_each_kind_is_captured(kind: str) -> None:
    assert fault(kind) is None


@pytest.mark.parametrize("kind", TABLES)
def test_reference_rows_have_the_types_of_their_table(kind: str) -> None:
    expected = {
        name: dtype
        for name, dtype in TABLES[kind].items()
        if name not in {"partner", "business_date", "file"}
    }
    assert dict(checked(kind).captured.schema) == expected


def test_a_trade_is_captured_in_scaled_integers() -> None:
    row = captured("trades", commission="1.25", accrued="0.5", version="3", order_id="O1")
    assert row == {
        "row": 1,
        "trade_id": "T1",
        "action": "NEW",
        "version": 3,
        "account_id": "ACC-1",
        "side": "BUY",
        "isin": "US0378331005",
        "quantity_e8": 1_000_000_000,
        "price_e8": 150_000_000,
        "currency": "USD",
        "traded_at": datetime(2026, 3, 2, 15, tzinfo=UTC),
        "trade_date": date(2026, 3, 2),
        "venue": "XNYS",
        "counterparty": LEI,
        "capacity": "AGENCY",
        "commission_minor": 125,
        "accrued_minor": 50,
        "order_id": "O1",
        "locate_id": None,
        "unknown": None,
    }


def test_the_trade_frame_has_its_types() -> None:
    schema = checked("trades").captured.schema
    assert schema["version"] == pl.Int64
    assert schema["traded_at"] == pl.Datetime("ns", "UTC")
    for name in ("quantity_e8", "price_e8", "commission_minor", "accrued_minor"):
        assert schema[name] == pl.Int128


def test_no_rows_are_checked_to_no_rows() -> None:
    for kind in SCHEMAS:
        found = validate(strings([GOOD[kind]]).clear(), kind, ZONES)
        assert (found.captured.height, found.rejects.height) == (0, 0)


@pytest.mark.parametrize(
    ("kind", "field", "default"),
    [
        ("trades", "action", "NEW"),
        ("trades", "commission_minor", 0),
        ("trades", "version", None),
        ("trades", "accrued_minor", None),
        ("instruments", "status", "ACTIVE"),
        ("instruments", "liquid", None),
        ("instruments", "lot_size_e8", None),
        ("accounts", "lot_method", "FIFO"),
        ("accounts", "credit_limit_minor", None),
        ("counterparties", "netting", "NET"),
    ],
)
def test_what_is_absent_means_its_default(kind: str, field: str, default: object) -> None:
    assert captured(kind)[field] == default
    name = field.removesuffix("_minor").removesuffix("_e8")
    assert captured(kind, **{name: " "})[field] == default


@pytest.mark.parametrize("kind", SCHEMAS)
def test_each_field_a_kind_needs_is_missed(kind: str) -> None:
    for column in SCHEMAS[kind]:
        if column.needed:
            assert fault(kind, **{column.name: ""}) == ("MISSING_FIELD", column.name)
            assert fault(kind, **{column.name: " \t"}) == ("MISSING_FIELD", column.name)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_each_field_of_a_shape_is_refused_in_another(kind: str) -> None:
    for column in SCHEMAS[kind]:
        if column.form.wrong(column.name) is not None:
            assert fault(kind, **{column.name: "no such thing!"}) == (BAD, column.name)


def test_the_first_missing_field_in_the_contracts_order_is_named() -> None:
    assert fault("trades", capacity="", isin="", price="x") == ("MISSING_FIELD", "isin")


def test_a_missing_field_comes_before_a_bad_one_and_that_before_wrong_digits() -> None:
    assert fault("trades", trade_id="?", capacity="") == ("MISSING_FIELD", "capacity")
    assert fault("trades", isin=WRONG_ISIN, capacity="agency") == (BAD, "capacity")
    wrong = {"isin": WRONG_ISIN, "counterparty": WRONG_LEI, "currency": "ZZZ", "venue": "XXXX"}
    for name, code in [
        ("isin", "BAD_ISIN"),
        ("counterparty", "BAD_LEI"),
        ("currency", "BAD_CURRENCY"),
        ("venue", "BAD_VENUE"),
    ]:
        assert fault("trades", **wrong) == (code, name)
        del wrong[name]


def test_of_two_fields_with_one_code_the_first_in_the_contracts_order_is_named() -> None:
    assert fault("fx", base="ZZZ", currency="YYY") == ("BAD_CURRENCY", "currency")
    assert fault("fx", base="ZZZ") == ("BAD_CURRENCY", "base")
    assert fault("instruments", issuer_lei=WRONG_LEI) == ("BAD_LEI", "issuer_lei")


def test_a_ragged_row_is_bad_whatever_else_it_lacks() -> None:
    rows = strings([good("trades"), good("trades", isin=None)]).with_columns(
        ragged=pl.lit(value=True)
    )
    found = validate(rows, "trades", ZONES)
    assert found.rejects.select("code", "field", "trade_id").rows() == [(BAD, "row", "T1")] * 2


@pytest.mark.parametrize(
    "text",
    ["0", "0.00", "-1", "+1", "1e3", ".5", "5.", "1,000", "NaN", "inf", "0x10", "1 000", "٣",
     "1.123456789", "1000000000000000000", "1.0.0", "--1", "1_000", "½"],
)  # fmt: skip
def test_a_quantity_that_is_no_plain_number_above_0_is_refused(text: str) -> None:
    assert fault("trades", quantity=text, price="0.00000001") == (BAD, "quantity")
    assert fault("trades", price=text, quantity="0.00000001") == (BAD, "price")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 10**8),
        ("1.500000000", 150_000_000),
        ("000000000000000000000000012.50", 1_250_000_000),
        ("0.00000001", 1),
        ("999999999999999999.99999999", 10**26 - 1),
        ("1." + "0" * 200, 10**8),
    ],
)
def test_zeros_make_no_number_too_long_or_too_fine(text: str, expected: int) -> None:
    assert captured("trades", quantity=text, price="0.00000001")["quantity_e8"] == expected


def test_a_trade_worth_10_to_the_18_is_out_of_range() -> None:
    assert fault("trades", quantity="1000000000000", price="1000000000") == (BAD, "quantity")
    assert fault("trades", quantity="999999999999.99999999", price="1000000000") is None
    assert fault("trades", quantity="1000000000000", price="1000000000", side="X") == (BAD, "side")
    extreme = "999999999999999999.99999999"
    assert fault("trades", quantity=extreme, price=extreme) == (BAD, "quantity")


def test_money_is_no_finer_than_the_currencys_minor_unit() -> None:
    assert fault("trades", commission="1.255") == (BAD, "commission")
    assert fault("trades", currency="ISK", commission="1.5") == (BAD, "commission")
    assert captured("trades", currency="ISK", commission="1.00")["commission_minor"] == 1
    assert captured("trades", currency="KWD", commission="1.2550")["commission_minor"] == 1255
    assert captured("trades", currency="CLF", commission="1.2345")["commission_minor"] == 12345
    assert fault("trades", currency="CLF", commission="1.23456") == (BAD, "commission")


def test_how_fine_money_is_cannot_be_told_for_a_currency_that_is_none() -> None:
    assert fault("trades", currency="ZZZ", commission="1.2555555555") == (
        "BAD_CURRENCY",
        "currency",
    )
    assert fault("trades", currency="ZZZ", commission="1e5") == (BAD, "commission")


def test_money_has_its_bounds_and_its_sign_only_where_it_may() -> None:
    assert fault("trades", commission="-1") == (BAD, "commission")
    assert fault("trades", commission="1000000000000000000") == (BAD, "commission")
    assert captured("trades", commission="999999999999999999.99")["commission_minor"] == 10**20 - 1
    assert captured("cash", closing_balance="-0.00")["closing_balance_minor"] == 0
    assert (
        captured("cash", closing_balance="-999999999999999999.99")["closing_balance_minor"]
        == -(10**20) + 1
    )
    assert fault("cash", closing_balance="--1") == (BAD, "closing_balance")
    assert fault("accounts", credit_limit="1.001") == (BAD, "credit_limit")


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("2026-03-02T15:00:00Z", 0),
        ("2026-03-02T15:00:00.000000001Z", 1),
        ("2026-03-02T15:00:00.12345678900000Z", 123_456_789),
        ("2026-03-02T15:00:00.1234567899999Z", 123_456_789),
        ("2026-03-02T10:00:00-05:00", 0),
        ("2026-03-03T14:59:00+23:59", 0),
        ("2026-03-02t15:00:00.5z", 500_000_000),
        ("2026-03-02T15:00:00-00:00", 0),
    ],
)
def test_a_time_is_kept_to_the_nanosecond_whatever_its_offset(text: str, nanoseconds: int) -> None:
    frame = checked("trades", trade_time=text).captured
    instant = frame.select(pl.col("traded_at").to_physical()).item()
    start = int(datetime(2026, 3, 2, 15, tzinfo=UTC).timestamp())
    assert instant - start * 10**9 == nanoseconds


@pytest.mark.parametrize(
    "text",
    ["2026-03-02T15:00:00", "2026-03-02 15:00:00Z", "2026-02-30T15:00:00Z", "2026-03-02",
     "2026-03-02T24:00:00Z", "2026-03-02T23:59:60Z", "2026-03-02T15:60:00Z", "2026-13-02T15:00:00Z",
     "2026-03-02T15:00Z", "2026-03-02T15:00:00+0100", "2026-03-02T15:00:00+24:00",
     "2026-03-02T15:00:00.Z", "1677-12-31T15:00:00Z", "2262-01-01T00:00:00Z",
     "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "+2026-03-02T15:00:00Z",
     "٢026-03-02T15:00:00Z"],
)  # fmt: skip
def test_what_is_no_time_with_an_offset_is_refused(text: str) -> None:
    assert fault("trades", trade_time=text) == (BAD, "trade_time")


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "2026-2-3", "20260203", "2026-02-29", "0000-01-01", "2026-02-03T00:00:00Z",
     "03/02/2026", "2026-00-10", "10000-01-01"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    assert fault("prices", date=text) == (BAD, "date")


def test_dates_reach_from_year_1_to_9999() -> None:
    assert captured("prices", date="0001-01-01")["date"] == date(1, 1, 1)
    assert captured("fees", valid_to="9999-12-31")["valid_to"] == date(9999, 12, 31)
    assert captured("prices", date="2024-02-29")["date"] == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("venue", "time", "expected"),
    [
        ("XNYS", "2026-03-03T03:00:00Z", date(2026, 3, 2)),
        ("XLON", "2026-03-03T03:00:00Z", date(2026, 3, 3)),
        ("XLON", "2026-06-03T23:30:00Z", date(2026, 6, 4)),
        ("XICE", "2026-06-03T23:30:00Z", date(2026, 6, 3)),
        ("XNAS", "2026-07-04T03:59:59.999999999Z", date(2026, 7, 3)),
        ("XNAS", "2026-07-04T04:00:00Z", date(2026, 7, 4)),
    ],
)
def test_the_trade_date_is_the_date_at_the_venue(venue: str, time: str, expected: date) -> None:
    assert captured("trades", venue=venue, trade_time=time)["trade_date"] == expected


def test_rows_of_many_venues_keep_their_order() -> None:
    rows = [good("trades", venue=v, trade_time="2026-06-03T23:30:00Z") for v in [*ZONES, "XNYS"]]
    found = validate(strings(rows), "trades", ZONES).captured
    assert found["venue"].to_list() == ["XNYS", "XNAS", "XLON", "XICE", "XNYS"]
    assert [day.day for day in found["trade_date"]] == [3, 3, 4, 3, 3]


@pytest.mark.parametrize("text", ["1.5", "1.0", "-1", "x", "1000000000000000000"])
def test_a_version_is_a_whole_number(text: str) -> None:
    assert fault("trades", version=text) == (BAD, "version")


def test_a_version_may_have_zeros_before_it() -> None:
    assert captured("trades", version="007")["version"] == 7
    assert captured("trades", version="0" * 50 + "9" * 18)["version"] == 10**18 - 1


@pytest.mark.parametrize(
    "text", ["1678-01-01T00:00:00+23:59", "2261-12-31T23:59:59.999999999-23:59"]
)
def test_times_reach_as_far_as_nanoseconds_do(text: str) -> None:
    year = int(text[:4])
    assert captured("trades", trade_time=text)["trade_date"] in {
        date(year - 1, 12, 30),
        date(year + 1, 1, 1),
    }


def test_ids_are_of_their_characters_and_their_length() -> None:
    assert fault("trades", trade_id="a" * 53) == (BAD, "trade_id")
    assert fault("trades", trade_id="a" * 52) is None
    assert fault("trades", account_id="a" * 41) == (BAD, "account_id")
    assert fault("accounts", account_id="a b") == (BAD, "account_id")
    assert fault("trades", trade_id="a\nb") == (BAD, "trade_id")


def test_codes_are_upper_case_and_of_their_list() -> None:
    for kind, name, text in [
        ("trades", "side", "buy"),
        ("trades", "action", "Cancel"),
        ("accounts", "country", "XX"),
        ("accounts", "country", "is"),
        ("instruments", "liquid", "YES"),
        ("trades", "currency", "usd"),
        ("trades", "venue", "*"),
        ("trades", "venue", "xnys"),
        ("trades", "isin", "us0378331005"),
    ]:
        assert fault(kind, **{name: text}) == (BAD, name)


def test_a_fee_may_be_for_any_venue_but_not_for_an_unknown_one() -> None:
    assert fault("fees", venue="*") is None
    assert fault("fees", venue="XXXX") == ("BAD_VENUE", "venue")
    assert fault("fees", venue="**") == (BAD, "venue")


def test_fee_rates_have_their_bounds() -> None:
    assert fault("fees", rate="1000") == (BAD, "rate")
    assert fault("fees", rate="999.99999999", basis="SHARES") is None
    assert fault("fees", rate="1000", basis="TRADE") is None
    assert fault("fees", rate="0") is None
    assert fault("fees", rate="0.000000001") == (BAD, "rate")


def test_a_fees_minimum_is_not_above_its_maximum_nor_its_end_before_its_beginning() -> None:
    assert fault("fees", minimum="2", maximum="1.99") == (BAD, "maximum")
    assert fault("fees", minimum="2", maximum="2") is None
    assert fault("fees", valid_to="2024-05-21") == (BAD, "valid_to")
    assert fault("fees", valid_to="2024-05-22") is None


def test_a_restriction_is_on_an_issue_or_an_issuer() -> None:
    assert fault("restrictions", subject=ISIN) is None
    assert fault("restrictions", subject=LEI) is None
    assert fault("restrictions", subject=WRONG_ISIN) == ("BAD_ISIN", "subject")
    assert fault("restrictions", subject=WRONG_LEI) == ("BAD_LEI", "subject")
    assert fault("restrictions", subject="AAPL") == (BAD, "subject")
    assert fault("restrictions", subject=WRONG_LEI, side="SHORT") == (BAD, "side")
    several = [{"subject": code} for code in (WRONG_LEI, ISIN, "x", WRONG_ISIN, LEI)]
    rows = strings([good("restrictions", **changes) for changes in several])
    found = validate(rows, "restrictions", ZONES)
    assert found.captured["subject"].to_list() == [ISIN, LEI]
    assert found.rejects["code"].to_list() == ["BAD_LEI", BAD, "BAD_ISIN"]


def test_a_restriction_is_for_all_and_both_sides_unless_it_says_otherwise() -> None:
    row = captured("restrictions", list="WATCH", reason="results next week")
    assert (row["accounts"], row["side"], row["valid_to"]) == ("ALL", "BOTH", None)
    assert (row["list"], row["reason"]) == ("WATCH", "results next week")
    assert fault("restrictions", list="GREY") == (BAD, "list")
    assert fault("restrictions", accounts="CLIENTS") == (BAD, "accounts")
    assert fault("restrictions", valid_to="2026-03-01") == (BAD, "valid_to")
    assert fault("restrictions", valid_to="2026-03-02") is None


def test_an_fx_rate_has_eighteen_decimals_and_is_below_what_any_number_is() -> None:
    assert captured("fx", rate="0.000000000000000001")["rate_e18"] == 1
    assert captured("fx", rate=f"{'9' * 18}.{'9' * 18}")["rate_e18"] == 10**36 - 1
    assert captured("fx", rate="1100000")["rate_e18"] == 1_100_000 * 10**18
    for text in ("1000000000000000000", "0", "0.0000000000000000001"):
        assert fault("fx", rate=text) == (BAD, "rate")


def test_cash_movements_need_a_currency_and_an_amount() -> None:
    for kind in ("DEPOSIT", "WITHDRAWAL"):
        assert fault("movements", kind=kind, currency="") == ("MISSING_FIELD", "currency")
        assert fault("movements", kind=kind, amount=None) == ("MISSING_FIELD", "amount")


def test_transfers_need_an_isin_and_a_quantity_and_bring_their_cost_in() -> None:
    transfer: dict[str, Any] = {
        "kind": "TRANSFER_IN",
        "currency": None,
        "amount": None,
        "isin": "US0378331005",
        "quantity": "5",
        "cost": "10.00",
        "cost_currency": "USD",
    }
    assert captured("movements", **transfer)["cost_minor"] == 1000
    for name in ("isin", "quantity", "cost", "cost_currency"):
        assert fault("movements", **{**transfer, name: ""}) == ("MISSING_FIELD", name)
    out = {**transfer, "kind": "TRANSFER_OUT", "cost": None, "cost_currency": None}
    assert captured("movements", **out)["quantity_e8"] == 5 * 10**8
    assert fault("movements", **{**out, "quantity": None}) == ("MISSING_FIELD", "quantity")
    assert fault("movements", **{**transfer, "cost": "1.001"}) == (BAD, "cost")


def test_a_movement_of_no_kind_is_of_a_bad_one() -> None:
    assert fault("movements", kind="GIFT", amount="") == (BAD, "kind")


def test_an_amount_is_above_0() -> None:
    assert fault("movements", amount="0.00") == (BAD, "amount")
    assert fault("movements", amount="0", currency="ZZZ") == ("BAD_CURRENCY", "currency")


def test_unknown_columns_are_kept_as_json() -> None:
    row = strings([good("cash", **{f"{UNKNOWN}desk": ' A"1\n', f"{UNKNOWN}row": ""})])
    found = validate(row, "cash", ZONES).captured
    assert found["unknown"].to_list() == ['{"desk":"A\\"1","row":null}']
    empty = strings([good("cash", **{f"{UNKNOWN}desk": " "})])
    assert validate(empty, "cash", ZONES).captured["unknown"].to_list() == [None]


def test_rejects_say_what_is_wrong_without_what_was_there() -> None:
    rows = [
        good("trades", side="Jane Roe"),
        good("trades", isin=WRONG_ISIN),
        good("trades", price=None),
    ]
    rejects = validate(strings(rows), "trades", ZONES).rejects
    assert rejects.rows() == [
        (1, "T1", "side", BAD, "The field side must be one of BUY, SELL, SHORT."),
        (2, "T1", "isin", "BAD_ISIN", "The field isin has a wrong check digit."),
        (3, "T1", "price", "MISSING_FIELD", "The field price is missing."),
    ]


def test_every_message_is_a_sentence() -> None:
    for kind in SCHEMAS:
        for column in SCHEMAS[kind]:
            assert column.form.says.startswith("must be")
            rejects = checked(kind, **{column.name: "no such thing!"}).rejects
            for message in rejects["message"]:
                assert message.startswith(f"The field {column.name} must ")
                assert message.endswith(".")


def test_rejects_of_other_kinds_have_no_trade_id() -> None:
    assert checked("cash", currency="usd").rejects["trade_id"].to_list() == [None]


def test_a_reject_repeats_of_an_endless_id_enough_to_know_it_by() -> None:
    for sent, told in (("x" * 200, "x" * 200), ("ð" * 300_000, "ð" * 200 + "…")):
        assert checked("trades", trade_id=sent).rejects["trade_id"].to_list() == [told]


def test_an_amount_of_a_transaction_needs_its_currency() -> None:
    assert fault("transactions", amount="-12.50") == (BAD, "amount")
    assert fault("transactions", amount="-12.50", currency="USD") is None
    assert fault("transactions", currency="USD") is None
    assert captured("transactions", amount="-12.50", currency="USD")["amount_minor"] == -1_250


def test_a_custodians_balance_may_be_zero_or_short_and_that_of_a_file_may_not() -> None:
    for quantity in ("0", "-1.5"):
        assert fault("custody_balances", quantity=quantity) is None
        assert fault("holdings", quantity=quantity) == (BAD, "quantity")
