"""A file as it came, sealed: its frame plain, each row under the key of whom it tells.

A line says what it is. Then come frames, each a line of JSON and the bytes it announces: `length`
of plain bytes, or with `of` of bytes sealed under that subject's key. What the frames hold, one
after another, is the file. Of a subject that was erased before the file came a frame holds nothing
and says in `erased` how many bytes stood there. The last line has the SHA-256 of all before it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from typing import Final

from backoffice.formats.delimited_grammar import fields_of, is_blank, row_ends
from backoffice.formats.sealed_bytes import sealed_bytes
from backoffice.formats.sealed_values import SealedTexts
from backoffice.intake.originals import SEALED_MARK, end_of_sealed
from backoffice.kernel.client_keys import ClientKeys, ErasedSubjectError, file_subject

_AT_ONCE: Final = 32 * 2**20
_SUBJECT: Final = re.compile("[A-Za-z0-9._-]{1,40}")
_BOM: Final = b"\xef\xbb\xbf"

Piece = tuple[str | None, bytes]
"""Whose, or nobody's; and the bytes."""


class SealedOriginals:
    """Makes the sealed form of files, as `intake.originals.SealsOriginals` asks.

    Parameters
    ----------
    keys
        Whose keys there are. What tells of nobody in particular is sealed under the file's own.
    """

    def __init__(self, keys: ClientKeys) -> None:
        self._keys = keys

    def whole(self, chunks: Iterator[bytes], sha256: str) -> Iterator[bytes]:
        """Yield a file sealed under a key of its own."""
        own = file_subject(sha256)
        blocks = (data for data in _blocks(chunks, rows=False) if data)
        return self._framed(([(own, data)] for data in blocks), sha256)

    def rows(
        self, chunks: Iterator[bytes], sha256: str, header: tuple[str, ...], subject: str
    ) -> Iterator[bytes]:
        """Yield a file of rows, each sealed under the key of whom its column `subject` names."""
        whose = _Whose(header, subject, file_subject(sha256))
        return self._framed(map(whose.pieces, _blocks(chunks, rows=True)), sha256)

    def _framed(self, blocks: Iterable[list[Piece]], sha256: str) -> Iterator[bytes]:
        digest = hashlib.sha256()
        for piece in chain([SEALED_MARK], self._frames(blocks, sha256)):
            digest.update(piece)
            yield piece
        yield end_of_sealed(digest.hexdigest())

    def _frames(self, blocks: Iterable[list[Piece]], sha256: str) -> Iterator[bytes]:
        texts, start = SealedTexts(self._keys), 0
        for pieces in blocks:
            texts.make({of for of, _ in pieces if of})
            for of, data in pieces:
                yield _frame(texts, of, place_of(sha256, start), data)
                start += len(data)


class _Whose:
    """Tells whom the rows of a file tell of; the first row that is not blank is the header."""

    def __init__(self, header: tuple[str, ...], subject: str, own: str) -> None:
        self._width, self._at, self._own = len(header), header.index(subject), own
        self._header_came = False

    def pieces(self, block: bytes) -> list[Piece]:
        """Part a block of whole rows; neighbours of the same subject stay together."""
        rows = ((self._of(row), row) for row in _rows(block))
        return [
            (of, b"".join(row for _, row in found))
            for of, found in groupby(rows, key=lambda one: one[0])
        ]

    def _of(self, row: bytes) -> str | None:
        if is_blank(row.removeprefix(_BOM)):
            return None
        if not self._header_came:
            self._header_came = True
            return None
        texts, sound = fields_of(row)
        named = texts[self._at].strip() if sound and len(texts) == self._width else ""
        return named if _SUBJECT.fullmatch(named) else self._own


def _frame(texts: SealedTexts, of: str | None, place: str, data: bytes) -> bytes:
    said, body = dict[str, object](), data
    if of is not None:
        said = {"of": of}
        try:
            body = sealed_bytes(texts.key_of(of), place, data)
        except ErasedSubjectError:
            said, body = {"of": of, "erased": len(data)}, b""
    return json.dumps({**said, "length": len(body)}).encode() + b"\n" + body


def place_of(sha256: str, start: int) -> str:
    """Return what a sealed piece of a file is bound to: the file, and where in it it begins."""
    return f"{sha256}:{start}"


def _blocks(chunks: Iterable[bytes], *, rows: bool) -> Iterator[bytes]:
    """Yield large blocks, of whole rows if they are to be."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) >= _AT_ONCE:
            end = _last_end(bytes(held)) if rows else len(held)
            yield bytes(held[:end])
            del held[:end]
    yield bytes(held)


def _last_end(block: bytes) -> int:
    end = 0
    for end in row_ends(block):  # noqa: B007 - the last one is meant
        pass
    return end


def _rows(block: bytes) -> Iterator[bytes]:
    """Part a block into rows, the last of which may lack its line feed."""
    start = 0
    for end in row_ends(block + b"\n"):
        if row := block[start:end]:
            yield row
        start = end
    if rest := block[start:]:
        yield rest
