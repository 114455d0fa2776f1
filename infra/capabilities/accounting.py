"""Accounting: the day is booked, bucket by bucket, and its books are closed."""

from infra.blocks.function_spec import PART_S, FunctionSpec

FUNCTIONS = (
    FunctionSpec(
        capability="accounting",
        name="book_accounts",
        layers=("columnar", "api"),
        memory_mb=2048,
        timeout_s=PART_S,
        reads=("records", "work/days/"),
        writes=("records/accounting/", "work/days/"),
    ),
    FunctionSpec(
        capability="accounting",
        name="close_books",
        layers=("columnar", "api"),
        memory_mb=2048,
        reads=("records", "work/days/"),
        writes=("records/accounting/", "records/clearance/"),
    ),
)
