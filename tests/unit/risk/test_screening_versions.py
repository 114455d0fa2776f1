"""Which version of a list is accepted, and what changed in it."""

import polars as pl
import pytest

from backoffice.kernel.errors import BadFileError
from backoffice.risk.screening.changes import list_changes
from backoffice.risk.screening.listed import check_version, listed_frame
from tests.unit.risk.listed_names import ENTRIES, RULES


def version(entries: int, code: str = "UN") -> pl.DataFrame:
    rows = [(code, f"{at}", "PERSON", "", f"NAME{at}", "PRIMARY") for at in range(entries)]
    return listed_frame(rows)


def test_the_first_version_and_an_ordinary_successor_are_accepted() -> None:
    check_version(version(3), None, RULES)
    check_version(version(11), version(100), RULES)


def test_a_version_ten_times_smaller_is_refused() -> None:
    with pytest.raises(BadFileError, match="UN has 10 entries, the one in force 100"):
        check_version(version(10), version(100), RULES)


def test_an_empty_version_and_one_of_another_list_are_refused() -> None:
    with pytest.raises(BadFileError, match="not empty"):
        check_version(version(0), version(1), RULES)
    with pytest.raises(BadFileError, match="of EU, the one in force of"):
        check_version(version(5, "EU"), version(5), RULES)


def test_entries_that_came_went_and_changed_are_told_apart() -> None:
    before = listed_frame(ENTRIES)
    alias = ("OFAC", "2", "PERSON", "TEST", "TESTOV, A.", "STRONG")
    new = ("OFAC", "9", "PERSON", "TEST", "NEWCOMER, Nemo", "PRIMARY")
    after = listed_frame([*(row for row in ENTRIES if row[1] != "3"), alias, new])
    changes = list_changes(before, after)
    assert changes.added.rows() == [("OFAC", "9")]
    assert changes.removed.rows() == [("OFAC", "3")]
    assert changes.changed.rows() == [("OFAC", "2")]
    assert list_changes(before, before.reverse()).to_screen.is_empty()


def test_a_name_said_twice_stands_once_in_its_best_quality() -> None:
    weak = ("OFAC", "1", "PERSON", "TEST", "AL-EXAMPLAWI, Muhammad Yusuf", "WEAK")
    assert listed_frame([weak, *ENTRIES]).equals(listed_frame(ENTRIES))
