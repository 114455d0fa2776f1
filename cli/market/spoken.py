"""What the market has said, read from its own drops, for the statements it sends."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from backoffice.formats.iso20022.status_reader import read_status
from cli.market.references import misleads

Message = Mapping[str, Any]
"""A row of STATUS_SCHEMA, and `day`: when it was said."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the market has said up to a day, each message once, what misleads left out."""

    messages: tuple[Message, ...]

    @classmethod
    def of(cls, drops: Iterable[tuple[date, bytes]]) -> "Spoken":
        """Read the market's status files, each with its day, the oldest first."""
        return cls(tuple(_once(drops)))

    def until(self, day: date) -> Iterator[Message]:
        """Yield what was said by the end of a day."""
        return (said for said in self.messages if said["day"] <= day)

    def told_on(self, day: date) -> frozenset[str]:
        """Return the obligations of which something was said on a day."""
        return frozenset(said["obligation_id"] for said in self.messages if said["day"] == day)


def _once(drops: Iterable[tuple[date, bytes]]) -> Iterator[Message]:
    seen: set[str] = set()
    for day, drop in drops:
        for said in read_status(drop).statuses.iter_rows(named=True):
            if said["reference"] not in seen and not misleads(said["reference"]):
                seen.add(said["reference"])
                yield {**said, "day": day}
