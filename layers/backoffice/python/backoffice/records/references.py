"""What names what: nothing is disposed of that something kept still leads to.

Documents name others by their keys. States of the books, frozen inputs, seals, certificates and
the logs of lists name all there was and hold nothing: they stay to say what there was.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Final

import polars as pl

from backoffice.clearance.read_trails import is_act, place_of
from backoffice.compliance.reports.documents import latest_run, run_key
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.records.retention import UnscheduledRecordError, default_schedule
from backoffice.risk.screening.listed import LIST_CODES
from backoffice.risk.screening.versions import in_force, read_log

_NAMED: Final = re.compile(r'"([^"\\]+/[^"\\]+)"')
_CASE: Final = re.compile(r"cases/[^/]+/([^/]+)/")
_AT_ONCE: Final = 512


def still_named(records: Records, books: Books, due: Collection[str]) -> set[str]:
    """Return, of what is due, all that something kept names, and all that this names in turn.

    The acts of a case and what is attached to it go together or not at all, and not while the
    case is open. The version of each list in force stays, and the latest run of reports: the next
    begins where it ended.
    """
    left, of_case = set(due), defaultdict[str, set[str]](set)
    for key in left:
        if case := _case_of(key):
            of_case[case].add(key)
    there = set(records.keys(""))
    stays = left & {*_in_use(records), *_of(of_case, _open_cases(records, books))}
    frontier = stays | {key for key in there - left if _holds(key)}
    while frontier:
        found = _of(of_case, {_case_of(key) for key in frontier})
        for _, named in documents(records, frontier & there):
            found |= named & left
        frontier = found - stays
        stays |= frontier
    return stays


def delete_in_order(
    records: Records, keys: Iterable[str], delete: Callable[[Iterable[str]], list[str]]
) -> int:
    """Delete what names before what is named, and acts from a trail's end; return how many.

    What a lock keeps keeps what it names, and whoever dies between leaves nothing that names what
    is gone. What people wrote may name each other in a circle: one of those names then goes last.
    """
    left, deleted = set(keys), 0
    before: dict[str, set[str]] = {key: set() for key in left}
    for key, named in documents(records, left):
        for other in named & left:
            if _trail_of(other) != _trail_of(key):
                before[other].add(key)
    for earlier, later in pairwise(sorted(filter(is_act, left), key=place_of)):
        if _case_of(earlier) == _case_of(later):
            before[earlier].add(later)
    sorter = _sorted(before)
    while ready := sorter.get_ready():
        gone = set(ready) - set(delete(ready))
        deleted += len(gone)
        sorter.done(*gone)
    return deleted


def _sorted(before: dict[str, set[str]]) -> TopologicalSorter[str]:
    """Sort what goes before what; a circle is opened where no trail says the order."""
    while True:
        sorter = TopologicalSorter(before)
        try:
            sorter.prepare()
        except CycleError as error:
            circle = pairwise(error.args[1])
            first, then = next(pair for pair in circle if len(set(map(_trail_of, pair))) > 1)
            before[then].remove(first)
        else:
            return sorter


def _trail_of(key: str) -> str:
    return _case_of(key) if is_act(key) else key


def documents(records: Records, keys: Iterable[str]) -> Iterator[tuple[str, set[str]]]:
    """Read what each document names that looks like a key; what is gone meanwhile names nothing."""
    for some in _some(sorted(key for key in keys if key.endswith(".json"))):
        for key, body in zip(some, records.read_many(some), strict=True):
            yield key, set(_NAMED.findall(body.decode(errors="replace")))


def _some(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]


def _holds(key: str) -> bool:
    """Whether an object keeps what it names: what never goes says only what there was."""
    try:
        return default_schedule().class_of(key).disposed
    except UnscheduledRecordError:
        return False


def _in_use(records: Records) -> Iterator[str]:
    """Name what jobs look back to by listing alone."""
    for code in LIST_CODES:
        version = in_force(read_log(records, code))
        if version is not None:
            yield from version.files.values()
            if version.names:
                yield version.names.key
    run = latest_run(records)
    if run is not None:
        yield run_key(run.day)


def _open_cases(records: Records, books: Books) -> set[str]:
    part = books.tables.get("cases")
    if part is None:
        return set()
    return set(records.read(part).filter(pl.col("status") == "OPEN")["case_id"])


def _case_of(key: str) -> str:
    found = _CASE.match(key)
    return found[1] if found else ""


def _of(of_case: dict[str, set[str]], cases: Iterable[str]) -> set[str]:
    return {key for case in cases for key in of_case.get(case, ())}
