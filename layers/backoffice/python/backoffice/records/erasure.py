"""Erase clients: destroy the keys of those whom two people let go and nothing keeps."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol

import polars as pl

from backoffice.clearance.record_requests import APPROVED, requests_as_they_stand
from backoffice.compliance.reports.named_files import fetched_files_naming
from backoffice.intake.day_record_requests import ERASE, known_record_requests
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Document, Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.records.certificates import Certificate, certificates, certify, said_of
from backoffice.records.erased_subjects import Opener, erased_subjects
from backoffice.records.erasure_plans import KnowsErased, planned_subjects
from backoffice.records.kept_for import KeptFor, kept_for
from backoffice.records.open_matters import files_not_taken, open_matters


class Destroyer(Opener, KnowsErased, Protocol):
    """Who destroys what a client's name can be read by, and what still says it in plain."""

    def tells(self, original: str, account_id: str) -> bool:
        """Tell whether a record original, by its key, has rows of an account."""

    def destroy(self, subject: str) -> bool:
        """Destroy the key of a subject; may be run again. Return whether there was one."""

    def uncaptured(self) -> tuple[str, ...]:
        """Return the keys of what was dropped and never captured."""

    def fetched(self) -> tuple[str, ...]:
        """Return the keys of what lies in the outbox."""

    def sweep(self, until: date | None, naming: Collection[str]) -> int:
        """Delete what lies outside the records and may say the client's name.

        Of the outbox what was put there for days until then (None: the client never had any
        business), the objects `naming` the client, and every answer to operations. Returns how many
        objects.
        """


class Erased(Document):
    """What became of the requests: those carried out now, and why others wait."""

    done: tuple[str, ...]
    waiting: Mapping[str, tuple[str, ...]]


def erase_clients(
    records: Records, books: Books, rulebook: Rulebook, keys: Destroyer, now: datetime
) -> Erased:
    """Carry out every erasure that two people let happen and that nothing holds back.

    What retention, a hold or an open matter holds back waits, and is carried out by itself. A
    request is carried out once; who dies between the key and the certificate does it again.

    Parameters
    ----------
    books
        The latest closed books.
    now
        UTC.
    """
    standing = certificates(records)
    erased = {one.account_id for one in standing.values() if one.kind == ERASE and one.account_id}
    left = cache(lambda: _left(keys.uncaptured()))
    done, waiting = [], dict[str, tuple[str, ...]]()
    for request in _not_yet(records, books, standing):
        kept = kept_for(records, books, rulebook, request["account_id"], now.date())
        why, account_id = kept.why, request["account_id"]
        # for years there is nothing to look for: only when its time is over
        if kept.until is not None and kept.until <= now.date():
            why += open_matters(records, books, rulebook, account_id, keys.tells) + left()
        subjects = () if why else erased_subjects(records, books, keys, account_id, erased)
        # whom the books do not know yet they may know by the next close
        why += tuple(files_not_taken(records, books, subjects, keys.tells))
        if why:
            waiting[request["request_id"]] = why
            continue
        going, plans = planned_subjects(records, keys, request["request_id"], subjects)
        _destroy(records, keys, going, kept)
        certify(records, _certificate(request, kept, going, now), books.day, plans)
        done.append(request["request_id"])
        erased.add(account_id)
    return Erased(done=tuple(done), waiting=waiting)


def _destroy(records: Records, keys: Destroyer, subjects: tuple[str, ...], kept: KeptFor) -> None:
    naming = fetched_files_naming(records, keys.fetched(), subjects)
    for subject in subjects:
        keys.destroy(subject)
    keys.sweep(kept.last, naming)


def _left(drops: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{key} is not captured, and may tell of anybody" for key in drops)


def _certificate(
    request: Mapping[str, Any], kept: KeptFor, subjects: tuple[str, ...], now: datetime
) -> Certificate:
    return Certificate(
        **said_of(request),
        at=now,
        account_id=request["account_id"],
        kept_until=kept.until,
        keys_destroyed=subjects,
    )


def _not_yet(
    records: Records, books: Books, standing: Mapping[str, Certificate]
) -> list[dict[str, Any]]:
    """Return what two people agreed to and no certificate ends, by request."""
    known = requests_as_they_stand(known_record_requests(records, books))
    agreed = known.filter(pl.col("kind") == ERASE, pl.col("status") == APPROVED)
    rows = agreed.sort("request_id").to_dicts()
    return [one for one in rows if one["request_id"] not in standing]
