"""Columns of cases, and which of them only compliance may know of."""

import polars as pl

from backoffice.clearance.confidential import CASE


def confidential_rows() -> pl.Expr:
    """Whether a row's `code` and `subject` are of a case that compliance alone may know of."""
    said = pl.concat_str("code", pl.col("subject").fill_null(""), separator=" ")
    return said.str.contains(CASE)
