"""Attach every counter to the emulator in this process."""

from infra.local.home import Home
from infra.local.metering import doors, functions, machines, objects, tables
from infra.local.metering.book import Book


def attach(home: Home) -> Book:
    """Count into the home's book from now on; its `close` writes what is still open.

    Raises
    ------
    PatchError
        The emulator is not the version this counts by.
    """
    book = Book(home.usage)
    for part in (functions, machines, tables, objects, doors):
        part.attach(book)
    return book
