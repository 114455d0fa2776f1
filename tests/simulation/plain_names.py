"""Look for names in whatever a store holds, opened as far as it opens without a key."""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from typing import Final
from unicodedata import normalize

import polars as pl
from anyascii import anyascii

_TOKEN_LETTERS: Final = 6
_PDF_STREAM: Final = re.compile(rb"/FlateDecode.{0,200}?stream\r?\n(x.+?)endstream", re.DOTALL)
_PARQUET: Final = b"PAR1"


def tokens_of(names: Collection[str]) -> set[str]:
    """Return the words of names that are long enough to name somebody, lower-case."""
    words = (word for name in names for word in re.split(r"\W+", normalize("NFC", name)))
    return {word.lower() for word in words if len(word) >= _TOKEN_LETTERS}


def forms_of(token: str) -> set[bytes]:
    """Return the bytes that a word may be written as, ASCII in lower case."""
    cases = {token, token.upper(), token.title(), token.casefold()}
    texts = {normalize(form, one) for one in cases for form in ("NFC", "NFD")}
    escaped = {json.dumps(one)[1:-1] for one in texts} | {ascii(one)[1:-1] for one in texts}
    marked = {one.encode("ascii", "xmlcharrefreplace").decode() for one in texts}
    folded = {anyascii(token)} if len(anyascii(token)) >= _TOKEN_LETTERS else set()
    written = {one.encode() for one in texts | escaped | marked | folded}
    written |= {one.encode(form) for one in texts for form in ("utf-16-le", "utf-16-be")}
    written |= {one.encode("latin-1") for one in texts if max(one) < "\u0100"}
    return {one.lower() for one in written}


def names_found(objects: Mapping[str, bytes], names: Collection[str]) -> set[tuple[str, str]]:
    """Return where a word of a name can be read in any form: the object's key, and the word."""
    words = {form: token for token in tokens_of(names) for form in forms_of(token)}
    found = set[tuple[str, str]]()
    for key, body in objects.items():
        for text in {one.lower() for one in (key.encode(), *_texts(body))}:
            found |= {(key, token) for form, token in words.items() if form in text}
    return found


def _texts(body: bytes) -> Iterator[bytes]:
    """Yield the bytes, and what they come to as Parquet, zip, PDF or deflate."""
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
    for part in _PDF_STREAM.findall(body) if body.startswith(b"%PDF") else ():
        yield zlib.decompressobj().decompress(part)
    for form in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        try:
            yield zlib.decompress(body, form)
        except zlib.error:
            continue
