"""Destroy what a client's name can be read by, and what lies outside the records and says it."""

from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from datetime import date
from typing import TYPE_CHECKING, Final

import polars as pl

from backoffice.formats.name_search import NameSearch
from backoffice.formats.opened_originals import stray_rows, told_subjects
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.intake.leftover_drops import leftover_drops, uncaptured_drops
from backoffice.intake.originals import SEALED_MARK
from backoffice.kernel.client_keys import ClientKeys
from backoffice.kernel.parts import Records
from backoffice.stores.drops import DropBucket
from backoffice.stores.key_rings import KeyRings
from backoffice.stores.objects import RecordBucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_OUTBOX: Final = "outbox/"
_OPERATIONS: Final = "operations"

_ORIGINALS: Final = "/originals/"


def strays_naming(
    records: Records, keys: ClientKeys, search: NameSearch, known: Collection[str]
) -> tuple[str, ...]:
    """Return under whose keys stray rows of originals say what is searched for, sorted."""
    found, those = set[str](), frozenset(known)
    originals = [key for key in records.keys("intake/") if _ORIGINALS in key]
    # most are files of trades, plain and large: of those the first bytes are read alone
    heads = records.read_starts(originals, len(SEALED_MARK))
    for key in (key for key, head in zip(originals, heads, strict=True) if head == SEALED_MARK):
        strays = stray_rows(records.read_bytes(key), keys, key.rsplit("/", 1)[-1], those)
        found |= {of for of, rows in strays.items() if search.finds(rows)}
    return tuple(sorted(found))


class ClientEraser:
    """Who destroys clients' keys, and empties an outbox of what may name them.

    Parameters
    ----------
    keys
        The clients' keys.
    records, drops
        The record store, and where partners drop files.
    client, outbox
        S3, and the bucket of what partners fetch.
    """

    def __init__(
        self,
        keys: KeyRings,
        records: RecordBucket,
        drops: DropBucket,
        client: "S3Client",
        outbox: str,
    ) -> None:
        self._keys, self._records, self._drops = keys, records, drops
        self._client, self._outbox = client, outbox

    def destroy(self, subject: str) -> bool:
        """Destroy the key of a subject; may be run again. Return whether there was one."""
        return self._keys.destroy(subject)

    def erased(self, subjects: Collection[str]) -> AbstractSet[str]:
        """Return those of some subjects whose keys were destroyed, or began to be."""
        return self._keys.erased(subjects)

    def opened(self, texts: pl.Series) -> pl.Series:
        """Open sealed texts; null is what no key opens any more."""
        return SealedColumns(self._keys).opened(texts)

    def strays_naming(
        self, account_id: str, names: Collection[tuple[str, ...]], known: Collection[str]
    ) -> tuple[str, ...]:
        """Name the subjects under whose keys stray rows of files tell of the client, sorted."""
        return strays_naming(self._records, self._keys, NameSearch(account_id, names), known)

    def tells(self, original: str, account_id: str) -> bool:
        """Tell whether a record original, by its key, has rows of an account."""
        return account_id in told_subjects(self._records.read_bytes(original))

    def uncaptured(self) -> tuple[str, ...]:
        """Return the keys of what was dropped and never captured, sorted."""
        return tuple(sorted(set(uncaptured_drops(self._records, self._drops))))

    def fetched(self) -> tuple[str, ...]:
        """Return the keys of what lies in the outbox."""
        return tuple(self._listed())

    def sweep(self, until: date | None, naming: Collection[str]) -> int:
        """Delete what names a client, or may, who had business until then; return how many."""
        fetched = [key for key in self._listed() if key in naming or _may_name(key, until)]
        for key in fetched:
            self._client.delete_object(Bucket=self._outbox, Key=key)
        dropped = list(leftover_drops(self._records, self._drops))
        for key, version in dropped:
            self._drops.delete_version(key, version)
        return len(fetched) + len(dropped)

    def _listed(self) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._outbox, Prefix=_OUTBOX
        )
        return (item["Key"] for page in pages for item in page.get("Contents", []))


def _may_name(key: str, until: date | None) -> bool:
    """Whether an object was made for operations, or for a day until then."""
    owner, day, *_ = (*key.split("/")[1:], "", "")
    if owner == _OPERATIONS:
        return True
    try:
        return until is not None and date.fromisoformat(day) <= until
    except ValueError:
        return False
