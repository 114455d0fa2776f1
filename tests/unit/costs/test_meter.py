"""The meter adds up: the day, its month, its desks; and says when a month outgrows its budget."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from backoffice.costs.bill import bill, sum_of
from backoffice.costs.meter import MeterAsked, budget_alarm, meter
from backoffice.costs.scenario import Scenario, first_scenario
from tests.unit.costs.days import PRICES, day_of, use

FIRST = day_of(
    use("states_transitions", 60),
    use("lambda_mb_ms", 20_480_000, step="clear_trades"),
    use("s3_stored_bytes", 2**30, step="book_accounts", work="close_business_day"),
    use("events", 12, caller="partner", work="partner", step="drop"),
)
SECOND = day_of(
    use("states_transitions", 40),
    use("s3_read_requests", 900, caller="operator", work="operator"),
    files=500,
    on=date(2026, 3, 3),
)
SCENARIO = first_scenario(PRICES)
ASKED = MeterAsked([FIRST, SECOND], {"AWS::KMS::Key": 2}, SCENARIO)


def test_the_mission_s_sum_is_the_first_scenario() -> None:
    assert (SCENARIO.place, SCENARIO.at_home, SCENARIO.saved) == ("1000", "500", "6000")


def test_a_month_is_its_days_what_is_kept_and_what_stands() -> None:
    told = meter(ASKED, PRICES)
    used = sum((sum_of(bill(day.uses, PRICES)) for day in (FIRST, SECOND)), Decimal(0))
    assert Decimal(told["month_to_date"]["used_usd"]) == round(used, 6)
    assert told["month_to_date"]["kept_usd"] == "0.023000"  # a GB of S3
    assert told["month_to_date"]["fixed_usd"] == "6.000000"
    assert Decimal(told["month_to_date"]["usd"]) == round(used + Decimal("6.023"), 6)
    assert told["month_to_date"]["trades"] == 1_500
    assert [row["business_date"] for row in told["days"]] == ["2026-03-02", "2026-03-03"]
    assert told["day"]["usd"] == told["days"][-1]["usd"]


def test_a_whole_month_is_as_its_days_so_far() -> None:
    told = meter(ASKED, PRICES)
    so_far = told["month_to_date"]
    by_day = (Decimal(so_far["used_usd"]) + Decimal(so_far["kept_usd"])) / 2
    assert abs(Decimal(told["projected_usd"]) - (by_day * 21 + 6)) <= Decimal("0.00002")


def test_every_use_is_of_one_desk_and_desks_add_up() -> None:
    told = meter(ASKED, PRICES)
    desks = {row["desk"]: Decimal(row["month_usd"]) for row in told["desks"]}
    assert set(desks) == {"clearance", "accounting", "partners", "operator"}
    difference = sum(desks.values(), Decimal(0)) - Decimal(told["month_to_date"]["used_usd"])
    assert abs(difference) <= Decimal("0.000003")  # each is rounded by itself


def test_the_desks_shares_come_to_the_whole() -> None:
    thirds = [
        use("events", 10, step=step) for step in ("clear_trades", "make_reports", "plan_file")
    ]
    told = meter(replace(ASKED, days=[day_of(*thirds)]), PRICES)
    assert [row["share"] for row in told["desks"]] == ["3334", "3333", "3333"]
    assert sum(int(row["share"]) for row in meter(ASKED, PRICES)["desks"]) == 10_000
    nothing = meter(replace(ASKED, days=[day_of(use("s3_stored_bytes", 1))]), PRICES)
    assert {row["share"] for row in nothing["desks"]} == {"0"}


def test_a_day_without_trades_has_no_cost_a_trade() -> None:
    told = meter(replace(ASKED, days=[day_of(use("events", 1), files=0)]), PRICES)
    assert told["day"]["usd_a_trade"] is None


def test_the_office_is_as_many_people_as_are_said() -> None:
    scenario = Scenario(place="1000", at_home="500", saved="6000", people=12, budget="100")
    office = meter(replace(ASKED, scenario=scenario), PRICES)["office"]
    assert office["place_usd_a_month"] == "12000.000000"
    assert office["at_home_usd_a_month"] == "6000.000000"
    assert office["saved_usd_a_year"] == "72000.000000"


def test_a_month_within_its_budget_tells_nobody() -> None:
    assert budget_alarm(meter(ASKED, PRICES)) is None


def test_a_month_that_will_be_over_its_budget_is_told_of_before_it_is() -> None:
    told = meter(replace(ASKED, scenario=SCENARIO.model_copy(update={"budget": "6.1"})), PRICES)
    alarm = budget_alarm(told)
    assert alarm is not None
    assert (alarm.month, alarm.stand, alarm.budget_usd) == ("2026-03", "WILL_BE_OVER", "6.100000")
    over = meter(replace(ASKED, scenario=SCENARIO.model_copy(update={"budget": "6"})), PRICES)
    assert over["budget"]["stand"] == "OVER"


def test_the_meter_says_the_same_in_whatever_order_a_day_counted() -> None:
    turned = FIRST.model_copy(update={"uses": FIRST.uses[::-1]})
    assert meter(replace(ASKED, days=[turned, SECOND]), PRICES) == meter(ASKED, PRICES)
