"""What was asked of the records as it is fetched: holds, erasures, disposals, as each stands."""

from typing import Final

import polars as pl

from backoffice.clearance.record_requests import requests_as_they_stand
from backoffice.intake.day_record_requests import known_record_requests
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.records.certificates import certificates
from backoffice.records.view_columns import shown

_COLUMNS: Final = (
    *("request_id", "kind", "account_id", "hold_id", "since", "until", "reason", "status"),
    *("case_id", "proposed_by", "approved_by", "done_at"),
)
_DONE: Final = "DONE"


def record_requests(records: Records, books: Books) -> pl.DataFrame:
    """Show requests; an erasure or a disposal is DONE once its certificate says so."""
    known = requests_as_they_stand(known_record_requests(records, books))
    done = {name: one.at.isoformat() for name, one in certificates(records).items()}
    at = pl.col("request_id").replace_strict(done, default=None, return_dtype=pl.String)
    rows = known.with_columns(done_at=at)
    status = pl.when(pl.col("done_at").is_null()).then("status").otherwise(pl.lit(_DONE))
    return shown(_COLUMNS, rows.with_columns(status=status))
