"""KMS signs a seal, and what it signed holds without it."""

from collections.abc import Iterator
from datetime import date

import boto3
import pytest

from backoffice.records.check_signatures import holds
from backoffice.records.merkle import seal
from backoffice.records.signatures import Signature, sign_seal
from backoffice.records.versions import Version
from backoffice.stores.objects import RecordBucket
from backoffice.stores.seal_signer import SealSigner
from tests.simulation.memory import RecordMemory
from tests.unit.stores.aws import aws, make_bucket

DAY = date(2026, 10, 7)


@pytest.fixture(autouse=True)
def _in_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with aws(monkeypatch):
        yield


def test_what_the_key_signs_holds_by_its_public_key() -> None:
    client = boto3.client("kms")
    made = client.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    signer, records = SealSigner(client, made["KeyMetadata"]["Arn"]), RecordMemory("records")
    sign_seal(records, signer, seal(DAY, [("a", "0" * 64)], None), DAY)
    (body,) = records.objects.values()
    found = Signature.from_json(body)
    assert holds(found)
    assert found.key_id == made["KeyMetadata"]["Arn"]
    sign_seal(records, signer, seal(DAY, [("a", "0" * 64)], None), DAY)
    assert list(records.objects.values()) == [body], "whoever signs first has signed"


def test_versions_and_delete_markers_are_listed() -> None:
    client = make_bucket("records", versioned=True)
    records = RecordBucket(client, "records")
    records.put_once("a", b"1")
    client.put_object(Bucket="records", Key="a", Body=b"2")
    client.put_object(Bucket="records", Key="b", Body=b"3")
    client.delete_object(Bucket="records", Key="b")
    found = records.versions("")
    assert [(one.key, one.is_marker) for one in sorted(found, key=lambda one: one[::2])] == [
        ("a", False),
        ("a", False),
        ("b", False),
        ("b", True),
    ]
    assert all(isinstance(one, Version) and one.version for one in found)
