"""What matches depends on the set of lines alone, takes each once, and keeps its tolerances."""

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.accounting.reconciliation.frames import ITEM_SCHEMA, OURS, THEIRS
from backoffice.accounting.reconciliation.left_over import breaks_of
from backoffice.accounting.reconciliation.matching import match
from backoffice.accounting.reconciliation.tolerances import Tolerances

DAY = date(2026, 10, 7)
WITHIN = Tolerances(money={"ISK": 5}, other_money=2, days=3, most_parts=8, most_lines=100)
_BLANK: dict[str, Any] = dict.fromkeys(ITEM_SCHEMA)


def item(side: str, name: str, amount: int, **more: object) -> dict[str, Any]:
    row = _BLANK | {"kind": "TRANSACTION", "side": side, "item": name, "subject": name}
    row |= {"batch": "", "unit": "US0378331005", "place": "", "amount": amount, "dated": DAY}
    return row | more


def framed(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(ITEM_SCHEMA), orient="row")


@st.composite
def lines(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw items of few amounts, dates, references and batches, so that much could match much."""
    count = draw(st.integers(0, 14))
    rows = []
    for number in range(count):
        side = draw(st.sampled_from((OURS, THEIRS)))
        cash = draw(st.booleans())
        money = None if cash else draw(st.sampled_from((None, -100, -101, -200, -300)))
        more = {
            "kind": "CASH_ENTRY" if cash else "TRANSACTION",
            "unit": "USD" if cash else "US0378331005",
            "money_minor": money,
            "currency": None if money is None else "USD",
            "reference": draw(st.sampled_from((None, None, "A", "B"))),
            "batch": draw(st.sampled_from(("", "L1", "L2"))) if side == OURS else "",
            "dated": DAY + timedelta(days=draw(st.integers(0, 5))),
        }
        rows.append(item(side, f"{side}-{number}", draw(st.sampled_from((1, 2, 3, 5, -3))), **more))
    return rows


@given(rows=lines(), data=st.data())
@settings(max_examples=150, deadline=None)
def test_neither_order_nor_repetition_changes_what_matches(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    once = match(framed(rows), WITHIN)
    again = data.draw(st.lists(st.sampled_from(rows), max_size=4)) if rows else []
    shuffled = data.draw(st.permutations(rows + again))
    other = match(framed(shuffled), WITHIN)
    assert other.matches.equals(once.matches)
    assert other.left.equals(once.left)


@given(rows=lines())
@settings(max_examples=150, deadline=None)
def test_every_line_is_matched_once_or_left_and_both_sides_agree(
    rows: list[dict[str, Any]],
) -> None:
    found = match(framed(rows), WITHIN)
    names = [*found.matches["item"].to_list(), *found.left["item"].to_list()]
    assert sorted(names) == sorted(row["item"] for row in rows)
    by_name = {row["item"]: row for row in rows}
    groups = defaultdict(list)
    for row in found.matches.to_dicts():
        groups[row["match"]].append(row)
    for members in groups.values():
        kinds = {(m["kind"], m["unit"], m["rule"]) for m in members}
        assert len(kinds) == 1
        (_, unit, rule) = kinds.pop()
        sums = {
            side: sum(m["amount"] for m in members if m["side"] == side) for side in (OURS, THEIRS)
        }
        slack = 2 if unit == "USD" and rule != "SUBSET" else 0
        assert abs(sums[OURS] - sums[THEIRS]) <= slack
        sides = [m["side"] for m in members]
        assert {OURS, THEIRS} == set(sides)
        if rule in {"EXACT", "NEAR"}:
            assert len(members) == 2
        if rule in {"SUM", "SUBSET"}:
            assert 1 in (sides.count(OURS), sides.count(THEIRS))
        if rule != "REFERENCE":
            dates = [by_name[m["item"]]["dated"] for m in members]
            assert max(dates) - min(dates) <= timedelta(days=2 * WITHIN.days)


@given(rows=lines())
@settings(max_examples=100, deadline=None)
def test_what_is_left_adds_up_to_the_breaks(rows: list[dict[str, Any]]) -> None:
    left = match(framed(rows), WITHIN).left
    found = breaks_of(left)
    shares = found.filter(pl.col("kind") == "TRANSACTION", pl.col("unit") != "USD")
    sign = pl.when(pl.col("side") == OURS).then(pl.col("amount")).otherwise(pl.col("amount") * -1)
    wanted = left.filter(pl.col("kind") == "TRANSACTION").select(sign.sum()).item()
    assert shares["difference"].sum() == (wanted or 0)


def rules(*rows: dict[str, Any]) -> dict[str, str]:
    found = match(framed(list(rows)), WITHIN)
    return dict(found.matches.select("item", "rule").iter_rows())


def test_one_reference_is_one_thing_in_however_many_parts() -> None:
    mine = [item(OURS, f"o{n}", 2, reference="OB", dated=DAY - timedelta(days=30)) for n in (1, 2)]
    yours = [item(THEIRS, "t1", 1, reference="OB"), item(THEIRS, "t2", 3, reference="OB")]
    assert set(rules(*mine, *yours).values()) == {"REFERENCE"}
    assert rules(*mine, *yours[:1]) == {}


def test_what_names_a_reference_and_differs_is_nobody_elses() -> None:
    rows = [
        item(OURS, "o1", 2, reference="OB"),
        item(THEIRS, "t1", 3, reference="OB"),
        item(THEIRS, "t2", 2),
    ]
    assert rules(*rows) == {}
    by_subject = breaks_of(framed([row | {"subject": row["reference"] or "t2"} for row in rows]))
    assert by_subject.select("subject", "ours", "theirs").rows() == [("OB", 2, 3), ("t2", 0, 2)]


def test_the_nearest_of_those_near_enough_is_taken() -> None:
    mine = item(OURS, "o1", 10_00, unit="USD", kind="CASH_ENTRY")
    near = [
        item(THEIRS, f"t{n}", 10_00 + off, unit="USD", kind="CASH_ENTRY")
        for n, off in enumerate((2, -1, 3))
    ]
    assert rules(mine, *near) == {"o1": "NEAR", "t1": "NEAR"}
    assert rules(mine, near[2]) == {}


def test_shares_are_never_nearly_alike_their_money_may_be() -> None:
    mine = item(OURS, "o1", 10, money_minor=-500, currency="USD")
    assert rules(mine, item(THEIRS, "t1", 11, money_minor=-500, currency="USD")) == {}
    assert rules(mine, item(THEIRS, "t1", 10, money_minor=-502, currency="USD")) != {}
    assert rules(mine, item(THEIRS, "t1", 10, money_minor=-503, currency="USD")) == {}
    assert rules(mine, item(THEIRS, "t1", 10)) != {}


def test_a_line_pays_a_whole_batch() -> None:
    mine = [item(OURS, f"o{n}", n, unit="USD", kind="CASH_ENTRY", batch="L1") for n in range(1, 21)]
    other = item(OURS, "p", 7777, unit="USD", kind="CASH_ENTRY", batch="L2")
    line = item(THEIRS, "t", 210, unit="USD", kind="CASH_ENTRY")
    found = rules(*mine, other, line)
    assert set(found.values()) == {"SUM"}
    assert len(found) == 21


def test_parts_are_taken_when_only_one_way_fits() -> None:
    mine = [item(OURS, f"o{n}", n, unit="USD", kind="CASH_ENTRY") for n in (100, 250, 700)]
    line = item(THEIRS, "t", 800, unit="USD", kind="CASH_ENTRY")
    assert rules(*mine, line) == dict.fromkeys(("o100", "o700", "t"), "SUBSET")
    two_ways = [*mine, item(OURS, "o550", 550, unit="USD", kind="CASH_ENTRY")]
    assert rules(*two_ways, line) == {}


def test_equal_lines_pair_off_and_the_odd_one_stays() -> None:
    mine = [item(OURS, f"o{n}", 5) for n in range(3)]
    yours = [item(THEIRS, f"t{n}", 5) for n in range(2)]
    found = match(framed(mine + yours), WITHIN)
    assert (found.matches.height, found.left["item"].to_list()) == (4, ["o2"])
    assert set(found.matches["rule"]) == {"EXACT"}


def test_a_break_of_money_alone_is_in_its_currency() -> None:
    rows = [
        item(OURS, "o", 5, reference="OB", subject="OB", money_minor=-500, currency="USD"),
        item(THEIRS, "t", 5, reference="OB", subject="OB", money_minor=-510, currency="USD"),
    ]
    found = breaks_of(match(framed(rows), WITHIN).left)
    assert found.select("subject", "unit", "ours", "theirs", "difference").rows() == [
        ("OB", "USD", -500, -510, 10)
    ]


def test_a_hundred_thousand_lines_match_by_reference_and_by_what_they_say() -> None:
    rng = random.Random(7)  # noqa: S311 - made-up lines
    rows = []
    for number in range(20_000):
        amount, named = rng.randint(1, 10**9), number % 2
        reference = f"OB{number}" if named else None
        rows.append(item(OURS, f"o{number:06}", amount, reference=f"OB{number}"))
        rows.append(item(THEIRS, f"t{number:06}", amount, reference=reference))
    found = match(framed(rows), WITHIN)
    assert found.left.height == 0
