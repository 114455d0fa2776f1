"""Accounting: the day is booked, bucket by bucket, and its books are closed."""

from infra.blocks.function import FunctionSpec

FUNCTIONS = (
    FunctionSpec(
        capability="accounting",
        name="book_accounts",
        layers=("columnar", "api"),
        memory_mb=2048,
        reads=("records", "work"),
        writes=("records", "work"),
    ),
    FunctionSpec(
        capability="accounting",
        name="close_books",
        layers=("columnar", "api"),
        memory_mb=2048,
        reads=("records", "work"),
        writes=("records", "work", "outbox"),
    ),
)
