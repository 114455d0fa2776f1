"""Confirmations of a day (SEC rule 10b-10): one document an account, a section a trade."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from backoffice.records.client_documents.contents import Block, facts, group, heading, note, table
from backoffice.records.client_documents.days_trades import DaysTrades, entry_of
from backoffice.records.client_documents.editions import Edition, confirmations_of

NEW, CANCEL, CORRECTED = "NEW", "CANCEL", "CORRECTED"

_SUMMARY: Final = {
    "number": "short",
    "status": "code:status",
    "side": "code:side",
    "security": "text",
    "quantity": "quantity",
    "price": "price",
    "net": "money",
    "settles": "day",
}
_COMPACT: Final = {
    "number": "short",
    "trade_id": "text",
    "side": "code:side",
    "security": "text",
    "at": "clock",
    "quantity": "quantity",
    "price": "price",
    "commission": "money",
    "fees": "money",
    "net": "money",
}
_TOGETHER: Final = ("currency", "venue", "capacity", "traded", "settles")
_MOST_SECTIONS: Final = 500
"""What is confirmed beyond so many trades has a row instead of a section: pages are for people."""
_FIGURES: Final = {"item": "phrase", "value": "money"}

Said = tuple[list[Sequence[Any]], list[Block], str | None]
"""The facts at the head of a document, its blocks, and its mark."""


def confirmation(trades: DaysTrades, edition: Edition, account_id: str) -> Said | None:
    """Say what a day confirmed to an account; None when that is nothing."""
    confirmed = trades.confirmed.get(account_id, ())
    own = [(NEW if row["original_on"] is None else CORRECTED, row) for row in confirmed]
    own += [(CANCEL, row) for row in trades.cancelled.get(account_id, ())]
    if not own:
        return None
    own.sort(key=lambda each: (each[1]["at"], each[1]["trade_id"], each[0] != CANCEL))
    numbered = [(str(number), status, row) for number, (status, row) in enumerate(own, 1)]
    short = [each for each in numbered if each[1] == NEW and len(own) > _MOST_SECTIONS]
    sections = [_section(*each, trades) for each in numbered if each not in short]
    summary = [] if short or len(own) == 1 else _summary(numbered)
    ends = (note("note.counterparty"), note("note.errors"))
    blocks = [*summary, *_compact(short), *sections, *ends]
    said: list[Sequence[Any]] = [
        ("trades", "text", str(len(own))),
        ("made", "long", str(edition.as_of)),
    ]
    kinds = {status for status, _ in own}
    return said, blocks, None if NEW in kinds else min(kinds, key=[CANCEL, CORRECTED].index)


Numbered = tuple[str, str, dict[str, Any]]
"""A trade's number in the document, its status, and its row."""


def _summary(own: Sequence[Numbered]) -> list[Block]:
    """Lay several trades out at a glance, a table a currency."""
    blocks: list[Block] = [heading("section.summary")]
    for currency in sorted({row["currency"] for _, _, row in own}):
        rows = [
            {**row, "number": number, "status": status}
            for number, status, row in own
            if row["currency"] == currency
        ]
        blocks.append(table("summary", _SUMMARY, rows, currency=currency))
    return blocks


def _compact(own: Sequence[Numbered]) -> Iterator[Block]:
    """Lay many trades out a row each; what they share stands over their table."""
    rows = [{**row, "number": n, "traded": str(row["trade_date"])} for n, _, row in own]
    kinds = {tuple(row[name] for name in _TOGETHER) for row in rows}
    for kind in sorted(kinds):
        currency, venue, capacity, traded, settles = kind
        yield heading(
            "section.compact",
            ("currency", "text", currency),
            ("venue", "text", venue),
            ("capacity", "code:capacity", capacity),
            ("traded", "long", traded),
            ("settles", "long", settles),
            level=3,
        )
        shared = [row for row in rows if tuple(row[name] for name in _TOGETHER) == kind]
        yield table("summary", _COMPACT, shared, currency=currency)


def _section(number: str, status: str, row: dict[str, Any], trades: DaysTrades) -> Block:
    """Say everything the rule asks for of one trade."""
    blocks = [
        heading(
            f"trade.{row['side']}",
            ("number", "text", number),
            ("quantity", "quantity", row["quantity"]),
            ("security", "text", row["security"]),
            level=3,
        )
    ]
    if row["original_on"] is not None:
        original = confirmations_of(row["original_on"], [row["original_on"]])
        name = original.document_id(row["account_id"])
        fields = (("original", "text", name), ("day", "long", str(row["original_on"])))
        blocks.append(note(f"note.{status}", *fields, strong=True))
    blocks += [_facts(row), _figures(row, trades)]
    return group(*blocks)


def _facts(row: dict[str, Any]) -> Block:
    is_bond = row["asset_class"] == "BOND"
    return facts(
        ("trade_id", "text", row["trade_id"]),
        ("side", "code:side", row["side"]),
        ("isin", "text", row["isin"]),
        ("symbol", "text", row["symbol"]),
        ("nominal" if is_bond else "quantity", "quantity", row["quantity"]),
        ("price_percent" if is_bond else "price", "price", row["price"]),
        ("traded_at", "time", row["at"]),
        ("venue", "text", row["venue"]),
        ("settles", "long", row["settles"]),
        ("capacity", "code:capacity", row["capacity"]),
        ("order_id", "text", row["order_id"]),
    )


def _figures(row: dict[str, Any], trades: DaysTrades) -> Block:
    """Lay out how the net comes about."""
    lines = [_line("principal", row["principal"])]
    if row["asset_class"] == "BOND" and row["accrued"] is not None:
        lines.append(_line("accrued", row["accrued"]))
    lines.append(_line("commission", row["commission"]))
    by_code = trades.fees.get(entry_of(row), [])
    if by_code:
        lines += [{"item": ["figure.fee", [["code", "text", c]]], "value": a} for c, a in by_code]
    else:
        lines.append(_line("fees", row["fees"]))
    owed = "net_paid" if row["side"] == "BUY" else "net_received"
    return table("figures", _FIGURES, lines, [_line(owed, row["net"])], row["currency"])


def _line(name: str, value: str) -> dict[str, Any]:
    return {"item": [f"figure.{name}", []], "value": value}
