"""Files laid out alike are read by layout; what could read otherwise is parsed."""

import pytest

from backoffice.formats.iso20022 import layouts
from backoffice.formats.iso20022.instruction_reader import (
    Instruction,
    InstructionReader,
    read_cancellation,
    read_instruction,
)
from backoffice.formats.iso20022.instruction_writer import write_cancellation, write_instruction
from backoffice.formats.iso20022.layouts import Layouts
from backoffice.formats.iso20022.messages import read_messages
from backoffice.formats.iso20022.parties import Parties, Party
from backoffice.kernel.errors import BadFileError
from tests.unit.market.samples import DEPOSITORY, THEM, US, obligation

PARTIES = Parties(US, Party(THEM.lei, account="C-12"), DEPOSITORY)


def documents(number: int) -> list[bytes]:
    return [
        write_instruction(obligation(obligation_id=f"OB-{n}", quantity_e8=10**7 * (n + 1)), PARTIES)
        for n in range(number)
    ]


def parsed(data: bytes) -> tuple[str, tuple[tuple[str, str], ...]]:
    (message,) = read_messages(data)
    return message.definition, message.leaves


def test_a_file_read_by_its_layout_says_what_the_parser_says() -> None:
    reader = Layouts()
    for data in documents(5):
        assert reader.read(data) == parsed(data)


def test_only_the_first_file_of_a_layout_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = InstructionReader()
    first, second = documents(2)
    assert isinstance(reader.read_instruction(first), Instruction)
    monkeypatch.setattr(layouts, "read_messages", None)
    read = reader.read_instruction(second)
    assert isinstance(read, Instruction)
    assert (read.obligation_id, read.quantity_e8) == ("OB-1", 2 * 10**7)


PLAIN = '<Document xmlns="x"><A><B k="1">text</B><C/><D>two</D></A></Document>'


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace("><", ">\n  <"),
        PLAIN.replace("text", " text\n\t"),
        PLAIN.replace("text", "a &amp; b"),
        PLAIN.replace("text", "a &#65; b"),
        PLAIN.replace("text", "a<!-- > no < -->b"),
        PLAIN.replace("text", "<![CDATA[<raw>]]>"),
        PLAIN.replace("text", "a > b"),
        PLAIN.replace("text", "non\u00a0breaking"),
        PLAIN.replace("text", "\ue0000"),
        PLAIN.replace("text", "é"),
        PLAIN.replace('k="1"', 'k=">9<'.replace("<", "") + '"'),
        PLAIN.replace("<C/>", "mixed<C/>"),
        PLAIN.replace("<C/>", "<?pi > inside <?>"),
        '<?xml version="1.0" encoding="UTF-8"?>' + PLAIN,
        '<?xml version="1.0" encoding="ISO-8859-1"?>' + PLAIN,
        "<W>" + PLAIN + "</W>",
    ],
)
def test_a_file_that_could_read_otherwise_than_it_looks_is_read_right(text: str) -> None:
    reader = Layouts()
    data = text.encode()
    assert reader.read(data) == parsed(data)
    assert reader.read(data) == parsed(data)
    longer = data.replace(b"two", b"three")
    assert reader.read(longer) == parsed(longer)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<Document",
        PLAIN.encode()[:-5],
        PLAIN.encode().replace(b"text", b"\xff"),
        PLAIN.encode().replace(b"text", b"\x01"),
        PLAIN.encode().replace(b"text", b"a ]]> b"),
        PLAIN.encode().replace(b"text", b"&undefined;"),
        PLAIN.encode() * 2,
        PLAIN.encode().replace(b"</A></Document>", b"</A></Document>after"),
        b"<W>" + PLAIN.encode() * 2 + b"</W>",
        b"<W/>",
        b'<?xml version="1.0" encoding="UTF-8"?><W/>',
        b"<!DOCTYPE W><W/>",
        b"<Document>" + b"x" * 1_100_000 + b"</Document>",
        b"<Document>" + b"<x>" * 100 + b"</x>" * 100 + b"</Document>",
    ],
)
def test_what_is_not_one_sound_document_is_refused(data: bytes) -> None:
    reader = Layouts()
    for _ in range(2):
        with pytest.raises(BadFileError):
            reader.read(data)


def test_an_empty_element_and_one_with_text_are_two_layouts() -> None:
    reader = Layouts()
    filled, empty = PLAIN.encode(), PLAIN.replace("text", "").encode()
    for data in (filled, empty, filled, empty):
        assert reader.read(data) == parsed(data)


def test_bad_text_in_a_known_layout_is_refused_all_the_same() -> None:
    reader = Layouts()
    reader.read(PLAIN.encode())
    with pytest.raises(BadFileError):
        reader.read(PLAIN.replace("text", "\x01").encode())


def test_layouts_beyond_the_bound_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "MAX_LAYOUTS", 1)
    reader = Layouts()
    for data in (PLAIN.encode(), PLAIN.replace("<C/>", "").encode()):
        assert reader.read(data) == parsed(data)


def test_a_message_of_another_kind_is_refused_by_name() -> None:
    instruction = documents(1)[0]
    cancellation = write_cancellation(obligation(), PARTIES)
    with pytest.raises(BadFileError, match=r"not a sese\.020"):
        read_cancellation(instruction)
    with pytest.raises(BadFileError, match=r"not a sese\.023"):
        read_instruction(cancellation)
