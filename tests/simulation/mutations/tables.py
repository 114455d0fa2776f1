"""Mutated delimited files: a few rows of each are spoilt, or the file as a whole is."""

import csv
import io
import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from tests.reference.samples import account, counterparty, fee, instrument, isin, lei, trade
from tests.simulation.mutations import hostile
from tests.simulation.mutations.mutant import Fate, Mutant
from tests.simulation.small_days import FIRST

Row = dict[str, str]
_ROWS: Final = 4
_EPOCH: Final = date(1995, 1, 1)
_HUGE: Final = 10 * 2**20
_OFTEN: Final = 0.72


def _movement(number: int) -> Row:
    row = {"movement_id": f"MM-{number}", "account_id": "C-1", "kind": "DEPOSIT"}
    return row | {"currency": "USD", "amount": "10.50", "value_date": str(FIRST)}


def _rate(number: int) -> Row:
    day = _EPOCH + timedelta(days=number)
    return {"currency": "NOK", "base": "SEK", "date": str(day), "rate": "1.0125"}


def _watch(number: int) -> Row:
    row = {"subject": isin("NO", number), "list": "WATCH", "side": "SELL"}
    return row | {"valid_from": str(FIRST), "valid_to": "2030-12-31"}


def _price(number: int) -> Row:
    code = isin("NO", number)
    return {"isin": code, "date": str(FIRST), "close": "12.5", "currency": "SEK"}


def _posted(number: int) -> Row:
    row = {"our_reference": f"NOBODYS-{number}", "isin": isin("NO", number), "currency": "SEK"}
    return row | {"direction": "RECEIVE", "quantity": "5", "amount": "-12.25", "status": ""}


MAKERS: Final[Mapping[str, tuple[Callable[[int], Row], str]]] = {
    "trades": (lambda n: trade(f"MT-{n}", "BUY", "2", "100.5", commission="1"), "trade_id"),
    "accounts": (lambda n: account(f"MA-{n}", lei="", credit_limit="5000"), "account_id"),
    "instruments": (lambda n: instrument(isin("NO", n), "XSTO", "SEK"), "isin"),
    "counterparties": (lambda n: counterparty(lei(1_000 + n), bic="DABADKKK"), "lei"),
    "restrictions": (_watch, "subject"),
    "prices": (_price, "isin"),
    "fx": (_rate, "date"),
    "fees": (
        lambda n: fee(f"MF-{n}", "NOTIONAL", "0.001", venue="XSTO", currency="SEK"), "fee_code",
    ),
    "movements": (_movement, "movement_id"),
    "holdings": (lambda n: {"isin": isin("NO", n), "quantity": "7"}, "isin"),
    "transactions": (_posted, "our_reference"),
    "cash": (lambda n: {"currency": "SEK", "closing_balance": f"{n}.25"}, "currency"),
}  # fmt: skip
"""A good row of each kind by a number, and the column that tells one from another."""


def mutate(rng: random.Random, number: int, kind: str) -> Mutant:
    """Make a mutated file; `number` sets its keys apart from those of any other."""
    make, key = MAKERS[kind]
    rows = [make(10 * number + place) for place in range(_ROWS)]
    header = list(rows[0])
    table = [[row[name] for name in header] for row in rows]
    touched: list[int] = []
    how = "nothing"
    fate: Fate = "whole"
    if rng.random() < _OFTEN:
        touched = rng.sample(range(_ROWS), rng.choice((1, 1, 2)))
        how, fate = "; ".join(_spoil(rng, table[place], place) for place in touched), "rows"
    body = _written(rng, header, table)
    if not touched or rng.random() < 1 - _OFTEN:
        change, change_fate = rng.choice(_CHANGES)
        body, how = change(rng, body), f"{how}; {change.__name__}"
        fate = "any" if "any" in (fate, change_fate) else fate
    good = tuple(row[key] for place, row in enumerate(rows) if place not in touched)
    numbers = frozenset(place + 1 for place in touched)
    return Mutant(f"{kind}-{number}.csv", body, kind, fate, good, numbers, how)


def _spoil(rng: random.Random, fields: list[str], place: int) -> str:
    """Spoil a row in place; say how."""
    way = rng.choice(("texts", "texts", "texts", "fewer", "more", "swapped", "empty", "flipped"))
    at = rng.randrange(len(fields))
    if way == "texts":
        for _ in range(rng.choice((1, 1, 2, 3))):
            at = rng.randrange(len(fields))
            fields[at] = hostile.text(rng)
    elif way == "fewer":
        del fields[max(at, 1) :]
        fields[0] = fields[0] or "x"
    elif way == "more":
        fields[at:at] = [hostile.text(rng)] * rng.choice((1, 2, 40))
    elif way == "swapped":
        other = rng.randrange(len(fields))
        fields[at], fields[other] = fields[other], fields[at]
    elif way == "empty":
        fields[:] = [rng.choice(("", " ")) for _ in fields[1:]] + ["."]
    else:
        text = fields[at] or "x"
        spot = rng.randrange(len(text))
        fields[at] = text[:spot] + rng.choice("~!#$^*()<>?/:{}[]=+`0Zz") + text[spot + 1 :]
    return f"row {place + 1} {way} at {at}"


def _written(rng: random.Random, header: list[str], table: list[list[str]]) -> bytes:
    """Write rows; a spoilt field is quoted as it should be, now and then not."""
    end = rng.choice(("\n", "\n", "\r\n"))
    lines = [",".join(header)]
    for fields in table:
        if rng.random() < 0.9:
            out = io.StringIO(newline="")
            csv.writer(out, lineterminator="").writerow(fields)
            lines.append(out.getvalue())
        else:
            lines.append(",".join(field.lstrip('"') for field in fields))
    return (end.join(lines) + end).encode()


def _cut_short(rng: random.Random, body: bytes) -> bytes:
    return body[: rng.randrange(len(body))]


def _flip_bytes(rng: random.Random, body: bytes) -> bytes:
    found = bytearray(body)
    for _ in range(rng.choice((1, 2, 8, 64))):
        found[rng.randrange(len(found))] = rng.randrange(256)
    return bytes(found)


def _drop_bytes(rng: random.Random, body: bytes) -> bytes:
    start = rng.randrange(len(body))
    return body[:start] + body[start + rng.choice((1, 2, 30)) :]


def _insert(rng: random.Random, body: bytes) -> bytes:
    start = rng.randrange(len(body) + 1)
    odd = (b'"', b"\n", b"\x00", b"\xff", b"\xed\xa0\x80", b",,", b'"\n"', b"\r\r", b"\xef\xbb\xbf")
    return body[:start] + rng.choice(odd) + body[start:]


def _other_encoding(rng: random.Random, body: bytes) -> bytes:
    text = body.decode(errors="replace")
    return (text + "Þ").encode(
        rng.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252")), "replace"
    )


def _spoil_header(rng: random.Random, body: bytes) -> bytes:
    header, _, rest = body.partition(b"\n")
    names = header.split(b",")
    at, other = rng.randrange(len(names)), rng.randrange(len(names))
    changes: tuple[Callable[[], object], ...] = (
        lambda: names.pop(at),
        lambda: names.insert(at, names[other]),
        lambda: names.__setitem__(at, hostile.text(rng).replace("\n", " ").encode()),
        lambda: names.__setitem__(at, names[at].upper()),
        names.clear,
        lambda: names.append(b"x" * 70_000),
    )
    rng.choice(changes)()
    return b",".join(names) + b"\n" + rest


def _other_marks(rng: random.Random, body: bytes) -> bytes:
    return body.replace(b",", rng.choice((b";", b"\t", b"|")))


def _huge_field(rng: random.Random, body: bytes) -> bytes:
    start = body.index(b"\n") + 1
    return body[:start] + b"H" * rng.choice((2**19, 2**20, _HUGE)) + body[start:]


def _garbage(rng: random.Random, body: bytes) -> bytes:
    del body
    return rng.randbytes(rng.choice((0, 1, 50, 5_000)))


def _archive(rng: random.Random, body: bytes) -> bytes:
    return rng.choice((b"PK\x03\x04\x14\x00", b"\x1f\x8b\x08\x00", b"%PDF-1.7\n")) + body


def _marked(_rng: random.Random, body: bytes) -> bytes:
    return b"\xef\xbb\xbf" + body


def _without_last_end(_rng: random.Random, body: bytes) -> bytes:
    return body.rstrip(b"\r\n")


def _blank_lines(_rng: random.Random, body: bytes) -> bytes:
    return b"\n\n" + body.replace(b"\n", b"\n \n") if b'"' not in body else body


_CHANGES: Final[tuple[tuple[Callable[[random.Random, bytes], bytes], Fate], ...]] = (
    (_cut_short, "any"), (_flip_bytes, "any"), (_flip_bytes, "any"), (_drop_bytes, "any"),
    (_insert, "any"), (_insert, "any"), (_other_encoding, "any"), (_spoil_header, "any"),
    (_spoil_header, "any"), (_other_marks, "any"), (_huge_field, "any"), (_garbage, "any"),
    (_archive, "any"), (_marked, "whole"), (_without_last_end, "whole"), (_blank_lines, "whole"),
)  # fmt: skip
