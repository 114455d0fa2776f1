"""Sales whose lots were to be chosen and were not, or not so that it could be followed."""

from typing import Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.standing import no_causes
from backoffice.kernel.books import Books
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records

LOT_CHOICE: Final = "LOT_CHOICE"
"""The case of such a sale, by PARTNER/DATE/TRADE/WHY; a choice that can be followed closes it."""


def choice_causes(records: Records, books: Books) -> pl.DataFrame:
    """Return `CAUSE_SCHEMA`: the sales that were taken first in, first out for want of a choice."""
    faults = records.read_all(books.bucketed.get("choice_faults", ()))
    if faults is None:
        return no_causes()
    subject = pl.concat_str("partner", "trade_date", "trade_id", "cause", separator="/")
    named = faults.with_columns(code=pl.lit(LOT_CHOICE), subject=subject)
    return shaped(named, CAUSE_SCHEMA)
