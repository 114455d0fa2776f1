"""The registers of compliance as its people fetch them."""

import polars as pl

from backoffice.clearance.complaints import COMPLAINT_SCHEMA, complaints_as_they_stand
from backoffice.clearance.suspicions import sars_as_they_stand
from backoffice.compliance.suspicious_activity.report import register
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.view_columns import shown


def suspicions(records: Records, books: Books) -> pl.DataFrame:
    """Show every suspicion that was ever to be decided, as it stands: for compliance alone."""
    rules = default_rulebook()
    return register(sars_as_they_stand(records, books, rules), rules)


def complaints(records: Records, books: Books) -> pl.DataFrame:
    """Show every complaint that was received, as it stands."""
    rows = complaints_as_they_stand(records, books, default_rulebook())
    return shown(tuple(COMPLAINT_SCHEMA), rows)
