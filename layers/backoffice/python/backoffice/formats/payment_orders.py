"""Payment orders for the bank, as CSV."""

import polars as pl

from backoffice.kernel.columns import format_money

COLUMNS = (
    *("payment_id", "execution_date", "currency", "amount", "debtor_account"),
    *("beneficiary", "beneficiary_account", "beneficiary_agent", "reference"),
)


def write_orders(orders: pl.DataFrame) -> bytes:
    r"""Write orders, a row each, in the order given; lines end in \n, null is empty.

    Parameters
    ----------
    orders : pl.DataFrame
        payment_id, execution_date, currency, amount_minor, nostro (the debtor's account),
        beneficiary, beneficiary_account, beneficiary_agent, reference.
    """
    rows = orders.with_columns(amount=format_money("amount_minor"), debtor_account="nostro")
    return rows.select(pl.col(name).cast(pl.String) for name in COLUMNS).write_csv().encode()
