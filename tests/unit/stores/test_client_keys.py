"""Clients' keys: one each, opened for its own client alone, and gone when it is destroyed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from backoffice.stores.buckets import WriteOnceBucket
from backoffice.stores.client_keys import ClientKeyStore, LostKeyError
from tests.unit.stores.aws import REGION, aws, make_bucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Keys:
    """A bucket of keys and the firm's key, on moto."""

    def __init__(self) -> None:
        self.s3: S3Client = make_bucket("keys", versioned=True)
        self.kms: Any = boto3.client("kms", region_name=REGION)
        self.key = self.kms.create_key()["KeyMetadata"]["Arn"]
        self.store = self.of(WriteOnceBucket(self.s3, "keys"))

    def of(self, bucket: WriteOnceBucket) -> ClientKeyStore:
        return ClientKeyStore(bucket, self.kms, self.key)

    def places(self) -> list[str]:
        return [v["Key"] for v in self.s3.list_object_versions(Bucket="keys").get("Versions", [])]


class BothFirst(WriteOnceBucket):
    """Lets nobody write before everybody has seen that nothing stands there."""

    def __init__(self, s3: "S3Client", name: str, barrier: Barrier) -> None:
        super().__init__(s3, name)
        self._barrier = barrier

    def put_once(self, key: str, body: bytes) -> bool:
        self._barrier.wait(timeout=10)
        return super().put_once(key, body)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keys]:
    with aws(monkeypatch):
        yield Keys()


def test_a_key_is_made_once_and_found_again(keys: Keys) -> None:
    assert keys.store.find("C-1") is None
    made = keys.store.find_or_make("C-1")
    assert len(made.secret) == 32
    assert keys.store.find("C-1") == keys.store.find_or_make("C-1") == made
    assert keys.store.find_or_make("C-2").secret != made.secret
    assert keys.places() == ["clients/of-C-1", "clients/of-C-2"]


def test_what_is_kept_is_wrapped(keys: Keys) -> None:
    made = keys.store.find_or_make("C-1")
    kept = keys.s3.get_object(Bucket="keys", Key="clients/of-C-1")["Body"].read()
    assert made.secret not in kept


def test_of_two_first_documents_at_once_one_key_is_left_for_both(keys: Keys) -> None:
    both = keys.of(BothFirst(keys.s3, "keys", Barrier(2)))
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(both.find_or_make, ["C-1", "C-1"])
    assert one == other == keys.store.find("C-1")
    assert keys.places() == ["clients/of-C-1"]


def test_a_key_opens_for_no_other_client(keys: Keys) -> None:
    keys.store.find_or_make("C-1")
    wrapped = keys.s3.get_object(Bucket="keys", Key="clients/of-C-1")["Body"].read()
    for spoilt in (wrapped, wrapped[:-1] + bytes([wrapped[-1] ^ 1])):
        keys.s3.put_object(Bucket="keys", Key="clients/of-C-2", Body=spoilt)
        with pytest.raises(LostKeyError, match="C-2"):
            keys.store.find("C-2")


def test_a_destroyed_key_is_gone_and_the_next_is_another(keys: Keys) -> None:
    made = keys.store.find_or_make("C-1")
    (version,) = keys.s3.list_object_versions(Bucket="keys")["Versions"]
    keys.s3.delete_object(Bucket="keys", Key=version["Key"], VersionId=version["VersionId"])
    assert keys.store.find("C-1") is None
    again = keys.store.find_or_make("C-1")
    assert again.key_id != made.key_id
    assert again.secret != made.secret
