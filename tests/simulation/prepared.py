"""Three small days at which nothing goes wrong, every state of which a run may start from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from tests.reference.samples import SINGLE_STREET, trade
from tests.reference.writing import table_bytes
from tests.simulation.cloud.stores import Cloud
from tests.simulation.firm import Event, Firm
from tests.simulation.history import Undisturbed, assert_equal, evening
from tests.simulation.small_days import DAYS, FILES, FIRST, SECOND, THIRD
from tests.simulation.test_decisions import decide
from tests.simulation.test_sanctions import take

_POSTS: Final = {
    FIRST: (("P-1", "BUY", "3", "NEW"), ("P-2", "SELL", "2", "NEW")),
    SECOND: (("P-1", "BUY", "3", "CANCEL"), ("P-3", "SELL", "1", "NEW")),
    THIRD: (("P-4", "BUY", "5", "NEW"),),
}
POSTS: Final[Mapping[date, Sequence[Mapping[str, str]]]] = {
    day: tuple(
        trade(trade_id, side, quantity, "100.5", action=action)
        for trade_id, side, quantity, action in posts
    )
    for day, posts in _POSTS.items()
}
"""What the app sends on each day."""
_LATER: Final = {"trade_time": f"{THIRD}T14:00:00Z"}
_THIRD_TRADES: Final = (
    trade("A-2", "SELL", "4", "102", account_id="C-LIFO", counterparty=SINGLE_STREET)
    | {"action": "CANCEL"},
    trade("D-1", "SELL", "2", "103", **_LATER),
    trade("D-2", "BUY", "9", "99", account_id="C-FIFO", **_LATER),
)
DROPS: Final[Mapping[date, Mapping[str, bytes]]] = {
    **FILES,
    THIRD: {
        "trades-1.csv": table_bytes(_THIRD_TRADES),
        "cash-1.csv": b"currency,closing_balance\nUSD,98213.54\n",
    },
}
"""What is dropped on each day: the small days, and a third that corrects what has settled."""


_TAKEN_UP: Final = frozenset(
    {
        *("Resolve Trades", "Screen Parties", "Clear Buckets", "Net Obligations"),
        *("Take Decisions", "Clear Released", "Net Released"),
        *("Settle Obligations", "Book Buckets", "Close Books", "Seal Records", "Publish State"),
    }
)
"""States that an execution which failed in them may be taken up in."""


@dataclass(frozen=True)
class Day:
    """A day's states, and what is to be expected of each.

    Attributes
    ----------
    before, arrived, cut, closed
        The cloud with nothing of the day; with its files and trades; cut off, with the market's
        answers; closed.
    books_before, books_cut, books_closed
        The same, as what comes of what was frozen.
    points
        For either machine, the cloud as each of its states was entered, and with what.
    """

    day: date
    before: Cloud
    books_before: Undisturbed
    arrived: Cloud
    cut: Cloud
    books_cut: Undisturbed
    closed: Cloud
    books_closed: Undisturbed
    points: Mapping[str, Mapping[str, "Point"]]


@dataclass(frozen=True)
class Point:
    """Where an execution may be taken up again."""

    cloud: Cloud
    data: Any


class _Recorder(Firm):
    """Keeps the cloud as it stood at the beginning of every state."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.points: dict[str, Point] = {}

    def enters(self, state: str, data: Any) -> None:  # noqa: ANN401 - JSON
        if state in _TAKEN_UP:
            self.points[state] = Point(self.cloud.copy(), data)

    def points_of(self, machine: str, payload: object) -> Mapping[str, Point]:
        """Run an execution; return its points."""
        self.points = {}
        _succeed(self, machine, payload)
        return self.points


@dataclass(frozen=True)
class Prepared:
    """The days, and how many store calls each function makes."""

    days: Sequence[Day]
    usual_calls: Mapping[str, int]


@cache
def prepared() -> Prepared:
    """Run the days, once a process."""
    cloud = _with_a_list(Cloud())
    books = Undisturbed(cloud.copy())
    days, calls = [], dict[str, int]()
    for day in DAYS:
        firm = _Recorder(cloud.copy())
        with firm.at_work(evening(day)):
            days.append(_run(firm, day, cloud, books))
        for name, made in firm.made_calls.items():
            calls[name] = max(made, calls.get(name, 0))
        cloud, books = days[-1].closed, days[-1].books_closed
    return Prepared(days, calls)


def filed(cloud: Cloud) -> frozenset[str]:
    """Name the entries of the files that were committed."""
    return frozenset(key for key in cloud.records if "/files/" in key)


def arrivals(firm: Firm, day: date) -> list[Event]:
    """Drop a day's files; return the events."""
    return [firm.drop("local", day, name, body) for name, body in DROPS[day].items()]


def _run(firm: _Recorder, day: date, before: Cloud, books: Undisturbed) -> Day:
    for event in arrivals(firm, day):
        _succeed(firm, "capture_file", event)
    for each in POSTS[day]:
        assert firm.post(each)[0] == 201
    arrived = firm.cloud.copy()
    points = {"cut_off": firm.points_of("cut_off", {"day": str(day)})}
    books_cut = books.after("cut_off", day, firm.cloud)
    assert_equal(firm.cloud, books_cut.cloud)
    for event in firm.market(day):
        _succeed(firm, "capture_file", event)
    if day == FIRST:
        decide(firm, "SHORT_WITHOUT_LOCATE", "RELEASE")
    cut = firm.cloud.copy()
    points["close_business_day"] = firm.points_of("close_business_day", {"day": str(day)})
    books_closed = books_cut.after("close_business_day", day, firm.cloud)
    assert_equal(firm.cloud, books_closed.cloud)
    closed = firm.cloud.copy()
    return Day(day, before, books, arrived, cut, books_cut, closed, books_closed, points)


def _with_a_list(cloud: Cloud) -> Cloud:
    """Put a sanctions list into force, so that every cut-off screens."""
    firm = Firm(cloud)
    with firm.at_work(evening(FIRST)):
        take(firm, table_bytes([{"entry_id": "1", "name": "Perihelion Freight Syndicate"}]), FIRST)
    return cloud


def _succeed(firm: Firm, machine: str, payload: object) -> None:
    ended = firm.start(machine, payload)
    assert ended.status == "SUCCEEDED", ended
