"""List the record store: what each object is, when it was sealed, how long it is kept."""

import hashlib
from datetime import date
from typing import Final

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.records.retention import default_schedule, retained_until
from backoffice.records.seal_day import read_seal

_SCHEMA: Final = {
    "record_id": pl.String,
    "class": pl.String,
    "business_date": pl.String,
    "key": pl.String,
    "sha256": pl.String,
    "sealed_in": pl.String,
    "retain_until": pl.String,
}


def record_listing(records: Records, books: Books, asked: object = None) -> pl.DataFrame:
    """Return one row a sealed object, of every day the books have closed."""
    del asked
    rows = [
        _row(leaf.key, leaf.sha256, day)
        for day in books.closed_days
        for leaf in read_seal(records, day).leaves
    ]
    return pl.DataFrame(rows, schema=_SCHEMA)


def _row(key: str, sha256: str, sealed_in: date) -> dict[str, str]:
    return {
        "record_id": record_id(key),
        "class": class_of(key),
        "business_date": dated(key) or str(sealed_in),
        "key": key,
        "sha256": sha256,
        "sealed_in": str(sealed_in),
        "retain_until": str(retained_until(key, sealed_in)),
    }


def record_id(key: str) -> str:
    """Return the short name of the object that stands under a key."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def class_of(key: str) -> str:
    """Return the class of the retention schedule that an object is of."""
    return default_schedule().class_of(key).name


def dated(key: str) -> str | None:
    """Return the date in a key; what is kept by whose it is belongs to the day it came in."""
    try:
        return str(date.fromisoformat(key.split("/")[1].removesuffix(".json")))
    except ValueError:
        return None
