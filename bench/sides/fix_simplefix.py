"""simplefix's side of `bench.reading.fix`: each line parsed to its tags and values.

`python -m bench.sides.fix_simplefix MESSAGES OUT` writes the columns as CSV and prints what parsing
took; what taking columns out of messages and writing them takes does not count.
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import simplefix

from bench.measuring.inside import Laps, say

_AT_ONCE: Final = 10_000
_SIDES: Final = {"1": "BUY", "2": "SELL", "5": "SHORT"}
_CAPACITIES: Final = {"A": "AGENCY", "P": "PRINCIPAL"}
_PARTY: Final = (448, 447, 452)
_STREET: Final = "17"


def main(messages: Path, out: Path) -> None:
    """Parse, take the columns, write."""
    laps, parser = Laps(), simplefix.FixParser()
    with messages.open("rb") as text, out.open("w", newline="") as read:
        writer = csv.writer(read, lineterminator="\n")
        while lines := list(islice(text, _AT_ONCE)):
            parsed = laps.time("reading", lambda: _parsed(parser, lines))
            writer.writerows(map(_columns, parsed))
    say(laps.figures())


def _parsed(
    parser: simplefix.FixParser, lines: Sequence[bytes]
) -> list[simplefix.FixMessage | None]:
    found = []
    for line in lines:
        parser.append_buffer(line[:-1])
        found.append(parser.get_message())
    return found


def _columns(message: simplefix.FixMessage | None) -> Iterator[str]:
    assert message is not None
    pairs = [(int(tag), value.decode()) for tag, value in message.pairs]
    tags = dict(pairs)
    parties = [value for tag, value in pairs if tag in _PARTY]
    named = zip(parties[::3], parties[2::3], strict=True)
    street = next(name for name, role in named if role == _STREET)
    yield from (tags[17], tags[1], _SIDES[tags[54]], tags[48], tags[32], tags[31], tags[15])
    yield from (tags[30], street, _CAPACITIES[tags[528]], tags.get(12, ""), tags[37])


if __name__ == "__main__":
    main(*(Path(name) for name in sys.argv[1:3]))
