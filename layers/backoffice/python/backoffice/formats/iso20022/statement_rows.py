"""Rows of text gathered from the pieces of statements, until they are checked as columns."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from backoffice.formats.iso20022.fields import Fields, Problem
from backoffice.formats.iso20022.messages import hash_of
from backoffice.intake.documents import StatementPage


class Sheet:
    """Rows of one schema, in the order of its columns; what is known only later is filled in."""

    def __init__(self, *columns: str) -> None:
        self._names = ("row", *columns, "unknown")
        self._rows: list[list[Any]] = []

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._rows)

    def add(self, number: int, unknown: str | None, *texts: str | None) -> int:
        """Add a row and return its place."""
        self._rows.append([number, *texts, unknown])
        return len(self._rows) - 1

    def fill(self, name: str, rows: Iterable[int], text: str | None) -> None:
        """Fill a column of some rows."""
        at = self._names.index(name)
        for row in rows:
            self._rows[row][at] = text

    def locate(self, rows: Iterable[int], fields: Fields) -> None:
        """Add the account that some rows are of to where they say something is kept."""
        account, at = fields.text("SfkpgAcct/Id"), self._names.index("location")
        for row in rows if account else ():
            where = self._rows[row][at]
            self._rows[row][at] = f"{where}/{account}" if where else account

    def frame(self) -> pl.DataFrame:
        """Return `row`, the columns and `unknown`."""
        columns = zip(*self._rows, strict=True) if self._rows else ((),) * len(self._names)
        kinds = (pl.UInt32, *(pl.String,) * (len(self._names) - 1))
        return pl.DataFrame(
            [pl.Series(*each) for each in zip(self._names, columns, kinds, strict=True)]
        )


class Waiting:
    """Rows that wait for what stands around them, which comes after them."""

    def __init__(self) -> None:
        self._rows: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, part: str, *rows: int) -> None:
        """Let rows of a piece wait for the one it stands in."""
        self._rows[part.rpartition("/")[0]] += rows

    def of(self, part: str) -> list[int]:
        """Return the rows that waited for a piece."""
        return self._rows.pop(part, [])


@dataclass(slots=True)
class Told:
    """What is counted over a whole file: its rows, what was rejected, its pages."""

    number: int = 0
    rejects: list[tuple[int, str, str, str]] = field(default_factory=list)
    pages: list[StatementPage] = field(default_factory=list)
    documents: int = 0
    _paged: int = 0
    _said: list[str] = field(default_factory=list)

    def heard(self, content: str) -> None:
        """Note the hash of a piece of the Document being read."""
        self._said.append(content)

    def end_document(self, identifier: str | None) -> None:
        """End a Document: its pages have its header's identifier, and what it said."""
        content = hash_of(" ".join(self._said)) if self._said else ""
        named = {"identifier": identifier, "content": content}
        self.pages[self._paged :] = [
            page.model_copy(update=named) for page in self.pages[self._paged :]
        ]
        self.documents += 1
        self._paged = len(self.pages)
        self._said.clear()

    def next(self) -> int:
        """Return the number of the next row."""
        self.number += 1
        return self.number

    def reject(self, problem: Problem, where: str = "") -> None:
        """Reject a row of its own for a problem of an element."""
        path = f"{where}/{problem.field}" if where else problem.field
        self.rejects.append((self.next(), path, problem.code, problem.message))
