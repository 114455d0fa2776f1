"""Who is erased with a client: who owns nothing else that stays."""

import polars as pl
import pytest

from backoffice.records.erased_subjects import own_owners, telling_names

P = [("C-1", "P-1"), ("C-1", "P-2"), ("C-2", "P-2")]


@pytest.mark.parametrize(
    ("pairs", "clients", "erased", "own"),
    [
        (P, {"C-1", "C-2"}, set(), ["P-1"]),
        # the last of two takes who owned both
        (P, {"C-1", "C-2"}, {"C-2"}, ["P-1", "P-2"]),
        # through another owner, as long as that one goes too
        ([("C-1", "H-1"), ("H-1", "P-1")], {"C-1"}, set(), ["H-1", "P-1"]),
        ([("C-1", "H-1"), ("H-1", "P-1"), ("C-2", "H-1")], {"C-1", "C-2"}, set(), []),
        ([("C-1", "H-1"), ("H-1", "P-1"), ("C-2", "P-1")], {"C-1", "C-2"}, set(), ["H-1"]),
        # a client is erased by a request of its own
        ([("C-1", "C-2"), ("C-2", "P-1")], {"C-1", "C-2"}, set(), []),
        ([("C-1", "P-1"), ("P-1", "C-1")], {"C-1"}, set(), ["P-1"]),
        ([], {"C-1"}, set(), []),
    ],
)
def test_who_owns_nothing_else_goes_too(
    pairs: list[tuple[str, str]], clients: set[str], erased: set[str], own: list[str]
) -> None:
    assert own_owners(pairs, "C-1", clients, erased) == own


def test_a_name_is_told_whole_and_parts_of_it_beside_each_other_alone() -> None:
    own = pl.DataFrame(
        {
            "name": ["Anna Jonsdottir", "anna", "Marel", "IS14", None],
            "national_id": ["0903713349", None, None, None, None],
            "given_names": ["Anna", "Anna", None, None, None],
            "surname": ["Jonsdottir", "Jonsdottir", "N/A", None, None],
        }
    )
    assert telling_names(own) == [
        ("0903713349",), ("Anna", "Jonsdottir"), ("Anna Jonsdottir",), ("IS14",), ("Marel",)
    ]  # fmt: skip
