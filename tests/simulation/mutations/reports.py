"""Mutated files of FIX: a few messages of each are spoilt, or the file as a whole is."""

import random
from collections.abc import Callable
from typing import Final

from tests.reference.fix_writing import SOH, Field, fields_of, framed, message
from tests.reference.samples import trade
from tests.simulation.mutations import hostile
from tests.simulation.mutations.mutant import Fate, Mutant

_ROWS: Final = 4
_OFTEN: Final = 0.72
_TAGS: Final = (
    *("1", "8", "9", "10", "12", "13", "15", "17", "19", "20", "22", "30", "31", "32", "34", "35"),
    *("48", "54", "58", "60", "95", "96", "136", "137", "139", "150", "354", "355", "423", "447"),
    *("448", "452", "453", "454", "455", "456", "479", "528", "9001", "0", "-1", "x", ""),
)


def mutate(rng: random.Random, number: int) -> Mutant:
    """Make a mutated file; `number` sets its trades apart from those of any other."""
    mark = rng.choice((SOH, SOH, "|"))
    ids = [f"MT-{10 * number + place}" for place in range(_ROWS)]
    rows = [fields_of(trade(name, "BUY", "2", "100.5", commission="1")) for name in ids]
    lines = [message(fields, mark) for fields in rows]
    touched: list[int] = []
    how = "nothing"
    fate: Fate = "whole"
    if rng.random() < _OFTEN:
        touched = rng.sample(range(_ROWS), rng.choice((1, 1, 2)))
        for place in touched:
            lines[place], said = _spoilt(rng, rows[place], mark)
            how = f"{how}; row {place + 1} {said}"
        fate = "rows"
    body = b"".join(line + rng.choice((b"\n", b"\n", b"\r\n")) for line in lines)
    if not touched or rng.random() < 1 - _OFTEN:
        change, change_fate = rng.choice(_CHANGES)
        body, how = change(rng, body), f"{how}; {change.__name__}"
        fate = "any" if "any" in (fate, change_fate) else fate
    good = tuple(name for place, name in enumerate(ids) if place not in touched)
    numbers = frozenset(place + 1 for place in touched)
    return Mutant(f"trades-{number}.fix", body, "trades", fate, good, numbers, how)


def _spoilt(rng: random.Random, fields: list[Field], mark: str) -> tuple[bytes, str]:
    """Spoil a message; say how. It stays one line, and a row: its type and its end are kept."""
    way = rng.choice(("texts", "texts", "tags", "fewer", "more", "twice", "bytes", "frame"))
    spoilt, at = list(fields), rng.randrange(1, len(fields))
    if way == "texts":
        for _ in range(rng.choice((1, 1, 2, 3))):
            at = rng.randrange(1, len(fields))
            spoilt[at] = (fields[at][0], _on_one_line(hostile.text(rng)))
    elif way == "tags":
        spoilt[at] = (rng.choice(_TAGS), fields[at][1])
    elif way == "fewer":
        del spoilt[at]
    elif way == "more":
        more = (rng.choice(_TAGS), _on_one_line(hostile.text(rng)))
        spoilt[at:at] = [more] * rng.choice((1, 2, 70))
    elif way == "twice":
        spoilt[at:at] = [fields[at]]
    elif way == "bytes":
        line = bytearray(message(fields, mark))
        line[rng.randrange(len(line))] ^= rng.choice((1, 2, 4, 8, 16))
        return bytes(line).replace(b"\n", b"x"), "bytes"
    else:
        return _spoilt_frame(rng, fields, mark), "frame"
    return message(spoilt, mark), f"{way} at {at}"


def _on_one_line(text: str) -> str:
    return text.replace("\n", " ")


def _spoilt_frame(rng: random.Random, fields: list[Field], mark: str) -> bytes:
    line, end = message(fields, mark), mark.encode()
    return rng.choice(
        (
            line[2:],
            line.replace(b"FIX.4.4", b"FIX.4.2", 1),
            line.replace(end + b"9=", end + b"9=1", 1),
            line.partition(end + b"10=")[0] + end,
            line.replace(end + b"10=", end + b"10=9", 1),
            line + b"58=x" + end,
            framed(b"x" * 20, end),
            message([("35", "ABCD"), *fields[1:]], mark),
        )
    )


def _cut_short(rng: random.Random, body: bytes) -> bytes:
    return body[: rng.randrange(len(body))]


def _flip_bytes(rng: random.Random, body: bytes) -> bytes:
    found = bytearray(body)
    for _ in range(rng.choice((1, 2, 8, 64))):
        found[rng.randrange(len(found))] = rng.randrange(256)
    return bytes(found)


def _other_encoding(rng: random.Random, body: bytes) -> bytes:
    return body.decode(errors="replace").encode(rng.choice(("utf-16", "utf-32")))


def _other_marks(rng: random.Random, body: bytes) -> bytes:
    return body.replace(SOH.encode(), rng.choice((b";", b"^", b" | ")))


def _one_line(_rng: random.Random, body: bytes) -> bytes:
    return body.replace(b"\n", b"")


def _garbage(rng: random.Random, _body: bytes) -> bytes:
    return rng.randbytes(rng.choice((0, 1, 50, 5_000)))


def _marked(_rng: random.Random, body: bytes) -> bytes:
    return b"\xef\xbb\xbf" + body


def _without_last_end(_rng: random.Random, body: bytes) -> bytes:
    return body.rstrip(b"\r\n")


def _blank_lines(_rng: random.Random, body: bytes) -> bytes:
    return b"\n\n" + body.replace(b"\n", b"\n \n")


def _heartbeats(_rng: random.Random, body: bytes) -> bytes:
    beat = message([("35", "0"), ("112", "x")]) + b"\n"
    return beat + body + beat + beat


_CHANGES: Final[tuple[tuple[Callable[[random.Random, bytes], bytes], Fate], ...]] = (
    (_cut_short, "any"), (_flip_bytes, "any"), (_flip_bytes, "any"), (_other_encoding, "any"),
    (_other_marks, "any"), (_one_line, "any"), (_garbage, "any"), (_marked, "whole"),
    (_without_last_end, "whole"), (_blank_lines, "whole"), (_heartbeats, "whole"),
)  # fmt: skip
