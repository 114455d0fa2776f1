"""What messages laid out alike have in common, found once.

A program writes one layout again and again, only the texts differ. Where each path stands, which
of them are read, what says the outcome: all of that belongs to the layout, not to the message.
"""

import re
from collections import defaultdict
from typing import Final

from backoffice.formats.iso20022.messages import Message, hash_of

MARK: Final = "\ue000"
"""A private character: printable text has none, so a numbered slot is never mistaken."""

_MARKED: Final = re.compile(f"{MARK}[0-9]+")

Texts = tuple[str, ...]
Places = tuple[tuple[str, int], ...]
Chosen = tuple[tuple[str, ...], tuple[int, ...]]


class Layout:
    """The structure of a message: its paths, and which text stands where.

    Of a message that was parsed for itself all texts are the layout's own. One learned from a
    probe leaves its `slots` texts open: they are numbered in the probe, in document order, and
    every message laid out alike brings its own.
    """

    def __init__(self, message: Message, slots: int = 0) -> None:
        self.definition = message.definition
        self.kind = message.kind
        self.oversized = message.oversized
        self.paths = tuple(path for path, _ in message.leaves)
        own: list[str] = []
        filled: list[tuple[str, int]] = []
        for path, text in message.leaves:
            if slots and text.startswith(MARK) and text[1:].isdecimal():
                filled.append((path, int(text[1:])))
            elif text:
                filled.append((path, slots + len(own)))
                own.append(text)
        self.own_texts = tuple(own)
        self.filled: Places = tuple(filled)
        by_path: defaultdict[str, list[int]] = defaultdict(list)
        for path, place in filled:
            by_path[path].append(place)
        self.places = {path: tuple(places) for path, places in by_path.items()}
        template = message.canonical.replace("%", "%%")
        self._template = _MARKED.sub("%s", template) if slots else template
        self._chosen: dict[tuple[str, ...], Chosen] = {}
        self._decided: dict[tuple[tuple[str, str], ...], tuple[str, str] | None] = {}
        self._ends: dict[tuple[str, frozenset[str]], Places] = {}
        self._left: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]] = {}

    @property
    def weight(self) -> int:
        """At least the characters the reader counts for the structure: each path, with its name."""
        return sum((2 * len(path) + 2) * (path.count("/") + 2) for path in self.paths)

    def content_hash(self, texts: Texts) -> str:
        """Return the hash of what a message of this layout says."""
        return hash_of(self._template % texts)

    def chosen(self, paths: tuple[str, ...]) -> Chosen:
        """Return those of `paths` where a text stands, and the places of the first one's texts."""
        chosen = self._chosen.get(paths)
        if chosen is None:
            found = tuple(path for path in paths if path in self.places)
            chosen = self._chosen[paths] = found, self.places[found[0]] if found else ()
        return chosen

    def decided(self, choices: tuple[tuple[str, str], ...]) -> tuple[str, str] | None:
        """Return the first (prefix, meaning) whose element is there, even empty."""
        if choices not in self._decided:
            there = (
                (prefix, meaning)
                for prefix, meaning in choices
                if any(path == prefix or path.startswith(prefix + "/") for path in self.paths)
            )
            self._decided[choices] = next(there, None)
        return self._decided[choices]

    def ending(self, prefix: str, names: frozenset[str]) -> Places:
        """Return the texts below `prefix` of elements of these names, in document order."""
        found = self._ends.get((prefix, names))
        if found is None:
            found = self._ends[prefix, names] = tuple(
                (path, place)
                for path, place in self.filled
                if path.startswith(prefix) and path.rpartition("/")[2] in names
            )
        return found

    def left(self, read: tuple[str, ...], echoes: tuple[str, ...]) -> tuple[str, ...]:
        """Return the paths that were not read and are no echo."""
        rest = self._left.get((read, echoes))
        if rest is None:
            known = set(read)
            rest = self._left[read, echoes] = tuple(
                path for path in self.places if path not in known and not path.startswith(echoes)
            )
        return rest


Document = tuple[Layout, Texts]
"""A message as it was read: its layout, and the texts that are its own."""
