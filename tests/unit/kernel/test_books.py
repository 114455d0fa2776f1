"""Which state of the books is the newest, and which parts a bucket has to read."""

from datetime import date
from typing import cast

import pytest
from pydantic import ValidationError

from backoffice.kernel.books import Books, as_of, latest, load, state_key
from backoffice.kernel.parts import BucketPart, Part, Records, concerning

MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)


class Shelf:
    """The little of the record store that states are looked up by."""

    def __init__(self, *states: Books) -> None:
        self.bodies = {
            state_key(state.day, state.phase): state.model_dump_json().encode() for state in states
        }

    def keys(self, prefix: str) -> list[str]:
        return sorted(key for key in self.bodies if key.startswith(prefix))

    def read_bytes(self, key: str) -> bytes:
        return self.bodies[key]


def shelf(*states: Books) -> Records:
    return cast("Records", Shelf(*states))


def closed(day: date) -> Books:
    return Books(day=day, phase="closed", previous=None, rulebook="v", closed_days=(day,))


def cut_off(day: date) -> Books:
    return Books(day=day, phase="cut-off", previous=None, rulebook="v")


def part(bucket: int, buckets: int) -> BucketPart:
    return BucketPart(key="k", sha256="s", rows=1, day=MONDAY, bucket=bucket, buckets=buckets)


def test_before_any_day_there_are_no_books() -> None:
    assert latest(shelf()) is None
    assert latest(shelf(cut_off(MONDAY)), closed=True) is None
    assert as_of(shelf(), MONDAY) is None


def test_a_day_s_close_is_newer_than_its_cut_off() -> None:
    assert latest(shelf(cut_off(MONDAY), closed(MONDAY))) == closed(MONDAY)


def test_the_next_day_s_cut_off_is_newer_than_a_close() -> None:
    records = shelf(closed(MONDAY), cut_off(TUESDAY))
    assert latest(records) == cut_off(TUESDAY)
    assert latest(records, closed=True) == closed(MONDAY)


def test_as_of_a_day_are_the_books_of_the_last_close_up_to_it() -> None:
    records = shelf(cut_off(MONDAY), closed(MONDAY), cut_off(TUESDAY), closed(TUESDAY))
    assert as_of(records, MONDAY) == closed(MONDAY)
    assert as_of(records, date(2026, 2, 1)) == closed(TUESDAY)
    assert as_of(records, date(2026, 1, 4)) is None


def test_a_state_reads_back_as_it_was_written() -> None:
    books = cut_off(MONDAY).with_tables(obligations=Part(key="k", sha256="s", rows=3))
    assert load(shelf(books), state_key(MONDAY, "cut-off")) == books


def test_the_last_closed_day_is_known_once_there_is_one() -> None:
    assert cut_off(MONDAY).last_closed is None
    assert closed(MONDAY).last_closed == MONDAY


def test_a_document_refuses_a_field_it_does_not_know() -> None:
    with pytest.raises(ValidationError, match="surprise"):
        Part.model_validate({"key": "k", "sha256": "s", "rows": 1, "surprise": 1})


@pytest.mark.parametrize(
    ("bucket", "buckets", "read"),
    [(0, 1, [0, 1, 2, 3]), (1, 2, [1, 3]), (3, 4, [3]), (5, 8, [1]), (6, 8, [2])],
)
def test_a_bucket_reads_the_parts_of_coarser_and_finer_cuts_that_can_hold_its_rows(
    bucket: int, buckets: int, read: list[int]
) -> None:
    parts = [part(number, 4) for number in range(4)]
    assert [each.bucket for each in concerning(parts, bucket, buckets)] == read
