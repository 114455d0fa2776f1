"""Whatever days a street lives through, in the end it holds and has paid what its trades say."""

from collections import Counter
from datetime import date

import polars as pl
from hypothesis import event, given, settings
from hypothesis import strategies as st

from backoffice.kernel.scaled import round_half_up
from backoffice.settlement.confirmations import confirm
from backoffice.settlement.frames import APPLIED_SCHEMA, empty
from tests.unit.settlement.builders import (
    LEI,
    MONDAY,
    OTHER_LEI,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Row,
    Street,
    hear,
    next_day_after,
    obligations,
    statuses,
    whole,
)

DAYS = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY)
LONG_AFTER = date(2026, 6, 1)
SMALL = st.integers(1, 3)
REFERENCES = st.none() | st.uuids().map(str)


@st.composite
def new_trades(draw: st.DrawFn, day: date, amended: list[Row]) -> list[Row]:
    """Draw a day's trades, so small that they often come out flat, and versions of amended ones."""
    fresh: list[Row] = [
        {"trade_id": f"{day:%d}-{n}", "trade_date": day} for n in range(draw(st.integers(0, 5)))
    ]
    names = ("trade_id", "trade_date", "counterparty")
    later = [{name: row[name] for name in names} for row in amended]
    next_day = next_day_after(day)("XNYS")
    return [
        {
            "side": draw(st.sampled_from(("BUY", "SELL"))),
            "quantity_e8": draw(SMALL),
            "gross_minor": draw(SMALL),
            "counterparty": draw(st.sampled_from((LEI, LEI, OTHER_LEI))),
            "due_date": draw(st.sampled_from((next_day, next_day_after(next_day)("XNYS")))),
            **row,
        }
        for row in [*fresh, *later]
    ]


@st.composite
def said(draw: st.DrawFn, live: list[Row], when: str) -> list[Row]:
    """Draw what the street says of what it has: something, parts, all, or an answer."""
    rows: list[Row] = []
    for row in live:
        act = draw(st.sampled_from(ACTS if row["cancel_requested_on"] is None else ACTS_IF_ASKED))
        if act in ANSWERS:
            said_of_it: list[Row] = [{"outcome": ANSWERS[act]}]
        else:
            said_of_it = draw(confirmations(row, act))
        rows += [{"obligation_id": row["obligation_id"], **message} for message in said_of_it]
    return [
        {**row, "content_hash": f"{when}-{n}", "file": f"status-{n % 2}.xml", "row": n}
        for n, row in enumerate(rows)
    ]


ACTS = ("none", "none", "whole", "part", "parts", "accept", "noise")
ACTS_IF_ASKED = ("none", "accept", "accept", "accept", "refuse", "whole", "part")
ANSWERS = {"accept": "CANCEL_ACCEPTED", "refuse": "CANCEL_REFUSED", "noise": "PENDING"}


@st.composite
def confirmations(draw: st.DrawFn, row: Row, act: str) -> list[Row]:
    """Draw confirmations of all that is left of an obligation, or of parts of it."""
    money = row["sell_gross_minor"] - row["buy_gross_minor"]
    left = abs(row["quantity_e8"]) - row["settled_quantity_e8"]
    due = money - row["settled_money_minor"]
    parts: list[Row] = []
    if act in {"part", "parts"} and left > 1:
        quantity = draw(st.integers(1, left - 1))
        share = round_half_up(money * quantity, abs(row["quantity_e8"]))
        parts.append({"quantity_e8": quantity, "money_minor": share})
        left, due = left - quantity, due - share
    if act in {"whole", "parts"}:
        parts.append({"quantity_e8": left, "money_minor": due})
    return [{**part, "currency": row["currency"], "reference": draw(REFERENCES)} for part in parts]


def assert_settled(street: Street) -> None:
    street.settle_everything(LONG_AFTER)
    assert street.unsettled() == {}
    assert street.holdings() == street.wanted_holdings()
    assert street.cash() == street.wanted_cash()
    assert street.pending.height == 0
    assert set(street.obligations["status"]) <= {"SETTLED", "CANCELLED"}
    assert len(street.entries) == len(set(street.entries))


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_the_street_ends_square_whatever_order_messages_come_in(data: st.DataObject) -> None:
    street, shuffled = (Street(trade_netting=frozenset({OTHER_LEI})) for _ in range(2))
    for day in DAYS:
        names = sorted(street.standing)
        corrected = (
            data.draw(st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=3))
            if names
            else []
        )
        amended = [street.standing[name] for name in corrected if data.draw(st.booleans())]
        fresh = data.draw(new_trades(day, amended))
        before = data.draw(said(street.live(), f"{day}-a"))
        street.cut_off(day, fresh, corrected, statuses(*before))
        assert set(_open(street)["direction"]) <= {"FLAT"}
        after = data.draw(said(street.live(), f"{day}-b"))
        street.close(day, statuses(*after))

        told_again = [row for row in before if "money_minor" in row]
        shuffled.cut_off(
            day,
            data.draw(st.permutations(fresh)),
            corrected[::-1],
            statuses(*data.draw(st.permutations(before + told_again))),
        )
        shuffled.close(day, statuses(*data.draw(st.permutations(told_again + after))))
        assert shuffled.obligations.equals(street.obligations)
        assert shuffled.books == street.books
        assert sorted(shuffled.entries) == sorted(street.entries)
    for status, origin in street.obligations.select("status", "origin").unique().iter_rows():
        event(f"{origin} {status}")
    for one in (street, shuffled):
        assert_settled(one)


def _open(street: Street) -> pl.DataFrame:
    return street.obligations.filter(pl.col("status") == "OPEN")


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 10**6),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.lists(st.integers(1, 10**5), max_size=6),
    st.sampled_from((1, -1)),
)
def test_parts_of_any_size_end_in_the_same_balances_as_the_whole(
    quantity: int, bought: int, sold: int, cuts: list[int], sign: int
) -> None:
    terms: Row = {
        "obligation_id": "OB1",
        "currency": "USD",
        "quantity_e8": sign * quantity,
        "buy_gross_minor": bought,
        "sell_gross_minor": sold,
    }
    assert _books_after(terms, _parts(terms, cuts)) == _books_after(terms, [whole(terms)])


def _parts(terms: Row, cuts: list[int]) -> list[Row]:
    money = terms["sell_gross_minor"] - terms["buy_gross_minor"]
    left, paid, parts = abs(terms["quantity_e8"]), 0, []
    for n, cut in enumerate(cuts):
        if cut < left:
            share = round_half_up(money * cut, abs(terms["quantity_e8"]))
            parts.append({"quantity_e8": cut, "money_minor": share, "reference": f"{n}"})
            left, paid = left - cut, paid + share
    parts.append({"quantity_e8": left, "money_minor": money - paid, "reference": "last"})
    return [{"obligation_id": "OB1", "currency": "USD", **part} for part in parts]


def _books_after(terms: Row, messages: list[Row]) -> Counter[tuple[str, str, str]]:
    street = Street(obligations=obligations(terms))
    done = street.close(TUESDAY, statuses(*messages))
    assert done.problems.height == 0
    assert done.obligations["status"].to_list() == ["SETTLED"]
    return street.books


MESSAGES = st.lists(
    st.fixed_dictionaries(
        {
            "obligation_id": st.sampled_from(("OB1", "OB2", "OB3", "OB9")),
            "quantity_e8": st.none() | st.integers(-1, 4),
            "money_minor": st.none() | st.integers(-4, 4),
            "currency": st.sampled_from(("USD", "EUR", None)),
            "reference": st.sampled_from(("A", "B", None)),
            "outcome": st.sampled_from(("SETTLED", "SETTLED", "REJECTED", "CANCEL_ACCEPTED", "?")),
        }
    ),
    max_size=6,
)
STANDING = obligations(
    {"quantity_e8": 3, "buy_gross_minor": 4},
    {"obligation_id": "OB2", "quantity_e8": -2, "buy_gross_minor": 1, "sell_gross_minor": 3},
    {"obligation_id": "OB3", "quantity_e8": 0, "buy_gross_minor": 0, "sell_gross_minor": 2},
)


@settings(max_examples=50, deadline=None)
@given(MESSAGES)
def test_no_message_crashes_a_day_and_none_counts_twice(rows: list[Row]) -> None:
    once = hear(STANDING, statuses(*rows))
    again = hear(once.obligations, statuses(*rows), applied=once.applied)
    assert again.obligations.equals(once.obligations)
    assert again.settlements.height == 0
    assert again.applied.equals(once.applied)
    told = {(cause["code"], cause["subject"]) for cause in once.causes}
    assert told >= set(once.problems.select("code", "subject").iter_rows())


@settings(max_examples=60, deadline=None)
@given(MESSAGES)
def test_in_bulk_and_one_by_one_confirmations_come_to_the_same(rows: list[Row]) -> None:
    known = [{**row, "outcome": "SETTLED"} for row in rows if row["obligation_id"] != "OB9"]
    bulk, single = (
        confirm(STANDING, empty(APPLIED_SCHEMA), statuses(*known), TUESDAY, in_bulk=way)
        for way in (True, False)
    )
    assert bulk.obligations.equals(single.obligations)
    assert bulk.settlements.equals(single.settlements)
    assert bulk.problems.sort(pl.all()).equals(single.problems.sort(pl.all()))
    assert bulk.applied.sort(pl.all()).equals(single.applied.sort(pl.all()))
