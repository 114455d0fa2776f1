"""Confirmations of a day (SEC rule 10b-10): one document an account, a section a trade."""

from collections.abc import Sequence
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
_FIGURES: Final = {"item": "phrase", "value": "money"}

Said = tuple[list[Sequence[Any]], list[Block], str | None]
"""The facts at the head of a document, its blocks, and its mark."""


def confirmation(trades: DaysTrades, edition: Edition, account_id: str) -> Said | None:
    """Say what a day confirmed to an account; None when that is nothing."""
    rows = [(NEW if row["original_on"] is None else CORRECTED, row) for row in trades.confirmed]
    rows += [(CANCEL, row) for row in trades.cancelled]
    own = [(status, row) for status, row in rows if row["account_id"] == account_id]
    if not own:
        return None
    own.sort(key=lambda each: (each[1]["at"], each[1]["trade_id"], each[0] != CANCEL))
    sections = [
        _section(status, row, trades, number) for number, (status, row) in enumerate(own, 1)
    ]
    blocks = [*_summary(own), *sections, note("note.counterparty"), note("note.errors")]
    said: list[Sequence[Any]] = [
        ("trades", "text", str(len(own))),
        ("made", "long", str(edition.as_of)),
    ]
    kinds = {status for status, _ in own}
    return said, blocks, None if NEW in kinds else min(kinds, key=[CANCEL, CORRECTED].index)


def _summary(own: Sequence[tuple[str, dict[str, Any]]]) -> list[Block]:
    """Lay several trades out at a glance, a table a currency."""
    if len(own) == 1:
        return []
    numbered = [(n, status, row) for n, (status, row) in enumerate(own, 1)]
    blocks: list[Block] = [heading("section.summary")]
    for currency in sorted({row["currency"] for _, row in own}):
        rows = [
            {**row, "number": str(number), "status": status}
            for number, status, row in numbered
            if row["currency"] == currency
        ]
        blocks.append(table("summary", _SUMMARY, rows, currency=currency))
    return blocks


def _section(status: str, row: dict[str, Any], trades: DaysTrades, number: int) -> Block:
    """Say everything the rule asks for of one trade."""
    blocks = [
        heading(
            f"trade.{row['side']}",
            ("number", "text", str(number)),
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
