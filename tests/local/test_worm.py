"""Records are written once: nobody overwrites, hides, deletes or shortens one, by any means."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from backoffice.records.verify_store import verify_store
from backoffice.stores.objects import RecordBucket
from cli.business_day import DayRequest, execute, run_day
from cli.platform import Platform
from infra.local.assembly import assembly
from infra.local.bring_up import take_down
from infra.local.clients import Clients
from infra.local.home import Home
from infra.stacks import CAPABILITIES
from samples.make_days import DAYS as SAMPLE_DAYS
from samples.make_days import main as make_days
from tests.infra.conftest import Synthesized
from tests.local.conftest import ignore
from tests.simulation.house import House
from tests.simulation.small_days import DAYS, FIRST, run
from tests.worm.access import ADMINISTRATOR, Policies, guard
from tests.worm.attempts import BY_LOCK, ON_THE_BUCKET, Target
from tests.worm.campaign import UNGUARDED, Store, attack
from tests.worm.contents import content_of, versions_of

pytestmark = pytest.mark.local

DROPPED = f"drops/local/{FIRST}/trades-1.csv"
# What no embedded AWS lets anyone lift, however long it is to last.
LOCK = {
    "ObjectLockEnabled": "Enabled",
    "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 2557}},
}
SAMPLE, ALL = 100, 1_000


@pytest.fixture(scope="module")
def prod() -> Policies:
    """Read production's policies: there nobody can lift a record's lock."""
    return Policies.of(Synthesized(assembly("prod", ignore, checked=True)))


def _s3(endpoint: str) -> Any:  # noqa: ANN401 - a client of its own, for a guard of its own
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - the emulator takes every caller
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
    )


def _clients(endpoint: str, policies: Policies) -> dict[str, Any]:
    names = (*policies.of_role, ADMINISTRATOR)
    clients = {name: guard(_s3(endpoint), policies, name) for name in names}
    return {**clients, UNGUARDED: _s3(endpoint)}


@pytest.fixture(scope="module")
def kept(bare: Clients, prod: Policies) -> Store:
    """Keep what three days wrote in a store that is locked as production's is."""
    return _keep(bare.get("s3"), prod.bucket)


def _keep(s3: Any, bucket: str) -> Store:  # noqa: ANN401 - a client
    house = run(House(), *DAYS)
    s3.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=LOCK)
    records = RecordBucket(s3, bucket)
    for key, body in house.records.objects.items():
        assert records.put_once(key, body)
    drops = f"{bucket}-drops"
    s3.create_bucket(Bucket=drops)
    s3.put_object(Bucket=drops, Key=DROPPED, Body=house.drops.objects[DROPPED])
    return Store(bucket, versions_of(s3, bucket), drops, DROPPED)


def _withstands(s3: Any, clients: dict[str, Any], store: Store, count: int, seed: int) -> None:  # noqa: ANN401 - a client
    before = content_of(s3, store.bucket)
    outcomes = attack(clients, store, count, seed=seed, compliance=True)
    assert outcomes.succeeded == []
    assert outcomes.tried == count
    assert {"the policies", "PreconditionFailed", "AccessDenied"} <= set(outcomes.refused)
    assert content_of(s3, store.bucket) == before
    assert verify_store(RecordBucket(s3, store.bucket))[1] == []


def test_a_sample_of_attempts_on_records_fails(bare: Clients, kept: Store, prod: Policies) -> None:
    _withstands(bare.get("s3"), _clients(bare.endpoint, prod), kept, SAMPLE, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", [2, 3])
def test_a_thousand_attempts_on_records_fail(
    bare: Clients, kept: Store, prod: Policies, seed: int
) -> None:
    _withstands(bare.get("s3"), _clients(bare.endpoint, prod), kept, ALL, seed=seed)


def test_an_attempt_that_nothing_refuses_is_told(bare: Clients) -> None:
    s3, bucket = bare.get("s3"), f"unlocked-{uuid4().hex[:12]}"
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=bucket, Key="a", Body=b"first")
    store = Store(bucket, versions_of(s3, bucket), bucket, "a")
    outcomes = attack({ADMINISTRATOR: s3}, store, 20, seed=1, compliance=True)
    assert outcomes.succeeded


def test_the_policies_let_every_function_write_what_it_has_to_and_only_once(
    prod: Policies,
) -> None:
    writers = [spec for specs in CAPABILITIES.values() for spec in specs if spec.writes]
    prefixes = [(spec.name, p) for spec in writers for p in spec.writes if p.startswith("records/")]
    assert len(prefixes) > 10
    for name, prefix in prefixes:
        asked = {"Bucket": prod.bucket, "Key": f"{prefix.partition('/')[2]}any"}
        assert prod.refuses(name, "PutObject", {**asked, "IfNoneMatch": "*"}) is None, name
        assert prod.refuses(name, "CreateMultipartUpload", asked) is None, name
        assert prod.refuses(name, "PutObject", asked), name
        assert prod.refuses(name, "CopyObject", asked), name
        assert prod.refuses(name, "CompleteMultipartUpload", asked), name
    now = datetime.now(UTC)
    long, short = (
        {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": now + timedelta(days=days)}
        for days in (4_000, 1)
    )
    once = {"Bucket": prod.bucket, "Key": "clearance/any", "IfNoneMatch": "*"}
    assert prod.refuses("clear_trades", "PutObject", {**once, **long}) is None
    assert prod.refuses("clear_trades", "PutObject", {**once, **short})
    assert prod.refuses(
        "clear_trades", "PutObject", {**once, **long, "ObjectLockMode": "GOVERNANCE"}
    )
    assert prod.refuses("book_accounts", "PutObject", {**once, "Key": "accounting/any", **long})
    elsewhere = {"Bucket": prod.bucket, "Key": "seals/any", "IfNoneMatch": "*"}
    assert prod.refuses("commit_file", "PutObject", elsewhere)


@pytest.mark.parametrize("setting", ON_THE_BUCKET, ids=lambda each: each.__name__.strip("_"))
def test_whatever_an_administrator_sets_the_records_that_stand_are_locked(
    bare: Clients,
    setting: Any,  # noqa: ANN401 - a means
) -> None:
    s3, bucket = bare.get("s3"), f"set-{uuid4().hex[:12]}"
    s3.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=LOCK)
    s3.put_object(Bucket=bucket, Key="a", Body=b"kept")
    before = content_of(s3, bucket)
    with suppress(ClientError):
        setting(s3, bucket)
    for call in BY_LOCK:
        with pytest.raises(ClientError):
            call(Target(s3, bucket, versions_of(s3, bucket)[0]))
    assert content_of(s3, bucket) == before


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Run the sample days on a platform of this module's own."""
    home, days = Home(tmp_path_factory.mktemp("worm")), tmp_path_factory.mktemp("days")
    make_days(days)
    platform = Platform.ensure_up(home.folder, ignore)
    for day in SAMPLE_DAYS:
        _run(platform, days / day.isoformat(), day)
    yield platform
    take_down(home, wipe=True, tell=ignore)


def _run(platform: Platform, folder: Path, day: Any) -> None:  # noqa: ANN401 - a date
    run_day(platform, DayRequest(folder, day, "local", "settle-all"), ignore)


@pytest.mark.soak
def test_a_thousand_attempts_on_the_deployed_store_fail_and_it_verifies(
    platform: Platform,
) -> None:
    s3, bucket = platform.client("s3"), platform.records_bucket
    policies = Policies.of(Synthesized(assembly("local", ignore, checked=True)))
    assert policies.bucket == bucket
    dropped = platform.keys(platform.drops_bucket)[0]
    store = Store(bucket, versions_of(s3, bucket), platform.drops_bucket, dropped)
    before = content_of(s3, bucket)
    assert {mode for _, _, mode, _ in before.values()} == {"GOVERNANCE"}
    clients = _clients(platform.endpoint, policies)
    outcomes = attack(clients, store, ALL, seed=4, compliance=False)
    assert outcomes.succeeded == []
    assert content_of(s3, bucket) == before
    verified = execute(platform, "verify_records", {"date": None})
    assert (verified["faults"], verified["findings"]) == (0, [])
    assert verified["records"] > 100
