"""Journal rows as ledger text: `account amount unit`, the way the contract's table reads."""

import polars as pl

from backoffice.accounting.chart import account_name


def ledger(journal: pl.DataFrame) -> set[str]:
    """Return the postings of a journal as lines; a line that stands twice is an error."""
    rows = journal.select(account_name().alias("account"), "amount", "unit").rows()
    lines = [f"{account} {amount:+d} {unit}" for account, amount, unit in rows]
    assert len(lines) == len(set(lines))
    return set(lines)
