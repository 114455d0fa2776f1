"""The EU's and the UN's lists, and what is refused as something else."""

from collections.abc import Callable

import polars as pl
import pytest

from backoffice.formats.sanctions.eu import read_eu
from backoffice.formats.sanctions.un import read_un
from backoffice.kernel.errors import BadFileError
from tests.unit.formats.sanctions_files import EU, UN

READERS = ((read_eu, EU, "the EU list"), (read_un, UN, "the UN list"))
Reader = Callable[[bytes], pl.DataFrame]


def test_the_eu_list_is_read() -> None:
    assert read_eu(EU.encode()).rows() == [
        ("EU", "14", "ENTITY", "TST", "Пример Банк", "PRIMARY"),
        ("EU", "EU.27.28", "PERSON", "ABC;TST", "Ján Skúška", "PRIMARY"),
        ("EU", "EU.27.28", "PERSON", "ABC;TST", "Ivan Skuska", "STRONG"),
        ("EU", "EU.27.28", "PERSON", "ABC;TST", "J. Skuska", "WEAK"),
    ]


def test_the_un_list_is_read() -> None:
    assert read_un(UN.encode()).rows() == [
        ("UN", "QDe.005", "ENTITY", "Al-Qaida", "EXAMPLE TRUST", "PRIMARY"),
        ("UN", "QDe.005", "ENTITY", "Al-Qaida", "Example Fund", "STRONG"),
        ("UN", "TAi.001", "PERSON", "Taliban", "SAMPLE ABDUL TEST", "PRIMARY"),
        ("UN", "TAi.001", "PERSON", "Taliban", "Sample A. Test", "STRONG"),
        ("UN", "TAi.001", "PERSON", "Taliban", "مثال عبد", "STRONG"),
        ("UN", "TAi.001", "PERSON", "Taliban", "Abu Sample", "WEAK"),
    ]


@pytest.mark.parametrize(("read", "text", "name"), READERS)
def test_a_file_cut_anywhere_is_refused(read: Reader, text: str, name: str) -> None:
    data = text.rstrip().encode()
    for end in range(0, len(data), 7):
        with pytest.raises(BadFileError, match=name):
            read(data[:end])


@pytest.mark.parametrize(("read", "text", "name"), READERS)
@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        (lambda _: b"", "the file is empty"),
        (lambda _: b"<html><body>Moved</body></html>", "begins with <html>"),
        (lambda _: b"36,SAMPLE", "no well-formed XML"),
        (lambda text: text.encode("utf-16"), "not UTF-8"),
        (lambda text: text.encode().replace(b"?>", b"?><!-- \xc1 -->", 1), "not UTF-8: byte 0xC1"),
        (lambda text: text.encode().replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1), "DTD"),
    ],
)
def test_a_file_that_is_not_the_list_is_refused(
    read: Reader, text: str, name: str, spoilt: Callable[[str], bytes], reason: str
) -> None:
    with pytest.raises(BadFileError, match=f"{name}.*{reason}"):
        read(spoilt(text))


def test_each_list_is_refused_as_the_other() -> None:
    with pytest.raises(BadFileError, match="the EU list: begins with <CONSOLIDATED_LIST>"):
        read_eu(UN.encode())
    with pytest.raises(BadFileError, match="the UN list: begins with <export>"):
        read_un(EU.encode())


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('code="person"', 'code="robot"', r"line 4: entry EU.27.28 is of type \['robot'\]"),
        ('logicalId="14"', 'logicalId=""', "line 16: an entry without euReferenceNumber"),
        ('wholeName="Пример Банк"', 'wholeName=""', "line 16: entry 14 has no name"),
    ],
)
def test_an_eu_entry_that_says_too_little_is_refused(old: str, new: str, reason: str) -> None:
    assert old in EU
    with pytest.raises(BadFileError, match=reason):
        read_eu(EU.replace(old, new).encode())


def test_an_eu_list_without_entries_is_refused() -> None:
    head, _, _ = EU.partition("<sanctionEntity")
    with pytest.raises(BadFileError, match="holds no <sanctionEntity>"):
        read_eu(f"{head}</export>".encode())


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("ENTITIES>", "THINGS>", "0 sections <ENTITIES>"),
        ("EXAMPLE TRUST", "", "without a reference number or without a name"),
        ("<INDIVIDUAL>", "<X>", "no well-formed XML"),
    ],
)
def test_a_un_list_that_says_too_little_is_refused(old: str, new: str, reason: str) -> None:
    with pytest.raises(BadFileError, match=reason):
        read_un(UN.replace(old, new).encode())
