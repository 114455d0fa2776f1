"""Requests on the real handlers under the real state machines: what two people let happen does."""

from datetime import date
from typing import Final

from backoffice.formats.sealed_columns import SealedColumns
from backoffice.records.export import Asked, export
from backoffice.records.verify_store import verify_store
from tests.reference.samples import standing_rows
from tests.reference.writing import table_bytes
from tests.simulation.cloud.stores import OUTBOX, Cloud
from tests.simulation.firm import Firm
from tests.simulation.history import evening
from tests.simulation.house import VIEWS, House
from tests.simulation.key_ring import EveryKey
from tests.simulation.test_decisions import decide
from tests.simulation.test_payments import payment
from tests.simulation.test_standing_instructions import own

WEDNESDAY, THURSDAY = date(2026, 10, 7), date(2026, 10, 8)
_VIEWS: Final = (*VIEWS, "payments", "settlement-instructions")


def files() -> dict[str, bytes]:
    deposit = {"movement_id": "M-1", "account_id": "C-1", "kind": "DEPOSIT", "currency": "USD"}
    tables = standing_rows() | {
        "movements": [deposit | {"amount": "100", "value_date": str(WEDNESDAY)}],
        "payments": [payment(value_date=str(THURSDAY))],
        "ssi": [own(currency="USD")],
    }
    return {f"{kind}.csv": table_bytes(rows) for kind, rows in tables.items()}


def in_memory() -> list[bytes]:
    house = House()
    for name, body in files().items():
        house.drop("local", WEDNESDAY, name, body)
    house.cut_off(WEDNESDAY)
    decide(decide(house, "PAYMENT", "RELEASE"), "SSI_CHANGE", "RELEASE").close(WEDNESDAY)
    house.business_day(THURSDAY)
    return [house.export(what) for what in _VIEWS]


def seals() -> SealedColumns:
    """Open whatever this firm sealed."""
    return SealedColumns(EveryKey())


def test_what_is_let_happen_happens_once_and_comes_to_the_same_books() -> None:
    firm = Firm(Cloud())
    with firm.at_work(evening(WEDNESDAY)):
        for name, body in files().items():
            event = firm.drop("local", WEDNESDAY, name, body)
            assert firm.start("capture_file", event).status == "SUCCEEDED"
        assert firm.start("cut_off", {"day": str(WEDNESDAY)}).status == "SUCCEEDED"
        decide(decide(firm, "PAYMENT", "RELEASE"), "SSI_CHANGE", "RELEASE")
        for _ in range(2):
            closed = firm.start("close_business_day", {"day": str(WEDNESDAY)})
            assert closed.status == "SUCCEEDED"
        for machine in ("cut_off", "close_business_day"):
            assert firm.start(machine, {"day": str(THURSDAY)}).status == "SUCCEEDED"
        orders = [key for key in firm.cloud.buckets[OUTBOX] if key.startswith("outbox/bank/")]
        assert orders == [f"outbox/bank/{WEDNESDAY}/payments-released.csv"]
        assert verify_store(firm.records)[1] == []
        shown = [export(firm.records, Asked(what=what), seals) for what in _VIEWS]
        assert shown == in_memory()
    assert firm.surprises == []
