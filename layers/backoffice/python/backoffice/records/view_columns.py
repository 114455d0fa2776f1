"""The columns of every view, in the order the contract gives, and how a view is made of rows."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import polars as pl

_COLUMNS: Final[Mapping[str, str]] = {
    "trades": (
        "trade_id partner status hold_codes account_id side isin quantity price currency "
        "trade_date settlement_date venue counterparty gross commission fees net"
    ),
    "rejects": "business_date partner file row trade_id field code message",
    "file-rejects": "business_date partner file row kind trade_id field code message",
    "cases": "case_id opened_on code subject status members due",
    "obligations": (
        "obligation_id counterparty isin currency settlement_date direction quantity "
        "money settled_quantity status trades"
    ),
    "fails": (
        "fail_id obligation_id counterparty isin currency direction failed_on reason "
        "open_quantity open_money age close_out_by buy_in_on penalties status ended_on"
    ),
    "instructions": (
        "obligation_id instructed_on matching_status matching_reason settlement_status "
        "settlement_reason held last_message_on"
    ),
    "rolls": (
        "rolled_on obligation_id into counterparty isin currency settlement_date due_date late "
        "quantity money mark"
    ),
    "fail-history": "fail_id day event quantity money currency note",
    "positions": (
        "account_id isin traded_quantity settled_quantity cost_basis currency realised_pnl"
    ),
    "lots": "account_id isin opened_on trade_id quantity cost currency",
    "disposals": (
        "account_id isin currency closed_on kind trade_id partner opened_on opening_id "
        "opening_partner direction quantity cost proceeds profit term disallowed adjusted_cost "
        "adjusted_profit held_since"
    ),
    "wash-sales": (
        "account_id isin currency loss_on loss_id loss_partner replaced_on replacement_id "
        "replacement_partner quantity disallowed days_tacked"
    ),
    "journal": "entry_id effective_date recorded_on kind source account unit amount reverses",
    "trial-balance": "account unit balance",
    "stock-record": "isin account quantity",
    "cash-ladder": "currency value_date opening receipts payments closing assured need",
    "breaks": (
        "kind subject unit place ours theirs difference value currency first_seen age owner "
        "case_id status healed_on"
    ),
    "matches": "kind match rule side subject unit amount dated matched_on",
    "conditions": (
        "request_id obligation_id action quantity reason status note done_on case_id proposed_by "
        "approved_by"
    ),
    "payments": (
        "payment_id kind account_id fee_code counterparty currency amount value_date beneficiary "
        "beneficiary_account beneficiary_agent reference status case_id proposed_by approved_by "
        "ordered_on execution_date"
    ),
    "settlement-instructions": (
        "party market currency asset_class valid_from valid_to place_of_settlement agent "
        "safekeeping_account nostro status proposed_on counts_from case_id proposed_by approved_by"
    ),
    "records": "record_id class business_date key sha256 sealed_in retain_until",
}
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {name: tuple(columns.split()) for name, columns in _COLUMNS.items()}
)
"""The columns of each table, in the order the contract gives."""


def table(name: str, rows: pl.DataFrame, **computed: pl.Expr) -> pl.DataFrame:
    """Show rows as a view: text, sorted by its columns; `computed` are those the rows lack."""
    return shown(COLUMNS[name], rows, **computed)


def shown(columns: Sequence[str], rows: pl.DataFrame, **computed: pl.Expr) -> pl.DataFrame:
    """Show columns of rows as text, some of them computed, sorted by what they hold."""
    if not rows.width:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    texts = rows.select(computed.get(column, pl.col(column)).alias(column) for column in columns)
    # numbers sort as numbers, before they are text
    return texts.sort(columns).cast(pl.String)
