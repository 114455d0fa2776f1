"""What is screened to measure recall is spoilt in the way its class says, and repeatable."""

import polars as pl
import pytest

from backoffice.risk.screening.listed import listed_frame
from bench.inputs.screened_names import ALL, Spoilt, spoilt_names, spoken

ROWS = [
    ("OFAC", "1", "PERSON", "", "EXAMPLESON, Nemo Arthur", "PRIMARY"),
    ("OFAC", "2", "ENTITY", "", "SAMPLE GENERAL TRADING CO. LTD", "PRIMARY"),
    ("OFAC", "3", "VESSEL", "", "MOCK STAR", "PRIMARY"),
    ("OFAC", "4", "ENTITY", "", "ABC", "PRIMARY"),
    ("OFAC", "5", "PERSON", "", "NOBODY, Nemo", "STRONG"),
    ("OFAC", "5", "PERSON", "", "WEAKLING, Nemo", "WEAK"),
]
LISTED: pl.DataFrame = listed_frame(ROWS)


def drawn(name: str, seed: int = 1) -> dict[str, Spoilt]:
    return {each.entry_id: each for each in spoilt_names(LISTED, ALL[name], 9, seed)}


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("one edit", "125"),
        ("two edits", "125"),
        ("words in another order", "125"),
        ("one word of three or more dropped", "12"),
        ("one word of a person initialled", "15"),
        ("one edit in fewer than 6 letters", "4"),
        ("one word of two dropped", "5"),
    ],
)
def test_a_class_draws_the_names_it_has_a_place_for(name: str, entries: str) -> None:
    found = drawn(name)
    assert "".join(sorted(found)) == entries
    assert found == drawn(name)
    for each in found.values():
        assert each.name != spoken(each.was, each.kind)
        assert each.was != "WEAKLING, Nemo"


def test_a_name_with_a_word_less_has_a_word_less() -> None:
    words = drawn("one word of three or more dropped")["1"].name.split()
    assert len(words) == 2
    assert set(words) < {"Nemo", "Arthur", "EXAMPLESON"}
    firm = drawn("one word of three or more dropped")["2"].name
    assert firm.endswith("CO. LTD")


def test_an_initial_stands_for_its_word() -> None:
    words = drawn("one word of a person initialled")["5"].name.split()
    assert words in (["N.", "NOBODY"], ["Nemo", "N."])
