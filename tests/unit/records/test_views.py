"""The export tables, to the letter of the contract."""

import json
from datetime import date

import polars as pl
import pytest

from backoffice.accounting.cash_ladder import LADDER
from backoffice.records import desk_views, views
from tests.unit.records.book_rows import (
    APPLE,
    LEI,
    a_break,
    a_match,
    case,
    fail,
    fail_event,
    frame_of,
    lot,
    obligation,
    position,
    posting,
    reject,
    trade,
)

DAY = date(2026, 1, 5)


def csv_lines(view: pl.DataFrame) -> list[str]:
    return views.to_csv(view).decode().splitlines()


def test_every_table_of_the_contract_has_its_columns_in_order() -> None:
    one_row = {
        "trades": frame_of([trade()]),
        "rejects": frame_of([reject()]),
        "file-rejects": frame_of([reject()]),
        "cases": frame_of([case()]),
        "obligations": frame_of([obligation()]),
        "fails": frame_of([fail()]),
        "fail-history": frame_of([fail_event()]),
        "rolls": pl.DataFrame(),
        "positions": frame_of([position()]),
        "lots": frame_of([lot()]),
        "journal": frame_of([posting()]),
        "trial-balance": frame_of([posting()]),
        "stock-record": frame_of([posting()]),
        "cash-ladder": LADDER.to_frame(),
        "instructions": pl.DataFrame(),
        "breaks": frame_of([a_break()]),
        "matches": frame_of([a_match()]),
        "payments": pl.DataFrame(),
        "conditions": pl.DataFrame(),
        "settlement-instructions": pl.DataFrame(),
        "records": pl.DataFrame(
            {
                "retain_until": [DAY],
                "sealed_in": [DAY],
                "sha256": ["ab"],
                "key": ["intake/x"],
                "business_date": [DAY],
                "class": ["file"],
                "record_id": ["R1"],
            }
        ),
    }
    columns = {name: ", ".join(views.VIEWS[name](rows).columns) for name, rows in one_row.items()}
    assert columns == {
        "trades": (
            "trade_id, partner, status, hold_codes, account_id, side, isin, quantity, price, "
            "currency, trade_date, settlement_date, venue, counterparty, gross, commission, "
            "fees, net"
        ),
        "rejects": "business_date, partner, file, row, trade_id, field, code, message",
        "file-rejects": ("business_date, partner, file, row, kind, trade_id, field, code, message"),
        "cases": "case_id, opened_on, code, subject, status, members, due",
        "obligations": (
            "obligation_id, counterparty, isin, currency, settlement_date, direction, quantity, "
            "money, settled_quantity, status, trades"
        ),
        "fails": (
            "fail_id, obligation_id, counterparty, isin, currency, direction, failed_on, reason, "
            "open_quantity, open_money, age, close_out_by, buy_in_on, penalties, status, ended_on"
        ),
        "fail-history": "fail_id, day, event, quantity, money, currency, note",
        "rolls": (
            "rolled_on, obligation_id, into, counterparty, isin, currency, settlement_date, "
            "due_date, late, quantity, money, mark"
        ),
        "positions": (
            "account_id, isin, traded_quantity, settled_quantity, cost_basis, currency, "
            "realised_pnl"
        ),
        "lots": "account_id, isin, opened_on, trade_id, quantity, cost, currency",
        "journal": (
            "entry_id, effective_date, recorded_on, kind, source, account, unit, amount, reverses"
        ),
        "trial-balance": "account, unit, balance",
        "stock-record": "isin, account, quantity",
        "instructions": (
            "obligation_id, instructed_on, matching_status, matching_reason, settlement_status, "
            "settlement_reason, held, last_message_on"
        ),
        "cash-ladder": (
            "currency, value_date, opening, receipts, payments, closing, assured, need"
        ),
        "breaks": (
            "kind, subject, unit, place, ours, theirs, difference, value, currency, first_seen, "
            "age, owner, case_id, status, healed_on"
        ),
        "matches": "kind, match, rule, side, subject, unit, amount, dated, matched_on",
        "conditions": (
            "request_id, obligation_id, action, quantity, reason, status, note, done_on, "
            "case_id, proposed_by, approved_by"
        ),
        "payments": (
            "payment_id, kind, account_id, fee_code, counterparty, currency, amount, value_date, "
            "beneficiary, beneficiary_account, beneficiary_agent, reference, status, case_id, "
            "proposed_by, approved_by, ordered_on, execution_date"
        ),
        "settlement-instructions": (
            "party, market, currency, asset_class, valid_from, valid_to, place_of_settlement, "
            "agent, safekeeping_account, nostro, status, proposed_on, counts_from, case_id, "
            "proposed_by, approved_by"
        ),
        "records": "record_id, class, business_date, key, sha256, sealed_in, retain_until",
    }
    assert set(columns) == set(views.VIEWS)


def test_a_trade_shows_decimals_as_its_currency_has_them() -> None:
    rows = frame_of(
        [
            trade(trade_id="T1", gross_minor=157_525, fees_minor=5),
            trade(trade_id="T2", currency="ISK", gross_minor=1575, fees_minor=0),
            trade(trade_id="T3", currency="KWD", gross_minor=1_575_250, fees_minor=1),
        ]
    )
    shown = views.trades(rows)
    assert csv_lines(shown.head(1))[1] == (
        f"T1,acme,CLEARED,,A-1,BUY,{APPLE},10.5,150.02,USD,2026-01-05,2026-01-06,XNYS,{LEI},"
        "1575.25,1.00,0.05,1576.30"
    )
    assert shown.select("gross", "commission", "fees", "net").rows() == [
        ("1575.25", "1.00", "0.05", "1576.30"),
        ("1575", "100", "0", "157630"),
        ("1575.250", "0.100", "0.001", "157.630"),
    ]


def test_a_fail_shows_what_is_open_unsigned_and_its_money_signed() -> None:
    assert csv_lines(desk_views.fails(frame_of([fail()])))[1] == (
        f"FAIL-OB1,OB1,{LEI},{APPLE},EUR,RECEIVE,2026-01-06,MONY,60.5,-12.00,3,,2026-01-12,"
        "-0.05,OPEN,"
    )
    assert csv_lines(desk_views.fail_history(frame_of([fail_event()])))[1] == (
        "FAIL-OB1,2026-01-06,PENALTY,60.5,-0.05,EUR,2026-01-06 liquid_share"
    )


def test_figures_that_cannot_be_computed_stay_empty() -> None:
    held = trade(
        status="HELD",
        hold_codes="NO_RULE;UNKNOWN_INSTRUMENT",
        settlement_date=None,
        gross_minor=None,
        fees_minor=None,
        net_minor=None,
    )
    assert csv_lines(views.trades(frame_of([held])))[1] == (
        f"T1,acme,HELD,NO_RULE;UNKNOWN_INSTRUMENT,A-1,BUY,{APPLE},10.5,150.02,USD,2026-01-05,,XNYS,"
        f"{LEI},,1.00,,"
    )


def test_rejects_stand_in_the_order_of_their_rows() -> None:
    rows = frame_of([reject(row=row) for row in (10, 3, 1)])
    assert views.rejects(rows)["row"].to_list() == ["1", "3", "10"]


def test_rejects_of_every_kind_of_file_are_shown_apart() -> None:
    rows = frame_of([reject(kind="prices"), reject(kind="movements")])
    assert views.rejects(rows).height == 0
    assert sorted(views.file_rejects(rows)["kind"]) == ["movements", "prices"]


def test_only_rows_of_trades_files_are_shown_as_rejects() -> None:
    rows = frame_of([reject(kind="prices"), reject(message='is "x", not\na number')])
    assert views.to_csv(views.rejects(rows)).decode() == (
        "business_date,partner,file,row,trade_id,field,code,message\n"
        '2026-01-05,acme,trades-1.csv,7,,price,BAD_FORMAT,"is ""x"", not\na number"\n'
    )


def test_an_obligation_shows_unsigned_quantities_and_signed_money() -> None:
    rows = frame_of(
        [
            obligation(obligation_id="OB2", direction="DELIVER", quantity_e8=-15 * 10**7),
            obligation(obligation_id="OB1", buy_gross_minor=0, sell_gross_minor=1),
        ]
    )
    assert csv_lines(views.obligations(rows))[1:] == [
        f"OB1,{LEI},{APPLE},USD,2026-01-06,RECEIVE,100,0.01,40,PARTIAL,3",
        f"OB2,{LEI},{APPLE},USD,2026-01-06,DELIVER,1.5,-20.00,40,PARTIAL,3",
    ]


def test_short_positions_and_lots_are_negative() -> None:
    short = position(traded_quantity_e8=-1, settled_quantity_e8=0, cost_basis_minor=-5)
    assert csv_lines(views.positions(frame_of([short])))[1] == (
        f"A-1,{APPLE},-0.00000001,0,-0.05,USD,-12.00"
    )
    short_lot = lot(quantity_e8=-300 * 10**8, cost_minor=-1)
    assert csv_lines(views.lots(frame_of([short_lot])))[1] == (
        f"A-1,{APPLE},2026-01-05,T1,-300,-0.01,USD"
    )


def test_a_posting_is_money_or_shares_by_its_unit() -> None:
    rows = frame_of(
        [
            posting(unit=APPLE, book="Securities:Street", ref=LEI, amount=105 * 10**7),
            posting(unit="JPY", book="Income:Commission", ref="", amount=-7, reverses="E0"),
            posting(amount=-7),
        ]
    )
    assert csv_lines(views.journal(rows))[1:] == [
        "E1,2026-01-05,2026-01-06,TRADE,T1,Assets:Cash:USD,USD,-0.07,",
        "E1,2026-01-05,2026-01-06,TRADE,T1,Income:Commission,JPY,-7,E0",
        f"E1,2026-01-05,2026-01-06,TRADE,T1,Securities:Street:{LEI},{APPLE},10.5,",
    ]


def test_balances_leave_zeros_out() -> None:
    rows = frame_of(
        [
            posting(amount=500),
            posting(amount=-200),
            posting(unit="EUR", ref="EUR", amount=5),
            posting(unit="EUR", ref="EUR", amount=-5),
            posting(unit=APPLE, book="Securities:Depository", ref="", amount=10**8),
            posting(unit=APPLE, book="Securities:Client", ref="A-1", amount=-(10**8)),
        ]
    )
    assert csv_lines(views.trial_balance(rows)) == [
        "account,unit,balance",
        "Assets:Cash:USD,USD,3.00",
        f"Securities:Client:A-1,{APPLE},-1",
        f"Securities:Depository,{APPLE},1",
    ]
    assert csv_lines(views.stock_record(rows)) == [
        "isin,account,quantity",
        f"{APPLE},Securities:Client:A-1,-1",
        f"{APPLE},Securities:Depository,1",
    ]


def test_rows_stand_in_the_order_of_their_text() -> None:
    rows = frame_of([case(case_id="C2"), case(case_id="C10"), case(case_id="C1", due=None)])
    assert views.cases(rows)["case_id"].to_list() == ["C1", "C10", "C2"]


def test_json_has_the_same_keys_and_null_where_csv_is_empty() -> None:
    rows = frame_of([posting(source="þ")])
    assert json.loads(views.to_json(views.journal(rows))) == [
        {
            "entry_id": "E1",
            "effective_date": "2026-01-05",
            "recorded_on": "2026-01-06",
            "kind": "TRADE",
            "source": "þ",
            "account": "Assets:Cash:USD",
            "unit": "USD",
            "amount": "1.00",
            "reverses": None,
        }
    ]


def test_an_empty_table_is_a_header_or_an_empty_list() -> None:
    nothing = views.lots(frame_of([lot()]).clear())
    assert views.to_csv(nothing) == b"account_id,isin,opened_on,trade_id,quantity,cost,currency\n"
    assert views.to_json(nothing) == b"[]"


def test_equal_trade_ids_stand_in_the_order_of_their_partners() -> None:
    rows = frame_of([trade(partner="zeta"), trade(partner="acme")])
    assert views.trades(rows)["partner"].to_list() == ["acme", "zeta"]


@pytest.mark.parametrize("name", views.VIEWS)
def test_a_frame_of_nothing_shows_as_an_empty_table(name: str) -> None:
    shown = views.VIEWS[name](pl.DataFrame())
    assert shown.schema == dict.fromkeys(views.COLUMNS[name], pl.String)
    assert shown.is_empty()
