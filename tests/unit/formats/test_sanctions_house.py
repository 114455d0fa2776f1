"""The house's own list."""

import pytest

from backoffice.formats.sanctions.house import read_house
from backoffice.kernel.errors import BadFileError
from tests.unit.formats.sanctions_files import HOUSE


def test_entries_and_other_names_of_theirs_are_read() -> None:
    assert read_house(HOUSE.encode()).rows() == [
        ("HOUSE", "H1", "ENTITY", "chargebacks", "Dummy Partners", "PRIMARY"),
        ("HOUSE", "H1", "ENTITY", "chargebacks", "Dummy, Partners & Co.", "STRONG"),
        ("HOUSE", "H2", "UNKNOWN", "", "Nemo Nobody", "PRIMARY"),
    ]
    short = b"\xef\xbb\xbfname,entry_id\nNemo Nobody,H2\n"
    assert read_house(short).rows() == [("HOUSE", "H2", "UNKNOWN", "", "Nemo Nobody", "PRIMARY")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the file is empty"),
        ("entry_id,name\n", "it holds no entries"),
        ("name\nNemo\n", "the header is 'name'"),
        ("entry_id,name,colour\nH1,Nemo,red\n", "the header is"),
        ("entry_id,name,name\nH1,Nemo,Nemo\n", "the header is"),
        (HOUSE.replace("H2,Nemo", ",Nemo"), "line 4: a row without entry_id or name"),
        (HOUSE.replace("H2", "H1"), "line 4: entry H1 stands there twice"),
        (HOUSE.replace(",H1,", ",H9,"), "line 3: an alias of H9, which is no entry"),
        (HOUSE.replace("ENTITY", "FIRM"), "line 2: 'FIRM' is none of PERSON"),
        (HOUSE[:-4], "line 4: 2 fields where 5 belong"),
        (HOUSE + '"H3,Cut', "line 5"),
    ],
)
def test_a_file_that_is_no_house_list_is_refused_saying_where(text: str, reason: str) -> None:
    with pytest.raises(BadFileError, match=f"the house list.*{reason}"):
        read_house(text.encode())


def test_a_file_of_another_encoding_is_refused() -> None:
    with pytest.raises(BadFileError, match="the house list: the file is not UTF-8"):
        read_house(HOUSE.replace("Nemo", "Nemó").encode("latin-1"))
