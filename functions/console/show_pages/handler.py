"""The operations console: pages for browsers, signed in by the pool."""

import os
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from typing import Any, Final

import polars as pl
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from backoffice.console.pages import Shelf
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.front_office.case_desk import CaseDesk
from backoffice.kernel.books import Books, load
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.parts import Part
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.search.find import Finder
from backoffice.routes.pages.requests import read_request
from backoffice.routes.pages.sessions import Sessions
from backoffice.routes.pages.signing_in import SigningIn
from backoffice.routes.pages.site import Site
from backoffice.routes.pages.tokens import Tokens
from backoffice.service_desk.means import ServiceDesk
from backoffice.service_desk.platform_parts import known_parts
from backoffice.service_desk.registers import Registers
from backoffice.service_desk.ticket_desk import TicketDesk
from backoffice.stores.executions import start_once
from backoffice.stores.kept_watch import KeptWatch
from backoffice.stores.letter_queues import LetterQueues
from backoffice.stores.platform_watch import AwsPlatformWatch
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.session_seals import SessionSeals
from backoffice.stores.user_pool import UserPool
from backoffice.stores.wiring import Wiring

LOGGER = Logger()
WIRING = Wiring()
LOCAL = "local"
LOOKED_S = 30
PARTS_KEPT = 12
MADE_KEPT = 24
MADE: Final[OrderedDict[tuple[str, str], pl.DataFrame]] = OrderedDict()


@LOGGER.inject_lambda_context
def main(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Take an HTTP API event; return its answer."""
    return _site().answer(read_request(event)).as_event(os.environ["SIGN_IN_ADDRESS"])


@cache
def _site() -> Site:
    told = os.environ
    client = told["CONSOLE_CLIENT_ID"]
    pool = UserPool(told["SIGN_IN_ADDRESS"], told["TOKEN_KEYS_ADDRESS"], client)
    sessions = Sessions(
        seals=SessionSeals(WIRING.kms, WIRING.settings.key_arn),
        tokens=Tokens(pool.keys, told["TOKEN_ISSUER"], client),
        pool=pool,
        address=told["CONSOLE_ADDRESS"],
        secure=told["STAGE"] != LOCAL,
    )
    return Site(sessions, SigningIn(sessions, told["PERSONS_SCOPES"]), _shelf)


def _shelf() -> Shelf:
    books, closed = _books()
    return Shelf(
        records=WIRING.records,
        desk=CaseDesk(
            ServedTable(WIRING.dynamodb, WIRING.settings.cases_table),
            WIRING.records,
            _resolve,
            lambda: SealedColumns(WIRING.client_keys),
        ),
        finder=Finder(WIRING.work),
        books=books,
        closed=closed,
        read=lambda part: _read(part.key),
        kept=partial(_kept, f"{books.day}{books.phase}" if books else ""),
        costs=WIRING.work,
        now=datetime.now(UTC),
        keys=lambda: WIRING.client_keys,
        piece=lambda key, start, end: WIRING.records.read_range(key, None, start, end),
        registers=_registers(),
        carry_out=_carry_out,
        service=_service(),
    )


@cache
def _service() -> ServiceDesk:
    """Return the service desk; what it saw of the platform is kept for half a minute."""
    named, machines = os.environ["PARTS_NAMED"], os.environ["MACHINES_NAMED"]
    clients = (WIRING.cloudwatch, WIRING.sqs, WIRING.dynamodb, WIRING.stepfunctions)
    watch = AwsPlatformWatch(*clients, named=named, machines=machines)
    takers = (WIRING.sqs, WIRING.stepfunctions, WIRING.lambdas)
    index = ServedTable(WIRING.dynamodb, WIRING.settings.service_desk_table)
    rulebook = default_rulebook()
    return ServiceDesk(
        tickets=TicketDesk(WIRING.records, index, default_calendar(), rulebook),
        box=LetterQueues(*takers, named=named, machines=machines),
        watch=KeptWatch(watch, LOOKED_S),
        parts=known_parts(runs_schedules=os.environ["RUNS_SCHEDULES"] == "yes"),
        rulebook=rulebook,
    )


def _books() -> tuple[Books | None, Books | None]:
    """Return the latest state and the latest close; a small table says which they are."""
    served = ServedTable(WIRING.dynamodb, WIRING.settings.reference_table).get("BOOKS", "LATEST")
    if served is None:
        return None, None
    books = _state(served["state"])
    if books.phase == "closed":
        return books, books
    return books, _state(books.previous) if books.previous else None


@lru_cache(maxsize=4)
def _state(key: str) -> Books:
    return load(WIRING.records, key)


@lru_cache(maxsize=PARTS_KEPT)
def _read(key: str) -> pl.DataFrame:
    return WIRING.records.read(Part(key=key, sha256="", rows=0))


def _kept(state: str, name: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    place = (state, name)
    if place not in MADE:
        MADE[place] = make()
        while len(MADE) > MADE_KEPT:
            MADE.popitem(last=False)
    MADE.move_to_end(place)
    return MADE[place]


@cache
def _registers() -> Registers:
    return Registers(WIRING.records)


def _carry_out(decided: str) -> None:
    machine = os.environ["KEEP_ACCESS_MACHINE"]
    start_once(WIRING.stepfunctions, machine, f"decided-{decided}", {})


def _resolve(case_id: str, number: int) -> None:
    start_once(
        WIRING.stepfunctions,
        os.environ["RESOLVE_CASE_MACHINE"],
        f"{case_id}-{number}",
        {"case_id": case_id, "number": number},
    )
