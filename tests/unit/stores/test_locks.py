"""Every record is locked as long as the schedule keeps it, and a shorter lock is found."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from backoffice.records.locks import BucketLock, Lock, Stored, lock_findings, own_lock
from backoffice.records.retention import default_schedule, retained_until
from backoffice.stores.archives import Archives
from backoffice.stores.objects import RecordBucket
from tests.infra.test_state import LOCKED_DAYS
from tests.unit.stores.aws import aws, make_bucket

DAY = date(2026, 10, 5)
TODAY = datetime.now(UTC)
BUCKET = BucketLock("COMPLIANCE", LOCKED_DAYS)
CASE = "cases/2026-10-05/CASE-20261005-0123456789/000001.json"
KEYS = [
    pattern.replace("*", str(DAY), 1).replace("*", "a")
    for kept in default_schedule().keys.values()
    for pattern in kept.at
]


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordBucket]:
    """Make a store that is locked as production's is."""
    with aws(monkeypatch):
        client = make_bucket("work")
        place: Any = {"LocationConstraint": "eu-west-1"}
        client.create_bucket(
            Bucket="records", CreateBucketConfiguration=place, ObjectLockEnabledForBucket=True
        )
        rule: Any = {"DefaultRetention": {"Mode": BUCKET.mode, "Days": BUCKET.days}}
        client.put_object_lock_configuration(
            Bucket="records", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
        )
        yield RecordBucket(client, "records", BUCKET.mode)


@pytest.mark.parametrize("key", KEYS)
def test_an_object_of_every_class_is_locked_as_long_as_it_is_kept(
    records: RecordBucket, key: str
) -> None:
    assert records.put_once(key, b"kept")
    stored = records.look(key)
    assert stored.lock is not None
    assert stored.lock.mode == "COMPLIANCE"
    # it may be sealed as late as months after it was put
    assert stored.lock.until.date() >= retained_until(key, TODAY.date() + timedelta(days=360))
    assert list(lock_findings({key: stored}, {key: TODAY.date()}, BUCKET)) == []


def test_an_archive_made_without_columns_is_locked_too(records: RecordBucket) -> None:
    client = records._client  # noqa: SLF001 - one AWS for both
    made = Archives(client, records="records", work="work", lock=BUCKET.mode)
    for place in ("client-documents", "cases/2026-10-05"):
        stored = records.look(made.keep(place, b"kept"))
        assert list(lock_findings({f"{place}/a": stored}, {}, BUCKET)) == []


def test_what_is_put_in_parts_asks_for_its_lock_when_it_begins(records: RecordBucket) -> None:
    # in memory no AWS takes it from there: the embedded one's is tested where it runs
    begun = list[dict[str, Any]]()
    events = records._client.meta.events  # noqa: SLF001 - what is called
    events.register(
        "provide-client-params.s3.CreateMultipartUpload",
        lambda params, **_: begun.append(params),
    )
    for key in (CASE, "intake/2026-10-05/originals/a"):
        records.put_pieces_once(key, iter([b"a" * 9_000_000, b"b"]))
    assert begun[0]["ObjectLockMode"] == "COMPLIANCE"
    assert begun[0]["ObjectLockRetainUntilDate"].date() >= retained_until(CASE, TODAY.date())
    assert "ObjectLockMode" not in begun[1]


def test_who_is_told_of_no_lock_leaves_it_to_the_bucket(records: RecordBucket) -> None:
    untold = RecordBucket(records._client, "records")  # noqa: SLF001 - one AWS for both
    assert untold.put_once(CASE, b"kept")
    stored = records.look(CASE)
    (found,) = lock_findings({CASE: stored}, {CASE: TODAY.date()}, BUCKET)
    assert (found.fault, found.subject) == ("SHORT_LOCK", CASE)
    assert str(retained_until(CASE, TODAY.date())) in found.message


def test_what_is_of_a_day_to_come_is_locked_from_that_day() -> None:
    assert own_lock(CASE, date(2024, 3, 1)) == date(2037, 10, 5)
    assert own_lock("lists/OFAC/1/2027-02-01/a.parquet", date(2026, 1, 1)) == date(2038, 2, 1)
    assert own_lock("lists/OFAC/log/000001.json", date(2028, 2, 29)) == date(2039, 3, 1)
    assert own_lock("accounting/2026-10-05/a.parquet", DAY) is None


@pytest.mark.parametrize(
    ("lock", "message"),
    [
        (None, "not locked"),
        (Lock("COMPLIANCE", datetime(2032, 10, 4, tzinfo=UTC)), "kept until 2032-10-05"),
        (Lock("GOVERNANCE", datetime(2040, 1, 1, tzinfo=UTC)), "locked by GOVERNANCE"),
    ],
)
def test_a_lock_that_is_weaker_than_asked_is_named(lock: Lock | None, message: str) -> None:
    key = "seals/2026-10-05.json"
    stored = {key: Stored("", datetime(2026, 10, 5, 20, tzinfo=UTC), lock)}
    (found,) = lock_findings(stored, {key: DAY}, BUCKET)
    assert message in found.message


def test_a_stage_to_try_things_on_is_asked_for_what_it_locks_by_itself() -> None:
    put, key = datetime(2026, 10, 5, 20, tzinfo=UTC), "seals/2026-10-05.json"
    for days, faults in ((1, 0), (-3, 1)):
        lock = Lock("GOVERNANCE", put + timedelta(days=days))
        found = lock_findings({key: Stored("", put, lock)}, {key: DAY}, BucketLock("GOVERNANCE", 1))
        assert len(list(found)) == faults


def test_what_is_of_no_class_is_found_by_others() -> None:
    lock = Lock("COMPLIANCE", TODAY)
    assert list(lock_findings({"minutes/a": Stored("", TODAY, lock)}, {}, BUCKET)) == []
