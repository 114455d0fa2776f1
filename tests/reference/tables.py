"""The tables outsiders read, with the contract's columns and formats."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tests.reference.amounts import ZERO, write_money, write_plain, write_unit
from tests.reference.journal import balances

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from decimal import Decimal

    from tests.reference.allocations import Allocation
    from tests.reference.journal import Entry
    from tests.reference.lots import Flow, Holding
    from tests.reference.obligations import Obligation
    from tests.reference.rows import Row
    from tests.reference.trades import Trade

Rows = list[dict[str, str]]
_SIGNED_FIELDS = ("account_id", "side", "isin", "quantity", "price", "currency")


def _figures(trade: Trade) -> dict[str, str]:
    currency = trade.version.text("currency")
    figures = trade.figures
    if figures is None:
        commission = write_money(trade.version.amount("commission"), currency)
        return {"gross": "", "commission": commission, "fees": "", "net": ""}
    return {
        "gross": write_money(figures.gross, currency),
        "commission": write_money(figures.commission, currency),
        "fees": write_money(figures.fees_total, currency),
        "net": write_money(figures.net, currency),
    }


def trades_table(trades: Iterable[Trade]) -> Rows:
    """Give every trade's last version."""
    rows = []
    for trade in sorted(trades, key=lambda trade: (trade.trade_id, trade.identity)):
        values = trade.version
        row = {
            "trade_id": trade.trade_id,
            "partner": trade.identity[0],
            "status": trade.status,
            "hold_codes": ";".join(trade.holds),
        }
        for name in _SIGNED_FIELDS:
            number = name in ("quantity", "price")
            row[name] = write_plain(values.amount(name)) if number else values.text(name)
        row |= {
            "trade_date": trade.trade_date.isoformat(),
            "settlement_date": trade.settles.isoformat() if trade.settles else "",
            "venue": values.text("venue"),
            "counterparty": values.text("counterparty"),
        }
        rows.append(row | _figures(trade))
    return rows


def allocations_table(allocations: Iterable[Allocation]) -> Rows:
    """Give every allocation as it stands; what is of its block is empty while that is unknown."""
    return [_allocation(one) for one in sorted(allocations, key=lambda one: one.identity[::-1])]


def _allocation(one: Allocation) -> dict[str, str]:
    block, trade = one.block, one.trade
    given = block.text("currency") if block else ""
    if one.version.text("currency") not in ("", given):
        given = ""
    row = {
        "allocation_id": one.identity[2],
        "partner": one.identity[0],
        "trade_date": one.identity[1].isoformat(),
        "block_trade_id": one.version.text("block_trade_id"),
        "status": one.status,
        "hold_codes": ";".join(one.holds),
        "account_id": one.version.text("account_id"),
        **{name: block.text(name) if block else "" for name in ("side", "isin", "currency")},
        "quantity": write_plain(one.version.amount("quantity")),
        "price": write_plain(block.amount("price")) if block else "",
        "settlement_date": trade.settles.isoformat() if trade and trade.settles else "",
        "commission": write_money(one.version.amount_or("commission", ZERO), given)
        if given
        else "",
    }
    figures = _figures(trade) if trade else dict.fromkeys(("gross", "fees", "net"), "")
    return row | {name: figures[name] for name in ("gross", "fees", "net")}


def reject_row(day: dt.date, partner: str, row: Row) -> dict[str, str]:
    """Give one rejected row of a trades file."""
    return {
        "business_date": day.isoformat(),
        "partner": partner,
        "file": row.file,
        "row": str(row.number),
        "trade_id": row.raw.get("trade_id", ""),
        "field": row.field,
        "code": row.code,
        "message": f"{row.code} in {row.field}",
    }


def obligations_table(obligations: Iterable[Obligation]) -> Rows:
    """Give every obligation as it stands."""
    return [
        {
            "obligation_id": obligation.obligation_id,
            "counterparty": obligation.counterparty,
            "isin": obligation.isin,
            "currency": obligation.currency,
            "settlement_date": obligation.settlement_date.isoformat(),
            "direction": obligation.direction,
            "quantity": write_plain(abs(obligation.quantity)),
            "money": write_money(obligation.money, obligation.currency),
            "settled_quantity": write_plain(obligation.settled_quantity),
            "status": obligation.status,
            "trades": str(obligation.trades),
        }
        for obligation in obligations
    ]


def positions_table(
    holdings: dict[tuple[str, str], Holding], flows: list[Flow], day: dt.date
) -> Rows:
    """Give positions by account, ISIN and currency: traded, settled by contract, cost, profit."""
    keys = {(flow.account_id, flow.isin, flow.currency) for flow in flows if flow.currency}
    keys |= {
        (account_id, isin, lot.currency)
        for (account_id, isin), holding in holdings.items()
        for lot in holding.lots
    }
    rows = []
    of_pair: dict[tuple[str, str], list[Flow]] = defaultdict(list)
    for flow in flows:
        of_pair[flow.account_id, flow.isin].append(flow)
    for account_id, isin, currency in sorted(keys):
        holding = holdings[account_id, isin]
        own = [flow for flow in of_pair[account_id, isin] if flow.currency in (currency, "")]
        lots = [lot for lot in holding.lots if lot.currency == currency]
        row = {
            "account_id": account_id,
            "isin": isin,
            "traded_quantity": write_plain(sum((flow.quantity for flow in own), ZERO)),
            "settled_quantity": write_plain(
                sum((flow.quantity for flow in own if flow.settles <= day), ZERO)
            ),
            "cost_basis": write_money(sum((lot.cost for lot in lots), ZERO), currency),
            "currency": currency,
            "realised_pnl": write_money(holding.realised[currency], currency),
        }
        rows.append(row)
    return rows


def lots_table(holdings: dict[tuple[str, str], Holding]) -> Rows:
    """Give the open lots."""
    rows = [
        {
            "account_id": lot.account_id,
            "isin": lot.isin,
            "opened_on": lot.opened_on.isoformat(),
            "trade_id": lot.source,
            "quantity": write_plain(lot.quantity),
            "cost": write_money(lot.cost, lot.currency),
            "currency": lot.currency,
        }
        for holding in holdings.values()
        for lot in holding.lots
    ]
    return sorted(rows, key=lambda row: tuple(row.values()))


def held_tables(
    holdings: dict[tuple[str, str], Holding], flows: list[Flow], day: dt.date
) -> dict[str, Rows]:
    """Give the two views of the lots."""
    return {"lots": lots_table(holdings), "positions": positions_table(holdings, flows, day)}


def journal_table(entries: Iterable[Entry]) -> Rows:
    """Give one row a posting."""
    return [
        {
            "entry_id": f"E{entry.number:06d}",
            "effective_date": entry.effective.isoformat(),
            "recorded_on": entry.recorded.isoformat(),
            "kind": entry.kind,
            "source": entry.source,
            "account": account,
            "unit": unit,
            "amount": write_unit(amount, unit),
            "reverses": "" if entry.reverses is None else f"E{entry.reverses:06d}",
        }
        for entry in entries
        for account, unit, amount in entry.postings
    ]


def trial_balance(entries: list[Entry]) -> Rows:
    """Give what every account holds in every unit."""
    return [
        {"account": account, "unit": unit, "balance": write_unit(amount, unit)}
        for (account, unit), amount in sorted(balances(entries).items())
    ]


def stock_record(entries: list[Entry]) -> Rows:
    """Give who owns and who holds every ISIN."""
    held: list[tuple[str, str, Decimal]] = [
        (isin, account, amount)
        for (account, isin), amount in balances(entries).items()
        if account.startswith("Securities:")
    ]
    return [
        {"isin": isin, "account": account, "quantity": write_plain(amount)}
        for isin, account, amount in sorted(held)
    ]
