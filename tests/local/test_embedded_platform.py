"""The deployed platform: what its template says stands, also what the emulator drops."""

from contextlib import closing

import pytest

from infra.local.bring_up import Standing
from infra.local.clients import Clients
from samples.app import App, Credentials
from tests.patience import wait_until

pytestmark = pytest.mark.local


def _url(standing: Standing) -> str:
    place = f"{standing.outputs['ApiId']}/{standing.outputs['ApiStage']}"
    return f"{standing.running.endpoint}/_aws/execute-api/{place}"


def _call(standing: Standing, method: str, path: str, token: str | None = None) -> int:
    with closing(App(_url(standing), token)) as app:
        return app.send(path, {} if method == "POST" else None)[0]


def _token(standing: Standing, deployed: Clients, app: str, scope: str) -> str:
    credentials = Credentials.of_app(deployed.get("cognito-idp"), standing.outputs, app)
    return credentials.token(standing.running.endpoint, f"backoffice/{scope}")


def test_the_record_store_locks_what_is_put(standing: Standing, deployed: Clients) -> None:
    bucket = standing.outputs["RecordsBucket"]
    lock = deployed.get("s3").get_object_lock_configuration(Bucket=bucket)
    rule = lock["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert rule == {"Mode": "GOVERNANCE", "Days": 1}
    assert deployed.get("s3").get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


def test_api_trades_expire_and_every_table_can_be_restored(
    standing: Standing, deployed: Clients
) -> None:
    dynamodb = deployed.get("dynamodb")
    expiry = dynamodb.describe_time_to_live(TableName=standing.outputs["IntakeTable"])
    assert expiry["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"
    for name in (value for key, value in standing.outputs.items() if key.endswith("Table")):
        backups = dynamodb.describe_continuous_backups(TableName=name)
        recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        assert recovery["PointInTimeRecoveryStatus"] == "ENABLED", name


def test_a_dropped_file_starts_its_capture(standing: Standing, deployed: Clients) -> None:
    body = b"isin,symbol,name,venue,currency,asset_class\n"
    deployed.get("s3").put_object(
        Bucket=standing.outputs["DropsBucket"],
        Key="drops/somebody/2026-03-02/instruments.csv",
        Body=body,
    )
    executions = deployed.get("stepfunctions")
    machine = standing.outputs["CaptureFileMachine"]
    wait_until(
        "an execution that was started",
        lambda: executions.list_executions(stateMachineArn=machine)["executions"],
    )


@pytest.mark.parametrize(
    "token",
    [None, "garbage", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."],
    ids=["none", "garbage", "unsigned"],
)
def test_a_caller_without_a_good_token_is_turned_away(
    standing: Standing, token: str | None
) -> None:
    assert _call(standing, "POST", "/trades", token) == 401
    assert _call(standing, "GET", "/cases", token) == 401


def test_a_token_opens_only_what_its_scope_names(standing: Standing, deployed: Clients) -> None:
    token = _token(standing, deployed, "Desk", "cases.read")
    assert _call(standing, "POST", "/trades", token) == 403
    assert _call(standing, "GET", "/cases", token) not in {401, 403}


def test_an_app_is_given_no_token_for_the_scope_of_another(
    standing: Standing, deployed: Clients
) -> None:
    for app, scope in (("App", "cases.read"), ("Desk", "trades.write")):
        with pytest.raises(KeyError, match="access_token"):
            _token(standing, deployed, app, scope)
    token = _token(standing, deployed, "App", "trades.write")
    assert _call(standing, "GET", "/cases", token) == 403
    assert _call(standing, "POST", "/trades", token) not in {401, 403}


def test_health_is_open(standing: Standing) -> None:
    assert _call(standing, "GET", "/health") == 200
