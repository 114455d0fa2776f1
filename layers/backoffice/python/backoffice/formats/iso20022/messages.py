"""The secure XML reader: the only place where a partner's XML is parsed.

No DTD, no entities, no network, no tree: a file is read as a stream of events and comes out as
flat messages, so that neither depth nor size of what a partner sends costs more than its bound.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from lxml import etree

from backoffice.kernel.errors import BadFileError

MAX_FILE_BYTES: Final = 512 * 1024**2
MAX_MESSAGE_CHARACTERS: Final = 1_000_000
MAX_DEPTH: Final = 64
MAX_NAME_CHARACTERS: Final = 100
MAX_KNOWN_PLACES: Final = 10_000
_CHUNK_BYTES: Final = 64 * 1024
_LONGEST_REASON: Final = 160
_ISO_20022: Final = "urn:iso:std:iso:20022:tech:xsd:"
_SCHEMA_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"

# Characters XML cannot carry, so that no content can look like structure in the hashed text.
_OPEN, _NAME, _VALUE, _TEXT, _CLOSE = "\x01", "\x02", "\x03", "\x04", "\x05"


Leaves = tuple[tuple[str, str], ...]
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Message:
    """One `Document`, flattened.

    `number` counts the file's Documents from 1. `leaves` are (path, text) in document order; paths
    begin below the message's own element, an attribute's ends in `@name`, texts are trimmed.
    `canonical` is what the message says as one text: prefixes, blanks between elements, comments
    and the wrapper around it do not count. `oversized` messages lack leaves. `part` names the
    element of a message that is split into pieces; "" is the message itself, or what is left of it.
    """

    number: int
    definition: str
    leaves: Leaves
    canonical: str
    oversized: bool
    part: str = ""

    @property
    def kind(self) -> str:
        """The message without its version, for instance `sese.025`; "" outside ISO 20022."""
        return self.definition[:8]

    @property
    def content_hash(self) -> str:
        """The SHA-256 of what the message says."""
        return hash_of(self.canonical)


def hash_of(canonical: str) -> str:
    """Return the SHA-256 of a message's canonical text."""
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_messages(data: bytes, max_bytes: int = MAX_FILE_BYTES) -> Iterator[Message]:
    """Read every `Document` of a file, whatever wraps them.

    Raises
    ------
    BadFileError
        When the file is empty, too large, no well-formed XML, or carries a DTD. The error may come
        after messages have been yielded: a truncated file is refused whole by its reader.
    """
    yield from parsed(data, MessageTarget(), max_bytes)


def parsed(data: bytes, target: "Target[T_co]", max_bytes: int = MAX_FILE_BYTES) -> Iterator[T_co]:
    """Parse a file and yield what a target makes of it as it goes; errors as `read_messages`."""
    if len(data) > max_bytes:
        raise BadFileError(f"The file has more than {max_bytes} bytes.")
    parser = etree.XMLParser(
        target=target,  # type: ignore[arg-type]  # the stubs still speak of bytes
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
    )
    try:
        for start in range(0, len(data), _CHUNK_BYTES):
            parser.feed(data[start : start + _CHUNK_BYTES])
            yield from target.drain()
        parser.close()
    except etree.XMLSyntaxError as error:
        # lxml ends its sentence with "(<string>, line 1)": there is no file of that name
        said, _, _ = str(error).partition(" (<string>")
        reason = " ".join(said.split())[:_LONGEST_REASON]
        raise BadFileError(f"The file is no well-formed XML: {reason}.") from None
    yield from target.drain()


class _Place:
    """A place in a message: its path, its mark in the hashed text, the places below it by tag.

    Files repeat one message thousands of times: what a tag means where it stands is found once.
    """

    __slots__ = ("below", "mark", "path", "size")

    def __init__(self, path: str, name: str) -> None:
        self.path = path
        self.mark = _OPEN + name
        self.size = len(path) + len(self.mark)
        self.below: dict[str, _Place] = {}


class Target(Protocol[T_co]):
    """Receives the parser's events; `drain` hands over what has been made of them."""

    def drain(self) -> Iterable[T_co]:
        """Hand over what is complete so far."""


class MessageTarget:
    """Receives the parser's events and gathers them into messages."""

    def __init__(self) -> None:
        self._ready: list[Message] = []
        self._number = 0
        self._definition: str | None = None
        self._tops: dict[str, _Place] = {}
        self._known_places = 0
        self._begin(None)

    def _begin(self, definition: str | None, part: str = "") -> None:
        self._definition = definition
        self._part = part
        self._top = self._tops.setdefault(definition or "", _Place("", ""))
        self._place = self._top
        self._above: list[_Place] = []
        self._depth = 0
        self._leaves: list[tuple[str, str]] = []
        self._canonical: list[str] = []
        self._texts: list[str] = []
        self._is_leaf = False
        self._room = MAX_MESSAGE_CHARACTERS
        self._oversized = False

    def drain(self) -> list[Message]:
        """Hand over the messages completed so far."""
        ready, self._ready = self._ready, []
        return ready

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        """Refuse the file at its first word about a DTD, before any of it is read."""
        raise BadFileError("The file carries a DTD, which is refused with every entity in it.")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element; a `Document` begins a message."""
        if self._definition is None:
            namespace, _, name = tag.rpartition("}")
            if name == "Document":
                self._number += 1
                self._begin(namespace.removeprefix("{").removeprefix(_ISO_20022))
            return
        self._depth += 1
        if self._oversized:
            return
        self._is_leaf = False
        if self._texts:
            self._flush_text()
        place = self._place.below.get(tag) or self._discover(tag)
        self._above.append(self._place)
        self._place = place
        self._is_leaf = True
        self._canonical.append(place.mark)
        self._room -= place.size
        if attributes:
            self._attributes(place.path, attributes)

    def data(self, text: str) -> None:
        """Take a piece of an element's text."""
        if self._definition is not None and not self._oversized:
            self._texts.append(text)
            self._room -= len(text)
            if self._room < 0:
                self._give_up()

    def end(self, _tag: str) -> None:
        """Close an element; the end of a `Document` completes its message."""
        if self._definition is None:
            return
        if self._depth == 0:
            self._complete(self._definition)
            self._begin(None)
            return
        self._depth -= 1
        if self._oversized:
            return
        if self._is_leaf or self._texts:
            self._flush_text()
        self._is_leaf = False
        self._place = self._above.pop()
        self._canonical.append(_CLOSE)
        if self._room < 0:
            self._give_up()

    def close(self) -> None:
        """End the stream."""

    def _discover(self, tag: str) -> _Place:
        name = tag.rpartition("}")[2]
        above = self._place.path
        path = f"{above}/{name}" if above else name if self._depth > 1 else ""
        place = _Place(path, name)
        if self._depth > MAX_DEPTH or len(name) > MAX_NAME_CHARACTERS:
            self._oversized = True
        elif self._known_places < MAX_KNOWN_PLACES:
            self._place.below[tag] = place
            self._known_places += 1
        return place

    def _attributes(self, path: str, attributes: Mapping[str, str]) -> None:
        for attribute, value in attributes.items():
            if attribute.startswith(_SCHEMA_INSTANCE):
                continue  # where to find a schema says nothing about the trade
            name, text = attribute.rpartition("}")[2], value.strip()
            self._leaves.append((f"{path}@{name}", text))
            self._canonical.append(_NAME + name + _VALUE + text)
            self._room -= len(path) + len(name) + len(value)

    def _flush_text(self) -> None:
        texts = self._texts
        text = (texts[0] if len(texts) == 1 else "".join(texts)).strip()
        texts.clear()
        if text or self._is_leaf:
            self._leaves.append((self._place.path, text))
            self._canonical.append(_TEXT + text)

    def _give_up(self) -> None:
        self._oversized = True
        self._texts.clear()

    def _complete(self, definition: str) -> None:
        self._ready.append(
            Message(
                number=self._number,
                definition=definition,
                leaves=tuple(self._leaves),
                canonical=definition[:8] + "".join(self._canonical),
                oversized=self._oversized,
                part=self._part,
            )
        )
