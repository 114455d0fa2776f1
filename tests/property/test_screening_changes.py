"""Screening what changed finds what screening everything finds, whatever changed."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from backoffice.risk.screening.changes import list_changes, screen_changes
from backoffice.risk.screening.index import build_index
from backoffice.risk.screening.listed import listed_frame
from backoffice.risk.screening.screen import screen
from backoffice.risk.screening.weights import TokenWeights
from tests.unit.risk.listed_names import RULES

WORDS = ("ali", "aly", "hassan", "hasan", "petrov", "petroff", "trading", "ltd", "al", "j", "12")
POOL = (
    "ali hassan",
    "aly hasan",
    "hassan al ali",
    "petrov trading ltd",
    "petroff trading",
    "al ali trading ltd",
    "al trading ltd",
    "j petrov",
)
names_of_words = st.one_of(
    st.sampled_from(POOL),
    st.sampled_from(POOL),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
)
kinds = st.sampled_from(["PERSON", "ENTITY", "UNKNOWN"])
entries = st.dictionaries(
    st.sampled_from(["1", "2", "3", "4"]),
    st.tuples(kinds, st.lists(names_of_words, min_size=1, max_size=3)),
    max_size=4,
)
subjects = st.lists(
    st.tuples(
        st.just("ACCOUNT"),
        st.sampled_from(["A", "B", "C"]),
        names_of_words,
        st.one_of(st.none(), kinds),
    ),
    max_size=6,
)
Entries = dict[str, tuple[str, list[str]]]
Subjects = list[tuple[str, str, str, str | None]]


def listed(found: Entries) -> pl.DataFrame:
    return listed_frame(
        ("OFAC", entry_id, kind, "", name, "STRONG" if at else "PRIMARY")
        for entry_id, (kind, names) in found.items()
        for at, name in enumerate(names)
    )


def asked(found: Subjects) -> pl.DataFrame:
    columns = ["subject_kind", "subject", "name", "kind"]
    return pl.DataFrame(found, schema=dict.fromkeys(columns, pl.String), orient="row")


@settings(max_examples=40, deadline=None)
@given(entries, entries, subjects, subjects)
def test_what_changed_alone_comes_to_the_same_as_everything(
    old: Entries, new: Entries, names_then: Subjects, names_now: Subjects
) -> None:
    before, after = listed(old), listed(new)
    weights = TokenWeights.of(before, RULES)
    then, now = asked(names_then), asked(names_then[: len(names_then) // 2] + names_now)
    known = screen(then, build_index(before, RULES, weights))
    index = build_index(after, RULES, weights)
    found = screen_changes(known, then, now, list_changes(before, after), index)
    assert_frame_equal(found, screen(now, index))


@settings(max_examples=40, deadline=None)
@given(entries, subjects, st.data())
def test_what_a_name_hits_hangs_on_no_other_name_and_no_other_entry(
    found: Entries, names: Subjects, data: st.DataObject
) -> None:
    index = build_index(listed(found), RULES)
    everything = screen(asked(names), index)
    some = data.draw(
        st.lists(st.sampled_from(sorted(found)), unique=True) if found else st.just([])
    )
    part = index.only(
        pl.DataFrame(
            {"list_code": ["OFAC"] * len(some), "entry_id": some},
            schema={"list_code": pl.String, "entry_id": pl.String},
        )
    )
    for row in names:
        alone = screen(asked([row]), part)
        kept = everything.filter(pl.col("entry_id").is_in(some))
        assert alone.rows() == [hit for hit in alone.rows() if hit in kept.rows()]
        assert set(alone["entry_id"]) == set(
            screen(asked([row]), index).filter(pl.col("entry_id").is_in(some))["entry_id"]
        )
