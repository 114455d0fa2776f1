"""Whether an order would clear, asked before it is sent: the same rules, and the money."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from backoffice.front_office.models import CheckAnswer, OrderRequest, Preview, Refusal
from backoffice.intake.app_trades import rows_of_text
from backoffice.intake.capture import Origin, capture
from backoffice.intake.codes import Zones
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.scaled import parse_scaled
from backoffice.reference.lookup import ReferenceSnapshot
from backoffice.risk.funds import INSUFFICIENT_FUNDS, available_minor

_NO_TRADE: Final = "check"
_REFUSAL: Final = ("field", "code", "message")


@dataclass(frozen=True, slots=True)
class CheckDesk:
    """What a check asks: the zones, what is known, what clearing says, and accounts' balances."""

    zones: Zones
    reference: ReferenceSnapshot
    preview: Callable[[pl.DataFrame], Preview]
    balances: Callable[[str], pl.DataFrame]


def check_order(desk: CheckDesk, order: OrderRequest, now: datetime) -> CheckAnswer | Refusal:
    """Say whether an order would clear, or why it is no order.

    Parameters
    ----------
    desk
        What is asked.
    order
        As it came.
    now
        With its zone.
    """
    as_trade = rows_of_text([_as_trade(order, desk.reference, now)])
    checked = capture("trades", as_trade, Origin(_NO_TRADE, now.date(), _NO_TRADE), desk.zones)
    if checked.rejects.height:
        return Refusal.model_validate(checked.rejects.select(_REFUSAL).row(0, named=True))
    preview = desk.preview(checked.captured)
    row = checked.captured.row(0, named=True)
    available = _available(desk, row)
    codes = {*preview.hold_codes, *_funds(preview, row, available)}
    return CheckAnswer(
        would_clear=not codes,
        codes=tuple(sorted(codes)),
        **preview.model_dump(include={"settlement_date", "gross", "fees", "net"}),
    )


def _as_trade(
    order: OrderRequest, reference: ReferenceSnapshot, now: datetime
) -> Mapping[str, str]:
    """Complete an order to a trade; who stands against it is chosen when it is executed."""
    known = reference.counterparties["lei"]
    rest = {
        "trade_id": _NO_TRADE,
        "capacity": "AGENCY",
        "trade_time": now.isoformat(timespec="seconds"),
        "counterparty": known[0] if known.len() else "00000000000000000098",
    }
    said = {name: text for name, text in order.model_dump().items() if text is not None}
    return {**rest, **said}


def _available(desk: CheckDesk, row: Mapping[str, Any]) -> int | None:
    """Return the money of a CASH account that would buy; None where it is not asked for."""
    accounts = desk.reference.accounts
    found = accounts.filter(pl.col("account_id") == row["account_id"])
    pays = found.height == 1 and found["account_type"].item() == "CASH"
    if row["side"] != "BUY" or not pays or found["kind"].item() != "CLIENT":
        return None
    return available_minor(desk.balances(row["account_id"]), row["account_id"], row["currency"])


def _funds(preview: Preview, row: Mapping[str, Any], available: int | None) -> set[str]:
    if available is None or preview.net is None:
        return set()
    needed = parse_scaled(preview.net, MINOR_UNITS[row["currency"]])
    return {INSUFFICIENT_FUNDS} if needed > available else set()
