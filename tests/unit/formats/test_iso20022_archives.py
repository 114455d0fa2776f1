"""A step's messages as archives: one of instructions, one of requests to cancel."""

import polars as pl

from backoffice.formats.iso20022.archives import Archives, Firm, archives
from backoffice.formats.iso20022.envelope import unwrap
from backoffice.formats.iso20022.instruction_reader import Instruction
from backoffice.formats.iso20022.packing import unpack
from tests.unit.market.samples import (
    DEPOSITORY,
    THEM,
    US,
    obligation,
    read_cancellation,
    read_instruction,
)

FIRM = Firm(US, DEPOSITORY)
KNOWN = pl.DataFrame(
    {"lei": [THEM.lei], "bic": ["DEUTDEFF"], "custodian_account": ["an account " * 9]}
)


def frame(*ids: str, **changes: object) -> pl.DataFrame:
    rows = [obligation(obligation_id=name, **changes) for name in ids]
    wide = {"quantity_e8": pl.Int128, "buy_gross_minor": pl.Int128, "sell_gross_minor": pl.Int128}
    return pl.DataFrame(rows, schema_overrides={**wide, "trade_key": pl.String})


def documents(archive: bytes) -> dict[str, bytes]:
    return dict(each for _, file in unpack(archive) for each in unwrap(file))


def test_every_obligation_becomes_a_document() -> None:
    made = archives(frame("OB-1", "OB-2"), frame("OB-3"), KNOWN, FIRM, "cut-off")
    assert [name for name, _ in made.files] == [
        "instructions-cut-off.zip",
        "cancellations-cut-off.zip",
    ]
    instructions, requests = (documents(body) for _, body in made.files)
    assert list(instructions) == ["OB-1", "OB-2"]
    read = read_instruction(instructions["OB-2"])
    assert isinstance(read, Instruction)
    assert (read.obligation_id, read.counterparty) == ("OB-2", THEM.lei)
    assert b"<AnyBIC>DEUTDEFF</AnyBIC>" in instructions["OB-2"]
    assert read_cancellation(requests["OB-3"]).obligation_id == "OB-3"


def test_nothing_to_say_is_no_archive() -> None:
    assert archives(frame("OB-1").clear(), frame("OB-1").clear(), KNOWN, FIRM, "x") == Archives(
        (), ()
    )


def test_an_obligation_no_message_can_hold_is_named_and_the_others_go_out() -> None:
    rows = pl.concat([frame("OB-1"), frame("OB-HUGE", quantity_e8=10**18 + 1)])
    made = archives(rows, rows.clear(), KNOWN.clear(), FIRM, "x")
    assert made.unsendable == ("OB-HUGE",)
    assert list(documents(made.files[0][1])) == ["OB-1"]


def test_a_file_holds_a_thousand_messages() -> None:
    names = [f"OB-{number:04d}" for number in range(1_001)]
    made = archives(frame(*names), frame("X").clear(), KNOWN, FIRM, "x")
    files = list(unpack(made.files[0][1]))
    assert [name for name, _ in files] == ["instructions-0001.xml", "instructions-0002.xml"]
    assert [each for _, file in files for each, _ in unwrap(file)] == names
