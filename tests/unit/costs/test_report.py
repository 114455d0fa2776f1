"""The whole answer adds up, and says the same of the same."""

import json
from decimal import Decimal

from backoffice.costs.fixed import units
from backoffice.costs.report import BUSINESS_DAYS, Asked, report
from tests.unit.costs.days import PRICES, day_of, use

DAY = day_of(
    use("states_transitions", 60),
    use("lambda_mb_ms", 20_000_000, step="clear_trades"),
    use("s3_stored_bytes", 5_000_000, step="clear_trades"),
    use("events", 12, caller="partner", work="partner", step="drop"),
    use("s3_read_requests", 900, caller="operator", work="operator"),
    use("api_requests", 100, caller="app", work="POST /trades"),
    apps=100,
    files=900,
)
FIXED = {"AWS::KMS::Key": 1, "AWS::Cognito::UserPoolClient": 2, "AWS::Lambda::Function": 14}


def asked(trades_a_day: int = 1_000) -> Asked:
    return Asked(day=DAY, days=[DAY], fixed=FIXED, trades_a_day=trades_a_day)


def test_the_answer_is_one_document_that_says_the_same_twice() -> None:
    answer = report(asked(), PRICES)
    assert json.loads(json.dumps(answer)) == answer == report(asked(), PRICES)


def test_the_day_s_lines_and_works_add_up_to_it() -> None:
    answer = report(asked(), PRICES)
    lines = sum((Decimal(line["usd"]) for line in answer["day"]["lines"]), Decimal(0))
    works = sum((Decimal(work["usd"]) for work in answer["works"]), Decimal(0))
    assert lines == Decimal(answer["day"]["usd"])
    assert abs(Decimal(works) - Decimal(lines)) <= Decimal("0.000003")  # each is rounded by itself


def test_an_operator_s_looking_on_is_no_part_of_the_day() -> None:
    answer = report(asked(), PRICES)
    assert [each["work"] for each in answer["beside"]] == ["operator"]
    assert "GET, HEAD" not in {line["item"] for line in answer["day"]["lines"]}


def test_fixed_items_stand_apart_and_free_resources_do_not_stand_at_all() -> None:
    month = report(asked(), PRICES)["month"]
    assert [(each["resource"], each["usd"]) for each in month["fixed"]] == [
        ("AWS::Cognito::UserPoolClient", "12.000000"),
        ("AWS::KMS::Key", "3.000000"),
    ]
    assert month["fixed_usd"] == "15.000000"
    parts = [Decimal(month[name]) for name in ("used_usd", "kept_usd", "fixed_usd")]
    assert abs(sum(parts, Decimal(0)) - Decimal(month["usd"])) <= Decimal("0.000002")


def test_a_month_of_the_measured_day_is_twenty_one_of_it() -> None:
    answer = report(asked(), PRICES)
    of_days = Decimal(answer["day"]["usd"]) * BUSINESS_DAYS
    assert abs(Decimal(answer["month"]["used_usd"]) - of_days) <= Decimal("0.000011")  # rounding


def test_more_trades_a_day_make_a_dearer_month_and_a_naive_one_dearer_still() -> None:
    few, many = (report(asked(n), PRICES)["month"] for n in (1_000, 1_000_000))
    assert Decimal(few["used_usd"]) < Decimal(many["used_usd"]) < Decimal(many["naive_usd"])


def test_an_alarm_is_billed_by_the_metrics_it_looks_at() -> None:
    metrics = [{"MetricStat": {}}, {"MetricStat": {}}, {"Expression": "a + b"}]
    alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": metrics}}
    plain = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"MetricName": "Waiting"}}
    assert units([alarm, plain]) == {"AWS::CloudWatch::Alarm": 3}
