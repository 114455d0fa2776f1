"""A file's bytes as they stream by: joined to blocks, checked to be UTF-8."""

import codecs
from collections.abc import Iterable, Iterator
from typing import Final

from backoffice.kernel.errors import BadFileError

_BLOCK_BYTES: Final = 2**20


def blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Join small chunks: what is found must not hang on how the bytes arrived."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= _BLOCK_BYTES:
            yield b"".join(waiting) if len(waiting) > 1 else chunk
            waiting, size = [], 0
    if size:
        yield b"".join(waiting)


class Utf8Check:
    """Checks bytes as they stream by; a character may be cut by the end of a block."""

    def __init__(self) -> None:
        self._position = 0
        self._pending = b""

    def feed(self, block: bytes, *, final: bool = False) -> None:
        """Check the next bytes; `final` when none follow.

        Raises
        ------
        BadFileError
            Naming the first byte that is wrong by its offset in the file.
        """
        if not self._pending and block.isascii():
            self._position += len(block)
            return
        data = self._pending + block
        try:
            used = codecs.utf_8_decode(data, "strict", final)[1]
        except UnicodeDecodeError as bad:
            offset = self._position + bad.start
            raise BadFileError(
                f"the file is not UTF-8: byte 0x{data[bad.start]:02X} at offset {offset}"
            ) from None
        self._position += used
        self._pending = data[used:]

    def finish(self) -> None:
        """End the file: a character cut short is wrong too."""
        self.feed(b"", final=True)
