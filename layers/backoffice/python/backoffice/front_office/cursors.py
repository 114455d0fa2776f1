"""Where a page of an answer ends, as text that tells its caller nothing and checks itself."""

import base64
import binascii
import hashlib
import json
from typing import Final

_CHECK_BYTES: Final = 6
LONGEST_CURSOR: Final = 1_000


class BadCursorError(ValueError):
    """A text is no cursor that a page of this list gave."""


def write_cursor(listed: str, place: tuple[str, ...]) -> str:
    """Write the place after which the next page begins.

    Parameters
    ----------
    listed
        What is paged through, with what it is asked for: a cursor is good for that alone.
    place
        The key of the last row of a page.
    """
    said = json.dumps(place, separators=(",", ":")).encode()
    return _spelled(_check(listed, said) + said)


def read_cursor(listed: str, text: str) -> tuple[str, ...]:
    """Read a place.

    Raises
    ------
    BadCursorError
        When no page of that list gave it.
    """
    try:
        body = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        body = b""
    check, said = body[:_CHECK_BYTES], body[_CHECK_BYTES:]
    if not said or check != _check(listed, said) or _spelled(body) != text:
        raise BadCursorError("This cursor is none that a page of this list gave.")
    return tuple(json.loads(said))


def _spelled(body: bytes) -> str:
    """Spell bytes as a cursor does; there is one way."""
    return base64.urlsafe_b64encode(body).decode().rstrip("=")


def _check(listed: str, said: bytes) -> bytes:
    return hashlib.sha256(listed.encode() + b"\n" + said).digest()[:_CHECK_BYTES]
