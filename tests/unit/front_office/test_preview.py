"""What clearing would say of one trade now."""

from datetime import date

import polars as pl

from backoffice.front_office.models import Preview
from backoffice.front_office.preview import KnownReference, preview_clearing
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.reference.lookup import ReferenceSnapshot
from tests.unit.clearance.builders import TUESDAY, Row, snapshot, table, trades


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
