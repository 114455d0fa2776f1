"""The menu: pages by the desk they belong to, each with the key that leads there after `g`."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu: where it is, which is its name in the catalogue too, and its letter."""

    place: str
    letter: str


MENU: Final[tuple[tuple[str, tuple[Entry, ...]], ...]] = (
    ("day", (Entry("today", "t"), Entry("cases", "c"))),
    (
        "street",
        (
            Entry("overview", "o"),
            Entry("obligations", "b"),
            Entry("fails", "f"),
            Entry("breaks", "k"),
            Entry("cash-ladder", "m"),
        ),
    ),
    (
        "books",
        (
            Entry("positions", "p"),
            Entry("stock-record", "s"),
            Entry("ledger", "l"),
            Entry("trades", "d"),
        ),
    ),
    ("records", (Entry("reports", "r"), Entry("records", "e"))),
    (
        "service",
        (
            Entry("service-desk", "v"),
            Entry("access", "a"),
            Entry("recertification", "q"),
            Entry("configuration", "i"),
            Entry("locations", "h"),
        ),
    ),
    ("firm", (Entry("cost", "x"),)),
)
"""Of each part, by its name in the catalogue, its pages; one without pages is not shown."""
