"""Nothing is billed by the hour, and what is billed by the month is little and known."""

from datetime import date
from decimal import Decimal

from backoffice.costs.fixed import units
from backoffice.costs.prices import PriceList
from backoffice.kernel.rulebook import default_rulebook
from tests.infra.conftest import Synthesized

MOST_A_MONTH = Decimal(30)
PRICES = PriceList(default_rulebook(), date(2026, 11, 27))
HOURLY = (
    "AWS::EC2::", "AWS::ECS::", "AWS::EKS::", "AWS::ElastiCache::", "AWS::ElasticLoadBalancing",
    "AWS::KinesisFirehose::", "AWS::Kinesis::", "AWS::MSK::", "AWS::OpenSearch", "AWS::RDS::",
    "AWS::Redshift",
)  # fmt: skip


def _units(stage: Synthesized) -> dict[str, int]:
    return units(
        resource
        for template in stage.templates.values()
        for resource in template["Resources"].values()
    )


def test_every_type_of_resource_has_a_known_fixed_price(prod: Synthesized) -> None:
    known = {
        rule.name.removeprefix("monthly.")
        for rule in default_rulebook().rules()
        if rule.name.startswith("monthly.")
    }
    assert set(_units(prod)) - known == set()
    assert [kind for kind in known if kind.startswith(HOURLY)] == []


def test_the_fixed_items_of_a_month_stay_below_thirty_dollars(prod: Synthesized) -> None:
    priced = {kind: PRICES.monthly(kind).usd * count for kind, count in _units(prod).items()}
    listed = ", ".join(f"{kind} {usd}" for kind, usd in sorted(priced.items()) if usd)
    assert 0 < sum(priced.values()) <= MOST_A_MONTH, listed


def test_every_table_is_billed_by_the_request(prod: Synthesized) -> None:
    for table in prod.of_type("AWS::DynamoDB::Table").values():
        assert table["Properties"]["BillingMode"] == "PAY_PER_REQUEST"
        assert "GlobalSecondaryIndexes" not in table["Properties"]


def test_no_function_keeps_anything_warm_or_in_a_network(prod: Synthesized) -> None:
    for function in prod.of_type("AWS::Lambda::Function").values():
        properties = function["Properties"]
        assert "VpcConfig" not in properties
        assert "SnapStart" not in properties
        assert "ReservedConcurrentExecutions" not in properties
        assert properties.get("EphemeralStorage", {"Size": 512}) == {"Size": 512}
    for alias in prod.of_type("AWS::Lambda::Alias").values():
        assert "ProvisionedConcurrencyConfig" not in alias["Properties"]
