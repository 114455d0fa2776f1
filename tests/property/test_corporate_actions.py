"""Whatever an action is and whoever holds: entries balance, nothing is left at issuer or payer."""

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from backoffice.accounting import chart
from backoffice.accounting.actions.claims import Found, Sources, entitlements
from backoffice.accounting.actions.elected import Choices
from backoffice.accounting.actions.posted import POSTED_SCHEMA, Postings
from backoffice.accounting.actions.terms import outcome
from backoffice.clearance.corporate_actions import CorporateAction
from backoffice.kernel.rulebook import default_rulebook
from tests.reference.samples import US_SHARE, isin, lei

DAY: Final = date(2026, 10, 7)
ONE: Final = 10**8
OTHER: Final = isin("US", 77)
COUNTRIES: Final = {"C-1": "IS", "C-2": "US", "C-3": "KW"}
_HOLDERS: Final = (
    (chart.SECURITIES_CLIENT, "C-1"),
    (chart.SECURITIES_CLIENT, "C-2"),
    (chart.SECURITIES_CLIENT, "C-3"),
    (chart.SECURITIES_HOUSE, "H-1"),
    (chart.SECURITIES_STREET, lei(1)),
    (chart.SECURITIES_STREET, lei(2)),
    (chart.SECURITIES_LENDER, lei(3)),
)
_EVENTS: Final = {
    "CASH_DIVIDEND": {"rate": True},
    "STOCK_DIVIDEND": {"ratio": True},
    "DIVIDEND_OPTION": {"rate": True, "ratio": True},
    "SPLIT": {"ratio": True},
    "MERGER": {"ratio": True, "rate": True, "new": True},
    "SPIN_OFF": {"ratio": True, "new": True},
    "RIGHTS": {"ratio": True, "new": True},
    "EXERCISE": {"ratio": True, "rate": True, "new": True},
    "TENDER": {"rate": True},
    "REDEMPTION": {"rate": True},
    "ISIN_CHANGE": {"new": True},
}


def action(event: str, **more: Any) -> CorporateAction:  # noqa: ANN401 - fields by name
    fields = dict.fromkeys(CorporateAction.__dataclass_fields__)
    fields |= {"partner": "local", "action_id": "CA-1", "event": event, "isin": US_SHARE}
    fields |= {"ex_date": DAY, "pay_date": DAY, "currency": "USD", "cancelled": False}
    fields |= {"first_told_on": DAY, "told_on": DAY, "business_date": DAY, "file": "f", "row": 1}
    return CorporateAction(**fields | more)  # type: ignore[arg-type]


@st.composite
def actions(draw: st.DrawFn) -> CorporateAction:
    event = draw(st.sampled_from(sorted(_EVENTS)))
    has, fields = _EVENTS[event], dict[str, Any]()
    if has.get("rate"):
        fields["rate_e8"] = draw(st.integers(1, 10**11))
    if has.get("ratio"):
        fields["ratio_new_e8"] = draw(st.integers(1, 50)) * ONE
        fields["ratio_old_e8"] = draw(st.integers(1, 50)) * ONE
        fields["lieu_price_e8"] = draw(st.none() | st.integers(1, 10**12))
    if has.get("new"):
        fields["new_isin"] = OTHER
    if event == "REDEMPTION":
        fields["percent_e8"] = draw(st.none() | st.integers(1, 100 * ONE))
    return action(event, **fields)


@st.composite
def holders(draw: st.DrawFn) -> list[tuple[str, str, int]]:
    """Draw a stock record: the depository has what the others leave."""
    quantities = st.integers(-(10**6), 10**6).map(lambda q: q * ONE)
    held = [(book, ref, draw(quantities)) for book, ref in _HOLDERS]
    rest = -sum(amount for _, _, amount in held)
    if rest < 0:
        held.append((chart.SECURITIES_CLIENT, "C-4", 2 * rest))
        rest = -rest
    return [*held, (chart.DEPOSITORY, "", rest)]


def found(one: CorporateAction, held: list[tuple[str, str, int]]) -> Found:
    choices = Choices({("CA-1", "C-1"): [(one.options[-1], 5 * ONE)]} if one.options else {})
    sources = Sources(COUNTRIES, choices, {})
    return entitlements(one, held, sources, default_rulebook(), paid=one.pays_on <= DAY)


@given(actions(), holders())
def test_entries_balance_and_nothing_is_left(
    one: CorporateAction, held: list[tuple[str, str, int]]
) -> None:
    came = found(one, held)
    left = Counter[tuple[str, str]]()
    for entry in came.wanted:
        sums = Counter[str]()
        for line in entry.lines:
            sums[line.unit] += line.amount
            left[line.book, line.unit] += line.amount
        assert set(sums.values()) <= {0}
    if came.beyond:
        # what accounts chose of shares that are not at the depository
        assert one.event == "DIVIDEND_OPTION"
        assert not left[chart.ROUNDING_GAIN, "USD"] + left[chart.ROUNDING_LOSS, "USD"]
        return
    for book in (chart.SECURITIES_ISSUER, chart.RECEIVABLE_ACTIONS, chart.PAYABLE_ACTIONS):
        assert {amount for (name, _), amount in left.items() if name == book} <= {0}
    rounding = left[chart.ROUNDING_GAIN, "USD"] + left[chart.ROUNDING_LOSS, "USD"]
    assert abs(rounding) <= len(held)


@given(actions(), holders(), holders())
def test_what_is_posted_by_differences_is_what_stands(
    one: CorporateAction, first: list[tuple[str, str, int]], then: list[tuple[str, str, int]]
) -> None:
    turned, straight = Postings(one, ()), Postings(one, ())
    rows = turned.bring_to(found(one, first).wanted, DAY)
    rows += turned.bring_to(found(one, then).wanted, DAY)
    again = straight.bring_to(found(one, then).wanted, DAY)
    assert _sums(rows) == _sums(again)
    names = list(POSTED_SCHEMA)
    kept = Postings(one, [dict(zip(names, row, strict=True)) for row in turned.rows()])
    assert kept.bring_to(found(one, then).wanted, DAY) == []
    rows += turned.bring_to([], DAY)
    assert _sums(rows) == {}


def _sums(rows: list[dict[str, Any]]) -> dict[tuple[str, str, str], int]:
    sums = Counter[tuple[str, str, str]]()
    for row in rows:
        sums[row["book"], row["ref"], row["unit"]] += row["amount"]
    return {place: amount for place, amount in sums.items() if amount}


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**6))
def test_a_split_and_its_inverse_are_nothing(quantity: int, times: int) -> None:
    split = action("SPLIT", ratio_new_e8=times * ONE, ratio_old_e8=ONE)
    back = action("REVERSE_SPLIT", ratio_new_e8=ONE, ratio_old_e8=times * ONE)
    assert outcome(back, outcome(split, quantity, None).new, None).new == quantity


@given(st.integers(-(10**9), 10**9), st.integers(1, 99), st.integers(1, 99), st.integers(1, 10**10))
def test_whole_shares_and_what_is_paid_for_the_rest_are_the_exact_ratio(
    shares: int, new: int, old: int, price: int
) -> None:
    one = action("SPLIT", ratio_new_e8=new * ONE, ratio_old_e8=old * ONE, lieu_price_e8=price)
    came = outcome(one, shares * ONE, None)
    exact = Fraction(shares * new, old)
    assert came.new % ONE == 0
    assert abs(Fraction(came.new + came.fraction, ONE) - exact) <= Fraction(1, 2 * ONE)
    assert abs(Fraction(came.lieu, 100) - Fraction(came.fraction * price, ONE**2)) <= Fraction(
        1, 200
    )
