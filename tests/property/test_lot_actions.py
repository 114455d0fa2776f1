"""Laws of lots through corporate actions: a day at a time, in any order, and what is conserved."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

import polars as pl
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from backoffice.accounting.lots.replay import (
    ACTION_LEGS,
    EVENTS,
    GROUP,
    Actions,
    LotBook,
    carry,
    empty_book,
    replay,
)

METHODS = ("FIFO", "LIFO", "HIFO", "AVERAGE")
START = date(2026, 1, 5)
ISINS = ("US0378331005", "US5949181045", "US88160R1014", "GB0002634946")
WHOLE = 10**8
DAYS = 6
BOUNDED = settings(
    max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)


@dataclass(frozen=True)
class Deal:
    account: int
    isin: int
    kind: str
    currency: str
    quantity: int
    money: int
    day: int
    known: int


@dataclass(frozen=True)
class Action:
    source: int
    day: int
    known: int
    gone: int | None
    own_account: int | None
    legs: tuple[tuple[int | None, int, int, int, str], ...]
    paid: str | None = None
    until: int | None = None


deal_lists = st.lists(
    st.builds(
        Deal,
        account=st.integers(0, 1),
        isin=st.integers(0, 3),
        kind=st.sampled_from(["BUY", "BUY", "BUY", "SELL", "SELL", "SHORT", "IN", "OUT"]),
        currency=st.sampled_from(["USD", "USD", "USD", "EUR"]),
        quantity=st.one_of(st.integers(1, 12).map(lambda n: n * WHOLE), st.integers(1, 10**20)),
        money=st.one_of(st.integers(0, 40), st.integers(0, 10**12)),
        day=st.integers(0, DAYS - 1),
        known=st.integers(0, DAYS - 1),
    ),
    max_size=24,
)
a_leg = st.tuples(
    st.one_of(st.none(), st.integers(0, 3)),
    st.integers(1, 5),
    st.integers(1, 5),
    st.integers(0, 10),
    st.sampled_from(["KEEP", "CASH", "ADDED"]),
)
action_lists = st.lists(
    st.builds(
        Action,
        source=st.integers(0, 3),
        day=st.integers(0, DAYS - 1),
        known=st.integers(0, DAYS - 1),
        gone=st.one_of(st.none(), st.none(), st.integers(0, DAYS)),
        own_account=st.one_of(st.none(), st.none(), st.integers(0, 1)),
        legs=st.lists(a_leg, min_size=1, max_size=3).map(tuple),
        paid=st.one_of(st.none(), st.sampled_from(["USD", "EUR"])),
        until=st.one_of(st.none(), st.none(), st.integers(0, 2)),
    ),
    max_size=4,
)


def events_of(deals: list[Deal], methods: tuple[str, ...]) -> pl.DataFrame:
    rows = []
    for number, deal in enumerate(deals):
        day = START + timedelta(days=min(deal.day, deal.known))
        instant = datetime(day.year, day.month, day.day, 14, 0, number % 3, tzinfo=UTC)
        is_trade = deal.kind not in {"IN", "OUT"}
        figures = (deal.quantity, deal.money, day, instant if is_trade else None)
        names = (f"T{number:03d}", "local" if is_trade else None, methods[deal.account])
        rows.append(
            (f"A-{deal.account}", ISINS[deal.isin], deal.currency, deal.kind, *figures, *names)
        )
    return pl.DataFrame(rows, schema=EVENTS, orient="row")


def legs_of(actions: list[Action], day: int) -> pl.DataFrame:
    """Return what counts at the close of a day."""
    rows = []
    for number, action in enumerate(actions):
        if max(action.day, action.known) > day:
            continue
        if action.gone is not None and action.known < action.gone <= day:
            continue
        effective = START + timedelta(days=action.day)
        until = effective + timedelta(days=action.until or 0)
        account = None if action.own_account is None else f"A-{action.own_account}"
        weights = [leg[3] for leg in action.legs]
        left = WHOLE
        for place, (to, up, down, weight, fractions) in enumerate(action.legs):
            adds = to == action.source and up >= down
            last = place == len(action.legs) - 1
            share = left if last else WHOLE * weight // (sum(weights) + 1)
            left -= share
            rows.append(
                {
                    "action_id": f"C{number}",
                    "effective_on": effective,
                    "isin": ISINS[action.source],
                    "account_id": account,
                    "leg": place,
                    "to_isin": None if to is None else ISINS[to],
                    "numerator": up,
                    "denominator": down,
                    "basis_share_e8": share,
                    # what is added is added to shares of the same issue
                    "fractions": "CASH" if fractions == "ADDED" and not adds else fractions,
                    "price_e8": 3 * WHOLE + 1,
                    "currency": "USD",
                    "transfers_until": None if action.until is None else until,
                    "opens_on": until if action.paid and to is not None else None,
                }
            )
        if action.paid:
            price = {"fractions": "PAID", "currency": action.paid, "price_e8": 7 * WHOLE // 3}
            leg = {"leg": len(action.legs), "to_isin": None, "basis_share_e8": 0}
            rows.append({**rows[-1], **price, **leg})
    return pl.DataFrame(rows, schema=ACTION_LEGS)


def assert_same(book: LotBook, other: LotBook) -> None:
    for mine, theirs in zip(book[:3], other[:3], strict=True):
        assert_frame_equal(mine, theirs)


@BOUNDED
@given(deal_lists, action_lists, st.tuples(*[st.sampled_from(METHODS)] * 2))
def test_carrying_days_on_equals_replaying_all_of_them(
    deals: list[Deal], actions: list[Action], methods: tuple[str, ...]
) -> None:
    """Late trades, late actions, and actions that are taken back included."""
    every = events_of(deals, methods).with_columns(
        known=pl.Series([deal.known for deal in deals], dtype=pl.Int64)
    )
    book, before = empty_book(), legs_of(actions, -1)
    disposals = book.disposals
    for day in range(DAYS):
        known = every.filter(pl.col("known") <= day).drop("known")
        today = every.filter(pl.col("known") == day).drop("known")
        now = legs_of(actions, day)

        def history(stale: pl.DataFrame, known: pl.DataFrame = known) -> pl.DataFrame:
            return known.join(stale, on=GROUP, how="semi")

        book, stale = carry(book, today, None, history, Actions(before, now))
        before = now
        kept = disposals.join(stale, on=GROUP, how="anti")
        disposals = pl.concat([kept, book.disposals])
        whole = replay(known, now)
        assert_same(book, whole)
        columns = disposals.columns
        assert_frame_equal(disposals.sort(columns), whole.disposals.sort(columns))


@BOUNDED
@given(deal_lists, action_lists, st.tuples(*[st.sampled_from(METHODS)] * 2), st.randoms())
def test_the_order_of_the_rows_does_not_matter(
    deals: list[Deal], actions: list[Action], methods: tuple[str, ...], random: Random
) -> None:
    whole, legs = events_of(deals, methods), legs_of(actions, DAYS)
    rows, places = [*range(whole.height)], [*range(legs.height)]
    random.shuffle(rows)
    random.shuffle(places)
    assert_same(replay(whole[rows], legs[places]), replay(whole, legs))


@BOUNDED
@given(deal_lists, action_lists, st.tuples(*[st.sampled_from(METHODS)] * 2))
def test_the_profits_of_disposals_add_up_to_what_was_realised(
    deals: list[Deal], actions: list[Action], methods: tuple[str, ...]
) -> None:
    book = replay(events_of(deals, methods), legs_of(actions, DAYS))
    profit = pl.col("proceeds_minor") - pl.col("cost_minor")
    key = [*GROUP, "currency"]
    sums = book.disposals.group_by(key).agg(told=profit.sum())
    both = book.realised.join(sums, on=key, how="full", coalesce=True).with_columns(
        pl.col("told").fill_null(pl.lit(0, dtype=pl.Int128))
    )
    assert both["realised_pnl_minor"].null_count() == 0
    assert both["realised_pnl_minor"].to_list() == both["told"].to_list()


@BOUNDED
@given(deal_lists, st.sampled_from(METHODS), st.integers(1, 9), st.integers(1, 9))
def test_a_split_and_its_inverse_change_nothing(
    deals: list[Deal], method: str, up: int, down: int
) -> None:
    up, down = max(up, down), min(up, down)
    before = events_of(deals, (method, method))
    day = START + timedelta(days=DAYS)
    legs = pl.concat([split("C1", day, up, down), split("C2", day, down, up)])
    there_and_back, untouched = replay(before, legs), replay(before)
    assert_frame_equal(there_and_back.lots, untouched.lots)
    assert_frame_equal(there_and_back.realised, untouched.realised)


def split(action_id: str, day: date, up: int, down: int) -> pl.DataFrame:
    rows = [
        {
            "action_id": action_id,
            "effective_on": day,
            "isin": isin,
            "leg": 0,
            "to_isin": isin,
            "numerator": up,
            "denominator": down,
            "basis_share_e8": WHOLE,
        }
        for isin in ISINS
    ]
    return pl.DataFrame(rows, schema=ACTION_LEGS)


@BOUNDED
@given(deal_lists, action_lists)
def test_long_and_short_are_mirror_images(deals: list[Deal], actions: list[Action]) -> None:
    """Who sells what another buys has the same lots and profit with the sign turned."""
    turned = {"BUY": "SHORT", "SELL": "BUY", "SHORT": "BUY"}
    kept = [deal for deal in deals if deal.kind in turned]
    mine = [Deal(**{**vars(deal), "account": 0}) for deal in kept]
    theirs = [Deal(**{**vars(deal), "kind": turned[deal.kind], "account": 0}) for deal in kept]
    general = [Action(**{**vars(action), "own_account": None}) for action in actions]
    legs = legs_of(general, DAYS)
    long = replay(events_of(mine, ("FIFO", "FIFO")), legs)
    short = replay(events_of(theirs, ("FIFO", "FIFO")), legs)
    figures = pl.col("quantity_e8", "cost_minor") * -1
    assert_frame_equal(long.lots.with_columns(figures), short.lots)
    profit = pl.col("realised_pnl_minor") * -1
    assert_frame_equal(long.realised.with_columns(profit), short.realised)
