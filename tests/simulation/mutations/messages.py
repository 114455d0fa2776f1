"""Mutated messages and statements: a Document of a file is spoilt, or the file as XML is."""

import random
from collections.abc import Callable
from datetime import date
from typing import Final

from lxml import etree

from backoffice.formats.iso20022.answer_writer import (
    Settlement,
    write_cancellation_answer,
    write_change_answer,
    write_confirmation,
    write_status_advice,
)
from backoffice.formats.iso20022.envelope import wrap
from backoffice.formats.iso20022.instruction_reader import Change, Instruction
from tests.reference.samples import US_SHARE, isin, lei
from tests.simulation.mutations import hostile
from tests.simulation.mutations.mutant import Mutant
from tests.simulation.small_days import FIRST
from tests.unit.formats import statements
from tests.unit.formats.statements import Balance, Entry, Posted

_DOCUMENTS: Final = 4
_OFTEN: Final = 0.6
_HUGE: Final = 10 * 2**20
CANARY: Final = "CANARY-7f3a91"
"""Stands in a file that external entities point at: it must appear nowhere."""


def _document(rng: random.Random, number: int) -> bytes:
    name, day = f"NOBODYS-{number}", date(2026, 10, 8)
    what = rng.choice(("confirmation", "advice", "answer", "change"))
    if what == "advice":
        return write_status_advice(name, rng.choice(("MATCHED", "PENDING", "REJECTED")), "R1")
    if what == "answer":
        return write_cancellation_answer(name, "RECE", "CANCELLED", "R2")
    if what == "change":
        return write_change_answer(Change(name, hold=True), "ACCEPTED", "R4")
    told = Instruction(
        name, "RECE", US_SHARE, 10**8, -10_000, "USD", day, None, None, "SAFE", lei(1)
    )
    return write_confirmation(told, Settlement(10**8, -10_000, day), "R3")


def _balance(number: int) -> bytes:
    return statements.holdings(Balance(isin("NO", number), "7"), day=FIRST, account="NOBODYS-1")


def _posted(number: int) -> bytes:
    posted = Posted(f"NOBODYS-{number}", f"TxId-{number}", day=FIRST)
    return statements.transactions((isin("NO", number), (posted,)), day=FIRST)


def _entry(number: int) -> bytes:
    return statements.notification(Entry(f"{number}.25", ours=f"NOBODYS-{number}", currency="SEK"))


STATEMENTS: Final = {"holdings": _balance, "transactions": _posted, "cash": _entry}
"""A Document of one row, by a number, of each kind of statement."""
_ANY_ROW: Final = frozenset(range(1, 1_000))
"""A spoilt Document of a statement may have any number of rows: those after it move on."""


def mutate(rng: random.Random, number: int, canary: str) -> Mutant:
    """Make a mutated status file; `canary` is the path external entities point at."""
    documents = [_document(rng, 10 * number + place) for place in range(_DOCUMENTS)]
    return _mutated(rng, f"status-{number}.xml", "status", documents, canary)


def mutate_statement(rng: random.Random, number: int, canary: str) -> Mutant:
    """Make a mutated file of statements."""
    kind = rng.choice(sorted(STATEMENTS))
    documents = [STATEMENTS[kind](10 * number + place) for place in range(_DOCUMENTS)]
    return _mutated(rng, f"{kind}-{number}.xml", kind, documents, canary)


def _mutated(
    rng: random.Random, name: str, kind: str, documents: list[bytes], canary: str
) -> Mutant:
    if rng.random() < _OFTEN:
        touched = frozenset(rng.sample(range(_DOCUMENTS), rng.choice((1, 1, 2))))
        ways = [_spoil(rng, documents, place) for place in sorted(touched)]
        numbers = _ANY_ROW if kind in STATEMENTS else frozenset(place + 1 for place in touched)
        good = tuple(str(place + 1) for place in range(_DOCUMENTS) if place not in touched)
        return Mutant(name, wrap(documents), kind, "rows", good, numbers, "; ".join(ways))
    change = rng.choice(_CHANGES)
    body = change(rng, wrap(documents), canary)
    return Mutant(name, body, kind, "any", (), frozenset(), change.__name__)


def _spoil(rng: random.Random, documents: list[bytes], place: int) -> str:
    """Spoil a Document so that it is still XML; say how."""
    root = etree.fromstring(documents[place])
    elements = list(root.iter())
    leaves = [element for element in elements if not len(element)]
    leaf, inner = rng.choice(leaves), rng.choice(elements[1:])
    parent = inner.getparent()
    assert parent is not None
    way = rng.choice(("text", "text", "text", "gone", "twice", "named", "added", "deep", "cdata"))
    if way == "text":
        leaf.text = hostile.text(rng, controls=False)
    elif way == "gone":
        parent.remove(inner)
    elif way == "twice":
        parent.insert(0, etree.fromstring(etree.tostring(inner)))
    elif way == "named":
        inner.tag = rng.choice(("Odd", "{urn:other}Odd", str(root.tag)))
    elif way == "added":
        added = etree.SubElement(inner, rng.choice(("Odd", "{urn:other}Odd")), Odd="odd")
        added.text = hostile.text(rng, controls=False)
    elif way == "deep":
        for _ in range(rng.choice((3, 30, 300))):
            inner = etree.SubElement(inner, "Odd")
    else:
        leaf.text = etree.CDATA("<&>" + hostile.TEXTS[rng.randrange(20)].replace("]]>", ""))
    documents[place] = etree.tostring(root)
    return f"message {place + 1} {way} in {etree.QName(leaf).localname}"


def _cut_short(rng: random.Random, body: bytes, _canary: str) -> bytes:
    return body[: rng.randrange(len(body))]


def _flip_bytes(rng: random.Random, body: bytes, _canary: str) -> bytes:
    found = bytearray(body)
    for _ in range(rng.choice((1, 2, 16))):
        found[rng.randrange(len(found))] = rng.randrange(256)
    return bytes(found)


def _other_encoding(rng: random.Random, body: bytes, _canary: str) -> bytes:
    name = rng.choice(("utf-16", "utf-32", "utf-7", "latin-1", "cp037", "shift_jis"))
    said = rng.choice((name, "UTF-8", "no-such-encoding"))
    text = body.decode().replace("UTF-8", said).replace("NOBODYS", "ÞÚ")
    return text.encode(name, "replace")


def _bomb(rng: random.Random, body: bytes, _canary: str) -> bytes:
    levels = rng.choice((3, 9, 30))
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n % 25)}{n} "{f"&{chr(97 + (n - 1) % 25)}{n - 1};" * 10}">'
        for n in range(levels)
    )
    last = f"&{chr(98 + (levels - 1) % 25)}{levels - 1};"
    return _with_dtd(body, entities.replace("&a-1;", "&a;").replace("&z-1;", "&a;"), last)


def _quadratic(rng: random.Random, body: bytes, _canary: str) -> bytes:
    long = "x" * rng.choice((1_000, 100_000))
    return _with_dtd(body, f'<!ENTITY q "{long}">', "&q;" * 200)


def _outside(rng: random.Random, body: bytes, canary: str) -> bytes:
    where = rng.choice((f"file://{canary}", "http://127.0.0.1:9/", "//127.0.0.1/x", canary))
    parameter = f'<!ENTITY % p SYSTEM "{where}">%p;'
    return _with_dtd(body, rng.choice((f'<!ENTITY o SYSTEM "{where}">', parameter)), "&o;")


def _outside_dtd(rng: random.Random, body: bytes, canary: str) -> bytes:
    where = rng.choice((f"file://{canary}", "http://127.0.0.1:9/x.dtd"))
    return body.replace(b"<Messages>", f'<!DOCTYPE M SYSTEM "{where}"><Messages>'.encode(), 1)


def _included(_rng: random.Random, body: bytes, canary: str) -> bytes:
    told = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{canary}" parse="text"/>'
    return body.replace(b"<Messages>", b"<Messages>" + told.encode(), 1)


def _with_dtd(body: bytes, entities: str, use: str) -> bytes:
    declared = f"<!DOCTYPE M [{entities}]><Messages><Odd>{use}</Odd>"
    return body.replace(b"<Messages>", declared.encode(), 1)


def _unclosed(rng: random.Random, body: bytes, _canary: str) -> bytes:
    return body.replace(rng.choice((b"</TxId", b"</Document>", b"</Messages>")), b"<!-- ", 1)


def _huge_text(rng: random.Random, body: bytes, _canary: str) -> bytes:
    return body.replace(b"NOBODYS", b"H" * rng.choice((2**20, _HUGE)), 1)


def _deep(rng: random.Random, body: bytes, _canary: str) -> bytes:
    depth = rng.choice((300, 5_000))
    return body.replace(b"<Messages>", b"<Messages>" + b"<a>" * depth + b"</a>" * depth, 1)


def _garbage(rng: random.Random, _body: bytes, _canary: str) -> bytes:
    return rng.choice((b"", b" ", b"<", b"<a/>", b"{}", b"a,b\n1,2\n")) + rng.randbytes(
        rng.choice((0, 1, 500))
    )


_CHANGES: Final[tuple[Callable[[random.Random, bytes, str], bytes], ...]] = (
    _cut_short, _cut_short, _flip_bytes, _flip_bytes, _other_encoding, _bomb, _quadratic,
    _outside, _outside_dtd, _included, _unclosed, _huge_text, _deep, _garbage,
)  # fmt: skip
