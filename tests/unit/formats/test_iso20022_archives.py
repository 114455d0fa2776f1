"""A step's messages as archives: one of instructions, one of requests to cancel."""

from datetime import date

import polars as pl
import pytest

from backoffice.formats.iso20022.archives import Archives, Firm, Outgoing, archives
from backoffice.formats.iso20022.envelope import unwrap
from backoffice.formats.iso20022.header_reader import read_headers
from backoffice.formats.iso20022.header_writer import header_writer, named_by
from backoffice.formats.iso20022.instruction_reader import Change, Instruction, InstructionReader
from backoffice.formats.iso20022.packing import unpack
from tests.unit.market.samples import (
    DEPOSITORY,
    THEM,
    US,
    assert_valid,
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
    return {m.obligation_id: m.document for _, file in unpack(archive) for m in unwrap(file)}


def headers(archive: bytes) -> dict[str, bytes]:
    found = (message for _, file in unpack(archive) for message in unwrap(file))
    return {message.obligation_id: message.header or b"" for message in found}


def made_of(
    instructed: pl.DataFrame,
    requests: pl.DataFrame | None = None,
    changes: pl.DataFrame | None = None,
    *,
    known: pl.DataFrame = KNOWN,
    day: date = date(2026, 1, 5),
) -> Archives:
    empty = frame("OB-1").clear()
    outgoing = Outgoing(instructed, empty if requests is None else requests, changes)
    return archives(outgoing, known, FIRM, day, "cut-off")


def test_every_obligation_becomes_a_document() -> None:
    made = made_of(frame("OB-1", "OB-2"), frame("OB-3"))
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
    assert made_of(frame("OB-1").clear()) == Archives((), ())
    nothing = pl.DataFrame(schema={"obligation_id": pl.String})
    assert made_of(nothing, nothing, nothing) == Archives((), ())


def test_an_obligation_no_message_can_hold_is_named_and_the_others_go_out() -> None:
    rows = pl.concat([frame("OB-1"), frame("OB-HUGE", quantity_e8=10**18 + 1)])
    made = made_of(rows, known=KNOWN.clear())
    assert made.unsendable == ("OB-HUGE",)
    assert list(documents(made.files[0][1])) == ["OB-1"]


def test_a_file_holds_a_thousand_messages() -> None:
    names = [f"OB-{number:04d}" for number in range(1_001)]
    made = made_of(frame(*names))
    files = list(unpack(made.files[0][1]))
    assert [name for name, _ in files] == ["instructions-0001.xml", "instructions-0002.xml"]
    assert [each.obligation_id for _, file in files for each in unwrap(file)] == names


def changes(*rows: tuple[str, bool, int | None]) -> pl.DataFrame:
    names, holds, parts = zip(*rows, strict=True)
    kept = frame(*names).select("obligation_id", "isin", "quantity_e8", "counterparty")
    asked = pl.Series("released_e8", parts, dtype=pl.Int128)
    return kept.with_columns(pl.Series("hold", holds), asked)


def test_holds_and_releases_are_an_archive_of_their_own() -> None:
    asked = changes(("OB-1", True, None), ("OB-2", False, None), ("OB-3", False, 40 * 10**8))
    made = made_of(frame("X").clear(), changes=asked)
    ((name, archive),) = made.files
    assert name == "changes-cut-off.zip"
    ((_, file),) = unpack(archive)
    assert list(InstructionReader().read_changes(file)) == [
        Change("OB-1", hold=True),
        Change("OB-2", hold=False),
        Change("OB-3", hold=False, released_e8=40 * 10**8),
    ]
    for document in documents(archive).values():
        assert_valid(document, "sese.030.001.09")


def test_every_message_has_a_valid_header_that_names_it() -> None:
    asked = changes(("OB-4", True, None), ("OB-5", False, None))
    made = made_of(frame("OB-1", "OB-2"), frame("OB-3"), asked)
    found = {}
    for _, archive in made.files:
        for name, header in headers(archive).items():
            assert_valid(header, "head.001.001.02")
            assert b"<CreDt>2026-01-05T00:00:00Z</CreDt>" in header
            ((said),) = read_headers(header + b"").values()
            found[name] = (said.sender, said.identifier, said.definition)
    assert found == {
        "OB-1": (US.bic, "I20260105-OB-1", "sese.023.001.11"),
        "OB-2": (US.bic, "I20260105-OB-2", "sese.023.001.11"),
        "OB-3": (US.bic, "C20260105-OB-3", "sese.020.001.07"),
        "OB-4": (US.bic, "M20260105-OB-4", "sese.030.001.09"),
        "OB-5": (US.bic, "R20260105-OB-5", "sese.030.001.09"),
    }


def test_the_same_messages_make_the_same_archives_and_another_day_another_header() -> None:
    one, again = made_of(frame("OB-1")), made_of(frame("OB-1"))
    later = made_of(frame("OB-1"), day=date(2026, 1, 6))
    assert one == again
    assert documents(one.files[0][1]) == documents(later.files[0][1])
    assert headers(one.files[0][1]) != headers(later.files[0][1])


@pytest.mark.parametrize("name", ["O" * 35, "a & <b>", "OB-1"])
def test_an_identifier_is_no_longer_than_the_schema_lets_it_be(name: str) -> None:
    head = header_writer("sese.023.001.11", US, DEPOSITORY, date(2026, 1, 5))
    assert_valid(head(name), "head.001.001.02")
    assert head(name) == head(name) != head(name + "x")


def test_an_identifier_names_its_obligation() -> None:
    assert named_by("M20260105-OB20260105-0123456789AB") == "OB20260105-0123456789AB"
    assert named_by("OB20260105-0123456789AB") == "OB20260105-0123456789AB"
