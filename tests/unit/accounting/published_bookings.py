"""What beancount publishes of its booking, as cases: lots held, what is sold of them, what is left.

From its booking tests (parser/booking_full_test.py, by the tests' names) and from its manual's
chapter How Inventories Work. The lots are called A, B, C, sales S1, S2.
"""

from dataclasses import dataclass
from typing import Final

THREE: Final = ("A 5 111.11 2015-10-02", "B 4 100.00 2015-10-01", "C 6 122.22 2015-10-03")
TWO: Final = ("A 50 115.00 2016-01-15", "B 50 116.00 2016-01-16")
SAME_DAY: Final = ("A 5 100.00 2015-10-01", "B 5 101.00 2015-10-01")
HOOLI: Final = ("A 25 23.00 2015-04-01", "B 35 27.00 2015-05-01")
ONE: Final = ("A 10 123.45 2016-04-15",)
ALIKE: Final = ("A 10 115.00 2016-04-15", "B 10 115.00 2016-04-15")
NOT_ENOUGH: Final = "Not enough lots to reduce"
NO_MATCH: Final = "No position matches"
AMBIGUOUS: Final = "Ambiguous matches"


@dataclass(frozen=True)
class Case:
    """A published case.

    `sold` are sizes, each with how beancount is to find the lots; `named` are the choices under
    SPECIFIC. `left` is what of which lot is left; where beancount refuses (`error`), it is what
    the books come to by their contract, and `fault` why the choice was not followed.
    """

    source: str
    method: str
    held: tuple[str, ...]
    sold: tuple[str, ...]
    left: str
    named: tuple[str | None, ...] = ()
    error: str | None = None
    fault: str | None = None


def _first_lots(method: str, *cases: tuple[str, int, str]) -> list[Case]:
    return [
        Case(f"TestBookAmbiguous{method}.{name}", method, THREE, (f"{sold} {{}}",), left)
        for name, sold, left in cases
    ]


def _refused(source: str, method: str, held: tuple[str, ...], *sold: str, left: str) -> Case:
    """Give a sale of more than is held: beancount refuses it, the books open a short lot."""
    return Case(source, method, held, sold, left, error=NOT_ENOUGH)


def _chosen(source: str, held: tuple[str, ...], sold: str, named: str | None, left: str) -> Case:
    return Case(source, "STRICT", held, (sold,), left, (named,))


def _faulty(
    source: str, held: tuple[str, ...], sold: str, named: str | None, left: str, error: str,
    fault: str,
) -> Case:  # fmt: skip
    return Case(source, "STRICT", held, (sold,), left, (named,), error, fault)


CASES: Final = [
    *_first_lots(
        "FIFO",
        ("match_against_partial_first_lot", 2, "B 2, A 5, C 6"),
        ("match_against_complete_first_lot", 4, "A 5, C 6"),
        ("partial_match_against_first_two_lots", 7, "A 2, C 6"),
        ("complete_match_against_first_two_lots", 9, "C 6"),
        ("partial_match_against_first_three_lots", 12, "C 3"),
        ("complete_match_against_first_three_lots", 15, ""),
    ),
    *_first_lots(
        "LIFO",
        ("match_against_partial_first_lot", 2, "B 4, A 5, C 4"),
        ("match_against_complete_first_lot", 6, "B 4, A 5"),
        ("partial_match_against_first_two_lots", 7, "B 4, A 4"),
        ("complete_match_against_first_two_lots", 11, "B 4"),
        ("partial_match_against_first_three_lots", 12, "B 3"),
        ("complete_match_against_first_three_lots", 15, ""),
    ),
    _refused("TestBookAmbiguousFIFO.more_than_is_available", "FIFO", THREE, "16 {}", left="S1 -1"),
    _refused("TestBookAmbiguousLIFO.more_than_is_available", "LIFO", THREE, "16 {}", left="S1 -1"),
    Case("multiple_reductions", "FIFO", TWO, ("40 {}", "35 {}"), "B 25"),
    Case(
        "multiple_reductions_hifo",
        "HIFO",
        (*TWO, "C 50 114.00 2016-01-17"),
        ("40 {}", "35 {}", "30 {}"),
        "C 45",
    ),
    _refused("multiple_reductions__overflowing", "FIFO", TWO, "40 {}", "65 {}", left="S2 -5"),
    _refused("TestBookCrossover", "FIFO", ("A 1 110.00 2015-10-02",), "2 {}", left="S1 -1"),
    Case("matching_existing1", "FIFO", SAME_DAY, ("2 {100.00 USD, 2015-10-01}",), "A 3, B 5"),
    _refused("sign_change_simple", "STRICT", ("A 10 33.33 2016-01-01",), "13 {}", left="S1 -3"),
    _chosen("reduce__unambiguous", ("A 10 115.00 2016-04-15",), "5 {}", None, "A 5"),
    _chosen("matching_existing1", SAME_DAY, "2 {100.00 USD, 2015-10-01}", "A:2", "A 3, B 5"),
    _chosen("matching_existing2", SAME_DAY, "2 {101.00 USD, 2015-10-01}", "B:2", "A 5, B 3"),
    _chosen(
        "multiple_reductions__no_error_because_total",
        ("A 7 115.00 2016-01-15", "B 4 115.00 2016-01-16", "C 3 117.00 2016-01-15"),
        "11 {115.00 USD}",
        "A:7;B:4",
        "C 3",
    ),
    *(
        _chosen(f"TestBook.reduce__{name}", ("A 3 100.00 2015-10-01",), sold, named, left)
        for name, sold, named, left in (
            ("same_cost", "1 {100.00 USD}", "A:1", "A 2"),
            ("any_spec", "1 {}", None, "A 2"),
            ("same_cost__total", "2 {# 100.00 USD}", "A:2", "A 1"),
            ("same_date", "1 {2015-10-01}", "A@2015-10-01:1", "A 2"),
            ("same_label", '1 {"A"}', "A:1", "A 2"),
        )
    ),
    *(
        _faulty("reduce__no_match", ONE, sold, named, "A 5", NO_MATCH, "UNKNOWN_LOT")
        for sold, named in (
            ("5 {123.00 USD}", "B:5"),
            ("5 {123.45 USD, 2016-04-16}", "A@2016-04-16:5"),
            ('5 {123.45 USD, "lot1"}', "lot1:5"),
        )
    ),
    *(
        _faulty("reduce__ambiguous__strict", ALIKE, sold, None, "A 5, B 10", AMBIGUOUS, "MISSING")
        for sold in ("5 {}", "5 {115.00 USD}", "5 {USD}", "5 {2016-04-15}")
    ),
    _faulty(
        "multiple_reductions__competing, as one sale",
        ("A 5 115.00 2016-01-15", "B 5 116.00 2016-01-16"),
        "8 {115.00 USD}",
        "A:4;A@2016-01-15:4",
        "B 2",
        NOT_ENOUGH,
        "TOO_MUCH",
    ),
    _faulty(
        "STRICT_1",
        SAME_DAY,
        "2 {2015-06-01}",
        "A@2015-06-01:2",
        "A 3, B 5",
        NO_MATCH,
        "UNKNOWN_LOT",
    ),
    _faulty(
        "STRICT_2", SAME_DAY, "6 {100.00 USD, 2015-10-01}", "A:6", "B 4", NOT_ENOUGH, "TOO_MUCH"
    ),
    _chosen("How Inventories Work, by cost", HOOLI, "12 {23.00 USD}", "A:12", "A 13, B 35"),
    _chosen(
        "How Inventories Work, by date", HOOLI, "12 {2015-04-01}", "A@2015-04-01:12", "A 13, B 35"
    ),
    _chosen("How Inventories Work, by label", HOOLI, '12 {"A"}', "A:12", "A 13, B 35"),
    _chosen("How Inventories Work, one lot", HOOLI[:1], "12 {}", None, "A 13"),
    _faulty(
        "How Inventories Work, ambiguous", HOOLI, "12 {}", None, "A 13, B 35", AMBIGUOUS, "MISSING"
    ),
    _faulty(
        "How Inventories Work, partially ambiguous",
        (HOOLI[0], "C 30 25.00 2015-04-01", HOOLI[1]),
        "12 {2015-04-01}",
        None,
        "A 13, C 30, B 35",
        AMBIGUOUS,
        "MISSING",
    ),
    _chosen("How Inventories Work, total match", HOOLI, "60 {}", None, ""),
    Case("How Inventories Work, FIFO", "FIFO", HOOLI, ("28 {}",), "B 32"),
    Case("How Inventories Work, LIFO", "LIFO", HOOLI, ("28 {}",), "A 25, B 7"),
]

AVERAGES: Final = [
    # held, sold, left, cost of what is left; beancount publishes them and books none by AVERAGE
    (("A 100 100.00 2015-10-01",), "2", "A 98", "9800.00"),
    (("A 50 100.00 2015-10-01", "B 50 101.00 2015-10-01"), "49", "A 51", "5125.50"),
    (("A 50 100.00 2015-10-01", "B 50 101.00 2015-10-01"), "51", "A 49", "4924.50"),
    (("A 60 100.00 2015-10-01", "B 40 110.00 2015-10-02"), "20", "A 80", "8320.00"),
    (
        ("A 50 100.00 2015-10-01", "B 50 101.00 2015-10-01", "C 50 102.00 2015-10-01"),
        "49",
        "A 101",
        "10201.00",
    ),
    (
        ("A 25 99.00 2015-10-01", "B 10 100.00 2015-10-01", "C 25 101.00 2015-10-01"),
        "30",
        "A 30",
        "3000.00",
    ),
]
