"""A sealed file opened again, as far as the keys there are open it."""

import json
from collections.abc import Collection, Iterator
from typing import Final

from backoffice.formats.sealed_bytes import UnreadableError, opened_bytes
from backoffice.formats.sealed_originals import place_of
from backoffice.intake.originals import SEALED_MARK, end_of_sealed, is_whole
from backoffice.kernel.client_keys import ClientKeys
from backoffice.kernel.errors import BadFileError
from backoffice.kernel.sealed_text import ERASED

_LONGER: Final = 16 + 16 + 1
"""What sealing adds: which key, the synthetic vector, and a byte."""


def opened_original(body: bytes, keys: ClientKeys, sha256: str) -> bytes:
    """Return a file as it came; in place of what no key opens any more stands `[erased]`.

    Parameters
    ----------
    body
        A record original; one that is not sealed comes back as it is.
    sha256
        The file's, as its entry says.

    Raises
    ------
    BadFileError
        What is sealed was changed.
    """
    if not body.startswith(SEALED_MARK):
        return body
    gone = f"{ERASED}\n".encode()
    return b"".join(gone if plain is None else plain for _, plain in _opened(body, keys, sha256))


def stray_rows(
    body: bytes, keys: ClientKeys, sha256: str, known: Collection[str]
) -> dict[str, bytes]:
    """Return what a sealed original holds of others than the known, by whose key opens it."""
    found: dict[str, bytes] = {}
    if body.startswith(SEALED_MARK) and not told_subjects(body) <= {*known}:
        for of, plain in _opened(body, keys, sha256):
            if of is not None and plain and of not in known:
                found[of] = found.get(of, b"") + plain
    return found


def told_subjects(body: bytes) -> set[str]:
    """Return whose rows a sealed original says that it has; no key is needed for that."""
    return {of for of, *_ in _frames_of(body) if of} if body.startswith(SEALED_MARK) else set()


def _opened(
    body: bytes, keys: ClientKeys, sha256: str
) -> Iterator[tuple[str | None, bytes | None]]:
    """Yield whose each piece is, and the piece; None of what no key opens any more."""
    if not is_whole(body):
        raise BadFileError("the sealed original was changed")
    frames = _frames_of(body)
    found = keys.find_many({of for of, *_ in frames if of})
    start = 0
    for of, data, erased in frames:
        if of is None:
            yield of, data
        elif erased or of not in found or found[of].key_id.encode() != data[:16]:
            yield of, None
        else:
            try:
                yield of, opened_bytes(found, of, place_of(sha256, start), data)
            except UnreadableError as error:
                raise BadFileError(str(error)) from None
        start += erased or len(data) - (_LONGER if of else 0)


def _frames_of(body: bytes) -> list[tuple[str | None, bytes, int]]:
    return list(_frames(body[len(SEALED_MARK) : -len(end_of_sealed("0" * 64))]))


def _frames(body: bytes) -> Iterator[tuple[str | None, bytes, int]]:
    """Yield whose each frame is, what it holds, and how many bytes came of whom was erased."""
    start = 0
    try:
        while start < len(body):
            end = body.index(b"\n", start) + 1
            said = json.loads(body[start:end])
            start = end + said["length"]
            yield said.get("of"), body[end:start], int(said.get("erased", 0))
    except (LookupError, TypeError, ValueError):
        raise BadFileError("the sealed original was changed") from None
