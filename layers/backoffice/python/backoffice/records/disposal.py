"""Dispose of records whose time is over: what nothing holds, names or proves any more."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from functools import partial
from typing import Any, Final, Protocol

import polars as pl

from backoffice.clearance.record_requests import (
    APPROVED,
    requests_as_they_stand,
    standing_holds,
)
from backoffice.intake.day_record_requests import DISPOSE, known_record_requests
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Document, Part, Records
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.certificates import Certificate, certificates, certify, said_of
from backoffice.records.kept_for import kept_for
from backoffice.records.listing import record_listing
from backoffice.records.references import delete_in_order, still_named
from backoffice.records.retention import default_schedule, retained_until
from backoffice.records.seal_day import parts_of

GONE: Final = {"key": pl.String, "sha256": pl.String, "class": pl.String, "sealed_in": pl.String}
"""What a disposal lists: the objects, as they were sealed."""


class Deleter(Protocol):
    """Who may delete records."""

    def delete(self, keys: Iterable[str]) -> list[str]:
        """Delete every version of objects; return those that a lock still keeps."""


class Disposed(Document):
    """What became of the requests: how many objects each disposed of now."""

    done: dict[str, int]


def due_for_disposal(
    records: Records, books: Books, today: date, until: date, since: date | None = None
) -> pl.DataFrame:
    """List what may go on a day, of what was sealed from `since` until `until`.

    An object may go when its period is over, its class is one that goes, neither the books nor
    anything that stays names it (`references`), and no legal hold that stands is about the days it
    was sealed in. A hold on an account holds every object of its days, for most hold rows of many
    accounts. What is counted from the end of an account goes with nothing that keeps its client.

    Returns
    -------
    pl.DataFrame
        `GONE`, sorted by key.
    """
    gone = {row for one in disposed(records).values() for row in one}
    may = _may_go(records, books, today, until, since)
    return may.filter(~pl.col("key").is_in(list(gone)))


def _may_go(
    records: Records, books: Books, today: date, until: date, since: date | None
) -> pl.DataFrame:
    """List what may go, as `due_for_disposal`, with what was disposed of."""
    listed = record_listing(records, books)
    goes = [name for name, one in default_schedule().keys.items() if one.disposed]
    day = pl.col("sealed_in").str.to_date()
    named = pl.Series([*_named(books)], dtype=pl.String)
    may = listed.filter(
        pl.col("class").is_in(goes),
        pl.col("retain_until").str.to_date() <= today,
        day.is_between(since or date.min, until),
        ~pl.col("key").is_in(named.implode()),
    )
    for hold in standing_holds(records, books).iter_rows(named=True):
        first, last = hold["since"] or date.min, hold["until"] or date.max
        may = may.filter(~day.is_between(first, last))
    kept = [*_kept_for_clients(records, books, may["key"], today)]
    may = may.filter(~pl.col("key").is_in(kept))
    stays = [*still_named(records, books, may["key"].to_list())]
    return may.filter(~pl.col("key").is_in(stays)).select(list(GONE)).sort("key")


def _kept_for_clients(
    records: Records, books: Books, keys: Iterable[str], today: date
) -> Iterator[str]:
    """Name what is counted from the end of an account that is not over."""
    of_account = defaultdict[str, list[str]](list)
    for key in keys:
        if default_schedule().class_of(key).counted_from == "ACCOUNT_CLOSED":
            of_account[key.split("/")[1].removeprefix("of-")].append(key)
    for account_id, its in of_account.items():
        if kept_for(records, books, default_rulebook(), account_id, today).why:
            yield from its


def dispose_records(records: Records, books: Books, deleter: Deleter, now: datetime) -> Disposed:
    """Carry out every disposal that two people let happen.

    The certificate, with the list of what goes, is written before anything goes: who dies between
    deletes the rest when run again.
    """
    known = requests_as_they_stand(known_record_requests(records, books))
    agreed = known.filter(pl.col("kind") == DISPOSE, pl.col("status") == APPROVED)
    done, there = dict[str, int](), frozenset(records.keys(""))
    for request in agreed.sort("request_id").to_dicts():
        standing = certificates(records).get(request["request_id"])
        if standing is None:
            standing = _certified(records, books, request, now)
        may = partial(_may_go, records, books, now.date(), request["until"], request["since"])
        done[request["request_id"]] = _delete(records, standing, there, may, deleter)
    return Disposed(done=done)


def _certified(
    records: Records, books: Books, request: Mapping[str, Any], now: datetime
) -> Certificate:
    rows = due_for_disposal(records, books, now.date(), request["until"], request["since"])
    counts = {str(name): int(many) for name, many in rows.group_by("class").len().iter_rows()}
    certificate = Certificate(
        **said_of(request),
        at=now,
        objects=records.keep("certificates", books.day, rows).key,
        counts=dict(sorted(counts.items())),
    )
    return certify(records, certificate, books.day)


def disposed(records: Records) -> dict[str, list[str]]:
    """Return the keys of everything disposed of, by the request."""
    return {
        name: _listed(records, one)["key"].to_list()
        for name, one in certificates(records).items()
        if one.objects
    }


def rightly_gone(records: Records, books: Books, sealed: Mapping[str, date]) -> set[str]:
    """Return the keys of what two people let go: a certificate alone proves nothing.

    Nor does it of what was not asked for, was not over yet, or never goes.

    Parameters
    ----------
    sealed
        The day of each sealed object, by key.
    """
    known = requests_as_they_stand(known_record_requests(records, books))
    agreed = known.filter(pl.col("kind") == DISPOSE, pl.col("status") == APPROVED)
    standing, listed = certificates(records), disposed(records)
    return {
        key
        for one in agreed.iter_rows(named=True)
        for key in listed.get(one["request_id"], ())
        if key in sealed
        and (one["since"] or date.min) <= sealed[key] <= one["until"]
        and default_schedule().class_of(key).disposed
        and retained_until(key, sealed[key]) <= standing[one["request_id"]].at.date()
    }


def _delete(
    records: Records,
    certificate: Certificate,
    there: AbstractSet[str],
    may: Callable[[], pl.DataFrame],
    deleter: Deleter,
) -> int:
    """Delete what a certificate lists, is there still and may go: a hold may have come since."""
    left = [key for key in _listed(records, certificate)["key"] if key in there]
    if left:
        goes = set(may()["key"])
        left = [key for key in left if key in goes]
    return delete_in_order(records, left, deleter.delete)


def _listed(records: Records, certificate: Certificate) -> pl.DataFrame:
    key = str(certificate.objects)
    return records.read(Part(key=key, sha256="", rows=0))


def _named(books: Books) -> Iterator[str]:
    yield from parts_of(books)
    yield from books.refused
    yield from (key for key in (books.report, books.previous) if key)
