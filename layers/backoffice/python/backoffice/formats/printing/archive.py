"""Many documents in one archive: a zip that anything opens, and whose places are known.

A document is fetched by its place alone, without reading the others. Equal documents make equal
archives.
"""

import hashlib
import io
import zipfile
import zlib
from typing import Final, NamedTuple

from backoffice.kernel.errors import BadFileError

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_LEVEL: Final = 6
_HEADER: Final = 30
_READ_WRITE: Final = 0o600 << 16
_RAW: Final = -zlib.MAX_WBITS


class Place(NamedTuple):
    """Where a document's deflated bytes are in its archive, and the SHA-256 of the document."""

    start: int
    end: int
    sha256: str


class Archive:
    """An archive that is being written."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        self._zip = zipfile.ZipFile(self._bytes, "w", zipfile.ZIP_DEFLATED)

    def add(self, name: str, body: bytes) -> Place:
        """Add a document and return its place."""
        entry = zipfile.ZipInfo(name, _EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3  # else the archive would tell which system wrote it
        entry.external_attr = _READ_WRITE
        self._zip.writestr(entry, body, compresslevel=_LEVEL)
        start = entry.header_offset + _HEADER + len(name.encode()) + len(entry.extra)
        digest = hashlib.sha256(body).hexdigest()
        return Place(start, start + entry.compress_size, digest)

    def finish(self) -> bytes:
        """Return the whole archive; nothing can be added any more."""
        self._zip.close()
        return self._bytes.getvalue()


def document_at(piece: bytes, sha256: str) -> bytes:
    """Return the document of which `piece` are the deflated bytes.

    Raises
    ------
    BadFileError
        When they are not those of the document with this hash.
    """
    try:
        body = zlib.decompress(piece, _RAW)
    except zlib.error as error:
        raise BadFileError(f"the archive is damaged: {error}") from error
    if hashlib.sha256(body).hexdigest() != sha256:
        raise BadFileError(f"the archive holds another document than {sha256}")
    return body
