"""From a measured day to a million trades: calls by the piece, amounts by what a trade adds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.costs.apps import CUT_OFFS_SERVED, app_uses, other_app_uses
from backoffice.costs.growth import MILLION, growth_between, standard_growth
from backoffice.costs.projection import project
from backoffice.costs.usage import Side, Usage, total
from tests.unit.costs.days import day_of, use

LATER = date(2026, 3, 4)


def small() -> Usage:
    return day_of(
        use("dynamodb_write_units", 100),
        use("s3_write_requests", 50, step="net_obligations"),
        use("states_transitions", 12),
        use("lambda_requests", 1, step="clear_trades"),
        use("lambda_requests", 10, step="capture_range"),
        use("s3_stored_bytes", 100_000, caller="partner", work="partner", step="drop"),
    )


def large(*, write_units: int = 190, transitions: int = 12) -> Usage:
    return day_of(
        use("dynamodb_write_units", write_units),
        use("states_transitions", transitions),
        files=10_000,
        on=LATER,
    )


def test_an_amount_grows_by_what_a_trade_was_seen_to_add() -> None:
    growth = growth_between([small(), large()])
    assert growth is not None
    assert growth.a_million == {"platform|cut_off||dynamodb_write_units": 10_000}
    told = project(large(), MILLION, growth)
    assert total(told, "dynamodb_write_units") == 190 + 9_900


def test_a_call_that_does_not_grow_is_made_once_a_day() -> None:
    growth = growth_between([small(), large()])
    assert growth is not None
    assert total(project(large(), MILLION, growth), "states_transitions") == 12


def test_a_call_that_was_seen_to_grow_with_the_trades_does() -> None:
    growth = growth_between([small(), large(transitions=9_012)])
    assert growth is not None
    told = project(large(transitions=9_012), MILLION, growth)
    assert total(told, "states_transitions") == 9_012 + 990_000


def test_buckets_and_ranges_come_with_the_size_of_the_day() -> None:
    growth = standard_growth().model_copy(update={"a_million": {}})
    told = project(small(), MILLION, growth)
    clears = [u for u in told if u.step == "clear_trades"]
    captures = [u for u in told if u.step == "capture_range"]
    assert total(clears, "lambda_requests") == 16  # a million trades in buckets of 80,000
    assert total(captures, "lambda_requests") == 10  # ten files of 10 MB are one range each
    assert total(told, "s3_write_requests") == 50 * 16
    captures = [u for u in project(small(), 4 * MILLION, growth) if u.step == "capture_range"]
    assert total(captures, "lambda_requests") == 20  # ten of 40 MB two


def test_days_of_one_size_do_not_tell_what_a_trade_adds() -> None:
    assert growth_between([small()]) is None
    assert growth_between([small(), day_of(files=1_999, on=LATER)]) is None
    assert growth_between([small(), day_of(files=0, on=LATER)]) is None
    assert growth_between([small(), day_of(files=2_000, on=LATER)]) is not None


def test_what_shrank_is_not_taken_to_earn_anything() -> None:
    growth = growth_between([small(), large(write_units=20)])
    assert growth is not None
    assert growth.a_million == {}


@given(st.integers(min_value=1, max_value=10**7))
def test_a_day_of_its_own_size_is_projected_to_what_it_used(trades: int) -> None:
    day = small().model_copy(update={"file_trades": trades})
    assert project(day, trades, standard_growth()) == tuple(day.of(Side.FILES))


@given(st.integers(min_value=0, max_value=10**7), st.integers(min_value=0, max_value=10**7))
def test_more_trades_never_cost_less(fewer: int, more: int) -> None:
    day, growth = small(), standard_growth()
    low, high = (project(day, 1_000 + n, growth) for n in sorted((fewer, more)))
    assert all(a.count <= b.count for a, b in zip(low, high, strict=True))


def test_what_an_app_s_trade_uses_grows_with_them_and_its_tokens_do_not() -> None:
    day = day_of(
        use("api_requests", 20, caller="app", work="POST /trades"),
        use("token_requests", 1, caller="app", work="POST /oauth2/token"),
        use("api_requests", 3, caller="app", work="GET /trades"),
        use("dynamodb_half_read_units", 10, step="freeze_inputs"),
        use("lambda_requests", 1, step="freeze_inputs"),
        apps=10,
    )
    uses = app_uses(day, MILLION)
    assert total(uses, "api_requests") == 2 * MILLION
    assert total(uses, "dynamodb_half_read_units") == MILLION * CUT_OFFS_SERVED
    assert total(uses, "token_requests") == total(uses, "lambda_requests") == 0
    assert {u.work for u in other_app_uses(day)} == {"POST /oauth2/token", "GET /trades"}


def test_without_a_measured_trade_of_an_app_nothing_is_said_of_them() -> None:
    assert app_uses(small(), MILLION) == ()


@pytest.mark.parametrize(
    ("caller", "work", "step", "side"),
    [
        ("platform", "cut_off", "clear_trades", Side.FILES),
        ("platform", "capture_file", "", Side.FILES),
        ("partner", "partner", "drop", Side.FILES),
        ("partner", "partner", "fetch", Side.BESIDE),
        ("operator", "operator", "", Side.BESIDE),
        ("platform", "export_books", "export_books", Side.BESIDE),
        ("platform", "untraced", "", Side.BESIDE),
        ("app", "GET /cases", "list_cases", Side.APPS),
    ],
)
def test_a_use_is_for_files_for_apps_or_beside_the_day(
    caller: str, work: str, step: str, side: Side
) -> None:
    assert use("s3_read_requests", 1, caller=caller, work=work, step=step).side == side
