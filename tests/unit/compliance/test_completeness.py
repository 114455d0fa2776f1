"""What does not tie between the books and what was sent is said."""

from datetime import date

import polars as pl

from backoffice.compliance.rts22.completeness import Tied, tie
from backoffice.compliance.rts22.frames import EXECUTION, OPEN_ROW, ROW
from backoffice.kernel.frames import shaped

DAY = date(2026, 10, 5)


def legs(*names: str, quantity: int = 100, **more: str) -> pl.DataFrame:
    rows = {"trade_id": list(names), "quantity_e8": [quantity * 10**8] * len(names)}
    frame = pl.DataFrame(rows, schema={"trade_id": pl.String, "quantity_e8": pl.Int128})
    told = {name: pl.lit(text) for name, text in more.items()}
    return frame.with_columns(
        leg=pl.lit("TRADE"), partner=pl.lit("local"), trade_date=pl.lit(DAY), **told
    )


def sent(*names: str, quantity: int = 100, status: str = "NEWT") -> pl.DataFrame:
    rows = legs(*names, quantity=quantity, status=status)
    return shaped(rows.with_columns(transaction_id="trade_id"), ROW)


def tied(*sent_rows: pl.DataFrame, waiting: pl.DataFrame | None = None) -> Tied:
    blotter = shaped(legs("T-1", "T-2"), EXECUTION)
    open_rows = shaped(legs() if waiting is None else waiting, OPEN_ROW)
    nothing = pl.DataFrame(schema={"transaction_id": pl.String})
    return tie(blotter, pl.concat(sent_rows), open_rows, nothing)


def test_all_that_was_cleared_is_sent_or_waits() -> None:
    found = tied(sent("T-1"), waiting=legs("T-2", why="MISSING"))
    assert found.differences == ()
    assert found.figures["blotter_quantity"] == "200"
    assert (found.figures["reported_records"], found.figures["missing_quantity"]) == ("1", "100")


def test_what_is_not_sent_is_named() -> None:
    assert tied(sent("T-1")).differences == (
        "1 cleared and not reported: TRADE/local/2026-10-05/T-2",
    )


def test_what_was_taken_back_counts_as_not_sent() -> None:
    assert len(tied(sent("T-1", "T-2"), sent("T-2", status="CANC")).differences) == 1


def test_what_is_sent_and_not_cleared_is_named() -> None:
    said = tied(sent("T-1", "T-2", "T-3")).differences
    assert said == ("1 reported and not cleared: TRADE/local/2026-10-05/T-3",)


def test_what_is_sent_twice_or_in_another_quantity_is_named() -> None:
    twice = sent("T-2").with_columns(transaction_id=pl.lit("other"))
    assert "more than once" in tied(sent("T-1", "T-2"), twice).differences[0]
    assert "another quantity" in tied(sent("T-1"), sent("T-2", quantity=99)).differences[0]
