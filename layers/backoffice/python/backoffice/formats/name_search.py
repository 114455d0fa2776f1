"""Look for a client in bytes of any form: by id, and by names however they are written."""

import html
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterator
from typing import Final

_TELLING_LETTERS: Final = 6
_TELLING_DIGITS: Final = 10
"""A name of as many is looked for inside of words too: torn rows run into each other."""
_FEWEST_LETTERS, _FEWEST_DIGITS = 4, 6
_NO_VALUE: Final = frozenset(
    (
        *("na", "nil", "none", "null", "nothing", "unknown", "unnamed", "notknown", "notavailable"),
        *("notapplicable", "notprovided", "noname", "nosurname", "tba", "tbc", "tbd", "test"),
        *("client", "customer", "person", "anonymous", "ekkert", "othekkt", "othekktur", "oskrad"),
        "nafnlaus",
    )
)
"""What stands where there is nothing to say, folded and without blanks."""
_LETTERS: Final = str.maketrans(
    {"þ": "th", "ð": "d", "æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ł": "l", "\u0131": "i"}
)
_NO_WORD: Final = re.compile(r"[\W_]+")
_LINE: Final = re.compile(r"[\n\r<]")
_ESCAPED: Final = re.compile(r"&#?\w+;")
_MOST_UNPACKED: Final = 2**30


class NameSearch:
    """Tells whether bytes say a client's id or one of the client's names.

    A name is found in any case, with or without its accents, composed or decomposed, with other
    marks between its words; in UTF-8, UTF-16 and Latin-1, escaped as in XML or not; and in what is
    packed as zip or gzip.

    Parameters
    ----------
    account_id
        Whom to look for.
    names
        Each one text, or several that tell of the client only beside each other: in one line, or in
        one text of an XML message.
    """

    def __init__(self, account_id: str, names: Collection[tuple[str, ...]]) -> None:
        self._id = re.compile(
            rf"(?<![A-Za-z0-9._-]){re.escape(account_id)}(?![A-Za-z0-9._-])", re.IGNORECASE
        )
        told = {tuple(map(_sought, name)) for name in names if is_telling(name)}
        self._alone = {name[0] for name in told if len(name) == 1}
        self._together = {name for name in told if len(name) > 1}

    def finds(self, data: bytes) -> bool:
        """Tell whether the bytes say one of them."""
        return any(self._says(one) for text in _texts(data) for one in _unescaped(text))

    def _says(self, text: str) -> bool:
        if self._id.search(text):
            return True
        told = f" {folded_name(text)} "
        if any(name in told for name in self._alone):
            return True
        near = {name for name in self._together if all(part in told for part in name)}
        lines = _LINE.split(text) if near else ()
        return any(
            all(part in line for part in name)
            for line in (f" {folded_name(one)} " for one in lines)
            for name in near
        )


def is_telling(name: tuple[str, ...]) -> bool:
    """Tell whether texts that stand beside each other can tell anybody from others.

    Neither can what says that there is nothing to say, nor a few letters or digits.
    """
    folded = [folded_name(part).replace(" ", "") for part in name]
    said = "".join(folded)
    # a letter that is none of ours says more, and has more bytes
    least = _FEWEST_DIGITS if said.isdigit() else _FEWEST_LETTERS
    return len(said.encode()) >= least and not any(map(_says_nothing, folded))


def _says_nothing(part: str) -> bool:
    return not part or part in _NO_VALUE or (len(part) > 1 and len(set(part)) == 1)


def _sought(name: str) -> str:
    """Return how a name is looked for: one of few letters only as words of their own."""
    folded = folded_name(name)
    enough = _TELLING_DIGITS if folded.isdigit() else _TELLING_LETTERS
    return folded if len(folded) >= enough else f" {folded} "


def folded_name(text: str) -> str:
    """Write a name without case, accents and marks, its words apart by one blank."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(one for one in plain if not unicodedata.combining(one))
    return _NO_WORD.sub(" ", bare.casefold()).strip()


def _unescaped(text: str) -> Iterator[str]:
    yield text
    if _ESCAPED.search(text):
        yield html.unescape(text)


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
