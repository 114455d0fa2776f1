"""A name is found however it is written, and in no name that only contains it."""

import gzip
import io
import unicodedata
import zipfile

import pytest

from backoffice.formats.name_search import NameSearch, folded_name

NAME = "Þórður Ægir Weißhólm-O'Brien"


def zipped(data: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", data)
    return body.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        f"torn,{NAME},x\n".encode(),
        unicodedata.normalize("NFD", NAME).encode(),
        NAME.upper().encode(),
        NAME.lower().encode("latin-1"),
        NAME.encode("utf-16"),
        b"Thordur  AEgir Weissholm O'Brien",
        f'"{NAME.replace(" ", chr(10))}"'.encode(),
        zipped(NAME.encode()),
        gzip.compress(NAME.encode(), mtime=0),
        b"of c-1 and nobody",
        b"Yu Li,CLIENT",
        b"<Nm>&#222;&oacute;r&eth;ur &AElig;gir Wei&szlig;holm-O&apos;Brien</Nm>",
        b"Li,1,2,Jo\r\n",
    ],
)
def test_a_client_is_found_however_written(data: bytes) -> None:
    assert NameSearch("C-1", [(NAME,), ("Yu Li",), ("Jo", "Li")]).finds(data)


@pytest.mark.parametrize(
    "data",
    [
        b"C-11",
        b"XC-1",
        b"Bayu Lima",
        b"",
        b"\xff\xfe",
        b"PK\x03\x04",
        b"\x1f\x8bspoilt",
        b"Jo,x\nLi",
        b"<Nm>Jo</Nm><Nm>Li</Nm>",
    ],
)
def test_nobody_else_is(data: bytes) -> None:
    assert not NameSearch("C-1", [(NAME,), ("Yu Li",), ("Jo", "Li"), ("---",)]).finds(data)


def test_a_name_is_folded_to_its_letters() -> None:
    assert folded_name("  O\u2019Brien, ZO\u0308E-ß ") == "o brien zoe ss"


@pytest.mark.parametrize(
    "name",
    [
        ("N/A",),
        ("n.a.",),
        ("Anna", "N/A"),
        ("-", "Li"),
        ("ABC",),
        ("12 345",),
        ("XXXX",),
        ("0000000",),
    ],
)
def test_what_tells_nobody_from_others_is_not_looked_for(name: tuple[str, ...]) -> None:
    assert not NameSearch("C-1", [name]).finds(f"{','.join(name)},Anna,x\n".encode())


@pytest.mark.parametrize("name", [("Bo Li",), ("\u674e\u9f8d",), ("123456",), ("B", "Lim")])
def test_a_short_name_is_looked_for_as_words_of_its_own(name: tuple[str, ...]) -> None:
    assert NameSearch("C-1", [name]).finds(f"x,{','.join(name)}\n".encode())
    assert not NameSearch("C-1", [name]).finds(f"x{'x,x'.join(name)}x\n".encode())
