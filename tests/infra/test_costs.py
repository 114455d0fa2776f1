"""Nothing is billed by the hour, and what is billed by the month is little and known."""

from collections import Counter
from decimal import Decimal

from tests.infra.conftest import Synthesized

MOST_A_MONTH = Decimal(30)
# US dollars a month for its mere existence, at the published prices of us-east-1. A type that
# does not stand here fails the test: look up what it costs, then add it.
MONTHLY = {
    "AWS::ApiGatewayV2::Api": Decimal(0),
    "AWS::ApiGatewayV2::Authorizer": Decimal(0),
    "AWS::ApiGatewayV2::Integration": Decimal(0),
    "AWS::ApiGatewayV2::Route": Decimal(0),
    "AWS::ApiGatewayV2::Stage": Decimal(0),
    "AWS::CloudWatch::Alarm": Decimal("0.20"),  # two metrics at 0.10
    "AWS::Cognito::UserPool": Decimal(0),
    "AWS::Cognito::UserPoolClient": Decimal("6.00"),  # a machine's client
    "AWS::Cognito::UserPoolDomain": Decimal(0),
    "AWS::Cognito::UserPoolResourceServer": Decimal(0),
    "AWS::DynamoDB::Table": Decimal(0),
    "AWS::Events::EventBus": Decimal(0),
    "AWS::Events::Rule": Decimal(0),
    "AWS::IAM::Policy": Decimal(0),
    "AWS::IAM::Role": Decimal(0),
    "AWS::KMS::Key": Decimal("3.00"),  # the key, and its first two yearly rotations
    "AWS::Lambda::Function": Decimal(0),
    "AWS::Lambda::LayerVersion": Decimal(0),
    "AWS::Lambda::Permission": Decimal(0),
    "AWS::Logs::LogGroup": Decimal(0),
    "AWS::S3::Bucket": Decimal(0),
    "AWS::S3::BucketPolicy": Decimal(0),
    "AWS::SNS::Topic": Decimal(0),
    "AWS::SNS::TopicPolicy": Decimal(0),
    "AWS::SQS::Queue": Decimal(0),
    "AWS::SQS::QueuePolicy": Decimal(0),
    "AWS::Scheduler::Schedule": Decimal(0),
    "AWS::StepFunctions::StateMachine": Decimal(0),
}


def _count(stage: Synthesized) -> Counter[str]:
    return Counter(
        resource["Type"]
        for template in stage.templates.values()
        for resource in template["Resources"].values()
    )


def test_every_type_of_resource_has_a_known_fixed_price(prod: Synthesized) -> None:
    assert set(_count(prod)) - set(MONTHLY) == set()


def test_the_fixed_items_of_a_month_stay_below_thirty_dollars(prod: Synthesized) -> None:
    items = {kind: MONTHLY[kind] * count for kind, count in _count(prod).items() if MONTHLY[kind]}
    listed = ", ".join(f"{kind} {price}" for kind, price in sorted(items.items()))
    assert sum(items.values()) <= MOST_A_MONTH, listed


def test_no_function_keeps_anything_warm_or_in_a_network(prod: Synthesized) -> None:
    for function in prod.of_type("AWS::Lambda::Function").values():
        properties = function["Properties"]
        assert "VpcConfig" not in properties
        assert "SnapStart" not in properties
        assert "ReservedConcurrentExecutions" not in properties
        assert properties.get("EphemeralStorage", {"Size": 512}) == {"Size": 512}
    assert not prod.of_type("AWS::Lambda::Alias")
