"""Which version of a list is accepted, and what changed in it."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from backoffice.kernel.errors import BadFileError
from backoffice.risk.screening.changes import list_changes, screen_changes
from backoffice.risk.screening.index import build_index
from backoffice.risk.screening.listed import check_version, listed_frame
from backoffice.risk.screening.screen import screen
from backoffice.risk.screening.weights import TokenWeights
from tests.unit.risk.listed_names import ENTRIES, RULES, names


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
    assert changes.to_screen.rows() == [("OFAC", "2"), ("OFAC", "9")]
    assert changes.gone.rows() == [("OFAC", "2"), ("OFAC", "3")]
    assert list_changes(before, before.reverse()).to_screen.is_empty()


def test_a_name_said_twice_stands_once_in_its_best_quality() -> None:
    weak = ("OFAC", "1", "PERSON", "TEST", "AL-EXAMPLAWI, Muhammad Yusuf", "WEAK")
    assert listed_frame([weak, *ENTRIES]).equals(listed_frame(ENTRIES))


def test_hits_of_a_changed_entry_do_not_stand() -> None:
    before, renamed = listed_frame(ENTRIES), "AL-EXAMPLAWI, Muhamad Yousef"
    rows = ((*row[:4], renamed, row[5]) if "EXAMPLAWI" in row[4] else row for row in ENTRIES)
    after = listed_frame(rows)
    weights = TokenWeights.of(before, RULES)
    asked = names(("Muhammad Yusuf Al-Examplawi", "PERSON"), ("Jón Prófsson", "PERSON"))
    known = screen(asked, build_index(before, RULES, weights))
    index = build_index(after, RULES, weights)
    found = screen_changes(known, asked, asked, list_changes(before, after), index)
    assert found["listed_name"].to_list() == [renamed, "Jón Prófsson"]
    assert_frame_equal(found, screen(asked, index))
