"""Many Documents in one file, many files in one archive."""

import io
import struct
import zipfile

import pytest

from backoffice.formats.iso20022.envelope import headed, unwrap, wrap
from backoffice.formats.iso20022.instruction_writer import write_instruction
from backoffice.formats.iso20022.messages import read_messages
from backoffice.formats.iso20022.packing import pack, unpack
from backoffice.kernel.errors import BadFileError
from tests.unit.market.samples import PARTIES, obligation

FILES = [("b.xml", b"<b/>" * 100), ("a-1.xml", b""), ("A_2.txt", "é".encode())]


def test_wrapped_documents_are_read_in_their_order_with_or_without_a_declaration() -> None:
    declared = b'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="one"/>\n'
    file = wrap([declared, b'<Document xmlns="two"/>'])
    assert [message.definition for message in read_messages(file)] == ["one", "two"]
    assert file.count(b"<?xml") == 1


def test_what_is_wrapped_is_taken_apart_by_its_ids() -> None:
    files = {n: write_instruction(obligation(obligation_id=n), PARTIES) for n in ("OB-1", "OB-2")}
    assert list(unwrap(wrap(files.values()))) == [
        (name, body, None) for name, body in files.items()
    ]


def test_a_header_is_taken_out_beside_its_document() -> None:
    document = write_instruction(obligation(obligation_id="OB-1"), PARTIES)
    header = b'<AppHdr xmlns="x"><BizMsgIdr>1</BizMsgIdr></AppHdr>'
    (one, two) = unwrap(wrap([headed(header, document), document]))
    assert (one.obligation_id, one.document, two.header) == ("OB-1", document, None)
    assert one.header == b'<?xml version="1.0" encoding="UTF-8"?>\n' + header + b"\n"


def test_a_header_without_a_document_is_not_passed_over() -> None:
    with pytest.raises(BadFileError, match="no wrapper"):
        list(unwrap(wrap([b"<AppHdr></AppHdr>"])))


def test_a_document_without_a_plain_id_is_not_taken_apart() -> None:
    with pytest.raises(BadFileError, match="plain id"):
        list(unwrap(wrap([b"<Document><TxId>../x</TxId></Document>"])))


@pytest.mark.parametrize("odd", [b"", b"<x/>", b'<d:Document xmlns:d="x"/>', b"<Document><TxId>a"])
def test_what_is_no_document_is_not_passed_over(odd: bytes) -> None:
    with pytest.raises(BadFileError, match="no wrapper"):
        list(unwrap(wrap([odd]) if odd else b""))


def test_a_wrapper_of_nothing_is_well_formed() -> None:
    assert list(read_messages(wrap([]))) == []


def test_an_archive_gives_back_what_was_packed_in_its_order() -> None:
    assert list(unpack(pack(FILES))) == FILES


def test_equal_messages_make_an_equal_archive() -> None:
    assert pack(FILES) == pack(iter(FILES))
    with zipfile.ZipFile(io.BytesIO(pack(FILES))) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("name", ["", "../a", "a/b", "C:\\a", "ä.xml", ".hidden", "a" * 129, "a\n"])
def test_a_name_that_is_no_plain_file_name_is_not_packed(name: str) -> None:
    with pytest.raises(ValueError, match="no plain file name"):
        pack([(name, b"")])


def test_a_name_is_packed_once() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        pack([("a", b""), ("a", b"")])


def _zip(name: str, content: bytes = b"x") -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as file:
        file.writestr(name, content)
    return body.getvalue()


@pytest.mark.parametrize("name", ["../../etc/passwd", "/abs", "a/b.xml", "dir/"])
def test_an_archive_with_a_path_in_it_is_refused(name: str) -> None:
    with pytest.raises(BadFileError, match="no plain file name"):
        list(unpack(_zip(name)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no archive at all",
        pack(FILES)[:-30],
        pack(FILES).replace(b"PK\x01\x02", b"PK\x01\x09"),
        pack([("a", b"x" * 1000)])[:20] + b"\xff" * 20 + pack([("a", b"x" * 1000)])[40:],
    ],
)
def test_a_broken_archive_is_refused(data: bytes) -> None:
    with pytest.raises(BadFileError, match="cannot be read"):
        list(unpack(data))


def test_an_encrypted_entry_is_refused() -> None:
    data = bytearray(_zip("a.xml"))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", data, data.index(signature) + offset, 1)
    with pytest.raises(BadFileError, match="cannot be read"):
        list(unpack(bytes(data)))


def test_an_archive_that_unpacks_beyond_the_bound_is_refused_before_it_is() -> None:
    bomb = pack([("a.xml", b"\x00" * 1_000_000), ("b.xml", b"\x00" * 1_000_000)])
    assert len(bomb) < 10_000
    with pytest.raises(BadFileError, match="more than 1500000 bytes"):
        list(unpack(bomb, max_bytes=1_500_000))
