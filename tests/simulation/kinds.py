"""What a run can be about: each starts from a prepared state and says what must come of it."""

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final

from tests.simulation.cloud.chaos import Fault
from tests.simulation.cloud.stores import RECORDS, TABLES, WORK, Cloud
from tests.simulation.firm import Event, functions
from tests.simulation.history import Undisturbed, assert_equal, evening, objects_of
from tests.simulation.invariants import BrokenError
from tests.simulation.prepared import POSTS, arrivals
from tests.simulation.runs import Run

_JUMPS: Final = (timedelta(days=-2), timedelta(days=3))
_SERVED: Final = tuple(table for table in TABLES if table != "intake")


def arrival(run: Run) -> None:
    """Let a day's files and an app's trades come, and nothing else."""
    day, firm = run.day, run.begin(run.day.before, 120, beyond=0.4)
    with firm.at_work(evening(day.day)):
        _jump(run)
        run.deliver(arrivals(firm, day.day))
        for trade in POSTS[day.day]:
            run.post(trade)
            if firm.chaos.happens(0.3):
                firm.chaos.take(Fault.DUPLICATE)
                run.post(trade)
    _same_arrivals(firm.cloud, day.arrived)


def cut_off(run: Run) -> None:
    """Cut a day off, maybe while a file or a trade is still on its way."""
    firm = run.begin(run.day.arrived, 110)
    beside: list[Callable[[], None]] = []
    with firm.at_work(evening(run.day.day)):
        if firm.chaos.happens(0.25):
            beside.append(_on_its_way(run, _files(firm.cloud, run)))
        if firm.chaos.happens(0.15):
            firm.chaos.take(Fault.LATE)
            firm.cloud.tables["intake"].popitem()
            beside.append(lambda: run.post(POSTS[run.day.day][-1]))
        run.phase("cut_off", *beside)
        _expect(run, run.day.books_before, "cut_off")


def close(run: Run) -> None:
    """Close a day, maybe while an answer is on its way or its cut-off is started once more."""
    firm = run.begin(run.day.cut, 110)
    beside: list[Callable[[], None]] = []
    with firm.at_work(evening(run.day.day)):
        files = [key for key in _files(firm.cloud, run) if "/market/" in key]
        if files and firm.chaos.happens(0.25):
            beside.append(_on_its_way(run, files))
        if firm.chaos.happens(0.2):
            firm.chaos.take(Fault.LATE)
            again = {"day": str(run.day.day)}
            beside.append(lambda: run.finish("cut_off", again, alone=False))
        run.phase("close_business_day", *beside)
        _expect(run, run.day.books_cut, "close_business_day")


def take_up(run: Run) -> None:
    """Take up an execution in the state it failed in."""
    day = run.day
    machine = run.rng.choice(sorted(day.points))
    states = sorted(day.points[machine])
    [state] = run.rng.choices(states, [_TAKEN_UP.get(state, 1) for state in states])
    point = day.points[machine][state]
    books = day.books_before if machine == "cut_off" else day.books_cut
    run.begin(point.cloud, 110, beyond=0.6)
    with run.firm.at_work(evening(day.day)):
        run.phase(machine, point=(state, point.data))
        while state in _TAKEN_UP and run.again():
            run.phase(machine, point=(state, point.data))
        _expect(run, books, machine)


_TAKEN_UP: Final = {"Seal Records": 10, "Publish State": 5}
"""Where the commits are, and what follows them, most often."""


def rebuild(run: Run) -> None:
    """Lose or mix up what the tables serve, and restore it from the records."""
    day, firm = run.day, run.begin(run.day.closed, 90, beyond=0.7)
    tables = firm.cloud.tables
    for table in _SERVED:
        older = [*day.before.tables[table].items(), *day.cut.tables[table].items()]
        for key in run.rng.sample(sorted(tables[table]), run.rng.randint(0, len(tables[table]))):
            del tables[table][key]
        tables[table].update(run.rng.sample(older, run.rng.randint(0, len(older))))
    with firm.at_work(evening(day.day)):
        run.finish("rebuild_tables", {})
        while run.again():
            run.finish("rebuild_tables", {})
    assert_equal(firm.cloud, day.books_closed.cloud)


def whole_day(run: Run) -> None:
    """Run a day from its first file to its seal, some files late; and the day after it."""
    firm, books = run.begin(run.day.before, 240), run.day.books_before
    late: list[Event] = []
    for day in run.prepared.days[run.prepared.days.index(run.day) :][: run.rng.choice((1, 1, 2))]:
        run.day = day
        with firm.at_work(evening(day.day)):
            events = arrivals(firm, day.day) + late
            late = _hold_back(run, events)
            run.deliver(events)
            for trade in POSTS[day.day]:
                run.post(trade)
            run.phase("cut_off")
            books = _expect(run, books, "cut_off")
            answers = firm.market(day.day)
            run.deliver([*answers, *(late if firm.chaos.happens(0.5) else ())])
            run.phase("close_business_day")
            books = _expect(run, books, "close_business_day")
            run.deliver(late)


def _hold_back(run: Run, events: list[Event]) -> list[Event]:
    """Take out of the events what comes late."""
    if not run.firm.chaos.happens(0.2):
        return []
    run.firm.chaos.take(Fault.LATE)
    return [events.pop(run.rng.randrange(len(events)))]


def _expect(run: Run, books: Undisturbed, machine: str) -> Undisturbed:
    """Check that a phase came to what it comes to undisturbed, given what it froze."""
    if left := run.left_out(machine):
        raise BrokenError(f"{machine} of {run.day.day} left out {left}")
    following = books.after(machine, run.day.day, run.firm.cloud)
    assert_equal(run.firm.cloud, following.cloud)
    return following


def _jump(run: Run) -> None:
    if run.firm.chaos.happens(0.4):
        run.firm.chaos.take(Fault.CLOCK_JUMP)
        functions().clock.jump(run.rng.choice(_JUMPS))


def _files(cloud: Cloud, run: Run) -> list[str]:
    """Name the entries of the day's files."""
    prefix = f"intake/{run.day.day}/files/"
    return sorted(key for key in cloud.records if key.startswith(prefix) and "/app1/" not in key)


def _on_its_way(run: Run, entries: Iterable[str]) -> Callable[[], None]:
    """Take one committed file back as if it had not been captured yet; return its capture."""
    run.firm.chaos.take(Fault.LATE)
    cloud = run.firm.cloud
    key = run.rng.choice(list(entries))
    drop = json.loads(cloud.records[key])["drop"]
    taken = [json.loads(body) for k, body in cloud.records.items() if "/files/" in k and k != key]
    others = {entry["original"] for entry in taken}
    for bucket, place in objects_of(key, cloud):
        if place not in others:
            cloud.buckets[bucket].pop(place, None)
    run.watch_anew()
    event = {"detail": {"object": {"key": drop["key"], "version-id": drop["version"]}}}
    return lambda: run.finish("capture_file", event, alone=False)


def _same_arrivals(cloud: Cloud, undisturbed: Cloud) -> None:
    """Check that the same files and trades have come."""
    for bucket, prefix in ((RECORDS, "intake/"), (WORK, "captured/")):
        found, wanted = (
            {key: body for key, body in each.buckets[bucket].items() if key.startswith(prefix)}
            for each in (cloud, undisturbed)
        )
        if found != wanted:
            raise BrokenError(f"{bucket}: {sorted(found.keys() ^ wanted.keys())}")
    sent = [
        {key: item["trade"] for key, item in each.tables["intake"].items()}
        for each in (cloud, undisturbed)
    ]
    if sent[0] != sent[1]:
        raise BrokenError(f"the app's trades are {sent[0]}, not {sent[1]}")


KINDS: Final = {
    "arrival": (arrival, 6),
    "cut-off": (cut_off, 2),
    "close": (close, 2),
    "taken up": (take_up, 6),
    "rebuild": (rebuild, 4),
    "whole day": (whole_day, 1),
}
"""What a run is about, and how often."""
