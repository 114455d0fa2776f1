"""A table of the books as it stood at every close, as far as the records still have it."""

from collections.abc import Iterator

import polars as pl

from backoffice.kernel.books import Books, load, state_key
from backoffice.kernel.parts import Records
from backoffice.reference.known import with_later_columns


def table_versions(records: Records, books: Books, kind: str) -> Iterator[pl.DataFrame]:
    """Yield a reference table as each close left it, the latest first, each version once."""
    seen = set[str]()
    for day in reversed(books.closed_days):
        part = load(records, state_key(day, "closed")).tables.get(kind)
        if part is None or part.key in seen or records.find_bytes(part.key) is None:
            continue
        seen.add(part.key)
        yield with_later_columns(kind, records.read(part))
