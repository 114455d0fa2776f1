"""What screening finds: the columns of a hit, and their order. Nothing here compares names."""

from typing import Final

import polars as pl

from backoffice.risk.screening.listed import QUALITIES

NAMES: Final = {"subject_kind": pl.String, "subject": pl.String, "name": pl.String}
"""What is screened: any kind of subject (account, counterparty, issuer …), its id, its name."""

HITS: Final = {
    **NAMES,
    "list_code": pl.String,
    "entry_id": pl.String,
    "entry_kind": pl.String,
    "programs": pl.String,
    "listed_name": pl.String,
    "quality": pl.String,
    "score_bp": pl.UInt16,
    "matched_tokens": pl.UInt16,
    "matched_weight": pl.UInt32,
    "explanation": pl.String,
}
"""One row a subject's name and entry: the best of the entry's names, and why."""


def hit_order() -> list[pl.Expr]:
    """Return what HITS are sorted by."""
    quality = pl.col("quality").replace_strict(
        QUALITIES, range(len(QUALITIES)), return_dtype=pl.Int64
    )
    best = [
        -pl.col(name).cast(pl.Int64) for name in ("score_bp", "matched_tokens", "matched_weight")
    ]
    return [*map(pl.col, NAMES), *best, quality, pl.col("list_code"), pl.col("entry_id")]
