"""Whether an order would clear, asked before it is sent: the same rules, and the means for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from backoffice.front_office.means import Means, means_codes
from backoffice.front_office.models import CheckAnswer, OrderRequest, Preview, Refusal
from backoffice.front_office.served_accounts import AccountBooks
from backoffice.intake.app_trades import rows_of_text
from backoffice.intake.capture import Origin, capture
from backoffice.intake.codes import Zones
from backoffice.kernel.rulebook import Rulebook
from backoffice.reference.lookup import ReferenceSnapshot

_NO_TRADE: Final = "check"
_REFUSAL: Final = ("field", "code", "message")


@dataclass(frozen=True, slots=True)
class CheckDesk:
    """What a check asks: the zones, what is known, what clearing says, accounts, and the rules."""

    zones: Zones
    reference: ReferenceSnapshot
    preview: Callable[[pl.DataFrame], Preview]
    books_of: Callable[[str], AccountBooks]
    rulebook: Rulebook


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

    Raises
    ------
    NoRuleError
        When a rule of margin does not hold today.
    """
    as_trade = rows_of_text([_as_trade(order, desk.reference, now)])
    checked = capture("trades", as_trade, Origin(_NO_TRADE, now.date(), _NO_TRADE), desk.zones)
    if checked.rejects.height:
        return Refusal.model_validate(checked.rejects.select(_REFUSAL).row(0, named=True))
    preview = desk.preview(checked.captured)
    row = checked.captured.row(0, named=True)
    means = Means(desk.reference, desk.books_of, desk.rulebook, now.date())
    codes = {*preview.hold_codes, *means_codes(means, row, preview.net)}
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
