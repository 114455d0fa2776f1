"""What partners drop: where it lies, what its key says, and how its bytes are read and kept."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, Protocol

from backoffice.intake.documents import Drop
from backoffice.intake.schemas import kind_of
from backoffice.kernel.errors import BadFileError

# "." and ".." are no names: wherever a key becomes a path they lead elsewhere
_KEY: Final = re.compile(r"drops/(?!\.\.?/)([^/]+)/(\d{4}-\d{2}-\d{2})/(?!\.\.?$)([^/]+)", re.ASCII)

_LONGEST_KEY: Final = 900
"""Bytes: an entry's key is 77 longer, and S3 takes 1,024."""


class GoneDropError(LookupError):
    """A dropped version that does not lie there any more: it was committed, and then deleted."""


class Drops(Protocol):
    """The drop bucket; what is read of a version that is gone raises `GoneDropError`."""

    @property
    def name(self) -> str:
        """What it is called."""

    def newest_version(self, key: str) -> str | None:
        """Return the version that stands under a key now, or None where none are kept."""

    def stream(self, key: str, version: str | None) -> Iterator[bytes]:
        """Yield an object's bytes."""

    def read_range(self, key: str, version: str | None, start: int, end: int) -> bytes:
        """Return bytes `start` to `end` (exclusive)."""

    def delete_version(self, key: str, version: str | None) -> None:
        """Delete what was committed, that version alone; when it is gone nothing happens."""

    def listed(self, prefix: str) -> Iterator[tuple[str, str | None]]:
        """Yield the key and version of everything that lies under a prefix."""


def drop_of(key: str, version: str | None) -> Drop:
    """Read partner, business date and name from an object's key.

    Raises
    ------
    BadFileError
        When the key is no `drops/<partner>/<YYYY-MM-DD>/<name>`, or too long to be filed.
    """
    match = _KEY.fullmatch(key)
    if len(key.encode()) > _LONGEST_KEY:
        raise BadFileError(f"{key[:100]}… is longer than {_LONGEST_KEY} bytes")
    try:
        partner, day, name = match.groups()  # type: ignore[union-attr]
        business_date = date.fromisoformat(day)
    except (AttributeError, ValueError):
        raise BadFileError(f"{key} is no drops/<partner>/<YYYY-MM-DD>/<name>") from None
    return Drop(
        partner=partner,
        business_date=business_date,
        name=name,
        kind=kind_of(name),
        key=key,
        version=version,
    )
