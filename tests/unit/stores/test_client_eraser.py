"""Who destroys clients' keys, on buckets: rings, originals, the outbox, and what was dropped."""

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import boto3
import polars as pl
import pytest

from backoffice.formats.opened_originals import opened_original
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.formats.sealed_originals import SealedOriginals
from backoffice.intake.documents import FileEntry
from backoffice.intake.drops import drop_of
from backoffice.kernel.client_keys import file_subject
from backoffice.stores.client_eraser import ClientEraser
from backoffice.stores.drops import DropBucket
from backoffice.stores.key_rings import KeyRings
from backoffice.stores.objects import RecordBucket
from backoffice.stores.ring_bucket import RingBucket
from tests.unit.stores.aws import REGION, aws, make_bucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

HEADER = ("account_id", "name", "kind")
ROWS = "account_id,name,kind\nC-1,Þóra,CLIENT\nC-2,Ada,CLIENT\n,ÞÓRA,x\nC-9,Thora,x\n".encode()
SHA = hashlib.sha256(ROWS).hexdigest()
PLACE = f"intake/2026-10-07/originals/{SHA}"
OUTBOX = (
    "outbox/regulator/2026-10-07/RTS22-1.xml",
    "outbox/regulator/2026-10-09/RTS22-2.xml",
    "outbox/regulator/2026-10-09/RTS22-3.xml",
    "outbox/operations/export.csv",
    "outbox/bank/no-day/x.csv",
    "outbox/nobody",
)


class Store:
    """The buckets, and who erases."""

    def __init__(self) -> None:
        self.s3: S3Client = make_bucket("keys", versioned=True)
        for name in ("records", "drops", "outbox"):
            make_bucket(name, versioned=name == "drops")
        kms = boto3.client("kms", region_name=REGION)
        key = kms.create_key()["KeyMetadata"]["Arn"]
        self.keys = KeyRings(RingBucket(self.s3, "keys"), kms, key)
        self.records = RecordBucket(self.s3, "records")
        drops = DropBucket(self.s3, "drops")
        self.eraser = ClientEraser(self.keys, self.records, drops, self.s3, "outbox")
        self.keep()
        for place in OUTBOX:
            self.s3.put_object(Bucket="outbox", Key=place, Body=b"x")

    def keep(self) -> None:
        """Keep the file as it is sealed now."""
        pieces = SealedOriginals(self.keys).rows(iter([ROWS]), SHA, HEADER, "account_id")
        self.s3.put_object(Bucket="records", Key=PLACE, Body=b"".join(pieces))

    def commit(self, drop: str) -> None:
        """Write the entry that says of a drop of these rows that it is captured."""
        said = FileEntry(
            drop=drop_of(drop, "first"), sha256=SHA, size=len(ROWS), rows=4, captured=4,
            rejected=0, sum_quantity="0", header=HEADER, unknown_columns=(), cuts=(), parts=(),
            identities=(), rejects=(), original=PLACE, refusal=None,
        )  # fmt: skip
        self.s3.put_object(Bucket="records", Key=said.key, Body=said.model_dump_json().encode())

    def original(self) -> bytes:
        return opened_original(self.records.read_bytes(PLACE), self.keys, SHA)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    with aws(monkeypatch):
        yield Store()


def test_who_is_erased_is_in_no_row_and_comes_back_in_none(store: Store) -> None:
    names = SealedColumns(store.keys).sealed(
        "accounts:name", pl.Series(["C-1"]), pl.Series(["Þóra"])
    )
    told = [(name,) for name in store.eraser.opened(names)]
    found = store.eraser.strays_naming("C-1", told, {"C-1", "C-2"})
    assert found == ("C-9", file_subject(SHA))
    assert store.eraser.strays_naming("C-3", [("Ada",)], {"C-1", "C-2"}) == ()
    assert store.eraser.tells(PLACE, "C-1")
    assert not store.eraser.tells(PLACE, "C-3")
    for subject in (*found, "C-1"):
        assert store.eraser.destroy(subject)
    gone = b"[erased]\n"
    assert store.original() == b"account_id,name,kind\n" + gone + b"C-2,Ada,CLIENT\n" + gone * 2
    assert list(store.eraser.opened(names)) == [None]
    before = store.original()
    store.keep()
    assert store.original() == before
    # the one who ended what another began finds nothing left to do
    assert not any(store.eraser.destroy(subject) for subject in (*found, "C-1"))


def test_of_files_that_are_not_sealed_no_more_than_the_start_is_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at, body in enumerate((b"", b"T-1", ROWS)):
        plain = f"intake/2026-10-07/originals/{at:064}"
        store.s3.put_object(Bucket="records", Key=plain, Body=body)
    read, whole = list[str](), RecordBucket.read_bytes

    def noted(bucket: RecordBucket, key: str) -> bytes:
        read.append(key)
        return whole(bucket, key)

    monkeypatch.setattr(RecordBucket, "read_bytes", noted)
    assert store.eraser.strays_naming("C-1", [("Thora",)], {"C-1", "C-2"}) == (
        "C-9",
        file_subject(SHA),
    )
    assert read == [PLACE]


def test_what_was_dropped_and_never_captured_is_named(store: Store) -> None:
    assert store.eraser.uncaptured() == ()
    left = ("drops/local/2026-10-07/accounts.csv", "drops/local/no-day/accounts.csv")
    for place in left:
        store.s3.put_object(Bucket="drops", Key=place, Body=ROWS)
    assert store.eraser.uncaptured() == left
    store.commit(left[0])
    assert store.eraser.uncaptured() == left[1:]


def test_a_second_version_that_was_never_captured_is_named_and_a_repeat_is_not(
    store: Store,
) -> None:
    place = "drops/local/2026-10-07/trades.csv"
    for body in (ROWS, ROWS):
        store.s3.put_object(Bucket="drops", Key=place, Body=body)
    store.commit(place)
    assert store.eraser.uncaptured() == ()
    store.s3.put_object(Bucket="drops", Key=place, Body=ROWS + b"C-7,Other,CLIENT")
    store.s3.put_object(Bucket="drops", Key=place, Body=ROWS)
    assert store.eraser.uncaptured() == (place,)


def test_the_outbox_is_swept_of_days_of_named_files_and_of_answers(store: Store) -> None:
    assert set(store.eraser.fetched()) == set(OUTBOX)
    assert store.eraser.sweep(date(2026, 10, 8), [OUTBOX[1]]) == 3
    assert set(store.eraser.fetched()) == {OUTBOX[2], *OUTBOX[4:]}
    assert store.eraser.sweep(None, []) == 0
