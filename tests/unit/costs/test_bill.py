"""A bill is what was used times the published price, exactly."""

from datetime import date
from decimal import Decimal

import pytest

from backoffice.costs.bill import bill, kept, shown, sum_of
from backoffice.costs.comparisons import naive, office
from backoffice.costs.meters import AMOUNTS, FREE, ITEMS, METERS
from backoffice.costs.prices import PriceList
from backoffice.kernel.errors import NoRuleError, RulebookError
from backoffice.kernel.rulebook import default_rulebook
from infra.local.metering import meters
from tests.unit.costs.days import DAY, PRICES, use
from tests.unit.kernel.rule_texts import Write, rule


@pytest.mark.parametrize(
    ("meter", "count", "usd"),
    [
        ("states_transitions", 1_000_000, "25"),
        ("states_express_requests", 1_000_000, "1"),
        ("states_express_mb_ms", 64 * 100 * 160, "0.00001667"),  # one GB-second
        ("lambda_requests", 1_000_000, "0.2"),
        ("lambda_mb_ms", 1_024_000, "0.0000133334"),
        ("lambda_init_mb_ms", 512 * 2_000, "0.0000133334"),
        ("dynamodb_write_units", 1_000_000, "0.625"),
        ("dynamodb_half_read_units", 2_000_000, "0.125"),
        ("s3_write_requests", 1_000, "0.005"),
        ("s3_read_requests", 1_000, "0.0004"),
        ("events", 1_000_000, "1"),
        ("scheduler_invocations", 1_000_000, "1"),
        ("api_requests", 1_000_000, "1"),
        ("token_requests", 1_000, "2.25"),
        ("kms_requests", 10_000, "0.03"),
        ("log_bytes", 2**30, "0.5"),
        ("traces", 1_000_000, "5"),
        ("egress_bytes", 2**30, "0.09"),
        ("sqs_requests", 1_000_000, "0.4"),
        ("sns_requests", 1_000_000, "0.5"),
    ],
)
def test_every_count_is_priced_in_the_unit_its_price_is_published_in(
    meter: str, count: int, usd: str
) -> None:
    assert sum_of(bill([use(meter, count)], PRICES)) == Decimal(usd)


def test_what_is_kept_is_priced_by_the_month_and_apart() -> None:
    stored = [use("s3_stored_bytes", 2**30), use("dynamodb_stored_bytes", 2**30)]
    assert bill(stored, PRICES) == ()
    assert sum_of(kept(stored, PRICES)) == Decimal("0.023") + Decimal("0.25") + Decimal("0.20")


def test_what_was_deleted_earns_nothing() -> None:
    assert kept([use("dynamodb_stored_bytes", -(2**30))], PRICES) == ()


def test_a_line_adds_the_uses_of_every_step() -> None:
    (line,) = bill([use("s3_read_requests", 3, step="a"), use("s3_read_requests", 4)], PRICES)
    assert (line.service, line.quantity, line.unit) == ("S3", Decimal(7), "requests")


def test_a_workflow_for_each_trade_costs_what_its_parts_cost() -> None:
    parts = Decimal(150) + Decimal("3.125") + Decimal(1) + Decimal(125000) * Decimal("0.0000133334")
    assert naive(PRICES, 1_000_000) == parts
    assert shown(parts) == "155.791675"


def test_the_office_saves_six_thousand_a_year_for_each_person_at_home() -> None:
    figures = office(PRICES)
    assert (figures.place, figures.at_home) == (Decimal(1000), Decimal(500))
    assert figures.saved_a_year == Decimal(6000)


def test_a_date_before_the_price_list_is_refused() -> None:
    with pytest.raises(NoRuleError, match=r"price\.lambda_request"):
        PriceList(default_rulebook(), date(2020, 1, 2)).usage("lambda_request")


def test_a_resource_nobody_looked_up_is_refused_not_free() -> None:
    with pytest.raises(NoRuleError, match="AWS::EC2::NatGateway"):
        PRICES.monthly("AWS::EC2::NatGateway")


def test_a_price_without_its_unit_is_refused(book_of: Write) -> None:
    book = book_of(rule('"1.00"', "valid_from = 2026-01-01", name="price.thing"))
    with pytest.raises(RulebookError, match=r"price\.thing has no unit"):
        PriceList(book, DAY).usage("thing")


def test_every_price_has_a_unit_a_source_and_the_day_it_was_read() -> None:
    prices = [r for r in default_rulebook().rules() if r.name.startswith(("price.", "monthly."))]
    assert len(prices) > 50
    assert [r.name for r in prices if not (r.unit and r.read_on and r.source)] == []


def test_what_the_embedded_aws_counts_and_what_is_priced_are_spelled_alike() -> None:
    assert meters.METERS == METERS
    assert METERS >= AMOUNTS
    assert not FREE & {meter for item in ITEMS for meter in item.meters}
