"""A busy service desk: failures, tickets, letters, requests, homes, changes, and costs."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from backoffice.clearance.act_rules import Person
from backoffice.costs.published import publish, publish_standing
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.kernel.rulebook import default_rulebook
from backoffice.remote_operations.eligibility import conditions
from backoffice.remote_operations.home_acts import decide_home, find_home, inspect, register_home
from backoffice.remote_operations.watch import watch_locations
from backoffice.service_desk.access_carry_out import keep_access
from backoffice.service_desk.configuration_records import Configuration, record_configuration
from backoffice.service_desk.configuration_requests import ask_for_change
from backoffice.service_desk.entitlements import Held as Holds
from backoffice.service_desk.letters import Held, Letter
from backoffice.service_desk.means import ServiceDesk
from backoffice.service_desk.occurrences import occurrence_of
from backoffice.service_desk.registers import Registers
from backoffice.service_desk.schedules import Run
from backoffice.service_desk.tickets import TicketRequest
from tests.simulation.house import House
from tests.unit.costs.days import day_of, use
from tests.unit.service_desk.desk import MemoryPool, asked, granted
from tests.unit.service_desk.watched_platform import (
    NAMED,
    BoxMemory,
    WatchMemory,
    failed,
    rings,
    service_desk,
)

NOW: Final = datetime(2026, 10, 13, 22, 30, tzinfo=UTC)
KEEPER: Final = Person(name="ingi", groups=("service-desk",))
SUPERVISOR: Final = Person(name="dora", groups=("supervisors",))
EINAR: Final = Person(name="einar", groups=("case-makers",))
_RULEBOOK: Final = default_rulebook()
_BEFORE: Final = Configuration(
    rulebook="r1",
    code="c1",
    version="0.7.0",
    rules={"settlement_cycle.XNYS from 2024-05-28": "1"},
    settings={"records_lock": "GOVERNANCE"},
    schedules={"cut_off": "22:00"},
)


def busy_service() -> ServiceDesk:
    """Make a desk that an execution and an alarm opened tickets at, and people too."""
    letter = Letter(
        letter_id="m-1", queue="letters", machine="cut_off", of="scheduled start", since=NOW
    )
    runs = [Run(execution="e-1", started=NOW - timedelta(minutes=30), status="FAILED")]
    done = [Run(execution="e-2", started=NOW - timedelta(days=1), status="SUCCEEDED")]
    watch = WatchMemory(
        depths={"letters": 1, "ticket_letters": 0},
        executions={"cut_off": runs, "close_business_day": done},
        tables={"cases": "ACTIVE"},
    )
    box = BoxMemory([Held(letter=letter, body='{"day": "2026-10-13"}', receipt="r")])
    service = service_desk(watch, box)
    _tickets(service)
    return service


def _tickets(service: ServiceDesk) -> None:
    alarm = rings("on-call-ApiAlarm", "The API answers 5xx: docs/runbooks/api-errors.md", NOW, {})
    for event in (failed(at=NOW - timedelta(hours=30)), alarm):
        occurrence = occurrence_of(event, NAMED)
        assert occurrence is not None
        service.tickets.open_by_itself(occurrence)
    request = TicketRequest(
        department="Settlement", subject="Statement of a custodian is late", text="", priority="LOW"
    )
    own = service.tickets.open_for(EINAR, request, NOW - timedelta(hours=2))
    service.tickets.act(own.ticket_id, KEEPER, "TAKE", "", NOW)


def fill_registers(house: House) -> None:
    """Put requests, a quarter's recertification, changes and homes among a house's records."""
    book, before = Registers(house.records), NOW - timedelta(days=3)
    pool = MemoryPool({"bjorn": Holds(frozenset({"access-checkers"}))})
    granted(book, "einar", "JOIN", ("case-makers",), "2026-10-10", now=before)
    keep_access(book, pool, _RULEBOOK, before)
    pool.people["thora"] = Holds(frozenset({"compliance"}))
    keep_access(book, pool, _RULEBOOK, NOW)
    asked(book, "einar", "MOVE", ("case-makers", "compliance"), "2026-10-20", now=NOW)
    record_configuration(book, _BEFORE, before, "dora", "")
    after = _BEFORE.model_copy(update={"version": "0.8.0", "schedules": {"cut_off": "21:45"}})
    record_configuration(book, after, NOW, "dora", "")
    said = {"title": "Cut-off", "what": "the cut-off is earlier", "planned_on": "2026-10-20"}
    ask_for_change(book, Person(name="anna", groups=("access-makers",)), said, NOW)
    _homes(house, book)


def _homes(house: House, book: Registers) -> None:
    since = NOW - timedelta(days=480)
    met = tuple(conditions("RSL", NOW.date(), _RULEBOOK))
    said: Mapping[str, object] = {
        "person": "einar",
        "kind": "RSL",
        "address": "Laufásvegur 1, 101 Reykjavík",
        "branch": "Reykjavik",
        "supervisor": "dora",
        "since": str(since.date()),
        "met": met,
    }
    seals = SealedColumns(house.keys)
    old = register_home(book, EINAR, said, seals, _RULEBOOK, since).about
    decide_home(book, old, SUPERVISOR, "APPROVE", _RULEBOOK, since)
    visit = (since + timedelta(days=400)).date()
    inspect(book, find_home(book, old, _RULEBOOK), SUPERVISOR, visit, "nothing to mend", NOW)
    register_home(book, EINAR, {**said, "since": "2026-10-12"}, seals, _RULEBOOK, NOW)
    watch_locations(book, _RULEBOOK, NOW)


def fill_costs(house: House) -> None:
    """Publish a week of measured days."""
    days = [
        day_of(
            use("events", 2_000 + 300 * number, step="capture_range"),
            use("lambda_requests", 900 * number, step="clear_trades"),
            use("dynamodb_write_units", 40_000, step="accept_trade"),
            use("states_transitions", 5_000 + 900 * number),
            on=NOW.date() - timedelta(days=7 - number),
        )
        for number in range(1, 8)
    ]
    publish(house.work.put, days)
    publish_standing(house.work.put, {"AWS::KMS::Key": 2, "AWS::CloudWatch::Alarm": 90})
