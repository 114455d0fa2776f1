"""Execution reports of FIX 4.4, as a broker's drop copy has them.

`python -m bench.inputs.fix_messages OUT MESSAGES` writes a line for each of the standard
population's trades: one in three states fees in their group, one in seven has a text, and parties
are two or three, so that tags stand in several orders. The same numbers give the same bytes.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bench.inputs.trade_rows import population_trades

SOH: Final = "\x01"
_SIDES: Final = {"BUY": "1", "SELL": "2", "SHORT": "5"}
_CAPACITIES: Final = {"AGENCY": "A", "PRINCIPAL": "P"}


def main(out: Path, messages: int) -> None:
    """Write the file."""
    with out.open("wb") as text:
        for number, row in enumerate(population_trades(messages).iter_rows(named=True), start=1):
            text.write(_message(number, row) + b"\n")


def _message(number: int, row: Mapping[str, str]) -> bytes:
    body = "".join(f"{field}{SOH}" for field in _fields(number, row)).encode()
    head = f"8=FIX.4.4{SOH}9={len(body)}{SOH}".encode()
    return head + body + f"10={sum(head + body) % 256:03d}{SOH}".encode()


def _fields(number: int, row: Mapping[str, str]) -> Iterator[str]:
    moment = row["trade_time"].replace("-", "").replace("T", "-").removesuffix("Z")
    yield from ("35=8", "49=VENUE", "56=OFFICE", f"34={number}", f"52={moment}.123")
    yield from (f"37=O-{number}", f"17={row['trade_id']}", "150=F", "39=2")
    yield from (f"1={row['account_id']}", f"48={row['isin']}", "22=4", "55=SYMBOL")
    yield from (f"54={_SIDES[row['side']]}", f"32={row['quantity']}", f"31={row['price']}")
    yield from (f"15={row['currency']}", f"60={moment}", f"30={row['venue']}")
    yield from ("151=0", f"14={row['quantity']}", f"6={row['price']}")
    three = number % 2
    yield from (f"453={2 + three}", "448=TRADER-7", "447=D", "452=12")
    yield from (f"448={row['counterparty']}", "447=N", "452=17")
    if three:
        yield from ("448=CLEARING", "447=D", "452=4")
    yield f"528={_CAPACITIES[row['capacity']]}"
    if row["commission"]:
        yield from (f"12={row['commission']}", "13=3")
    if not number % 3:
        yield from ("136=2", "137=0.21", "138=USD", "139=1", "137=1.05", "138=USD", "139=4")
    if not number % 7:
        yield "58=worked order"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
