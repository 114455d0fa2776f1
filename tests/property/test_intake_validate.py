"""The columns' checks are those of a plain loop over Decimals, on random and extreme rows."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.intake.capture import Origin, capture
from backoffice.intake.file_columns import SCHEMAS
from backoffice.intake.totals import total
from backoffice.intake.validate import validate
from backoffice.kernel.currencies import MINOR_UNITS
from tests.unit.intake.sample_rows import ISIN, LEI, WRONG_ISIN, WRONG_LEI, ZONES, good, strings

LIMIT: Final = Decimal(10) ** 18
ORIGIN: Final = Origin("alpha", date(2026, 3, 2), "trades.csv")

digits = st.text("0123456789", min_size=1, max_size=22)
numbers = st.one_of(
    digits,
    st.tuples(digits, st.text("0123456789", max_size=12)).map(".".join),
    st.tuples(st.sampled_from(["0", "1", "999999999999999999"]), st.text("09", max_size=9)).map(
        ".".join
    ),
    st.decimals(0, 10**6, places=2).map(str),
    st.sampled_from(
        ["0", "-1", "+1", "1e3", "1E3", ".5", "5.", "1,000", "NaN", "inf", "٣", "½", "1_0", "0x1",
         "999999999999999999.99999999", "1000000000000000000", "0.000000001", "1.500000000"]
    ),
)  # fmt: skip
times = st.one_of(
    st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1)).map(lambda t: t.isoformat() + "Z"),  # noqa: DTZ001 - the offset is put on as text
    st.tuples(
        st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001
        st.sampled_from(["Z", "z", "+05:30", "-23:59", "+24:00", "", "+0530", "-00:00"]),
        st.sampled_from(["", ".", ".5", ".123456789", ".1234567891"]),
    ).map(lambda x: x[0].replace(microsecond=0).isoformat() + x[2] + x[1]),
    st.sampled_from(
        ["2026-02-29T10:00:00Z", "2026-03-02T24:00:00Z", "2026-03-02T23:59:60Z",
         "2026-03-08T06:59:59.999999999Z", "2026-03-08T07:00:00Z", "2026-11-01T03:59:59Z"]
    ),
)  # fmt: skip
junk = st.sampled_from(["", " ", None, "x", "no such thing!", "*", "\n", "é"])
fields: Final[Mapping[str, st.SearchStrategy[str | None]]] = {
    "trade_id": st.sampled_from(["T1", "a" * 52, "a" * 53, "a b", "T.-_"]),
    "action": st.sampled_from(["NEW", "AMEND", "CANCEL", "new"]),
    "version": digits,
    "account_id": st.sampled_from(["A", "a" * 40, "a" * 41]),
    "side": st.sampled_from(["BUY", "SELL", "SHORT", "buy"]),
    "isin": st.sampled_from([ISIN, WRONG_ISIN, "GB0002634946", ISIN.lower()]),
    "quantity": numbers,
    "price": numbers,
    "currency": st.sampled_from(["USD", "ISK", "KWD", "CLF", "ZZZ", "usd"]),
    "trade_time": times,
    "venue": st.sampled_from([*ZONES, "XXXX", "xnys"]),
    "counterparty": st.sampled_from([LEI, WRONG_LEI, LEI.lower()]),
    "capacity": st.sampled_from(["AGENCY", "PRINCIPAL", "BOTH"]),
    "commission": numbers,
    "accrued": numbers,
}


@st.composite
def trade_rows(draw: st.DrawFn) -> dict[str, str | None]:
    """Draw a good trade with a few fields of another kind."""
    row = good("trades")
    for name in draw(st.lists(st.sampled_from(sorted(fields)), max_size=5)):
        row[name] = draw(st.one_of(fields[name], fields[name], junk))
    return row


def plain_number(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text, re.ASCII) else None


def decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    text = f"{value:f}"
    return len(text.partition(".")[2].rstrip("0")) if exponent < 0 else 0


def instant(text: str) -> tuple[datetime, int] | None:
    """Read a time to the second and its nanoseconds."""
    match = re.fullmatch(
        r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", text, re.ASCII
    )
    if match is None:
        return None
    day, clock, fraction, offset = match.groups()
    try:
        at = datetime.fromisoformat(f"{day}T{clock}{'+00:00' if offset in 'Zz' else offset}")
    except ValueError:
        return None
    return at, int(((fraction or ".")[1:] + "0" * 9)[:9])


def is_ok(name: str, text: str, row: Mapping[str, str]) -> bool:
    """Whether a field of a trade is well-formed, told one field at a time."""
    number = plain_number(text)
    if name in {"quantity", "price"}:
        return number is not None and 0 < number < LIMIT and decimals(number) <= 8
    if name in {"commission", "accrued"}:
        places = MINOR_UNITS.get(row.get("currency", ""))
        if number is None or number >= LIMIT:
            return False
        return places is None or decimals(number) <= places
    if name == "version":
        return text.isascii() and text.isdigit() and int(text) < LIMIT
    if name == "trade_time":
        return instant(text) is not None
    shapes = {
        "trade_id": "[A-Za-z0-9._-]{1,52}",
        "account_id": "[A-Za-z0-9._-]{1,40}",
        "action": "NEW|AMEND|CANCEL",
        "side": "BUY|SELL|SHORT",
        "isin": "[A-Z]{2}[A-Z0-9]{9}[0-9]",
        "currency": "[A-Z]{3}",
        "venue": "[A-Z0-9]{4}",
        "counterparty": "[A-Z0-9]{18}[0-9]{2}",
        "capacity": "AGENCY|PRINCIPAL",
    }
    return re.fullmatch(shapes[name], text, re.ASCII) is not None if name in shapes else True


def first_fault(raw: Mapping[str, str | None]) -> tuple[str, str] | None:
    """Return the code and field of a trade's first fault, in the contract's order."""
    row = {name: text.strip() for name, text in raw.items() if text and text.strip()}
    columns = SCHEMAS["trades"]
    for column in columns:
        if column.needed and column.name not in row:
            return "MISSING_FIELD", column.name
    for column in columns:
        name = column.name
        if name in row and not is_ok(name, row[name], row):
            return "BAD_FORMAT", name
        price = plain_number(row["price"]) if name == "quantity" else None
        if (
            price
            and is_ok("price", row["price"], row)
            and Fraction(row["quantity"]) * Fraction(price) >= 1000 * LIMIT
        ):
            return "BAD_FORMAT", name
    for code, name, known in [
        ("BAD_ISIN", "isin", {ISIN, "GB0002634946"}),
        ("BAD_LEI", "counterparty", {LEI}),
        ("BAD_CURRENCY", "currency", set(MINOR_UNITS)),
        ("BAD_VENUE", "venue", set(ZONES)),
    ]:
        if row[name] not in known:
            return code, name
    return None


def scaled(text: str | None, scale: int) -> int | None:
    return None if text is None else int(Decimal(text).scaleb(scale))


def expected_values(raw: Mapping[str, str | None]) -> dict[str, Any]:
    """Return what a good trade is captured as."""
    row = {name: text.strip() for name, text in raw.items() if text and text.strip()}
    found = instant(row["trade_time"])
    assert found is not None
    at, nanoseconds = found
    places = MINOR_UNITS[row["currency"]]
    return {
        "action": row.get("action", "NEW"),
        "version": int(row["version"]) if "version" in row else None,
        "quantity_e8": scaled(row["quantity"], 8),
        "price_e8": scaled(row["price"], 8),
        "commission_minor": scaled(row.get("commission", "0"), places),
        "accrued_minor": scaled(row.get("accrued"), places),
        "instant": int(at.timestamp()) * 10**9 + nanoseconds,
        "trade_date": (at + timedelta(microseconds=nanoseconds // 1000))
        .astimezone(ZoneInfo(ZONES[row["venue"]]))
        .date(),
    }


@given(rows=st.lists(trade_rows(), min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_trades_are_checked_and_read_as_by_a_plain_loop(
    rows: list[dict[str, str | None]],
) -> None:
    found = validate(strings(rows), "trades", ZONES)
    faults = {number: first_fault(row) for number, row in enumerate(rows, start=1)}
    rejects = {
        row: (code, field)
        for row, code, field in found.rejects.select("row", "code", "field").rows()
    }
    assert rejects == {number: fault for number, fault in faults.items() if fault}
    named = found.captured.with_columns(instant=pl.col("traded_at").to_physical())
    good_rows = [number for number, fault in faults.items() if fault is None]
    assert named["row"].to_list() == good_rows
    for values in named.rows(named=True):
        expected = expected_values(rows[values["row"] - 1])
        assert {name: values[name] for name in expected} == expected


@given(rows=st.lists(trade_rows(), max_size=12), cut=st.integers(0, 12))
@settings(max_examples=50, deadline=None)
def test_rows_are_captured_alike_however_a_file_is_cut(
    rows: list[dict[str, str | None]], cut: int
) -> None:
    frame = strings([*rows, good("trades")])
    whole = capture("trades", frame, ORIGIN, ZONES)
    parts = [capture("trades", part, ORIGIN, ZONES) for part in (frame[:cut], frame[cut:])]
    assert pl.concat([part.captured for part in parts]).equals(whole.captured)
    assert pl.concat([part.rejects for part in parts]).equals(whole.rejects)
    assert total(part.totals for part in parts) == whole.totals


@given(texts=st.lists(st.one_of(numbers, junk), max_size=12))
@settings(max_examples=50, deadline=None)
def test_readable_quantities_add_up_exactly(texts: list[str | None]) -> None:
    read = [text.strip() for text in texts if text and plain_number(text.strip()) is not None]
    rows = [good("trades", quantity=text) for text in [*texts, "0"]]
    totals = capture("trades", strings(rows), ORIGIN, ZONES).totals
    assert Fraction(totals.quantity) == sum(Fraction(text) for text in read)


@given(kind=st.sampled_from(sorted(SCHEMAS)), data=st.data())
@settings(max_examples=100, deadline=None)
def test_any_text_in_any_field_is_captured_or_rejected(kind: str, data: st.DataObject) -> None:
    names = [column.name for column in SCHEMAS[kind]]
    values = st.one_of(st.none(), st.text(max_size=8), numbers, times)
    changed = data.draw(st.dictionaries(st.sampled_from([*names, "x:note"]), values, max_size=6))
    ragged = data.draw(st.booleans())
    frame = strings([good(kind, **changed)]).with_columns(ragged=pl.lit(ragged))
    found = validate(frame, kind, ZONES)
    assert found.captured.height + found.rejects.height == 1
    assert not (ragged and found.captured.height)
    for unknown in found.captured["unknown"].drop_nulls():
        note = json.loads(unknown)["note"]
        assert note.strip() == (changed["x:note"] or "").strip()
