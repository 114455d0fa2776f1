"""What outlives a deployment: it is kept, encrypted, and the records are written once."""

from datetime import date

from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.retention import default_schedule
from infra.stacks import CAPABILITIES
from tests.infra.conftest import Synthesized, flat

LOCKED_DAYS = 2557


def test_buckets_and_tables_have_names_of_their_own_and_outlive_their_stack(
    prod: Synthesized,
) -> None:
    kept = {
        flat(resource["Properties"].get("BucketName") or resource["Properties"].get("TableName"))
        for kind in ("AWS::S3::Bucket", "AWS::DynamoDB::Table")
        for resource in prod.of_type(kind).values()
        if resource["DeletionPolicy"] == "RetainExceptOnCreate"
        and resource["UpdateReplacePolicy"] == "Retain"
    }
    buckets = {
        f"backoffice-prod-{name}-<AWS::AccountId>-<AWS::Region>"
        for name in ("drops", "work", "records", "outbox", "keys")
    }
    tables = {
        f"backoffice-prod-{name}"
        for name in (
            "intake",
            "obligations",
            "cases",
            "balances",
            "reference",
            "service-desk",
            "front-office",
        )
    }
    assert kept == buckets | tables


def test_a_first_deployment_that_is_rolled_back_leaves_nothing_in_the_way_of_the_next(
    prod: Synthesized,
) -> None:
    policies = {
        resource.get("DeletionPolicy")
        for template in prod.templates.values()
        for resource in template["Resources"].values()
    }
    assert policies == {None, "Delete", "RetainExceptOnCreate"}


def test_every_bucket_is_private_encrypted_by_the_key_and_reached_over_tls_alone(
    prod: Synthesized,
) -> None:
    policies = {
        flat(each["Bucket"]): each["PolicyDocument"]["Statement"]
        for each in (r["Properties"] for r in prod.of_type("AWS::S3::BucketPolicy").values())
    }
    for place, bucket in prod.of_type("AWS::S3::Bucket").items():
        properties = bucket["Properties"]
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
        rule = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
        statements = policies[f"<{place.split('/')[1]}>"]
        assert any(
            each["Effect"] == "Deny"
            and each["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
            for each in statements
        )


def test_every_table_is_paid_by_use_encrypted_and_restorable(prod: Synthesized) -> None:
    for table in prod.of_type("AWS::DynamoDB::Table").values():
        properties = table["Properties"]
        assert properties["BillingMode"] == "PAY_PER_REQUEST"
        assert properties["SSESpecification"]["SSEEnabled"] is True
        assert "KMSMasterKeyId" in properties["SSESpecification"]
        assert properties["PointInTimeRecoverySpecification"] == {
            "PointInTimeRecoveryEnabled": True
        }
        assert properties["DeletionProtectionEnabled"] is True


def test_only_what_apps_sent_and_asked_expires(prod: Synthesized) -> None:
    expiring = {
        name: properties["TimeToLiveSpecification"]
        for name, properties in prod.properties("AWS::DynamoDB::Table", "TableName").items()
        if "TimeToLiveSpecification" in properties
    }
    by_the_clock = {"AttributeName": "expires_at", "Enabled": True}
    assert expiring == dict.fromkeys(
        ("backoffice-prod-intake", "backoffice-prod-front-office"), by_the_clock
    )


def test_records_are_locked_for_seven_years_and_put_once(prod: Synthesized) -> None:
    records = next(
        properties
        for name, properties in prod.properties("AWS::S3::Bucket", "BucketName").items()
        if "records" in name
    )
    assert records["ObjectLockEnabled"] is True
    assert records["ObjectLockConfiguration"]["Rule"]["DefaultRetention"] == {
        "Mode": "COMPLIANCE",
        "Days": LOCKED_DAYS,
    }
    (write_once,) = (
        statement
        for policy in prod.of_type("AWS::S3::BucketPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement.get("Sid") == "WriteOnce"
    )
    assert write_once["Effect"] == "Deny"
    assert write_once["Action"] == "s3:PutObject"
    assert write_once["Condition"] == {
        "Null": {"s3:if-none-match": "true"},
        "Bool": {"s3:ObjectCreationOperation": "true"},
    }


def test_clients_keys_are_put_over_no_others_hidden_by_nobody_and_locked_by_nothing(
    prod: Synthesized,
) -> None:
    (keys,) = (
        properties
        for name, properties in prod.properties("AWS::S3::Bucket", "BucketName").items()
        if "-keys-" in name
    )
    assert keys["VersioningConfiguration"] == {"Status": "Enabled"}
    assert not {"ObjectLockEnabled", "ObjectLockConfiguration"} & keys.keys()
    (policy,) = (
        policy["Properties"]["PolicyDocument"]["Statement"]
        for policy in prod.of_type("AWS::S3::BucketPolicy").values()
        if "Keys" in flat(policy["Properties"]["Bucket"])
    )
    denied = {one["Sid"]: one["Action"] for one in policy if "Sid" in one}
    assert denied == {"ReplaceKnowingly": "s3:PutObject", "HideNothing": "s3:DeleteObject"}
    (unread,) = (one for one in policy if one.get("Sid") == "ReplaceKnowingly")
    # of two conditions both hold: it is denied to put without any of the two
    assert unread["Condition"] == {"Null": {"s3:if-none-match": "true", "s3:if-match": "true"}}


def test_nobody_may_delete_a_record_or_lift_its_lock(prod: Synthesized) -> None:
    (kept,) = (
        statement
        for policy in prod.of_type("AWS::S3::BucketPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement.get("Sid") == "KeepForever"
    )
    assert (kept["Effect"], kept["Principal"]) == ("Deny", {"AWS": "*"})
    assert "Condition" not in kept
    assert set(kept["Action"]) == {"s3:DeleteObject", "s3:BypassGovernanceRetention"}


def test_nobody_may_lock_a_record_for_less_than_its_bucket_does(prod: Synthesized) -> None:
    denied = {
        statement["Sid"]: statement
        for policy in prod.of_type("AWS::S3::BucketPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement.get("Sid", "").startswith("LockAs")
    }
    assert {one["Effect"] for one in denied.values()} == {"Deny"}
    assert {one["Action"] for one in denied.values()} == {"s3:PutObjectRetention"}
    assert denied["LockAsLong"]["Condition"] == {
        "NumericLessThan": {"s3:object-lock-remaining-retention-days": LOCKED_DAYS}
    }
    assert denied["LockAsHard"]["Condition"] == {
        "StringNotEquals": {"s3:object-lock-mode": "COMPLIANCE"}
    }


def test_who_writes_what_outlasts_the_buckets_lock_locks_it_and_nobody_else_may(
    prod: Synthesized,
) -> None:
    schedule, rulebook = default_schedule(), default_rulebook()
    longer = {
        pattern.partition("*")[0]
        for kept in schedule.keys.values()
        for pattern in kept.at
        if kept.years(rulebook, date(2026, 10, 5)) >= schedule.locked_years
    }
    assert longer == {"cases/", "clearance/", "lists/"}
    specs = {spec.name: spec for specs in CAPABILITIES.values() for spec in specs}
    writers = {
        name
        for name, spec in specs.items()
        if {place.removeprefix("records/") for place in spec.writes} & longer
    }
    assert len(writers) > 5
    for function in prod.properties("AWS::Lambda::Function", "FunctionName").items():
        name = function[0].removeprefix("backoffice-prod-").replace("-", "_")
        told = function[1]["Environment"]["Variables"].get("RECORDS_LOCK")
        assert told == ("COMPLIANCE" if name in writers | {"verify_records"} else None), name


def test_one_role_alone_may_delete_versions_of_records(prod: Synthesized) -> None:
    (kept,) = (
        statement
        for policy in prod.of_type("AWS::S3::BucketPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement.get("Sid") == "DisposeByOne"
    )
    assert (kept["Effect"], kept["Principal"]) == ("Deny", {"AWS": "*"})
    assert kept["Action"] == "s3:DeleteObjectVersion"
    assert kept["Condition"] == {"StringNotEquals": {"aws:PrincipalTag/disposes": "records"}}
    tagged = [
        role["Properties"]["Description"]
        for role in prod.of_type("AWS::IAM::Role").values()
        if {"Key": "disposes", "Value": "records"} in role["Properties"].get("Tags", [])
    ]
    assert tagged == ["What dispose_records may touch."]


def test_drops_keep_every_version_and_are_announced_without_a_custom_resource(
    prod: Synthesized,
) -> None:
    drops = next(
        properties
        for name, properties in prod.properties("AWS::S3::Bucket", "BucketName").items()
        if "drops" in name
    )
    assert drops["VersioningConfiguration"] == {"Status": "Enabled"}
    assert drops["NotificationConfiguration"] == {
        "EventBridgeConfiguration": {"EventBridgeEnabled": True}
    }
    kinds = {r["Type"] for t in prod.templates.values() for r in t["Resources"].values()}
    assert not [kind for kind in kinds if kind.startswith("Custom::")]


def test_of_all_objects_only_what_was_staged_answered_or_put_out_for_partners_expires(
    prod: Synthesized,
) -> None:
    expiring = {
        (flat(properties["BucketName"]).split("-")[2], rule.get("Prefix"), rule["ExpirationInDays"])
        for properties in (each["Properties"] for each in prod.of_type("AWS::S3::Bucket").values())
        for rule in properties["LifecycleConfiguration"]["Rules"]
        if "ExpirationInDays" in rule
    }
    assert expiring == {
        ("work", "days/", 30),
        ("work", "answers/", 30),
        ("work", "shown/", 1),
        ("outbox", "outbox/", 90),
    }


def test_records_move_to_storage_that_answers_as_fast_after_two_years(prod: Synthesized) -> None:
    moving = {
        rule["Prefix"]: rule["Transitions"]
        for properties in (each["Properties"] for each in prod.of_type("AWS::S3::Bucket").values())
        for rule in properties["LifecycleConfiguration"]["Rules"]
        if "Transitions" in rule
    }
    assert set(moving) == {f"{prefix}/" for prefix in _archived()}
    for (transition,) in moving.values():
        assert transition["StorageClass"] == "GLACIER_IR"
        assert transition["TransitionInDays"] > 2 * 366 - 1


def _archived() -> set[str]:
    classes = default_schedule().keys.values()
    return {at.partition("/")[0] for c in classes for at in c.at if c.archive_after_days}
