"""How messages travel to a partner: many files in one archive, equal bytes for equal messages."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from backoffice.kernel.errors import BadFileError

MAX_UNPACKED_BYTES: Final = 1024**3
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}", re.ASCII)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time an archive can hold: equal messages make equal archives."""
_LEVEL: Final = 3
"""Of deflation: on messages this short a higher one gains 4 % of the bytes for 15 % of the time."""
_READ_WRITE: Final = 0o600 << 16
# zipfile lets through what its own reading of damaged bytes raises.
_BROKEN: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    struct.error,
)


def pack(messages: Iterable[tuple[str, bytes]]) -> bytes:
    """Zip (name, content) pairs in their order; equal input makes equal bytes.

    Raises
    ------
    ValueError
        When a name is no plain file name (letters, digits, `.`, `_`, `-`) or stands twice.
    """
    archive = io.BytesIO()
    names = set()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in messages:
            if not _NAME.fullmatch(name) or name in names:
                raise ValueError(f"{name!r} is no plain file name, or stands twice")
            names.add(name)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # else the archive would tell which system wrote it
            entry.external_attr = _READ_WRITE
            file.writestr(entry, content, compresslevel=_LEVEL)
    return archive.getvalue()


def unpack(data: bytes, max_bytes: int = MAX_UNPACKED_BYTES) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of every entry, in the archive's order.

    Raises
    ------
    BadFileError
        When the bytes are no sound zip, an entry's name is no plain file name, or the entries
        would unpack to more than `max_bytes`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            entries = file.infolist()
            if sum(entry.file_size for entry in entries) > max_bytes:
                raise BadFileError(f"The archive unpacks to more than {max_bytes} bytes.")
            for entry in entries:
                if not _NAME.fullmatch(entry.filename):
                    raise BadFileError("The archive holds an entry that is no plain file name.")
                yield entry.filename, file.read(entry)
    except _BROKEN as error:
        raise BadFileError(f"The archive cannot be read: {type(error).__name__}.") from None
