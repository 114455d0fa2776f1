"""Settlement messages as captured rows: what the street said, with where it came from."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.intake.capture import Origin

STATUS: Final = "status"


@dataclass(frozen=True, slots=True)
class StatusRows:
    """What a reader of status files found: `statuses` and `rejects`, each row with its number."""

    statuses: pl.DataFrame
    rejects: pl.DataFrame

    def placed(self, origin: Origin) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return both with partner, business_date and file."""
        rejects = placed_rejects(self.rejects, origin, STATUS)
        return self.statuses.select(*_place(origin), pl.all()), rejects


def placed_rejects(rejects: pl.DataFrame, origin: Origin, kind: str) -> pl.DataFrame:
    """Return row, field, code, message of messages as rejects of a file of this kind."""
    return rejects.select(
        *_place(origin),
        "row",
        pl.lit(None, pl.String).alias("trade_id"),
        "field",
        "code",
        "message",
        pl.lit(kind).alias("kind"),
    )


def _place(origin: Origin) -> tuple[pl.Expr, ...]:
    return (
        pl.lit(origin.partner).alias("partner"),
        pl.lit(origin.business_date).alias("business_date"),
        pl.lit(origin.file).alias("file"),
    )
