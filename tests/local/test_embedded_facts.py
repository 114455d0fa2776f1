"""What we rely on the embedded AWS for, a test a fact: an upgrade that breaks one is seen here."""

import io
import json
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from backoffice.stores.uploads import upload_once
from infra.local.clients import Clients
from tests.patience import PATIENCE_S, wait_until

pytestmark = pytest.mark.local

_ROLE = "arn:aws:iam::000000000000:role/any"


@pytest.fixture
def bucket(bare: Clients) -> str:
    name = f"facts-{uuid4().hex[:12]}"
    bare.get("s3").create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    return name


@pytest.fixture
def function(bare: Clients) -> Iterator[str]:
    name = f"facts-{uuid4().hex[:12]}"
    code = """
import os, time
def main(event, context):
    if event.get("fails"):
        raise ValueError("as asked")
    time.sleep(event.get("seconds", 0))
    return {"pid": os.getpid(), "item": event.get("item")}
"""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("handler.py", code)
    bare.get("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="handler.main",
        Role=_ROLE,
        Code={"ZipFile": packed.getvalue()},
        Timeout=30,
    )
    yield name
    bare.get("lambda").delete_function(FunctionName=name)


def _run(bare: Clients, states: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    executions = bare.get("stepfunctions")
    machine = executions.create_state_machine(
        name=f"facts-{uuid4().hex[:12]}", definition=json.dumps(states), roleArn=_ROLE
    )["stateMachineArn"]
    started = executions.start_execution(stateMachineArn=machine, input=json.dumps(given))
    ended: dict[str, Any] = {}

    def ends() -> bool:
        ended.update(executions.describe_execution(executionArn=started["executionArn"]))
        return bool(ended["status"] != "RUNNING")

    wait_until("the end of the execution", ends)
    return ended


def _task(function: str, **more: object) -> dict[str, Any]:
    arn = f"arn:aws:lambda:us-east-1:000000000000:function:{function}"
    return {"Type": "Task", "Resource": arn, "End": True, **more}


def test_a_second_put_of_a_key_that_must_not_exist_is_refused(bare: Clients, bucket: str) -> None:
    s3 = bare.get("s3")
    s3.put_object(Bucket=bucket, Key="a", Body=b"first", IfNoneMatch="*")
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket=bucket, Key="a", Body=b"second", IfNoneMatch="*")
    assert refused.value.response["Error"]["Code"] == "PreconditionFailed"
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"first"


def test_of_many_writers_of_one_key_one_wins(bare: Clients, bucket: str) -> None:
    def put(number: int) -> bool:
        try:
            bare.get("s3").put_object(
                Bucket=bucket, Key="one", Body=str(number).encode(), IfNoneMatch="*"
            )
        except ClientError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(put, range(24))) == 1


def test_a_data_key_opens_in_its_own_context_alone(bare: Clients) -> None:
    kms = bare.get("kms")
    key, context = kms.create_key()["KeyMetadata"]["Arn"], {"account": "C-1"}
    made = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=context)
    wrapped = made["CiphertextBlob"]
    opened = kms.decrypt(CiphertextBlob=wrapped, EncryptionContext=context)
    assert (opened["Plaintext"], len(opened["Plaintext"])) == (made["Plaintext"], 32)
    assert made["Plaintext"] not in wrapped
    for other in ({"account": "C-2"}, {}):
        with pytest.raises(ClientError) as refused:
            kms.decrypt(CiphertextBlob=wrapped, EncryptionContext=other)
        assert refused.value.response["Error"]["Code"] == "InvalidCiphertextException"


def test_a_version_that_is_deleted_makes_room_for_one_that_must_not_exist(
    bare: Clients,
) -> None:
    s3, name = bare.get("s3"), f"facts-{uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=name, Key="key", Body=b"1", IfNoneMatch="*")["VersionId"]
    s3.delete_object(Bucket=name, Key="key", VersionId=first)
    s3.put_object(Bucket=name, Key="key", Body=b"2", IfNoneMatch="*")
    (left,) = s3.list_object_versions(Bucket=name)["Versions"]
    assert s3.get_object(Bucket=name, Key="key", VersionId=left["VersionId"])["Body"].read() == b"2"


def test_a_locked_version_cannot_be_deleted(bare: Clients, bucket: str) -> None:
    s3 = bare.get("s3")
    s3.put_object_lock_configuration(
        Bucket=bucket,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}},
        },
    )
    version = s3.put_object(Bucket=bucket, Key="kept", Body=b"kept")["VersionId"]
    with pytest.raises(ClientError) as refused:
        s3.delete_object(Bucket=bucket, Key="kept", VersionId=version)
    assert refused.value.response["Error"]["Code"] == "AccessDenied"


def test_what_is_uploaded_in_parts_is_locked_as_what_is_put_whole(
    bare: Clients, bucket: str
) -> None:
    s3, place = bare.get("s3"), {"Bucket": bucket, "Key": "parts"}
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}
    s3.put_object_lock_configuration(
        Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    upload = s3.create_multipart_upload(**place)["UploadId"]
    part = s3.upload_part(**place, UploadId=upload, PartNumber=1, Body=b"kept")
    version = s3.complete_multipart_upload(
        **place,
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
        IfNoneMatch="*",
    )["VersionId"]
    assert s3.get_object_retention(**place)["Retention"]["Mode"] == "COMPLIANCE"
    with pytest.raises(ClientError) as refused:
        s3.delete_object(**place, VersionId=version)
    assert refused.value.response["Error"]["Code"] == "AccessDenied"


def test_an_object_may_be_locked_for_longer_than_its_bucket_locks_in_parts_too(
    bare: Clients, bucket: str
) -> None:
    s3, until = bare.get("s3"), datetime(2099, 1, 2, tzinfo=UTC)
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}
    s3.put_object_lock_configuration(
        Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    lock: Any = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
    s3.put_object(Bucket=bucket, Key="whole", Body=b"kept", IfNoneMatch="*", **lock)
    with upload_once(s3, bucket, "parts", lock) as upload:
        upload.add(b"kept")
    for key in ("whole", "parts"):
        found = s3.get_object(Bucket=bucket, Key=key)
        assert (found["ObjectLockMode"], found["ObjectLockRetainUntilDate"]) == tuple(lock.values())


def test_a_byte_range_of_a_version_is_read_as_it_was(bare: Clients, bucket: str) -> None:
    s3 = bare.get("s3")
    first = s3.put_object(Bucket=bucket, Key="v", Body=b"0123456789")["VersionId"]
    s3.put_object(Bucket=bucket, Key="v", Body=b"abcdefghij")
    part = s3.get_object(Bucket=bucket, Key="v", VersionId=first, Range="bytes=2-4")
    assert part["Body"].read() == b"234"


def test_a_conditional_put_of_an_item_has_one_winner(bare: Clients) -> None:
    dynamodb = bare.get("dynamodb")
    table = f"facts-{uuid4().hex[:12]}"
    dynamodb.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )

    def put(number: int) -> bool:
        try:
            dynamodb.put_item(
                TableName=table,
                Item={"pk": {"S": "one"}, "by": {"N": str(number)}},
                ConditionExpression="attribute_not_exists(pk)",
            )
        except dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(put, range(24))) == 1


def test_a_choice_reads_what_a_function_returned(bare: Clients, function: str) -> None:
    states = {
        "StartAt": "Ask",
        "States": {
            "Ask": {**_task(function, ResultPath="$.answer"), "Next": "Which"} | {"End": None},
            "Which": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.answer.item", "StringEquals": "x", "Next": "Yes"}],
                "Default": "No",
            },
            "Yes": {"Type": "Succeed"},
            "No": {"Type": "Fail"},
        },
    }
    del states["States"]["Ask"]["End"]  # type: ignore[index]
    assert _run(bare, states, {"item": "x"})["status"] == "SUCCEEDED"


def test_every_failure_of_a_function_is_caught_by_states_all(bare: Clients, function: str) -> None:
    states = {
        "StartAt": "Ask",
        "States": {
            "Ask": _task(
                function,
                Catch=[{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Told"}],
            ),
            "Told": {"Type": "Pass", "OutputPath": "$.error", "End": True},
        },
    }
    run = _run(bare, states, {"fails": True})
    assert run["status"] == "SUCCEEDED"
    assert "as asked" in run["output"]


def test_a_distributed_map_runs_its_children_and_keeps_their_order(
    bare: Clients, function: str
) -> None:
    states = {
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "ItemsPath": "$.items",
                "ItemSelector": {"item.$": "$$.Map.Item.Value"},
                "MaxConcurrency": 2,
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                    "StartAt": "Do",
                    "States": {"Do": _task(function)},
                },
                "End": True,
            }
        },
    }
    run = _run(bare, states, {"items": [5, 3, 1]})
    assert [found["item"] for found in json.loads(run["output"])] == [5, 3, 1]


def test_an_empty_distributed_map_gives_an_empty_list(bare: Clients, function: str) -> None:
    states = {
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "ItemsPath": "$.items",
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                    "StartAt": "Do",
                    "States": {"Do": _task(function)},
                },
                "ResultPath": "$.done",
                "End": True,
            }
        },
    }
    assert json.loads(_run(bare, states, {"items": []})["output"])["done"] == []


def test_a_function_is_given_no_more_processes_than_the_machine_can_run(
    bare: Clients, function: str
) -> None:
    def invoke(_number: int) -> int:
        reply = bare.get("lambda").invoke(
            FunctionName=function, Payload=json.dumps({"seconds": 0.1})
        )
        return int(json.loads(reply["Payload"].read())["pid"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(invoke, range(12)))) <= 2


def test_the_date_is_taken_from_a_time_as_from_a_date(bare: Clients) -> None:
    states = {
        "StartAt": "Day",
        "States": {
            "Day": {
                "Type": "Pass",
                "Parameters": {"day.$": "States.ArrayGetItem(States.StringSplit($.day, 'T'), 0)"},
                "End": True,
            }
        },
    }
    for given in ("2026-11-24", "2026-11-24T22:00:00Z"):
        assert json.loads(_run(bare, states, {"day": given})["output"]) == {"day": "2026-11-24"}


def test_a_failure_is_retried_by_the_retrier_that_names_it_not_by_that_of_throttles(
    bare: Clients, function: str
) -> None:
    slow = {"IntervalSeconds": 2 * PATIENCE_S, "MaxAttempts": 5, "BackoffRate": 2.0}
    quick = {"IntervalSeconds": 1, "MaxAttempts": 1, "BackoffRate": 1.0}
    retriers = [
        {"ErrorEquals": ["Lambda.TooManyRequestsException", "Lambda.ServiceException"], **slow},
        {"ErrorEquals": ["States.ALL"], **quick},
    ]
    states = {"StartAt": "Ask", "States": {"Ask": _task(function, Retry=retriers)}}
    assert _run(bare, states, {"fails": True})["status"] == "FAILED"
