"""Monthly statements: money, securities, what is pending, what was realised and charged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from backoffice.records.client_documents.cash_lines import what_of
from backoffice.records.client_documents.confirmations import Said
from backoffice.records.client_documents.contents import Block, Row, facts, heading, note, table
from backoffice.records.client_documents.editions import Edition
from backoffice.records.client_documents.months_books import MonthsBooks

_CASH: Final = {
    "recorded": "day",
    "counts": "day",
    "what": "phrase",
    "amount": "money",
    "balance": "money",
}
_HELD: Final = {
    "security": "text",
    "isin": "short",
    "quantity": "quantity",
    "price": "price",
    "price_date": "day",
    "worth": "money",
}
_PENDING: Final = {
    "settles": "day",
    "side": "code:side",
    "security": "text",
    "quantity": "quantity",
    "price": "price",
    "net": "money",
}
_REALISED: Final = {"security": "text", "isin": "short", "gain": "money"}
_CHARGES: Final = {"charge": "phrase", "amount": "money"}
_UNPRICED: Final = ("security", "isin", "quantity")


def statement(month: MonthsBooks, edition: Edition, account_id: str) -> Said | None:
    """Say what a month was to an account; None where there was and is nothing."""
    blocks = [
        *_cash(month, account_id),
        *_held(month, account_id),
        *_pending(month, account_id),
        *_gains(month, account_id),
        *_charged(month, account_id),
    ]
    if not blocks:
        return None
    return [("as_of", "long", str(edition.as_of))], [*blocks, note("note.statement")], None


def _cash(month: MonthsBooks, account_id: str) -> Iterator[Block]:
    for currency, opening, closing, lines in month.cash.purses.get(account_id, ()):
        yield heading("section.cash", ("currency", "text", currency))
        balances = (
            ("opening", "amount", [opening, currency]),
            ("closing", "amount", [closing, currency]),
        )
        yield facts(*balances, strong=("closing",))
        if lines:
            rows = [
                {
                    "recorded": line["day"],
                    "counts": line["counts"],
                    "what": what_of(line, month.causes),
                    "amount": line["amount"],
                    "balance": line["left"],
                }
                for line in lines
            ]
            total = {"what": ["cash.closing", []], "balance": closing}
            yield table("cash", _CASH, rows, [total], currency)


def _held(month: MonthsBooks, account_id: str) -> Iterator[Block]:
    own = month.held.get(account_id, [])
    if own:
        yield heading("section.held", ("day", "long", month.as_of))
    # what has no price comes last
    for currency in sorted({row["priced_in"] or "" for row in own}, key=lambda c: (not c, c)):
        rows = [row for row in own if (row["priced_in"] or "") == currency]
        totals = [
            {"security": ["phrase", ["total", []]], "worth": row["worth"]}
            for row in month.held_totals.get(account_id, ())
            if row["priced_in"] == currency
        ]
        columns = _HELD
        if not currency:
            yield note("note.no_price")
            columns = {name: _HELD[name] for name in _UNPRICED}
        yield table("held", columns, rows, totals, currency)


def _pending(month: MonthsBooks, account_id: str) -> Iterator[Block]:
    own = [row for row in month.deals.get(account_id, ()) if row["settles"] > month.as_of]
    yield from _by_currency("pending", _PENDING, own, ())


def _gains(month: MonthsBooks, account_id: str) -> Iterator[Block]:
    totals = [
        {**row, "security": ["phrase", ["total", []]]}
        for row in month.gain_totals.get(account_id, ())
    ]
    yield from _by_currency("realised", _REALISED, month.gains.get(account_id, ()), totals)


def _charged(month: MonthsBooks, account_id: str) -> Iterator[Block]:
    own = [
        {**row, "charge": _charge(row["charge"])}
        for row in month.charges.get(account_id, ())
        if row["amount_minor"]
    ]
    yield from _by_currency("charges", _CHARGES, own, ())


def _charge(code: str) -> list[Any]:
    return ["figure.fee", [["code", "text", code]]] if code else ["figure.commission", []]


def _by_currency(
    name: str, columns: Mapping[str, str], rows: Sequence[Row], totals: Iterable[Row]
) -> Iterator[Block]:
    """Head a section, and lay a table a currency under it."""
    if rows:
        yield heading(f"section.{name}")
    ends = list(totals)
    for currency in sorted({row["currency"] for row in rows}):
        yield table(
            name,
            columns,
            [row for row in rows if row["currency"] == currency],
            [row for row in ends if row["currency"] == currency],
            currency,
        )
