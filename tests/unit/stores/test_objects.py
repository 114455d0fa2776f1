"""Buckets: what is written once stays, what is read is what was written."""

from collections.abc import Iterator
from datetime import date

import polars as pl
import pytest
from botocore.exceptions import ClientError
from polars.testing import assert_frame_equal

from backoffice.intake.drops import GoneDropError
from backoffice.stores.buckets import Bucket
from backoffice.stores.drops import DropBucket
from backoffice.stores.objects import OutboxBucket, RecordBucket, WorkBucket
from backoffice.stores.parquet import from_parquet, to_parquet
from tests.unit.stores.aws import aws, make_bucket

DAY = date(2026, 4, 7)
LARGEST = 10**38 - 1
FRAME = pl.DataFrame(
    {"account_id": ["A1", "A2", None], "amount": [LARGEST, -LARGEST, None]},
    schema={"account_id": pl.String, "amount": pl.Int128},
)


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with aws(monkeypatch):
        yield


def test_parquet_gives_back_the_widest_integers_as_they_were() -> None:
    assert_frame_equal(from_parquet(to_parquet(FRAME)), FRAME)


def test_parquet_holds_wide_integers_as_decimals_other_readers_know() -> None:
    assert pl.read_parquet(to_parquet(FRAME)).schema["amount"] == pl.Decimal(38, 0)


def test_some_columns_are_read_alone() -> None:
    assert from_parquet(to_parquet(FRAME), ["amount"]).columns == ["amount"]


def test_a_second_write_once_is_refused_and_changes_nothing() -> None:
    bucket = RecordBucket(make_bucket("records"), "records")
    assert bucket.put_once("a/b", b"first")
    assert not bucket.put_once("a/b", b"second")
    assert bucket.read_bytes("a/b") == b"first"


def test_a_plain_write_replaces_what_stands_there() -> None:
    bucket = WorkBucket(make_bucket("work"), "work")
    bucket.put("a", b"first")
    bucket.put("a", b"second")
    assert bucket.read_bytes("a") == b"second"


def test_the_record_store_has_no_write_that_replaces() -> None:
    assert not hasattr(RecordBucket, "put")


def test_reading_what_is_not_there_is_a_key_error_and_finding_it_is_none() -> None:
    bucket = Bucket(make_bucket("records"), "records")
    assert bucket.find_bytes("absent") is None
    with pytest.raises(KeyError, match="absent"):
        bucket.read_bytes("absent")


def test_a_bucket_that_is_not_there_is_no_absent_object() -> None:
    bucket = RecordBucket(make_bucket("records"), "elsewhere")
    with pytest.raises(Exception, match="NoSuchBucket"):
        bucket.find_bytes("key")
    with pytest.raises(Exception, match="NoSuchBucket"):
        bucket.put_once("key", b"")


def test_keys_are_listed_sorted_and_beyond_one_page() -> None:
    client = make_bucket("work")
    bucket = WorkBucket(client, "work")
    for number in reversed(range(1_001)):
        bucket.put(f"p/{number:04d}", b"")
    bucket.put("q/other", b"")
    assert bucket.keys("p/") == [f"p/{number:04d}" for number in range(1_001)]
    assert bucket.keys("nothing/") == []


def test_the_same_content_is_kept_once_under_its_hash() -> None:
    records = RecordBucket(make_bucket("records"), "records")
    first, second = records.keep("clearance", DAY, FRAME), records.keep("clearance", DAY, FRAME)
    assert first == second
    assert first.key == f"clearance/{DAY}/{first.sha256}.parquet"
    assert first.rows == FRAME.height
    assert records.keys("") == [first.key]
    assert_frame_equal(records.read(first), FRAME)


def test_bytes_are_kept_under_their_hash() -> None:
    records = RecordBucket(make_bucket("records"), "records")
    key = records.keep_bytes("reports", DAY, b"{}", ".json")
    assert key == records.keep_bytes("reports", DAY, b"{}", ".json")
    assert key.startswith(f"reports/{DAY}/")
    assert key.endswith(".json")
    assert records.read_bytes(key) == b"{}"


def test_parts_are_read_as_one_frame_in_the_order_given() -> None:
    work = WorkBucket(make_bucket("work"), "work")
    parts = [work.stage(f"p/{n}", pl.DataFrame({"n": [n, n]})) for n in (3, 1, 2)]
    read = work.read_all(parts)
    assert read is not None
    assert read["n"].to_list() == [3, 3, 1, 1, 2, 2]
    assert work.read_all([]) is None


def test_rows_that_hold_are_read_of_many_parts_and_come_as_they_were_written() -> None:
    work = WorkBucket(make_bucket("work"), "work")
    frames = [
        pl.DataFrame({"book": ["A", "B"], "amount": pl.Series([n, -n], dtype=pl.Int128)})
        for n in (3, 10**30, 2)
    ]
    parts = [work.stage(f"p/{n}", frame) for n, frame in enumerate(frames)]
    read = work.read_where(parts, pl.col("book") == "A")
    whole = work.read_all(parts)
    assert read is not None
    assert whole is not None
    assert read.equals(whole.filter(pl.col("book") == "A"))
    assert read.schema == whole.schema
    none = work.read_where(parts, pl.col("book") == "C")
    assert none is not None
    assert none.schema == whole.schema
    assert work.read_where([], pl.lit(value=True)) is None


def test_slices_of_one_object_are_read_by_their_bounds() -> None:
    bucket = WorkBucket(make_bucket("work"), "work")
    frames = [FRAME, FRAME.clear(), FRAME.head(1), FRAME.tail(2)]
    ends = bucket.stage_slices("a", frames)
    assert ends[0] == ends[1]
    asked = [(0, *ends), ends[:2], ends[1:]]
    everything, nothing, last = bucket.read_slices([("a", bounds) for bounds in asked])
    assert nothing == []
    for found, wanted in zip(everything, [FRAME, FRAME.head(1), FRAME.tail(2)], strict=True):
        assert_frame_equal(found, wanted)
    assert [found.height for found in last] == [1, 2]


def test_a_staged_document_is_read_as_bytes() -> None:
    work = WorkBucket(make_bucket("work"), "work")
    work.stage_json("days/plan.json", b"[]")
    assert work.read_bytes("days/plan.json") == b"[]"


def test_the_outbox_stands_by_partner_day_and_name() -> None:
    outbox = OutboxBucket(make_bucket("outbox"), "outbox")
    key = outbox.post("acme", DAY, "report.json", b"{}")
    assert key == f"outbox/acme/{DAY}/report.json"
    assert outbox.read_bytes(key) == b"{}"


def test_a_drop_is_streamed_in_chunks_that_make_up_the_object() -> None:
    client = make_bucket("drops")
    drops = DropBucket(client, "drops")
    body = bytes(range(256)) * 10_000
    client.put_object(Bucket="drops", Key="d", Body=body)
    chunks = list(drops.stream("d", None))
    assert len(chunks) > 1
    assert b"".join(chunks) == body


def test_a_drop_is_read_by_the_version_that_was_pinned() -> None:
    client = make_bucket("drops", versioned=True)
    drops = DropBucket(client, "drops")
    first = client.put_object(Bucket="drops", Key="d", Body=b"first")["VersionId"]
    client.put_object(Bucket="drops", Key="d", Body=b"later")
    assert b"".join(drops.stream("d", first)) == b"first"
    assert drops.read_range("d", first, 1, 3) == b"ir"
    assert drops.read_range("d", None, 0, 5) == b"later"


def test_an_empty_range_is_no_bytes() -> None:
    drops = DropBucket(make_bucket("drops"), "drops")
    assert drops.read_range("not even there", None, 4, 4) == b""


def test_an_original_is_copied_as_its_pinned_version() -> None:
    client = make_bucket("drops", versioned=True)
    drops = DropBucket(client, "drops")
    records = RecordBucket(make_bucket("records"), "records")
    first = client.put_object(Bucket="drops", Key="d", Body=b"first")["VersionId"]
    client.put_object(Bucket="drops", Key="d", Body=b"later")
    records.copy_once(drops, "d", first, "intake/originals/1")
    assert records.read_bytes("intake/originals/1") == b"first"


def test_an_original_is_copied_once_and_an_empty_one_too() -> None:
    client = make_bucket("drops", versioned=True)
    drops = DropBucket(client, "drops")
    records = RecordBucket(make_bucket("records"), "records")
    for body, key in ((b"as it came", "intake/originals/2"), (b"", "intake/originals/3")):
        client.put_object(Bucket="drops", Key="d", Body=body)
        records.copy_once(drops, "d", None, key)
        client.put_object(Bucket="drops", Key="d", Body=b"something else")
        records.copy_once(drops, "d", None, key)
        assert records.read_bytes(key) == body


def test_an_empty_object_has_a_start_of_no_bytes_and_what_is_past_an_end_fails() -> None:
    bucket = RecordBucket(make_bucket("records"), "records")
    bucket.put_once("empty", b"")
    bucket.put_once("full", b"0123456789")
    assert bucket.read_starts(["empty", "full", "empty"], 4) == [b"", b"0123", b""]
    with pytest.raises(ClientError):
        bucket.read_range("full", None, 10, 12)


@pytest.mark.parametrize("pieces", [[], [b"a", b"b"], [b"a" * 5_000_000] * 4, [b"c" * 8 * 2**20]])
def test_pieces_of_any_size_are_one_object_written_once(pieces: list[bytes]) -> None:
    client = make_bucket("records")
    records = RecordBucket(client, "records")
    for again in (pieces, [b"something else"], [b"x" * 9_000_000] * 2):
        records.put_pieces_once("o", iter(again))
        assert records.read_bytes("o") == b"".join(pieces)
    assert client.list_multipart_uploads(Bucket="records").get("Uploads", []) == []


def test_a_version_that_was_committed_is_deleted_alone_and_then_gone() -> None:
    client = make_bucket("drops", versioned=True)
    drops, records = DropBucket(client, "drops"), RecordBucket(make_bucket("records"), "records")
    first = client.put_object(Bucket="drops", Key="d", Body=b"first")["VersionId"]
    later = client.put_object(Bucket="drops", Key="d", Body=b"later")["VersionId"]
    assert set(drops.listed("")) == {("d", first), ("d", later)}
    for _ in range(2):
        drops.delete_version("d", first)
        assert list(drops.listed("")) == [("d", later)]
    assert drops.newest_version("d") == later
    drops.delete_version("d", later)
    for ask in (
        lambda: drops.newest_version("d"),
        lambda: list(drops.stream("d", first)),
        lambda: drops.read_range("d", later, 0, 1),
        lambda: records.copy_once(drops, "d", later, "o"),
    ):
        with pytest.raises(GoneDropError):
            ask()
