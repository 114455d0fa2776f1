"""Look for a client in bytes of any form: by id, and by names however they are written."""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterator
from typing import Final

_TELLING_LETTERS: Final = 6
"""A name of as many is looked for inside of words too: torn rows run into each other."""
_LETTERS: Final = str.maketrans(
    {"þ": "th", "ð": "d", "æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ł": "l", "\u0131": "i"}
)
_NO_WORD: Final = re.compile(r"[\W_]+")
_MOST_UNPACKED: Final = 2**30


class NameSearch:
    """Tells whether bytes say a client's id or one of the client's names.

    A name is found in any case, with or without its accents, composed or decomposed, with other
    marks between its words; in UTF-8, UTF-16 and Latin-1; and in what is packed as zip or gzip.

    Parameters
    ----------
    account_id, names
        Whom to look for.
    """

    def __init__(self, account_id: str, names: Collection[str]) -> None:
        self._id = re.compile(
            rf"(?<![A-Za-z0-9._-]){re.escape(account_id)}(?![A-Za-z0-9._-])", re.IGNORECASE
        )
        folded = {folded_name(name) for name in names} - {""}
        self._inside = {name for name in folded if len(name) >= _TELLING_LETTERS}
        self._words = {f" {name} " for name in folded - self._inside}

    def finds(self, data: bytes) -> bool:
        """Tell whether the bytes say one of them."""
        return any(map(self._says, _texts(data)))

    def _says(self, text: str) -> bool:
        if self._id.search(text):
            return True
        told = f" {folded_name(text)} "
        return any(name in told for name in (*self._inside, *self._words))


def folded_name(text: str) -> str:
    """Write a name without case, accents and marks, its words apart by one blank."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(one for one in plain if not unicodedata.combining(one))
    return _NO_WORD.sub(" ", bare.casefold()).strip()


def _texts(data: bytes) -> Iterator[str]:
    """Yield what bytes may say, by how they may be written."""
    try:
        yield data.decode()
    except UnicodeDecodeError:
        yield data.decode("utf-8", "ignore")
        yield data.decode("latin-1")
    if b"\0" in data:
        yield data.decode("utf-16-le", "ignore")
        yield data.decode("utf-16-be", "ignore")
    for inner in _unpacked(data):
        yield from _texts(inner)


def _unpacked(data: bytes) -> Iterator[bytes]:
    """Yield what a zip or a gzip holds, as far as it opens and is of a size to look at."""
    try:
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for one in archive.infolist():
                    if one.file_size <= _MOST_UNPACKED:
                        yield archive.read(one)
        elif data.startswith(b"\x1f\x8b"):
            opened = zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield opened.decompress(data, _MOST_UNPACKED)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError):
        return
