"""What the embedded AWS counts is what was done, by whom, and survives a stop."""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from infra.local import emulator
from infra.local.bring_up import take_down
from infra.local.clients import PARTNER, Clients
from infra.local.home import Home
from infra.local.usage import MeasuredDay, measured_days
from tests.local.conftest import ignore
from tests.patience import wait_until

pytestmark = pytest.mark.local

DAY = "2026-10-09"
MEMORY_MB = 512
ROLE = "arn:aws:iam::000000000000:role/any"
CODE = """
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

S3 = boto3.client("s3", config=Config(s3={"addressing_style": "path"}))
TABLES = boto3.client("dynamodb")


def key(name):
    return {"pk": {"S": name}}


def item(name, size):
    return {**key(name), "x": {"S": "." * (size - 2 - len(name) - 1)}}


def refused(call, **given):
    try:
        call(**given)
    except ClientError:
        return
    raise AssertionError("it was not refused")


def tables(name):
    put = {"TableName": name, "ConditionExpression": "attribute_not_exists(pk)"}
    TABLES.put_item(Item=item("a", 1024), **put)                               # 1 write unit
    TABLES.put_item(Item=item("b", 1025), **put)                               # 2
    refused(TABLES.put_item, Item=item("b", 10), **put)                        # 2, what stands
    TABLES.put_item(TableName=name, Item=item("b", 3000))                      # 3
    TABLES.put_item(TableName=name, Item=item("b", 100))                       # 3, what stood there
    TABLES.update_item(TableName=name, Key=key("c"), UpdateExpression="SET x = :x",
                       ExpressionAttributeValues={":x": {"S": "." * 2000}})    # 2
    TABLES.delete_item(TableName=name, Key=key("c"))                           # 2
    TABLES.delete_item(TableName=name, Key=key("nothing"))                     # 1
    TABLES.batch_write_item(RequestItems={name: [
        {"PutRequest": {"Item": item("d", 1500)}},
        {"PutRequest": {"Item": item("e", 500)}}]})                            # 2 + 1
    TABLES.transact_write_items(TransactItems=[
        {"Put": {"TableName": name, "Item": item("f", 1500)}}])                # twice 2
    TABLES.get_item(TableName=name, Key=key("a"), ConsistentRead=True)         # 2 half read units
    TABLES.get_item(TableName=name, Key=key("a"))                              # 1
    TABLES.get_item(TableName=name, Key=key("nothing"))                        # 1
    TABLES.batch_get_item(RequestItems={name: {"Keys": [key("a"), key("d")]}})  # 1 + 1
    TABLES.transact_get_items(TransactItems=[{"Get": {"TableName": name, "Key": key("a")}}])  # 4
    TABLES.query(TableName=name, KeyConditionExpression="pk = :p", ConsistentRead=True,
                 ExpressionAttributeValues={":p": {"S": "a"}})                 # 2
    # 1024 + 100 + 1500 + 500 + 1500 bytes are two begun 4 KiB, filtered or not
    TABLES.scan(TableName=name, ConsistentRead=True, FilterExpression="pk = :p",
                ExpressionAttributeValues={":p": {"S": "a"}})                  # 4


def buckets(name):
    S3.put_object(Bucket=name, Key="k", Body=b"." * 1000)                      # dear
    refused(S3.put_object, Bucket=name, Key="k", Body=b".", IfNoneMatch="*")   # dear
    S3.list_objects_v2(Bucket=name)                                            # dear
    upload = S3.create_multipart_upload(Bucket=name, Key="m")["UploadId"]      # dear
    part = S3.upload_part_copy(Bucket=name, Key="m", UploadId=upload, PartNumber=1,
                               CopySource={"Bucket": name, "Key": "k"})        # dear
    parts = [{"PartNumber": 1, "ETag": part["CopyPartResult"]["ETag"]}]
    S3.complete_multipart_upload(Bucket=name, Key="m", UploadId=upload,
                                 MultipartUpload={"Parts": parts})             # dear
    S3.get_object(Bucket=name, Key="k")["Body"].read()                         # cheap
    S3.head_object(Bucket=name, Key="k")                                       # cheap
    refused(S3.get_object, Bucket=name, Key="nothing")                         # cheap
    S3.get_bucket_versioning(Bucket=name)                                      # cheap
    upload = S3.create_multipart_upload(Bucket=name, Key="n")["UploadId"]      # dear
    S3.abort_multipart_upload(Bucket=name, Key="n", UploadId=upload)           # free
    S3.delete_object(Bucket=name, Key="m")                                     # free


def main(event, context):
    if event.get("fails"):
        raise ValueError("as asked")
    if "table" in event:
        tables(event["table"])
    if "bucket" in event:
        buckets(event["bucket"])
    return {}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(tmp_path_factory.mktemp("metered"))
    home.prepare()
    yield home
    take_down(home, wipe=True, tell=ignore)


@pytest.fixture(scope="module")
def counts(home: Home) -> Counter[tuple[str, str, str, str]]:
    """Run a machine once whose every call is known, with a partner and an operator beside it."""
    clients = Clients(emulator.ensure(home, ignore).endpoint)
    _make(clients)
    partner = Clients(clients.endpoint, PARTNER).get("s3")
    partner.put_object(Bucket="metered", Key="dropped", Body=b"." * 70)
    assert partner.get_object(Bucket="metered", Key="dropped")["Body"].read() == b"." * 70
    _run(clients, "metered", {"day": DAY, "items": [1, 2, 3]})
    _run(clients, "close-business-day", {"day": f"{DAY}T23:00:00Z"})
    return _counted(home)


def _make(clients: Clients) -> None:
    clients.get("s3").create_bucket(Bucket="metered")
    clients.get("dynamodb").create_table(
        TableName="metered",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("handler.py", CODE)
    clients.get("lambda").create_function(
        FunctionName="metered",
        Runtime="python3.13",
        Handler="handler.main",
        Role=ROLE,
        Code={"ZipFile": packed.getvalue()},
        Timeout=60,
        MemorySize=MEMORY_MB,
    )
    for name, states in (("metered", _STATES), ("close-business-day", _CLOSE)):
        clients.get("stepfunctions").create_state_machine(
            name=name, definition=json.dumps(states), roleArn=ROLE
        )


_FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:metered"
_STATES: dict[str, Any] = {
    "StartAt": "Begin",
    "States": {
        "Begin": {"Type": "Pass", "Next": "Fail Twice"},
        "Fail Twice": {
            "Type": "Task",
            "Resource": _FUNCTION,
            "Parameters": {"fails": True},
            "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "IntervalSeconds": 1}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Work"}],
            "End": True,
        },
        "Work": {
            "Type": "Task",
            "Resource": _FUNCTION,
            "Parameters": {"table": "metered", "bucket": "metered"},
            "ResultPath": "$.worked",
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemSelector": {"item.$": "$$.Map.Item.Value"},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                "StartAt": "Do",
                "States": {"Do": {"Type": "Task", "Resource": _FUNCTION, "End": True}},
            },
            "Next": "Which",
        },
        "Which": {
            "Type": "Choice",
            "Choices": [{"Variable": "$[0]", "IsPresent": True, "Next": "Done"}],
            "Default": "Done",
        },
        "Done": {"Type": "Succeed"},
    },
}
_CLOSE: dict[str, Any] = {"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}


def _run(clients: Clients, machine: str, given: dict[str, Any]) -> None:
    executions = clients.get("stepfunctions")
    started = executions.start_execution(
        stateMachineArn=f"arn:aws:states:us-east-1:000000000000:stateMachine:{machine}",
        input=json.dumps(given),
    )["executionArn"]
    wait_until(
        f"the end of {machine}",
        lambda: executions.describe_execution(executionArn=started)["status"] != "RUNNING",
    )
    run = executions.describe_execution(executionArn=started)
    assert run["status"] == "SUCCEEDED", run.get("cause")


def _counted(home: Home) -> Counter[tuple[str, str, str, str]]:
    """Return the day's counts; the close's line is written just after its end is seen."""
    never = MeasuredDay()
    wait_until("the count of the close", lambda: measured_days(home).get(DAY, never).is_closed)
    return measured_days(home)[DAY].counts


Counts = Counter[tuple[str, str, str, str]]


def _of(counts: Counts, meter: str, step: str = "metered", caller: str = "platform") -> int:
    return sum(n for (c, _, s, m), n in counts.items() if (c, s, m) == (caller, step, meter))


def test_write_units_go_by_the_larger_of_the_item_before_and_after(counts: Counts) -> None:
    assert _of(counts, "dynamodb_write_units") == 1 + 2 + 2 + 3 + 3 + 2 + 2 + 1 + 3 + 4


def test_read_units_go_by_what_was_looked_at_and_how_consistently(counts: Counts) -> None:
    assert _of(counts, "dynamodb_half_read_units") == 2 + 1 + 1 + 2 + 4 + 2 + 4


def test_items_are_kept_with_what_a_table_adds_to_each(counts: Counts) -> None:
    assert _of(counts, "dynamodb_stored_bytes") == 1024 + 100 + 1500 + 500 + 1500 + 5 * 100


def test_s3_s_requests_are_counted_by_their_price(counts: Counts) -> None:
    assert _of(counts, "s3_write_requests") == 7
    assert _of(counts, "s3_read_requests") == 4
    assert _of(counts, "s3_stored_bytes") == 1000 + 1000


def test_a_key_is_asked_for_once_by_bucket_and_table(counts: Counts) -> None:
    # a window of five minutes may end while the function runs
    assert _of(counts, "kms_requests") in {2, 3}


def test_transitions_are_states_retries_and_children_but_not_what_express_children_do(
    counts: Counts,
) -> None:
    # Begin, two attempts, Work, Each, Which, Done; the close's one state
    assert _of(counts, "states_transitions", step="") == 7 + 1
    assert _of(counts, "states_transitions") == 3
    assert _of(counts, "states_express_requests") == 3
    express = _of(counts, "states_express_mb_ms")
    assert express >= 3 * 64 * 100
    assert express % (64 * 100) == 0


def test_invocations_are_billed_by_the_memory_they_are_configured_with(counts: Counts) -> None:
    assert _of(counts, "lambda_requests") == 2 + 1 + 3
    for meter in ("lambda_mb_ms", "lambda_init_mb_ms"):
        assert _of(counts, meter) > 0
        assert _of(counts, meter) % MEMORY_MB == 0


def test_log_lines_and_traces_are_counted(counts: Counts) -> None:
    assert _of(counts, "traces", step="") == 2
    assert _of(counts, "log_bytes") > 6 * 300
    assert _of(counts, "log_bytes", step="") > 8 * 300


def test_a_partner_the_operator_and_the_platform_are_told_apart(counts: Counts) -> None:
    assert _of(counts, "s3_write_requests", step="drop", caller="partner") == 1
    assert _of(counts, "s3_stored_bytes", step="drop", caller="partner") == 70
    assert _of(counts, "s3_read_requests", step="fetch", caller="partner") == 1
    assert _of(counts, "egress_bytes", step="fetch", caller="partner") == 70
    assert _of(counts, "s3_write_requests", step="", caller="operator") >= 1
    assert _of(counts, "scheduler_invocations", step="") == 2
    assert not [work for _, work, _, _ in counts if work == "untraced"]


def test_what_was_counted_survives_a_stop_and_goes_on_after_it(home: Home, counts: Counts) -> None:
    emulator.stop(home)
    assert measured_days(home)[DAY].counts == counts
    clients = Clients(emulator.ensure(home, ignore).endpoint)
    _run(clients, "close-business-day", {"day": DAY})
    wait_until("another count", lambda: measured_days(home)[DAY].counts != counts)
    assert _of(measured_days(home)[DAY].counts, "states_transitions", step="") == 7 + 2


def test_a_line_cut_short_by_a_kill_is_left_out(home: Home, counts: Counts) -> None:
    before = measured_days(home)[DAY].counts
    with home.usage.open("a") as book:
        book.write('{"caller": "platform", "work": "cut')
    assert measured_days(home)[DAY].counts == before
    assert counts
