"""Many documents in one archive: a zip whose places are known, each under its client's key.

A document is fetched by its place alone, without reading the others. Equal documents make equal
archives.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final, NamedTuple

from backoffice.formats.sealed_bytes import opened_bytes, sealed_bytes
from backoffice.kernel.client_keys import ClientKey
from backoffice.kernel.errors import BadFileError

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_LEVEL: Final = 6
_HEADER: Final = 30
_READ_WRITE: Final = 0o600 << 16
_SEALED: Final = ".sealed"
_RAW: Final = -zlib.MAX_WBITS


class Place(NamedTuple):
    """Where a document's sealed bytes are in its archive, and the SHA-256 of the document."""

    start: int
    end: int
    sha256: str


class Archive:
    """An archive that is being written."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        self._zip = zipfile.ZipFile(self._bytes, "w", zipfile.ZIP_STORED)

    def add(self, name: str, body: bytes, key: ClientKey) -> Place:
        """Add a document, deflated and then sealed under its client's key; return its place."""
        entry = zipfile.ZipInfo(f"{name}{_SEALED}", _EPOCH)
        entry.compress_type = zipfile.ZIP_STORED
        entry.create_system = 3  # else the archive would tell which system wrote it
        entry.external_attr = _READ_WRITE
        deflated = zlib.compress(body, _LEVEL, _RAW)
        self._zip.writestr(entry, sealed_bytes(key, name, deflated))
        start = entry.header_offset + _HEADER + len(entry.filename.encode()) + len(entry.extra)
        digest = hashlib.sha256(body).hexdigest()
        return Place(start, start + entry.compress_size, digest)

    def finish(self) -> bytes:
        """Return the whole archive; nothing can be added any more."""
        self._zip.close()
        return self._bytes.getvalue()


def document_at(
    piece: bytes, sha256: str, name: str, account_id: str, keys: Mapping[str, ClientKey]
) -> bytes:
    """Return the document of which `piece` are the sealed bytes.

    Parameters
    ----------
    name
        The document's id and form: `STMT-2026-11-C-1.pdf`.
    keys
        The clients' there are; only whose it is is asked for.

    Raises
    ------
    UnreadableError
        The client's key is destroyed.
    BadFileError
        When they are not those of the document with this hash.
    """
    deflated = opened_bytes(keys, account_id, name, piece)
    try:
        body = zlib.decompress(deflated, _RAW)
    except zlib.error as error:
        raise BadFileError(f"the archive is damaged: {error}") from error
    if hashlib.sha256(body).hexdigest() != sha256:
        raise BadFileError(f"the archive holds another document than {sha256}")
    return body
