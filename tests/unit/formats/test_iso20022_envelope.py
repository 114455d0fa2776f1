"""Many Documents in one file, many files in one archive."""

import io
import struct
import zipfile
import zlib

import pytest

from backoffice.formats.iso20022 import packing
from backoffice.formats.iso20022.envelope import wrap
from backoffice.formats.iso20022.messages import read_messages
from backoffice.formats.iso20022.packing import pack, unpack
from backoffice.formats.iso20022.zip_records import LEVEL
from backoffice.kernel.errors import BadFileError

FILES = [("b.xml", b"<b/>" * 100), ("a-1.xml", b""), ("A_2.txt", "é".encode())]


def test_wrapped_documents_are_read_in_their_order_with_or_without_a_declaration() -> None:
    declared = b'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="one"/>\n'
    file = wrap([declared, b'<Document xmlns="two"/>'])
    assert [message.definition for message in read_messages(file)] == ["one", "two"]
    assert file.count(b"<?xml") == 1


def test_a_wrapper_of_nothing_is_well_formed() -> None:
    assert list(read_messages(wrap([]))) == []


def test_an_archive_gives_back_what_was_packed_in_its_order() -> None:
    assert list(unpack(pack(FILES))) == FILES


def test_equal_messages_make_an_equal_archive() -> None:
    assert pack(FILES) == pack(iter(FILES))
    with zipfile.ZipFile(io.BytesIO(pack(FILES))) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("entries", [0, 1, 0xFFFF, 0xFFFF + 1])
def test_an_archive_is_what_zipfile_writes_byte_for_byte(entries: int) -> None:
    files = [(f"{n}.xml", b"<n>%d</n>" % n * (n % 9)) for n in range(entries)]
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content, compresslevel=LEVEL)
    assert pack(files) == body.getvalue()
    assert list(unpack(body.getvalue())) == files


def test_an_archive_of_two_gibibytes_is_not_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MAX_ARCHIVE_BYTES", 100)
    with pytest.raises(ValueError, match="2 GiB"):
        pack([("a", b""), ("b", bytes(range(256)))])


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_packed_by_other_means_is_unpacked(method: int) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", method) as file:
        file.writestr("a.xml", b"<a/>")
        with file.open("b.xml", "w") as streamed:
            streamed.write(b"<b/>")
    assert list(unpack(body.getvalue())) == [("a.xml", b"<a/>"), ("b.xml", b"<b/>")]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("content", 0xFF, "cannot be read: error"),
        ("crc", 0xFF, "cannot be read: BadZipFile"),
        ("local name", 0x62, "cannot be read: BadZipFile"),
        ("local signature", 0x62, "cannot be read: BadZipFile"),
    ],
)
def test_a_damaged_entry_is_refused_as_zipfile_refuses_it(
    field: str, value: int, says: str
) -> None:
    data = bytearray(pack([("a.xml", b"<a>text</a>")]))
    directory = data.index(b"PK\x01\x02")
    places = {"content": 35, "crc": directory + 16, "local name": 30, "local signature": 3}
    data[places[field]] = value
    with pytest.raises(BadFileError, match=says):
        list(unpack(bytes(data)))


@pytest.mark.parametrize(("told", "content"), [(3, b"<a>"), (99, b"<a>text</a>")])
def test_a_size_that_belies_the_entry_is_taken_as_zipfile_takes_it(
    told: int, content: bytes
) -> None:
    data = bytearray(pack([("a.xml", b"<a>text</a>")]))
    directory = data.index(b"PK\x01\x02")
    struct.pack_into("<L", data, directory + 16, zlib.crc32(content))
    struct.pack_into("<L", data, directory + 24, told)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.read("a.xml") == content
    assert list(unpack(bytes(data))) == [("a.xml", content)]


def test_only_wanted_entries_are_unpacked() -> None:
    assert list(unpack(pack(FILES), lambda name: name.endswith(".txt"))) == FILES[2:]


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
