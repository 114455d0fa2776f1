"""What a person reads of a record: columns as CSV, files as they came, documents, all opened."""

import io
import zipfile
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Final

import polars as pl

from backoffice.formats.opened_originals import opened_original
from backoffice.formats.printing.archive import document_at
from backoffice.formats.sealed_bytes import UnreadableError
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.kernel.client_keys import ClientKeys
from backoffice.kernel.parts import Records
from backoffice.kernel.sealed_text import MARK
from backoffice.records.client_documents.editions import made_editions

_ORIGINALS: Final = "/originals/"
_DOCUMENTS: Final = "client-documents/"
_SEALED: Final = ".sealed"


class ReadableRecords:
    """Opens records for whoever may read all of them, by the keys there are.

    Parameters
    ----------
    records, keys
        The record store, and the clients' keys; what was erased stays closed.
    """

    def __init__(self, records: Records, keys: ClientKeys) -> None:
        self._records, self._keys = records, keys

    def read(
        self, key: str, body: bytes, rows: AbstractSet[int] | None, account_id: str | None
    ) -> dict[str, bytes]:
        """Return what can be read of an object, by what is put after its key; nothing of others.

        Parameters
        ----------
        rows
            The rows that are asked for of a part; None is all.
        account_id
            Whose documents alone are asked for, and no files, which tell of many; None is all.
        """
        if key.endswith(".parquet"):
            return {".csv": self._part(body, rows)}
        if _ORIGINALS in key and account_id is None:
            opened = opened_original(body, self._keys, key.rsplit("/", 1)[-1])
            return {} if opened == body else {".opened": opened}
        if key.startswith(_DOCUMENTS) and key.endswith(".zip"):
            return self._documents(body, account_id)
        return {}

    def _part(self, body: bytes, rows: AbstractSet[int] | None) -> bytes:
        frame = pl.read_parquet(io.BytesIO(body))
        if rows is not None:
            frame = frame.with_row_index("row_of_object").filter(
                pl.col("row_of_object").is_in(sorted(rows))
            )
        seals = SealedColumns(self._keys)
        texts = [name for name, kind in frame.schema.items() if kind == pl.String]
        sealed = [name for name in texts if frame[name].str.starts_with(MARK).any()]
        frame = frame.with_columns(seals.shown(frame[name]) for name in sealed)
        nested = [name for name, kind in frame.schema.items() if kind.is_nested()]
        shown = [pl.Series(name, [str(one) for one in frame[name].to_list()]) for name in nested]
        return frame.with_columns(shown).write_csv().encode()

    def _documents(self, body: bytes, account_id: str | None) -> dict[str, bytes]:
        """Open the documents of an archive that are asked for and not erased."""
        found = {}
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for entry in archive.namelist():
                name = entry.removesuffix(_SEALED)
                document_id, _, form = name.rpartition(".")
                whose, hashes = self._register[document_id]
                if account_id not in (None, whose):
                    continue
                keys = self._keys.find_many([whose])
                try:
                    opened = document_at(archive.read(entry), hashes[form], name, whose, keys)
                except UnreadableError:
                    continue
                found[f"/{name}"] = opened
        return found

    @cached_property
    def _register(self) -> dict[str, tuple[str, dict[str, str]]]:
        """Whose each document is, and the hashes of its forms."""
        return {
            row["document_id"]: (
                row["account_id"],
                {"pdf": row["pdf_sha256"], "html": row["html_sha256"]},
            )
            for made in made_editions(self._records)
            for row in self._records.read(made.documents).iter_rows(named=True)
        }
