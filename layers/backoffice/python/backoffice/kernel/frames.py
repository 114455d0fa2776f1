"""Frames of a known shape."""

from collections.abc import Mapping

import polars as pl


def shaped(
    rows: pl.DataFrame, schema: Mapping[str, type[pl.DataType] | pl.DataType]
) -> pl.DataFrame:
    """Return exactly the schema's columns, in its order and types; those that lack are null."""
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in schema.items()
    )
