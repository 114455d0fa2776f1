"""The columns the reserve computation speaks in, and the lines of its formula."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

USD: Final = "USD"
CREDITS: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9")
DEBITS: Final = ("10", "11", "12", "13", "14", "15")
BANK: Final = "ON_DEPOSIT"
"""Not a line of the formula: what stands in the special reserve bank account."""

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "1": "credit balances in customers' accounts",
        "2": "monies borrowed on customers' securities",
        "3": "monies payable against customers' securities loaned",
        "4": "customers' securities failed to receive",
        "5": "credit balances in firm accounts from principal sales to customers",
        "6": "stock dividends and splits receivable over 30 days",
        "7": "short security count differences over 30 days",
        "8": "short securities and credits in suspense over 30 days",
        "9": "securities in transfer over 40 days",
        "10": "debit balances in customers' accounts, secured",
        "11": "securities borrowed for customers' short sales and fails to deliver",
        "12": "customers' securities failed to deliver, not over 30 days",
        "13": "margin on deposit with the Options Clearing Corporation",
        "14": "margin on deposit for security futures",
        "15": "margin on deposit for US Treasury securities",
    }
)

ROW: Final = pl.Schema(
    {
        "line": pl.String(),
        "kind": pl.String(),
        "subject": pl.String(),
        "account": pl.String(),
        "unit": pl.String(),
        "amount": pl.Int128(),
        "currency": pl.String(),
        "value_minor": pl.Int128(),
        "usd_minor": pl.Int128(),
        "rate": pl.String(),
        "sources": pl.String(),
        "missing": pl.String(),
    }
)
"""One row behind a line: `amount` of `unit` (minor units, or shares at 10^8) on `account`, worth
`value_minor` of `currency`. `sources` names the entries by what they are of (trades as
partner:date:id, obligations, loans; joined by `;`); empty, all of the account's postings in the
unit are behind it. Kinds: BALANCE, UNSECURED,
CONCENTRATION, FAIL, MARK, LOAN, RECEIVABLE, COUNT."""


def rows_frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Return rows, given as mappings, in `ROW`; what they do not name is null."""
    return pl.DataFrame([{name: row.get(name) for name in ROW} for row in rows], schema=ROW)
