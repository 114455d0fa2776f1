"""What clearing would say of one trade now."""

from datetime import date

import polars as pl

from backoffice.front_office.models import Preview
from backoffice.front_office.preview import KnownReference, LocatesInUse, preview_clearing
from backoffice.intake.trade_frames import claims_of
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.reference.lookup import ReferenceSnapshot
from backoffice.reference.tables import SCHEMAS
from tests.unit.clearance.builders import E8, ISIN, TUESDAY, Row, snapshot, table, trades


def _preview(reference: ReferenceSnapshot, **fields: object) -> Preview:
    row: Row = dict(fields)
    frame, rules = trades(row), default_rulebook()
    return preview_clearing(frame, reference, default_calendar(), rules, TUESDAY)


def test_a_trade_that_clears_shows_its_money_with_the_currencys_decimals() -> None:
    assert _preview(snapshot(fees=[{}])) == Preview(
        status="CLEARED",
        hold_codes=(),
        settlement_date=date(2026, 4, 8),
        gross="5000.00",
        fees="1.00",
        net="5001.00",
    )


def test_a_trade_that_would_be_held_shows_every_reason() -> None:
    shown = _preview(snapshot(), account_id="A9", side="SHORT")
    assert shown.status == "HELD"
    assert shown.hold_codes == ("SHORT_WITHOUT_LOCATE", "UNKNOWN_ACCOUNT")


def test_what_cannot_be_computed_yet_is_null() -> None:
    shown = _preview(snapshot(instruments=[]))
    assert shown.hold_codes == ("UNKNOWN_INSTRUMENT",)
    assert (shown.gross, shown.fees, shown.net) == (None, None, None)


def test_a_cancellation_shows_what_would_be_withdrawn() -> None:
    shown = _preview(snapshot(), action="CANCEL")
    assert (shown.status, shown.hold_codes, shown.gross) == ("CANCELLED", (), "5000.00")


def test_an_amended_short_asks_for_its_locate_anew_and_not_twice() -> None:
    short: Row = {"side": "SHORT", "locate_id": "L1", "partner": "acme", "trade_id": "T1"}
    before = claims_of(trades(short | {"quantity_e8": 60 * E8}))
    locate = {"trade_date": TUESDAY, "locate_id": "L1", "isin": ISIN, "quantity_e8": 100 * E8}
    given = pl.DataFrame([locate], schema=SCHEMAS["locates"])
    in_use = LocatesInUse(lambda: given, lambda _day: before)

    def held(**more: object) -> bool:
        rules = default_rulebook()
        shown = preview_clearing(
            trades(short | more), snapshot(), default_calendar(), rules, TUESDAY, locates=in_use
        )
        return shown.hold_codes == ("SHORT_WITHOUT_LOCATE",)

    assert not held(action="AMEND", quantity_e8=100 * E8)
    assert held(action="AMEND", quantity_e8=101 * E8)
    assert held(trade_id="T2", quantity_e8=41 * E8)
    assert not held(trade_id="T2", quantity_e8=41 * E8, action="CANCEL")


def test_a_table_is_read_once_while_the_books_point_to_it() -> None:
    read: list[str] = []

    def _read(key: str) -> pl.DataFrame:
        read.append(key)
        return table("accounts" if key.startswith("a") else "instruments", {})

    known = KnownReference(_read)
    known.snapshot({"accounts": "a1", "instruments": "i1"}, counterparties_known=False)
    known.snapshot({"accounts": "a1", "instruments": "i2"}, counterparties_known=False)
    last = known.snapshot({"accounts": "a1", "instruments": "i1"}, counterparties_known=True)
    assert read == ["a1", "i1", "i2", "i1"]
    assert last.accounts.height == last.instruments.height == 1
    assert last.prices.height == 0
    assert last.counterparties_known


def test_a_table_that_clearing_does_not_join_is_read_when_it_is_asked_for() -> None:
    read: list[str] = []

    def _read(key: str) -> pl.DataFrame:
        read.append(key)
        return pl.DataFrame()

    known = KnownReference(_read)
    for _ in range(2):
        known.snapshot({"owners": "o1", "locates": "l1"}, counterparties_known=False)
        assert known.table("l1").height == 0
    assert read == ["l1"]
