"""Who read what is personal, of whom and when: the access log, a row a reading."""

from typing import Final

import polars as pl

from backoffice.clearance.document_accesses import PREFIX, Access
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.records.view_columns import shown

_COLUMNS: Final = ("account_id", "at", "actor", "groups", "document_id", "reading_id")
_SCHEMA: Final = dict.fromkeys(_COLUMNS, pl.String)


def accesses(records: Records, books: Books) -> pl.DataFrame:
    """Show every reading until the books' day, by account and time.

    What was read is a document of the customer, or a case that names them.
    """
    keys = [key for key in records.keys(PREFIX) if key.split("/")[1] <= str(books.day)]
    read = [Access.model_validate_json(body) for body in records.read_many(keys)]
    rows = [{**one.model_dump(), "groups": " ".join(one.groups)} for one in read]
    return shown(_COLUMNS, pl.DataFrame(rows, schema=_SCHEMA))
