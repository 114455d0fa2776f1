"""Confirmations and statements to read: `python -m bench.inputs.settlement_messages FOLDER N`.

One file a kind: confirmations are Documents one behind another, a statement is one Document.
"""

import random
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from backoffice.formats.iso20022.answer_writer import Settlement, write_confirmation
from backoffice.formats.iso20022.envelope import wrap
from backoffice.formats.iso20022.instruction_reader import Instruction
from tests.reference.samples import isin
from tests.unit.formats import statements
from tests.unit.formats.statements import Balance, Entry, Posted

_DAY: Final = date(2026, 1, 6)
_A_PLACE: Final = "DTCYUS33XXX"
_LEI: Final = "5493001KJTIIGC8Y1R12"
_AN_INSTRUMENT: Final = 20
_ISSUES: Final = 3_000


def _ours(number: int) -> str:
    return f"OB20260105-{number:012X}"


def _confirmations(rng: random.Random, count: int) -> bytes:
    documents = []
    for number in range(count):
        shares = rng.randrange(1, 10**6) * 10**8
        money = -rng.randrange(1, 10**10)
        told = Instruction(
            *(_ours(number), "RECE", isin("US", number % _ISSUES), shares, money, "USD", _DAY),
            *(date(2026, 1, 5), None, "OUR-ACCOUNT-1", _LEI),
        )
        documents.append(write_confirmation(told, Settlement(shares, money, _DAY), f"MK{number:X}"))
    return wrap(documents)


def _holdings(rng: random.Random, count: int) -> bytes:
    return statements.holdings(
        *(
            Balance(isin("US", number), str(rng.randrange(1, 10**7)), place=_A_PLACE)
            for number in range(count)
        )
    )


def _transactions(rng: random.Random, count: int) -> bytes:
    posted = [
        Posted(_ours(n), f"CU{n}", "DELI", str(rng.randrange(1, 10**7)), f"{n}.25", "CRDT")
        for n in range(count)
    ]
    parts = range(0, count, _AN_INSTRUMENT)
    return statements.transactions(
        *((isin("US", start), tuple(posted[start : start + _AN_INSTRUMENT])) for start in parts)
    )


def _cash(rng: random.Random, count: int) -> bytes:
    entries = (
        Entry(f"{rng.randrange(1, 10**8)}.{n % 100:02d}", theirs=f"BK{n}", ours=_ours(n))
        for n in range(count)
    )
    return statements.cash(*entries, balance=statements.closing("1000.00"))


KINDS: Final[Mapping[str, Callable[[random.Random, int], bytes]]] = {
    "sese.025": _confirmations,
    "semt.002": _holdings,
    "semt.017": _transactions,
    "camt.053": _cash,
}


def main(folder: Path, count: int) -> None:
    """Write a file of each kind."""
    for kind, make in KINDS.items():
        (folder / f"{kind}.xml").write_bytes(make(random.Random(kind), count))  # noqa: S311


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
