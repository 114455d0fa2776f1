"""The OFAC list as published, and what is refused as something else."""

from pathlib import Path

import polars as pl
import pytest

from backoffice.formats.sanctions.ofac import read_ofac
from backoffice.kernel.errors import BadFileError
from tests.unit.formats.sanctions_files import ALT, SDN

PUBLISHED = Path(__file__).parents[4] / "shared" / "data" / "ofac"


def read(sdn: str = SDN, alt: str = ALT) -> list[tuple[str, ...]]:
    return read_ofac(sdn.encode(), alt.encode()).rows()


def test_entries_aliases_and_weak_aliases_are_read() -> None:
    assert read() == [
        ("OFAC", "2674", "PERSON", "NPWMD;SDT", "EXAMPLE, Abu Test", "PRIMARY"),
        ("OFAC", "2674", "PERSON", "NPWMD;SDT", "EXAMPLE 'THE' TESTER", "STRONG"),
        ("OFAC", "2674", "PERSON", "NPWMD;SDT", "EXAMPLE, Abou", "STRONG"),
        ("OFAC", "2674", "PERSON", "NPWMD;SDT", "AL-QA'IDA TEST", "WEAK"),
        ("OFAC", "2674", "PERSON", "NPWMD;SDT", "WEAK ONE", "WEAK"),
        ("OFAC", "36", "ENTITY", "CUBA", "SAMPLE AIRLINES", "PRIMARY"),
        ("OFAC", "36", "ENTITY", "CUBA", "SAMPLE-AIR", "STRONG"),
        ("OFAC", "4238", "VESSEL", "IRAN", "MOCK STAR", "PRIMARY"),
        ("OFAC", "5000", "AIRCRAFT", "IRAN", "EP-AAA", "PRIMARY"),
    ]


@pytest.mark.parametrize("ending", ["", "\r\n", "\r\n\x1a", "\r\n\x1a\r\n", "\n\n"])
def test_control_z_and_blank_lines_at_the_end_are_no_rows(ending: str) -> None:
    assert read(SDN + ending, ALT + ending) == read()


def test_remarks_that_go_on_in_the_comments_are_read_on() -> None:
    sdn = SDN.replace("f.k.a. 'AL-QA'IDA TEST'.", "f.k.a. 'AL-QA")
    listed = read_ofac(sdn.encode(), ALT.encode(), b"2674,\"'IDA TEST'.\"")
    assert listed.rows() == read()


@pytest.mark.parametrize(
    ("sdn", "alt", "reason"),
    [
        ("", ALT, "sdn.csv: the file is empty"),
        (" \r\n\x1a", ALT, "sdn.csv: the file is empty"),
        (SDN, "", "alt.csv: the file is empty"),
        (SDN[:-30], ALT, r"sdn.csv, line 4: 6 fields where 12 belong"),
        (SDN[:-2], ALT, "sdn.csv: the last line is cut short"),
        (SDN[:-1].replace('"IMO 1."', '"IMO 1'), ALT, "sdn.csv, line"),
        (SDN, ALT[:-20], "alt.csv, line 3"),
        (SDN.partition("\r\n")[2], ALT, "alt.csv, line 1: an alias of entry 36, which sdn.csv"),
        (ALT, ALT, "sdn.csv, line 1: 5 fields where 12 belong"),
        (SDN, SDN, "alt.csv, line 1: 12 fields where 5 belong"),
        ("<html><body>Moved</body></html>", ALT, "sdn.csv, line 1: 1 fields"),
        (SDN.replace("vessel", "spaceship"), ALT, "sdn.csv, line 3: no entry of the list"),
        (SDN.replace("36,", "ent_num,", 1), ALT, "sdn.csv, line 1: 'ent_num' is no number"),
        (SDN.replace("4238", "2674"), ALT, "sdn.csv, line 3: no entry of the list"),
        (SDN, ALT.replace("nka", "xka"), "alt.csv, line 3: no alias"),
        (SDN.replace("MOCK", "MO\x00CK"), ALT, "sdn.csv: the file holds a NUL"),
    ],
)
def test_a_file_that_is_not_the_list_is_refused_saying_where(
    sdn: str, alt: str, reason: str
) -> None:
    with pytest.raises(BadFileError, match=reason):
        read(sdn, alt)


def test_a_file_of_another_encoding_is_refused() -> None:
    with pytest.raises(BadFileError, match=r"sdn.csv: the file is not UTF-8: byte 0xFF at offset"):
        read_ofac(SDN.encode("utf-16"), ALT.encode())
    latin = SDN.replace("SAMPLE", "SÁMPLE").encode("latin-1")
    with pytest.raises(BadFileError, match=r"sdn.csv: the file is not UTF-8: byte 0xC1"):
        read_ofac(latin, ALT.encode())


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published list is not at ../shared/data")
def test_the_published_list_is_read_whole() -> None:
    files = [(PUBLISHED / name).read_bytes() for name in ("sdn.csv", "alt.csv", "sdn_comments.csv")]
    listed = read_ofac(*files)
    entries = files[0].count(b"\n") + (not files[0].endswith(b"\n"))
    assert listed["entry_id"].n_unique() == entries
    assert listed.filter(pl.col("quality") == "PRIMARY").height == entries
    assert listed.null_count().sum_horizontal().item() == 0
    for cut in range(1, 10):
        with pytest.raises(BadFileError):
            read_ofac(files[0][: -1000 * cut - 7], files[1])
