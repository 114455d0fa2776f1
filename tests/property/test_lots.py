"""Laws of the lots, whatever the events: against a slow model, a day at a time, and conserved."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from backoffice.accounting.lots.replay import EVENTS, GROUP, LotBook, carry, empty_book, replay
from backoffice.accounting.positions import positions

METHODS = ("FIFO", "LIFO", "HIFO", "AVERAGE")
START = date(2026, 1, 5)
BOUNDED = settings(max_examples=100, deadline=None)


@dataclass(frozen=True)
class Event:
    group: int
    kind: str
    currency: str
    quantity: int
    money: int
    day: int
    second: int


event_lists = st.lists(
    st.builds(
        Event,
        group=st.integers(0, 2),
        kind=st.sampled_from(["BUY", "BUY", "SELL", "SELL", "SHORT", "IN", "OUT"]),
        currency=st.sampled_from(["USD", "USD", "EUR"]),
        quantity=st.one_of(st.integers(1, 12), st.integers(1, 10**26 - 1)),
        money=st.one_of(st.integers(0, 40), st.integers(0, 10**18 - 1)),
        day=st.integers(0, 4),
        second=st.integers(0, 2),
    ),
    max_size=25,
)
methods_of_groups = st.tuples(*[st.sampled_from(METHODS)] * 3)


def frame(events: list[Event], methods: tuple[str, ...], first_id: int = 0) -> pl.DataFrame:
    rows = []
    for number, event in enumerate(events, start=first_id):
        day = START + timedelta(days=event.day)
        instant = datetime(day.year, day.month, day.day, 14, 0, event.second, tzinfo=UTC)
        is_trade = event.kind not in {"IN", "OUT"}
        rows.append(
            (
                f"A-{event.group}",
                "US0378331005",
                event.currency,
                event.kind,
                event.quantity,
                event.money,
                day,
                instant if is_trade else None,
                f"T{number:03d}",
                "local" if is_trade else None,
                methods[event.group],
            )
        )
    return pl.DataFrame(rows, schema=EVENTS, orient="row")


def half_up(value: Fraction) -> int:
    size = (abs(value) + Fraction(1, 2)).__floor__()
    return size if value >= 0 else -size


@dataclass
class SlowLots:
    """The rules word for word: a list of lots, searched anew for every share taken."""

    method: str
    lots: list[dict[str, object]] = field(default_factory=list)
    profit: dict[str, int] = field(default_factory=dict)

    def take_event(self, row: dict[str, object]) -> None:
        kind, currency = str(row["kind"]), str(row["currency"])
        quantity, money = int(str(row["quantity_e8"])), int(str(row["money_minor"]))
        if kind == "OUT":
            rest = self._meet(1, None, quantity)[1]
            if rest:
                self.profit.setdefault(currency, 0)
                self._open(row, -rest, 0)
            return
        self.profit.setdefault(currency, 0)
        side = 1 if kind in {"BUY", "IN"} else -1
        basis, rest = self._meet(-side, currency, quantity)
        closing = half_up(Fraction(money * (quantity - rest), quantity))
        if rest < quantity:
            self.profit[currency] -= side * closing + basis
        if rest:
            self._open(row, side * rest, side * (money - closing))

    def _open(self, row: dict[str, object], quantity: int, cost: int) -> None:
        if self.method == "AVERAGE":
            for lot in self.lots:
                if lot["currency"] == row["currency"]:
                    lot["quantity"] = int(str(lot["quantity"])) + quantity
                    lot["cost"] = int(str(lot["cost"])) + cost
                    return
        names = {name: row[name] for name in ("currency", "trade_date", "trade_id")}
        self.lots.append({**names, "quantity": quantity, "cost": cost})

    def _meet(self, side: int, currency: str | None, wanted: int) -> tuple[int, int]:
        basis = 0
        while wanted:
            facing = [
                (self._rank(lot, place), place)
                for place, lot in enumerate(self.lots)
                if int(str(lot["quantity"])) * side > 0 and currency in (None, lot["currency"])
            ]
            if not facing:
                break
            lot = self.lots[min(facing)[1]]
            held, cost = abs(int(str(lot["quantity"]))), int(str(lot["cost"]))
            taken = min(held, wanted)
            part = half_up(Fraction(cost * taken, held))
            lot["quantity"], lot["cost"] = side * (held - taken), cost - part
            basis, wanted = basis + part, wanted - taken
            self.lots = [lot for lot in self.lots if lot["quantity"]]
        return basis, wanted

    def _rank(self, lot: dict[str, object], place: int) -> Fraction:
        if self.method == "LIFO":
            return Fraction(-place)
        if self.method == "HIFO":
            return -Fraction(int(str(lot["cost"])), int(str(lot["quantity"])))
        return Fraction(place)


def slowly(events: pl.DataFrame, method: str) -> SlowLots:
    slow = SlowLots(method)
    rows = events.to_dicts()
    rows.sort(
        key=lambda row: (
            row["trade_date"],
            row["traded_at"] is not None,
            row["traded_at"] or datetime.min.replace(tzinfo=UTC),
            row["trade_id"],
        )
    )
    for row in rows:
        slow.take_event(row)
    return slow


@BOUNDED
@given(event_lists, methods_of_groups)
def test_lots_and_profit_equal_those_of_a_slow_model(
    events: list[Event], methods: tuple[str, ...]
) -> None:
    whole = frame(events, methods)
    book = replay(whole)
    for group, method in enumerate(methods):
        mine = pl.col("account_id") == f"A-{group}"
        slow = slowly(whole.filter(mine), method)
        found = book.lots.filter(mine).select(
            "currency", "opened_on", "trade_id", "quantity_e8", "cost_minor"
        )
        assert found.rows() == [tuple(lot.values()) for lot in slow.lots]
        profit = book.realised.filter(mine).select("currency", "realised_pnl_minor").rows()
        assert dict(profit) == slow.profit


@BOUNDED
@given(event_lists, methods_of_groups)
def test_shares_and_money_are_conserved(events: list[Event], methods: tuple[str, ...]) -> None:
    whole = frame(events, methods)
    book = replay(whole)
    signs = {"BUY": 1, "IN": 1, "SELL": -1, "SHORT": -1, "OUT": -1}
    for group in range(3):
        mine = [event for event in events if event.group == group]
        lots = book.lots.filter(account_id=f"A-{group}")
        assert total(lots, "quantity_e8") == sum(signs[e.kind] * e.quantity for e in mine)
        if all(event.kind != "OUT" for event in mine):
            # what went in is still there or was realised; only a transfer out takes cost away
            profit = total(book.realised.filter(account_id=f"A-{group}"), "realised_pnl_minor")
            paid = sum(signs[e.kind] * e.money for e in mine)
            assert total(lots, "cost_minor") - profit == paid


@BOUNDED
@given(event_lists, methods_of_groups)
def test_no_currency_of_a_group_is_long_and_short_at_once(
    events: list[Event], methods: tuple[str, ...]
) -> None:
    lots = replay(frame(events, methods)).lots
    signs = lots.group_by(*GROUP, "currency").agg(pl.col("quantity_e8").sign().n_unique())
    assert (signs["quantity_e8"] == 1).all()


@BOUNDED
@given(event_lists, methods_of_groups, st.randoms())
def test_the_order_of_the_rows_does_not_matter(
    events: list[Event], methods: tuple[str, ...], random: Random
) -> None:
    whole = frame(events, methods)
    places = list(range(whole.height))
    random.shuffle(places)
    assert_same(replay(whole[places]), replay(whole))


@BOUNDED
@given(
    st.lists(event_lists, min_size=1, max_size=4),
    st.lists(methods_of_groups, min_size=4, max_size=4),
    st.lists(st.integers(0, 99), max_size=4),
)
def test_carrying_days_on_equals_replaying_all_of_them(
    days: list[list[Event]], methods: list[tuple[str, ...]], cancelled: list[int]
) -> None:
    """Late events, cancelled trades and changed methods included."""
    book, known = empty_book(), EVENTS.to_frame()
    for number, events in enumerate(days):
        now = methods[number]
        gone = [f"T{number - 1}{victim:02d}" for victim in cancelled]
        withdrawn = known.filter(pl.col("trade_id").is_in(gone))
        today = frame(events, now, first_id=number * 100)
        known = with_methods(
            pl.concat([known.join(withdrawn, on="trade_id", how="anti"), today]), now
        )
        other = book.last.join(known, on=GROUP, how="inner", suffix="_now").filter(
            pl.col("method") != pl.col("method_now")
        )
        changed = pl.concat([withdrawn.select(GROUP), other.select(GROUP)]).unique()
        book = carry(book, today, changed, history_of(known)).book
    assert_same(book, replay(known))


def history_of(known: pl.DataFrame) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda stale: known.join(stale, on=GROUP, how="semi")


def with_methods(events: pl.DataFrame, methods: tuple[str, ...]) -> pl.DataFrame:
    by_account = {f"A-{group}": method for group, method in enumerate(methods)}
    return events.with_columns(
        method=pl.col("account_id").replace_strict(by_account, return_dtype=pl.String)
    )


@BOUNDED
@given(event_lists, methods_of_groups, st.integers(0, 5))
def test_settled_and_unsettled_shares_make_up_what_was_traded(
    events: list[Event], methods: tuple[str, ...], settled_days: int
) -> None:
    whole = frame(events, methods)
    limit = START + timedelta(days=settled_days)
    trades = whole.filter(~pl.col("kind").is_in(["IN", "OUT"])).rename({"kind": "side"})
    late = trades.filter(pl.col("trade_date") >= limit)
    held = positions(replay(whole), late)
    sign = pl.when(pl.col("side") == "BUY").then(1).otherwise(-1).cast(pl.Int128)
    open_shares = late.select((pl.col("quantity_e8") * sign).sum()).item()
    unsettled = total(held, "traded_quantity_e8") - total(held, "settled_quantity_e8")
    assert unsettled == open_shares


def total(frame: pl.DataFrame, column: str) -> int:
    return sum(frame[column].to_list())


def assert_same(book: LotBook, other: LotBook) -> None:
    for mine, theirs in zip(book[:3], other[:3], strict=True):
        assert_frame_equal(mine, theirs)
