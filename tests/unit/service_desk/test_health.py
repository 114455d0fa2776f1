"""Health: well, failing, or unknown where nothing tells; jobs with what they missed."""

from datetime import timedelta

from backoffice.service_desk.health import Health
from backoffice.service_desk.means import ServiceDesk
from backoffice.service_desk.runbooks import runbooks
from backoffice.service_desk.schedules import Run
from infra.local.home import PROJECT
from tests.unit.service_desk.watched_platform import MONDAY, WatchMemory, service_desk

HOUR = timedelta(hours=1)


def _of(desk: ServiceDesk, name: str) -> Health:
    # of a machine and its function of one name the machine comes first
    return next(one for one in desk.health(MONDAY) if one.name == name)


def _run(status: str, hours: int = 1) -> Run:
    return Run(execution=f"{status}{hours}", started=MONDAY - hours * HOUR, status=status)


def test_of_what_nothing_is_known_nothing_is_claimed() -> None:
    found = service_desk().health(MONDAY)
    assert {one.state for one in found} == {"UNKNOWN"}
    assert {one.kind for one in found} == {"FUNCTION", "MACHINE", "QUEUE", "TABLE"}


def test_every_runbook_stands() -> None:
    for one in [*runbooks(), *(each.runbook for each in service_desk().health(MONDAY))]:
        assert (PROJECT / one).is_file(), one


def test_a_function_fails_when_it_errs_or_is_throttled() -> None:
    told = {
        ("FUNCTION", "accept_trade", "Invocations"): 7,
        ("FUNCTION", "list_cases", "Invocations"): 7,
        ("FUNCTION", "list_cases", "Errors"): 1,
        ("FUNCTION", "show_pages", "Throttles"): 3,
    }
    desk = service_desk(WatchMemory(told=told))
    assert _of(desk, "accept_trade").state == "WELL"
    assert _of(desk, "list_cases").state == "FAILING"
    assert _of(desk, "show_pages").state == "FAILING"


def test_a_machine_is_as_its_latest_ended_execution() -> None:
    runs = {
        "cut_off": [_run("RUNNING"), _run("SUCCEEDED", 2), _run("FAILED", 3)],
        "close_business_day": [_run("TIMED_OUT"), _run("SUCCEEDED", 2)],
        "take_lists": [_run("RUNNING")],
        "make_reports": [],
    }
    desk = service_desk(WatchMemory(executions=runs))
    assert _of(desk, "cut_off").state == "WELL"
    assert _of(desk, "close_business_day").state == "FAILING"
    assert _of(desk, "take_lists").state == "UNKNOWN"
    assert _of(desk, "make_reports").detail == "it never ran"


def test_a_letter_that_waits_and_a_table_that_throttles_are_failing() -> None:
    watch = WatchMemory(
        told={
            ("TABLE", "intake", "WriteThrottleEvents"): 2,
            ("QUEUE", "letters", "ApproximateAgeOfOldestMessage"): 90,
        },
        tables={"intake": "ACTIVE", "cases": "ACTIVE", "balances": "ARCHIVED"},
        depths={"letters": 2, "ticket_letters": 0},
    )
    desk = service_desk(watch)
    assert _of(desk, "letters").detail == "2 waiting, the oldest for 90 s"
    assert _of(desk, "ticket_letters").state == "WELL"
    states = [_of(desk, name).state for name in ("intake", "cases", "balances", "reference")]
    assert states == ["FAILING", "WELL", "FAILING", "UNKNOWN"]


def test_jobs_tell_of_their_last_and_next_start_and_those_missed() -> None:
    made = dict.fromkeys(service_desk().parts.schedules, MONDAY - 40 * HOUR)
    runs = {
        "cut_off": [_run("SUCCEEDED", 0)],
        "take_lists": [_run("SUCCEEDED", 200)],
        "review_customers": [_run("FAILED", 17)],
        "watch_cases": [_run("SUCCEEDED", hours) for hours in range(1, 22) if hours != 9],
    }
    desk = service_desk(WatchMemory(executions=runs, made=made))
    jobs = {job.machine: job for job in desk.jobs(MONDAY)}
    assert jobs["cut_off"].state == "WELL"
    assert jobs["cut_off"].next == MONDAY + 24 * HOUR
    assert jobs["take_lists"].state == "MISSED"
    assert jobs["take_lists"].runbook == "docs/runbooks/missed-start.md"
    assert jobs["take_lists"].missed == (MONDAY.replace(hour=4),)
    assert jobs["review_customers"].state == "FAILED"
    assert jobs["watch_cases"].missed == (MONDAY.replace(hour=12, minute=30),)
    assert jobs["watch_cases"].state == "WELL", "it has been started since"
    assert jobs["drill_restore"].state == "UNKNOWN"


def test_where_schedules_do_not_run_nothing_is_missed() -> None:
    desk = service_desk(WatchMemory(executions={"cut_off": []}))
    off = desk.parts.model_copy(update={"runs_schedules": False})
    still = ServiceDesk(desk.tickets, desk.box, desk.watch, off, desk.rulebook)
    job = next(job for job in still.jobs(MONDAY) if job.machine == "cut_off")
    assert (job.state, job.next, job.missed) == ("OFF", None, ())
