"""The books as people and partners fetch them: every column text, rows sorted by their columns.

Money has exactly its minor units, other decimals no trailing zeros; what is not known is null. A
frame without any column is taken for an empty one of the right columns.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.accounting import balances, chart
from backoffice.kernel.columns import format_e8, format_money

View = Callable[[pl.DataFrame], pl.DataFrame]

TRADES_FILE_KIND: Final = "trades"
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
    "positions": (
        "account_id isin traded_quantity settled_quantity cost_basis currency realised_pnl"
    ),
    "lots": "account_id isin opened_on trade_id quantity cost currency",
    "journal": "entry_id effective_date recorded_on kind source account unit amount reverses",
    "trial-balance": "account unit balance",
    "stock-record": "isin account quantity",
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


def trades(register: pl.DataFrame) -> pl.DataFrame:
    """Show trades.

    Parameters
    ----------
    register
        REGISTER, the last row of each trade.
    """
    return _table(
        "trades",
        register,
        quantity=format_e8("quantity_e8"),
        price=format_e8("price_e8"),
        gross=format_money("gross_minor"),
        commission=format_money("commission_minor"),
        fees=format_money("fees_minor"),
        net=format_money("net_minor"),
    )


def rejects(refused: pl.DataFrame) -> pl.DataFrame:
    """Show the refused rows of trades files; those of other files are left out."""
    if refused.width:
        refused = refused.filter(pl.col("kind") == TRADES_FILE_KIND)
    return _table("rejects", refused)


def file_rejects(refused: pl.DataFrame) -> pl.DataFrame:
    """Show the refused rows of every kind of file."""
    return _table("file-rejects", refused)


def cases(known: pl.DataFrame) -> pl.DataFrame:
    """Show cases, open and closed."""
    return _table("cases", known)


def obligations(known: pl.DataFrame) -> pl.DataFrame:
    """Show obligations: quantities unsigned (the direction says), money signed (+ we receive)."""
    if known.width:
        known = known.with_columns(
            pl.col("quantity_e8", "settled_quantity_e8").abs(),
            money_minor=pl.col("sell_gross_minor") - pl.col("buy_gross_minor"),
        )
    return _table(
        "obligations",
        known,
        quantity=format_e8("quantity_e8"),
        money=format_money("money_minor"),
        settled_quantity=format_e8("settled_quantity_e8"),
    )


def positions(known: pl.DataFrame) -> pl.DataFrame:
    """Show positions."""
    return _table(
        "positions",
        known,
        traded_quantity=format_e8("traded_quantity_e8"),
        settled_quantity=format_e8("settled_quantity_e8"),
        cost_basis=format_money("cost_basis_minor"),
        realised_pnl=format_money("realised_pnl_minor"),
    )


def lots(known: pl.DataFrame) -> pl.DataFrame:
    """Show open lots; short ones are negative."""
    return _table("lots", known, quantity=format_e8("quantity_e8"), cost=format_money("cost_minor"))


def journal(entries: pl.DataFrame) -> pl.DataFrame:
    """Show the journal, a row a posting."""
    return _table("journal", entries, account=chart.account_name(), amount=chart.amount_text())


def trial_balance(entries: pl.DataFrame) -> pl.DataFrame:
    """Show every account's balance in every unit, zeros left out, of a journal or of balances."""
    if entries.width:
        entries = balances.trial_balance(balances.balances(entries))
    return _table("trial-balance", entries)


def stock_record(entries: pl.DataFrame) -> pl.DataFrame:
    """Show who holds what, zeros left out, of a journal or of balances."""
    if entries.width:
        entries = balances.stock_record(balances.balances(entries))
    return _table("stock-record", entries)


def payments(known: pl.DataFrame) -> pl.DataFrame:
    """Show payments out, as each stands."""
    return _table("payments", known, amount=format_money("amount_minor"))


def settlement_instructions(known: pl.DataFrame) -> pl.DataFrame:
    """Show standing settlement instructions, as each stands."""
    return _table("settlement-instructions", known)


def records(listing: pl.DataFrame) -> pl.DataFrame:
    """Show the record store: a row a record, with the columns of the table."""
    return _table("records", listing)


VIEWS: Final[Mapping[str, View]] = MappingProxyType(
    {
        "trades": trades,
        "rejects": rejects,
        "file-rejects": file_rejects,
        "cases": cases,
        "obligations": obligations,
        "positions": positions,
        "lots": lots,
        "journal": journal,
        "trial-balance": trial_balance,
        "stock-record": stock_record,
        "payments": payments,
        "settlement-instructions": settlement_instructions,
        "records": records,
    }
)
"""What can be exported, by the name it is asked for."""


def to_csv(view: pl.DataFrame) -> bytes:
    r"""Write a view as CSV (RFC 4180, UTF-8, header, lines ending in \n); null is empty."""
    # polars quotes an empty text to tell it from null; here both are nothing between two commas
    absent = pl.when(pl.all() != "").then(pl.all())
    return view.select(absent.name.keep()).write_csv().encode()


def to_json(view: pl.DataFrame) -> bytes:
    """Write a view as a JSON list of objects, every value text or null."""
    return view.write_json().encode()


def _table(name: str, rows: pl.DataFrame, **computed: pl.Expr) -> pl.DataFrame:
    columns = COLUMNS[name]
    if not rows.width:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    shown = rows.select(computed.get(column, pl.col(column)).alias(column) for column in columns)
    # numbers sort as numbers, before they are text
    return shown.sort(columns).cast(pl.String)
