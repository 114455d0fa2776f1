"""Recognises Documents laid out like one met before, and learns the layouts of new ones.

The first Document of a layout is parsed, with its texts numbered; of every further one the texts
are taken by number. What could read differently than it looks is not recognised: it is left to the
parser.
"""

import re
from dataclasses import dataclass
from typing import Final

from backoffice.formats.iso20022.layouts import MARK, Document, Layout, Texts
from backoffice.formats.iso20022.messages import MAX_MESSAGE_CHARACTERS, read_messages
from backoffice.kernel.errors import BadFileError

MAX_LAYOUTS: Final = 250
MAX_CHARACTERS: Final = 32_768
"""Of a Document that may be recognised; a longer one is parsed."""

_SLOT: Final = re.compile(r">[ \t\r\n]*([^<> \t\r\n][^<>]*)<")
_VALUE: Final = re.compile('"[^"]*"')
_PREFIX: Final = re.compile(r"([^\s<>/=:]+):")
_DECLARED_PREFIX: Final = re.compile(r"\sxmlns:([^\s<>/=:]+)")
_USES_WORTH_A_PATTERN: Final = 16
_PATTERNS_TRIED: Final = 4


@dataclass(slots=True)
class _Known:
    """A layout, the markup between its texts, how often it was split, its pattern when often."""

    layout: Layout
    markup: list[str]
    splits: int = 0
    pattern: re.Pattern[str] | None = None


class Recognition:
    """The layouts met so far: of Documents, or of pieces that `opening` and `closing` make one."""

    def __init__(self, opening: str = "", closing: str = "") -> None:
        self._opening, self._closing = opening, closing
        self._known: dict[str, _Known | None] = {}
        self._recent: list[_Known] = []

    def by_pattern(self, text: str, start: int) -> tuple[Document, int] | None:
        """Return the Document at `start`, and its end, if it is laid out like the last ones."""
        for known in self._recent:
            match = known.pattern.match(text, start) if known.pattern else None
            if match is not None:
                texts, end = match.groups(), match.end()
                plain = end - start <= MAX_CHARACTERS and _are_plain(texts)
                return ((known.layout, texts), end) if plain else None
        return None

    def by_markup(self, document: str) -> Document | None:
        """Return a Document of any layout met before, or learned now."""
        if "&" in document:
            return None
        pieces = _SLOT.split(document)
        markup, texts = pieces[::2], pieces[1::2]
        skeleton = MARK.join(markup)
        if skeleton not in self._known and len(self._known) < MAX_LAYOUTS:
            layout = self._learn(markup)
            self._known[skeleton] = None if layout is None else _Known(layout, markup)
        known = self._known.get(skeleton)
        if known is None or not all(map(str.isprintable, texts)):
            return None
        self._count(known)
        return known.layout, tuple(map(str.strip, texts))

    def _learn(self, markup: list[str]) -> Layout | None:
        whole = markup.copy()
        whole[0], whole[-1] = self._opening + whole[0], whole[-1] + self._closing
        return _learn(whole)

    def _count(self, known: _Known) -> None:
        """Give a layout that is met often a pattern, which costs as much as many a split."""
        known.splits += 1
        if known.splits < _USES_WORTH_A_PATTERN:
            return
        if known.pattern is None:
            known.pattern = re.compile(">([^<]+)<".join(map(re.escape, known.markup)))
        self._recent = [known, *(k for k in self._recent if k is not known)][:_PATTERNS_TRIED]


def _are_plain(texts: Texts) -> bool:
    """Whether texts are printable and have neither blanks around them nor a `>` or `&`."""
    joined = "<".join(("", *texts, ""))
    if not joined.isprintable() or ">" in joined or "&" in joined:
        return False
    return " " not in joined or ("< " not in joined and " <" not in joined)


def _learn(markup: list[str]) -> Layout | None:
    """Parse a Document with its texts numbered; None when it cannot be read by slots."""
    slots = len(markup) - 1
    probe = markup[0] + "".join(f">{MARK}{slot}<{piece}" for slot, piece in enumerate(markup[1:]))
    try:
        messages = list(read_messages(probe.encode()))
    except BadFileError:
        return None
    if len(messages) != 1 or messages[0].oversized:
        return None
    layout = Layout(messages[0], slots)
    places = [place for _, place in layout.filled if place < slots]
    bounded = layout.weight + MAX_CHARACTERS <= MAX_MESSAGE_CHARACTERS
    told = bounded and places == list(range(slots)) and _stands_alone(layout, "><".join(markup))
    return layout if told else None


def _stands_alone(layout: Layout, markup: str) -> bool:
    """Whether a Document declares every prefix it uses: it means the same in any wrapper.

    The parser lets an undeclared prefix pass, so the probe, which has no wrapper, cannot tell what
    is an attribute of the schema instance, and so no content.
    """
    if "'" in markup or any('"' in text for text in layout.own_texts):
        return False  # which quotes belong together cannot be seen without parsing
    names = _VALUE.sub("", markup)
    declared = _DECLARED_PREFIX.findall(names.partition(">")[0])
    return {"xml", "xmlns", *declared}.issuperset(_PREFIX.findall(names))
