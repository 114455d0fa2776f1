"""An erasure waits while something is open of the client, and says what."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

import pytest

from backoffice.kernel.books import latest
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.erasure import erase_clients
from backoffice.records.open_matters import open_matters
from tests.reference.samples import account, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation import test_complaints, test_suspicions
from tests.simulation.house import House
from tests.simulation.plain_names import names_found
from tests.simulation.reporting import (
    MONDAY,
    PERSON,
    TUESDAY,
    WEDNESDAY,
    answer,
    body,
    dealt,
    of_kind,
    opened,
    report,
    run,
)
from tests.simulation.test_after_erasure import PAID
from tests.simulation.test_erasure import LONG_AFTER, Eraser
from tests.simulation.test_record_requests import agreed

WHO: Final = "C-1"
NAMESAKE: Final = {part: PERSON[part] for part in ("given_names", "surname")}
LOOKED_INTO: Final = "compliance looks into something of the account"
Matter = Callable[[House], object]


def dropped(kind: str, row: dict[str, str], day: date = MONDAY) -> Matter:
    def drop(house: House) -> None:
        house.drop("local", day, f"{kind}-open.csv", table_bytes([row]))

    return drop


def lying(house: House) -> None:
    """Let a file lie where it was dropped."""
    place = f"drops/local/{TUESDAY}/kunder.csv"
    house.drops.objects[place] = b"any"
    house.drops.newest_version(place)


MATTERS: Final = {
    "payment": (dropped("payments", PAID), "the payment P-2 is REQUESTED"),
    "case": (dropped("payments", PAID), r"the case CASE-\S+ is open: PAYMENT"),
    "trade": (
        dropped("trades", trade("T-9", "BUY", "1", "100", account_id=WHO)),
        "the trade T-9 settles on 2026-10-08",
    ),
    "complaint": (
        dropped("complaints", test_complaints.told("K-1", account_id=WHO)),
        "the complaint K-1 is open",
    ),
    "suspicion": (
        dropped("sars", test_suspicions.suspicion("S-1", account_id=WHO)),
        LOOKED_INTO,
    ),
    "drop": (
        lying,
        f"drops/local/{TUESDAY}/kunder.csv is not captured, and may tell of anybody",
    ),
    "file": (
        dropped("accounts", account(WHO, kyc_status="APPROVED"), TUESDAY),
        "accounts-open.csv of 2026-10-06 says something of it, not taken yet",
    ),
}


@pytest.mark.parametrize("matter", MATTERS)
def test_an_erasure_waits_while_something_is_open(matter: str) -> None:
    happens, why = MATTERS[matter]
    house = House()
    rows = standing_rows()
    rows["accounts"] = [account(WHO, kyc_status="EXPIRED" if matter != "trade" else "APPROVED")]
    for kind, table in rows.items():
        house.drop("local", MONDAY, f"{kind}.csv", table_bytes(table))
    happens(house)
    agreed(house, MONDAY, "E-1", "ERASE", account_id=WHO)
    books = latest(house.records, closed=True)
    assert books is not None
    done = erase_clients(house.records, books, default_rulebook(), Eraser(house), LONG_AFTER)
    assert done.done == ()
    assert [one for one in done.waiting["E-1"] if re.fullmatch(why, one)]
    # who is told that it waits is not told of a suspicion
    assert not re.search("SAR|S-1", " ".join(done.waiting["E-1"]))
    assert house.keys.find(WHO) is not None
    tells = Eraser(house).tells
    others = open_matters(house.records, books, default_rulebook(), "C-10", tells)
    assert others == ()


def erased_decider(*, answered: bool) -> tuple[House, str, tuple[str, ...]]:
    """Report a trade that somebody decided for the firm, who is to be erased and dealt never."""
    told = f"PERSON:{WHO}"
    deal = dealt("T-1", "BUY", "10", MONDAY, account_id="H-1", investment_decision=told)
    made = opened(deal)
    (sent,) = of_kind(report(made))
    named = body(made, sent).decode()
    if answered:
        answer(made, sent, TUESDAY, "ACPT")
    ended = account(WHO, **PERSON) | {"kyc_status": "EXPIRED"}
    run(made, TUESDAY, accounts=[ended])
    report(made)
    agreed(made, WEDNESDAY, "E-1", "ERASE", account_id=WHO)
    report(made)
    books = latest(made.records, closed=True)
    assert books is not None
    done = erase_clients(made.records, books, default_rulebook(), Eraser(made), LONG_AFTER)
    return made, named, (*done.done, *done.waiting.get("E-1", ()))


def test_the_number_of_who_decided_for_others_is_swept_from_the_outbox() -> None:
    made, named, told = erased_decider(answered=True)
    assert PERSON["national_id"] in named
    assert told == ("E-1",)
    assert names_found(made.outbox.objects, [PERSON["national_id"]]) == set()
    assert made.outbox.objects  # what is of others is there


def test_an_erasure_waits_for_the_answer_to_a_report_that_tells_of_the_client() -> None:
    made, _, told = erased_decider(answered=False)
    assert told == (f"the report RTS22-{MONDAY} is not over",)
    assert names_found(made.outbox.objects, [PERSON["national_id"]]) != set()


def dropped_since(kind: str, row: dict[str, str]) -> House:
    """End a client's time; then a file comes that no close has taken."""
    house = House()
    rows = standing_rows()
    rows["accounts"] = [account(WHO, **PERSON | {"kyc_status": "EXPIRED"}), account("C-2")]
    rows["owners"] = [{"owned": WHO, "owner": "P-7", "owner_name": "Eigandi", "percent": "60"}]
    for name, table in rows.items():
        house.drop("local", MONDAY, f"{name}.csv", table_bytes(table))
    agreed(house, MONDAY, "E-1", "ERASE", account_id=WHO)
    house.drop("local", TUESDAY, f"{kind}-new.csv", table_bytes([row]))
    return house


@pytest.mark.parametrize(
    ("kind", "row", "who"),
    [
        ("accounts", account("C-NEW", **NAMESAKE), "C-NEW"),
        (
            "owners",
            {"owned": "C-2", "owner": "P-7", "owner_name": "Eigandi", "percent": "60"},
            "P-7",
        ),
    ],
)
def test_an_erasure_takes_nobody_along_of_whom_a_file_says_something_new(
    kind: str, row: dict[str, str], who: str
) -> None:
    house = dropped_since(kind, row)
    for done, waits in (((), True), (("E-1",), False)):
        books = latest(house.records, closed=True)
        assert books is not None
        told = erase_clients(house.records, books, default_rulebook(), Eraser(house), LONG_AFTER)
        assert told.done == done
        said = f"{kind}-new.csv of {TUESDAY} says something of it, not taken yet"
        assert told.waiting.get("E-1") == ((said,) if waits else None)
        assert house.keys.find(who) is not None
        if waits:
            house.business_day(TUESDAY)
    assert house.keys.find(WHO) is None
