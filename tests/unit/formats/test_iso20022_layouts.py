"""Documents laid out alike are read by layout; what could read otherwise is parsed."""

from collections.abc import Iterable, Iterator

import pytest

from backoffice.formats.iso20022 import documents, recognition
from backoffice.formats.iso20022.documents import DocumentReader
from backoffice.formats.iso20022.envelope import wrap
from backoffice.formats.iso20022.fields import Problem
from backoffice.formats.iso20022.instruction_reader import (
    Instruction,
    InstructionReader,
    Unreadable,
)
from backoffice.formats.iso20022.instruction_writer import write_cancellation, write_instruction
from backoffice.formats.iso20022.layouts import Document, Layout
from backoffice.formats.iso20022.messages import read_messages
from backoffice.formats.iso20022.parties import Parties, Party
from backoffice.kernel.errors import BadFileError
from tests.unit.market.samples import (
    DEPOSITORY,
    THEM,
    US,
    obligation,
    read_cancellation,
    read_instruction,
)

PARTIES = Parties(US, Party(THEM.lei, account="C-12"), DEPOSITORY)
MANY = 40
"""Enough of one layout for its pattern to be used."""

Said = list[tuple[str, tuple[str, ...], list[tuple[str, str]], str]]


def instructions(number: int) -> list[bytes]:
    return [
        write_instruction(obligation(obligation_id=f"OB-{n}", quantity_e8=10**7 * (n + 1)), PARTIES)
        for n in range(number)
    ]


def said(read: Iterable[Document]) -> Said:
    """Everything a reader of Documents may ask for."""
    found = []
    for layout, own in read:
        texts = own + layout.own_texts
        filled = [(path, texts[place]) for path, place in layout.filled]
        found.append((layout.definition, layout.paths, filled, layout.content_hash(own)))
    return found


def streamed(data: bytes) -> Iterator[Document]:
    return ((Layout(message), ()) for message in read_messages(data))


def parsed(data: bytes) -> Said:
    return said(streamed(data))


def outcome(read: Iterable[Document]) -> Said | str:
    try:
        return said(read)
    except BadFileError as refusal:
        return str(refusal)


def refuse_to_parse(_data: bytes) -> None:
    pytest.fail("the file was parsed")


def test_a_file_read_by_its_layout_says_what_the_parser_says() -> None:
    reader = DocumentReader()
    for data in instructions(MANY):
        assert said(reader.read(data)) == parsed(data)


def test_only_the_first_file_of_a_layout_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = InstructionReader()
    first, *others = instructions(MANY)
    assert [type(read) for read in reader.read_instructions(first)] == [Instruction]
    monkeypatch.setattr(documents, "read_messages", refuse_to_parse)
    monkeypatch.setattr(recognition, "read_messages", refuse_to_parse)
    read = [read for data in others for read in reader.read_instructions(data)]
    assert [(r.obligation_id, r.quantity_e8) for r in read if isinstance(r, Instruction)] == [
        (f"OB-{n}", 10**7 * (n + 1)) for n in range(1, MANY)
    ]


def test_of_a_file_of_many_documents_only_what_is_left_is_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file, seen = wrap(instructions(MANY)), []

    def watched(data: bytes) -> Iterable[object]:
        seen.append(len(data))
        return read_messages(data)

    monkeypatch.setattr(documents, "read_messages", watched)
    assert said(DocumentReader().read(file)) == parsed(file)
    assert len(seen) == 1
    assert seen[0] < len(file) // MANY


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
        PLAIN.replace('k="1"', "k='1'"),
        PLAIN.replace('k="1"', 'k="%s"').replace("text", "100 %"),
        PLAIN.replace("<C/>", "<?pi > inside <?>"),
        PLAIN.replace("text", "a<?pi?>b"),
        '<?xml version="1.0" encoding="UTF-8"?>' + PLAIN,
        '<?xml version="1.0" encoding="ISO-8859-1"?>' + PLAIN,
        "<W>" + PLAIN + "</W>",
        "<W>" + PLAIN * 2 + "</W>",
    ],
)
def test_a_file_that_could_read_otherwise_than_it_looks_is_read_right(text: str) -> None:
    reader = DocumentReader()
    data = text.encode()
    assert said(reader.read(data)) == parsed(data)
    assert said(reader.read(data)) == parsed(data)
    longer = data.replace(b"two", b"three")
    assert said(reader.read(longer)) == parsed(longer)


def test_an_empty_element_and_one_with_text_are_two_layouts() -> None:
    reader = DocumentReader()
    filled, empty = PLAIN.encode(), PLAIN.replace("text", "").encode()
    for data in (filled, empty, filled, empty):
        assert said(reader.read(data)) == parsed(data)


def test_bad_text_in_a_known_layout_is_refused_all_the_same() -> None:
    reader = DocumentReader()
    said(reader.read(PLAIN.encode()))
    for bad in ("\x01", "\x1ctext", "text\x1c"):
        with pytest.raises(BadFileError):
            said(reader.read(PLAIN.replace("text", bad).encode()))


ONE = PLAIN.encode()


@pytest.mark.parametrize("times", [1, MANY])
@pytest.mark.parametrize(
    "template",
    [
        b"<W>%s</W>",
        b'<?xml version="1.0" encoding="UTF-8"?>\n<W>\n%s\n</W>\n',
        b"\xef\xbb\xbf<W>%s</W>",
        b"<W><H>%s</H>between" + ONE + b"</W>",
        b"<W>" + ONE + b"<H><A>header</A></H>%s</W>",
        b"<W>" + ONE * 20 + b'<Document xmlns="y"><!-- odd -->t</Document>%s</W>',
        b"<W>" + ONE * 20 + b'<Document xmlns="y"/><Document/>%s</W>',
        b"<W>" + ONE * 20 + b'<w:Document xmlns:w="y"><w:A>t</w:A></w:Document>%s</W>',
        b"<W>" + ONE * 20 + b'<Document xmlns="y"><D1><D2><D3>t</D3></D2></D1></Document>%s</W>',
        b"<W><Document>%s</Document></W>",
        b'<W><Document xmlns="outer"><A>%s</A></Document></W>',
        b'<w:Document xmlns:w="outer"><A>' + ONE + b"%s</A></w:Document>",
        b"<W>" + b"<a>" * 250 + b"%s" + b"</a>" * 250 + b"</W>",
        b"%s",
        b"%s<again/>",
        b"<W>%s</W>after",
        b"<W>%s",
        b"%s</W>",
        b"<W>%s</W>"[:-2],
        b"<W>%s</V>",
        b"<W a='%s'/>",
        b"<W><!-- %s --></W>",
        b"<W><![CDATA[%s]]></W>",
        b"<W><?pi %s?></W>",
        b"<W>%s\x0b%s</W>",
        b"<W>%s\x00%s</W>",
        b"<W>%s&#0;%s</W>",
        b"<W>%s&#32;%s</W>",
    ],
)
def test_whatever_stands_around_documents_is_for_the_parser_to_judge(
    template: bytes, times: int
) -> None:
    data = template.replace(b"%s", ONE * times)
    assert outcome(DocumentReader().read(data)) == outcome(streamed(data))


def test_no_one_stands_for_a_run_but_the_reader() -> None:
    forged = b'<w:Document xmlns:w="urn:backoffice:recognised"/>'
    data = b"<W><Document><A>" + ONE + b"</A></Document>" + forged + b"</W>"
    assert said(DocumentReader().read(data)) == parsed(data)


@pytest.mark.parametrize(
    "odd",
    [
        " padded ",
        "padded ",
        "\n text",
        " ",
        "a > b",
        "a ]]> b",
        "\x01",
        "\x1c",
        "\u00a0",
        "",
        "100 %s",
        "a &amp; b",
        "&lt;C/&gt;",
        "&#60;",
        "&#0;",
        "&undefined;",
    ],
)
def test_an_odd_text_among_many_plain_ones_is_for_the_parser_to_judge(odd: str) -> None:
    data = f"<W>{PLAIN * MANY}{PLAIN.replace('text', odd)}{PLAIN}</W>".encode()
    assert outcome(DocumentReader().read(data)) == outcome(streamed(data))


@pytest.mark.parametrize(
    "document",
    [
        '<Document xmlns="n"><A m:k="v">t</A></Document>',
        '<Document xmlns="n"><A><B xmlns:m="p"/><C m:k="v">t</C></A></Document>',
        '<Document xmlns="n">t<A xmlns:m="p"><B m:k="v"/></A><C m:k="v"/></Document>',
        '<Document xmlns="n" xmlns:m="p"><A m:k="v">t</A></Document>',
        '<Document xmlns="n" k=" xmlns:m="><A m:k="v">t</A></Document>',
        """<Document xmlns="n" k=' xmlns:m="p" '><A m:k="v">t</A></Document>""",
        '<Document xmlns="n"><A>" ></A><B m:k="v"/><C>" ></C></Document>',
    ],
)
def test_a_prefix_means_what_it_means_in_its_wrapper(document: str) -> None:
    space = "http://www.w3.org/2001/XMLSchema-instance"  # its attributes are no content
    data = f'<W xmlns:m="{space}">{document * MANY}</W>'.encode()
    assert said(DocumentReader().read(data)) == parsed(data)


def test_a_prefix_declared_by_its_document_needs_no_parser() -> None:
    declared = PLAIN.replace('"x"', '"x" xmlns:xsi="y" xsi:schemaLocation="a:b c"')
    markup = declared.replace(">text<", "><")
    assert recognition.Recognition().by_markup(declared) is not None
    assert recognition.Recognition().by_markup(markup.replace("<C/>", "<m:C/>")) is None


def test_layouts_beyond_the_bound_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "MAX_LAYOUTS", 1)
    reader = DocumentReader()
    for data in (PLAIN.encode(), PLAIN.replace("<C/>", "").encode()):
        assert said(reader.read(data)) == parsed(data)


@pytest.mark.parametrize(
    ("bound", "value"), [("MAX_CUT_BYTES", 10), ("MAX_MESSAGE_CHARACTERS", 10)]
)
def test_a_file_beyond_the_bounds_of_cutting_is_parsed(
    monkeypatch: pytest.MonkeyPatch, bound: str, value: int
) -> None:
    monkeypatch.setattr(documents, bound, value)
    data = f"<W>{PLAIN * MANY}<Document>{'t' * 20}</Document></W>".encode()
    assert said(DocumentReader().read(data)) == parsed(data)


@pytest.mark.parametrize("length", [40_000, 1_100_000])
def test_a_long_text_in_a_known_layout_is_read_or_too_large_as_the_parser_says(length: int) -> None:
    long = PLAIN.replace("text", "t" * length)
    data = f"<W>{PLAIN * MANY}{long}{PLAIN}</W>".encode()
    read = list(DocumentReader().read(data))
    assert [layout.oversized for layout, _ in read][MANY] == (length > 10**6)
    assert said(read) == parsed(data)


def test_layouts_that_take_turns_are_told_apart() -> None:
    kinds = [PLAIN.replace("<C/>", f"<C{n}/>") for n in range(6)]
    data = f"<W>{''.join(kinds * MANY)}</W>".encode()
    assert said(DocumentReader().read(data)) == parsed(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<Document",
        ONE[:-5],
        ONE * 2,
        b"<W/>",
        b'<?xml version="1.0" encoding="UTF-8"?><W/>',
        b"<!DOCTYPE W><W/>",
    ],
)
def test_what_is_no_sound_file_of_documents_holds_no_instruction(data: bytes) -> None:
    reader = InstructionReader()
    for _ in range(2):
        with pytest.raises(BadFileError):
            list(reader.read_instructions(data))


@pytest.mark.parametrize("content", [b"x" * 1_100_000, b"<x>" * 100 + b"</x>" * 100])
def test_a_message_beyond_the_bounds_is_refused_alone(content: bytes) -> None:
    endless = b"<Document>" + content + b"</Document>"
    first, last = instructions(2)
    read = list(InstructionReader().read_instructions(wrap([first, endless, last])))
    assert [type(each) for each in read] == [Instruction, Unreadable, Instruction]
    assert read[1] == Unreadable(
        None, (Problem("Document", "BAD_FORMAT", "The message is too large or too deep."),)
    )


def test_a_message_of_another_kind_is_refused_by_name() -> None:
    instruction = instructions(1)[0]
    cancellation = write_cancellation(obligation(), PARTIES)
    for read, kind in (
        (read_cancellation(instruction), "sese.020"),
        (read_instruction(cancellation), "sese.023"),
    ):
        assert isinstance(read, Unreadable)
        assert read.problems[0].message == f"The message is not a {kind} Document."
