"""An account's documents, found by the index of the records and read at their place."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.front_office.cursors import read_cursor, write_cursor
from backoffice.front_office.own_document_models import OwnDocument, OwnDocuments
from backoffice.records.search.find import Finder, Query

_KIND: Final = "document"
FORMS: Final = ("pdf", "html")


def list_documents(finder: Finder, account_id: str, limit: int, cursor: str | None) -> OwnDocuments:
    """List what was made of an account, as far as it is sealed.

    Raises
    ------
    BadCursorError
        When the cursor is none of this account's pages.
    """
    listed = f"documents {account_id}"
    place = read_cursor(listed, cursor)[0] if cursor else None
    page = finder.find(Query(account=account_id, kind=_KIND, limit=limit, cursor=place))
    return OwnDocuments(
        account_id=account_id,
        documents=tuple(
            OwnDocument(document_id=row["id"], as_of=date.fromisoformat(_made_as_of(row)))
            for row in page.rows
        ),
        next=None if page.next is None else write_cursor(listed, (page.next,)),
    )


def find_document(
    finder: Finder,
    read: Callable[[str], pl.DataFrame],
    account_id: str,
    document_id: str,
) -> Mapping[str, Any] | None:
    """Find where a document of an account is: its row of the table of its edition.

    Of one that was made anew, as of a later day, the latest; None where there is none.
    """
    page = finder.find(Query(id=document_id, account=account_id, kind=_KIND, limit=500))
    if not page.rows:
        return None
    latest = max(page.rows, key=_made_as_of)
    row = read(latest["key"]).row(latest["row"], named=True)
    return row if (row["document_id"], row["account_id"]) == (document_id, account_id) else None


def _made_as_of(row: Mapping[str, Any]) -> str:
    """Return the day that a document tells of: its edition stands under it."""
    return str(row["key"]).split("/")[1]
