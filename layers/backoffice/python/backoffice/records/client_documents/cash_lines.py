"""What a line of a client's money says: what was bought, paid, earned, and of what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from backoffice.clearance.entitlement_frames import known_entitlements
from backoffice.intake.day_deals import known_deals
from backoffice.kernel.books import Books
from backoffice.kernel.columns import format_e8, format_money
from backoffice.kernel.parts import Records
from backoffice.records.client_documents.contents import Row
from backoffice.records.client_documents.settled_trades import SettledTrades

_INTEREST: Final = frozenset({"INTEREST", "INTEREST_ADJUSTMENT"})
_MOVED: Final = ("DEPOSIT", "WITHDRAWAL")
_PAID: Final = "ACTION_PAYMENT"
_EXCHANGED: Final = "FX_SETTLEMENT"

Phrase = list[Any]


@dataclass(frozen=True, slots=True)
class Causes:
    """What lines of cash come from, as text by the part of an entry's id that names it.

    Attributes
    ----------
    trades
        What was settled, as it stood then.
    entitlements
        By `partner/action_id:account_id`.
    exchanges
        Deals in currencies by deal_id.
    """

    trades: SettledTrades
    entitlements: Mapping[str, Row]
    exchanges: Mapping[str, Row]


def causes(
    records: Records,
    books: Books,
    accounts: Sequence[str],
    trades: SettledTrades,
    instruments: pl.DataFrame,
) -> Causes:
    """Read what lines of some accounts' cash may come from, beside their `trades`."""
    return Causes(
        trades,
        _entitlements(records, books, accounts, instruments),
        _exchanges(records, books, accounts),
    )


def _entitlements(
    records: Records, books: Books, accounts: Sequence[str], instruments: pl.DataFrame
) -> Mapping[str, Row]:
    own = (pl.col("role") == "CLIENT") & pl.col("party").is_in(accounts)
    known = known_entitlements(records, books).filter(own, pl.col("net_minor") != 0)
    rows = known.join(instruments.select("isin", "name"), on="isin", how="left", suffix="_of")
    texts = rows.select(
        "event",
        "currency",
        key=pl.format("{}:{}", "name", "party"),
        security=pl.coalesce("name_of", "isin"),
        quantity=format_e8("quantity_e8"),
        **{name: format_money(f"{name}_minor") for name in ("gross", "tax", "net")},
    )
    return {row["key"]: row for row in texts.to_dicts()}


def _exchanges(records: Records, books: Books, accounts: Sequence[str]) -> Mapping[str, Row]:
    known = known_deals(records, books).filter(pl.col("account_id").is_in(accounts))
    texts = known.select(
        "deal_id",
        *("buy_currency", "sell_currency"),
        bought=format_money("buy_amount_minor", "buy_currency"),
        sold=format_money("sell_amount_minor", "sell_currency"),
    )
    return {row["deal_id"]: row for row in texts.to_dicts()}


def what_of(line: Row, of: Causes) -> Phrase:
    """Say what a line of cash is, as a phrase of the catalogues.

    Parameters
    ----------
    line
        account_id, kind, source, entry_id, reverses, amount (text).
    """
    kind, source = line["kind"], ["source", "text", line["source"] or ""]
    deal = of.trades.of(line)
    if deal is not None:
        return _traded(deal, source, taken_back=kind == "REVERSAL")
    entry = line["entry_id"] if kind != "REVERSAL" else line["reverses"]
    named = entry.split(":", 2)[2]
    if kind == _PAID and named.removeprefix("P:") in of.entitlements:
        return _entitled(line, of.entitlements[named.removeprefix("P:")], source)
    if kind == _EXCHANGED and named in of.exchanges:
        return _exchanged(of.exchanges[named], source)
    if kind in _INTEREST:
        return [f"cash.{kind}", [["month", "month", named.rsplit(":", 1)[1]]]]
    if kind == "MOVEMENT":
        kind = _MOVED[line["amount"].startswith("-")]
    return ["cash.other", [["kind", "code:cash_kind", kind], source]]


def _traded(deal: Row, source: list[str], *, taken_back: bool) -> Phrase:
    fields = [["quantity", "quantity", deal["quantity"]], ["security", "text", deal["security"]]]
    said = "reversed" if taken_back else deal["side"]
    return [f"cash.{said}", [*fields, source]]


def _entitled(line: Row, row: Row, source: list[str]) -> Phrase:
    """Say what an action paid; the figures only where nothing corrects them."""
    fields = [["event", "code:event", row["event"]], ["security", "text", row["security"]], source]
    if line["reverses"]:
        return ["cash.entitled_again", fields]
    if line["amount"] != row["net"]:
        return ["cash.entitled_first", fields]
    said = "entitled" if row["net"] == row["gross"] else "entitled_less_tax"
    fields.append(["quantity", "quantity", row["quantity"]])
    fields += [[name, "amount", [row[name], row["currency"]]] for name in ("gross", "tax")]
    return [f"cash.{said}", fields]


def _exchanged(row: Row, source: list[str]) -> Phrase:
    sides = (("bought", "buy_currency"), ("sold", "sell_currency"))
    amounts = [[name, "amount", [row[name], row[currency]]] for name, currency in sides]
    return ["cash.exchanged", [*amounts, source]]
