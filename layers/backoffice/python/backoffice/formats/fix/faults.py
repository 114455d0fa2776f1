"""What is wrong with messages whose tags stand in a good order: length, checksum, counts."""

import polars as pl

from backoffice.formats.fix.tag_columns import ENTRIES, SIZE, SUM
from backoffice.formats.fix.tags import EXECUTION_REPORT, GROUPS, VERSION


def faults_of(fields: pl.DataFrame) -> list[pl.Expr]:
    """Say what is wrong with messages: their frame first, then the counts of their groups.

    Parameters
    ----------
    fields : pl.DataFrame
        As `messages.message_fields` gives them; of a line with a fault of its own nothing is said.

    Returns
    -------
    list of pl.Expr
        A sentence each (String), null where that is right.
    """
    if "8" not in fields.columns:
        return []
    size, total = pl.col(SIZE).cast(pl.String), pl.col(SUM).cast(pl.String).str.zfill(3)
    begins = pl.col("8") != VERSION
    kind = pl.col("35") != EXECUTION_REPORT
    length = pl.col("9").str.strip_chars_start("0") != size
    checksum = pl.col("10") != total
    told = "BodyLength (9) is wrong: the message has {} bytes of body."
    return [
        pl.when(begins).then(pl.lit(f"BeginString (8) is not {VERSION}.")),
        pl.when(length).then(pl.format(told, size)),
        pl.when(checksum).then(
            pl.format("CheckSum (10) is wrong: the message's bytes come to {}.", total)
        ),
        pl.when(kind).then(pl.lit("MsgType (35) is neither 8 nor that of another message.")),
        *_miscounted(fields),
    ]


def _miscounted(fields: pl.DataFrame) -> list[pl.Expr]:
    return [
        pl.when(_whole(group.count) != pl.col(f"{ENTRIES}{group.count}").cast(pl.String)).then(
            pl.format(
                f"{group.name} ({group.count}) is wrong: {{}} entries follow it.",
                pl.col(f"{ENTRIES}{group.count}"),
            )
        )
        for group in GROUPS.values()
        if group.count in fields.columns
    ]


def _whole(tag: str) -> pl.Expr:
    """Return a count's text less the zeros it may begin with; an empty one counts nothing."""
    text = pl.col(tag).str.replace(r"^0+(.)", "$1")
    return pl.when(text == "").then(pl.lit("0")).otherwise(text)
