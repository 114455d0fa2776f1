"""Look for names in whatever a store holds, opened as far as it opens without a key."""

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from typing import Final

import polars as pl

_TOKEN_LETTERS: Final = 6
_PARQUET: Final = b"PAR1"


def tokens_of(names: Collection[str]) -> set[bytes]:
    """Return the words of names that are long enough to name somebody, lower-case."""
    words = (word for name in names for word in re.split(r"\W+", name))
    return {word.lower().encode() for word in words if len(word) >= _TOKEN_LETTERS}


def names_found(objects: Mapping[str, bytes], names: Collection[str]) -> set[tuple[str, str]]:
    """Return where a word of a name can be read: the object's key, and the word."""
    tokens = tokens_of(names)
    return {
        (key, token.decode())
        for key, body in objects.items()
        for text in (key.encode(), *_texts(body))
        for token in tokens
        if token in text.lower()
    }


def _texts(body: bytes) -> Iterator[bytes]:
    """Yield the bytes, and what they come to as Parquet, zip or deflate."""
    yield body
    yield body.decode("utf-8", "ignore").encode().replace(b"\\u00", b"")
    if body.startswith(_PARQUET):
        for one in body.split(_PARQUET + _PARQUET):
            whole = _PARQUET + one.removeprefix(_PARQUET).removesuffix(_PARQUET) + _PARQUET
            yield str(pl.read_parquet(io.BytesIO(whole)).rows()).encode()
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from _texts(archive.read(name))
    for form in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        try:
            yield zlib.decompress(body, form)
        except zlib.error:
            continue
