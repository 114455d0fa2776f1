"""A name that is a listed one but for a word, left out or written as an initial."""

import pytest

from backoffice.risk.screening.index import build_index
from backoffice.risk.screening.listed import listed_frame
from backoffice.risk.screening.one_word import one_word_apart
from backoffice.risk.screening.screen import screen
from tests.unit.risk.listed_names import ENTRIES, RULES, hits, index, names, score


@pytest.mark.parametrize(
    ("name", "kind", "read"),
    [
        ("SAMPLE & CO., LTD.", "ENTITY", {"co ltd", "sample ltd", "sample co"}),
        ("MOCK TRADE-WIND S.A.", "ENTITY", {"trade wind sa", "mock sa", "mock trade wind"}),
        ("SAMPLE LTD", "ENTITY", set()),
        (
            "AL-SAMPLE, Ayman Yusuf",
            "PERSON",
            {
                "ayman yusuf",
                "yusuf al sample",
                "ayman al sample",
                "ayman yusuf a",
                "a yusuf al sample",
                "ayman y al sample",
            },
        ),
        ("SAMPLE, 'Abd", "PERSON", {"a sample", "abdul s"}),
    ],
)
def test_each_word_as_written_is_left_out_and_a_persons_is_an_initial(
    name: str, kind: str, read: set[str]
) -> None:
    assert one_word_apart(name, kind, RULES) == read


@pytest.mark.parametrize(
    ("name", "kind", "entry"),
    [
        ("General Trading Co., Ltd.", "ENTITY", "3"),
        ("General Trading Co., Ltd.", None, "3"),
        ("Banka S.A.", "ENTITY", "EU.2.1"),
        ("General V.", "PERSON", "QDi.003"),
    ],
)
def test_a_name_is_found_by_what_is_left_of_it(name: str, kind: str | None, entry: str) -> None:
    assert hits(name, kind) == [entry]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Trading General Co., Ltd.", "ENTITY"),
        ("General Trading Co., Ltd.", "PERSON"),
        ("General Tradings Co., Ltd.", "ENTITY"),
        ("Trading Co., Ltd.", "ENTITY"),
        ("Banka", "ENTITY"),
    ],
)
def test_in_its_order_and_wholly_and_of_its_kind(name: str, kind: str) -> None:
    assert hits(name, kind) == []


def test_what_is_left_of_it_is_just_a_hit_and_says_what_is_missing() -> None:
    assert score("General Trading Co., Ltd.") == RULES.one_word_bp == RULES.threshold_bp
    hit = screen(names(("General Trading Co., Ltd.", "ENTITY")), index()).row(0, named=True)
    assert hit["listed_name"] == "PLACEHOLDER GENERAL TRADING CO., LTD."
    said = hit["explanation"].split("; ")
    assert sorted(said) == [
        "+placeholder",
        "co=co",
        "general=general",
        "ltd=ltd",
        "trading=trading",
    ]


def test_what_is_left_of_many_finds_none() -> None:
    many = [("OFAC", f"M{at}", "ENTITY", "", f"MANY{at} TRADING OY", "PRIMARY") for at in range(20)]
    rare = ("OFAC", "R", "ENTITY", "", "RARE TRADING OBRAZEC", "PRIMARY")
    crowded = build_index(listed_frame([*ENTRIES, *many, rare]), RULES)
    asked = names(("Trading Oy", "ENTITY"), ("Trading Obrazec", "ENTITY"))
    found = screen(asked, crowded)
    assert found["entry_id"].to_list() == ["R"]


def test_a_name_of_so_many_words_that_none_is_much_of_it_is_found() -> None:
    words = [f"{first}{second}orex" for first in "bdfgk" for second in "aeiou"]
    entry = ("OFAC", "L", "ENTITY", "", " ".join(words), "PRIMARY")
    long = build_index(listed_frame([*ENTRIES, entry]), RULES)
    found = screen(names((" ".join(reversed(words)), "ENTITY")), long)
    assert found["entry_id"].to_list() == ["L"]
