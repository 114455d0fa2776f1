"""Mutated JSON: control files, and what an app sends."""

import base64
import hashlib
import json
import random
from collections.abc import Callable
from typing import Any, Final

from tests.reference.samples import trade
from tests.reference.writing import table_bytes
from tests.simulation.mutations import hostile
from tests.simulation.mutations.mutant import Mutant
from tests.unit.front_office.api_events import event

_ODD: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1.5, 10**30, float("nan"), float("inf"), "", [], {}, [1], {"a": {}},
    "1", "4", "1e3", "-4", "٤", "4.0", "\ud800",
)  # fmt: skip
_TRADES: Final = 4
_OFTEN: Final = 0.6


def control(rng: random.Random, number: int) -> tuple[Mutant, Mutant]:
    """Make a good trades file and a mutated control file that speaks of it."""
    rows = [trade(f"MC-{10 * number + place}", "BUY", "1", "100") for place in range(_TRADES)]
    body, name = table_bytes(rows), f"trades-{number}.csv"
    sha256 = hashlib.sha256(body).hexdigest()
    said: dict[str, Any] = {"rows": _TRADES, "sha256": sha256, "sum_quantity": str(_TRADES)}
    text, how = _mutated(rng, said)
    good = tuple(row["trade_id"] for row in rows)
    file = Mutant(name, body, "trades", "any", good, frozenset(), how, spoken_of=True)
    told = Mutant(f"{name}.control.json", text, "control", "any", (), frozenset(), how)
    return file, told


def request(rng: random.Random, number: int) -> tuple[dict[str, Any], str, str]:
    """Make the event of an app's mutated request; return the trade's id and what was done, too."""
    trade_id = f"MP-{number}"
    said: dict[str, Any] = dict(trade(trade_id, "BUY", "1", "100"))
    text, how = _mutated(rng, said)
    asked = event("POST", "/trades", text.decode(errors="surrogateescape"))
    if rng.random() < 0.2 or not text.isascii():
        asked |= {"body": base64.b64encode(text).decode(), "isBase64Encoded": True}
    return asked, trade_id, how


def _mutated(rng: random.Random, said: dict[str, Any]) -> tuple[bytes, str]:
    if rng.random() < _OFTEN:
        ways = [_spoil(rng, said) for _ in range(rng.choice((1, 1, 2)))]
        return json.dumps(said).encode(), "; ".join(ways)
    change = rng.choice(_CHANGES)
    return change(rng, json.dumps(said).encode()), change.__name__


def _spoil(rng: random.Random, said: dict[str, Any]) -> str:
    name = rng.choice(sorted(said) or ["rows"])
    way = rng.choice(("odd", "odd", "text", "text", "gone", "added"))
    if way == "odd":
        said[name] = rng.choice(_ODD)
    elif way == "text":
        said[name] = hostile.text(rng)
    elif way == "gone":
        said.pop(name, None)
    else:
        said[hostile.text(rng)] = rng.choice((hostile.text(rng), *_ODD))
    return f"{name} {way}"


def _cut_short(rng: random.Random, text: bytes) -> bytes:
    return text[: rng.randrange(len(text))]


def _flip_bytes(rng: random.Random, text: bytes) -> bytes:
    found = bytearray(text)
    for _ in range(rng.choice((1, 2, 8))):
        found[rng.randrange(len(found))] = rng.randrange(256)
    return bytes(found)


def _followed(rng: random.Random, text: bytes) -> bytes:
    return text + rng.choice((b"}", b"{}", b"\x00", b" x", b"\n\n"))


def _twice(_rng: random.Random, text: bytes) -> bytes:
    return text[:-1] + b"," + text[1:]


def _nested(rng: random.Random, text: bytes) -> bytes:
    depth = rng.choice((10, 900, 20_000))
    return text[:-1] + b',"deep":' + b"[" * depth + b"]" * depth + b"}"


def _long(rng: random.Random, text: bytes) -> bytes:
    return text[:-1] + b',"long":"' + b"x" * rng.choice((3_000, 70_000)) + b'"}'


def _numbers(rng: random.Random, text: bytes) -> bytes:
    return text[:-1] + b',"rows":' + b"9" * rng.choice((19, 5_000)) + b"}"


def _other_encoding(rng: random.Random, text: bytes) -> bytes:
    return text.decode().encode(rng.choice(("utf-16", "utf-32", "utf-8-sig")))


def _something_else(rng: random.Random, _text: bytes) -> bytes:
    return rng.choice((b"", b"[]", b"null", b"1", b'"text"', b"{", b"<a/>", b"\xff", b"NaN"))


_CHANGES: Final[tuple[Callable[[random.Random, bytes], bytes], ...]] = (
    _cut_short, _flip_bytes, _flip_bytes, _followed, _twice, _nested, _long, _numbers,
    _other_encoding, _something_else,
)  # fmt: skip
