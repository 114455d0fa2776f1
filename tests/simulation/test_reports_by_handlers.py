"""The machine that makes reports, on the real handler: what it makes is what the job makes."""

from typing import Final

from backoffice.records.export import Asked, export
from backoffice.records.verify_store import verify_store
from tests.reference.samples import standing_rows
from tests.reference.writing import table_bytes
from tests.simulation.cloud.stores import OUTBOX, Cloud
from tests.simulation.firm import Firm
from tests.simulation.history import evening
from tests.simulation.reporting import MONDAY, TUESDAY, dealt, opened, people, report

_VIEWS: Final = ("reports", "report-rows", "report-waiting", "blotter-trades", "blotter-cash")


def test_the_machine_makes_the_reports_that_are_due() -> None:
    trades = [dealt("T-1", "BUY", "100", MONDAY), dealt("T-2", "SELL", "5", MONDAY)]
    rows = {**standing_rows(), "accounts": people(), "trades": trades}
    firm = Firm(Cloud())
    with firm.at_work(evening(MONDAY)):
        assert firm.start("make_reports", {}).output["outcome"] == "REFUSED"
        for name, table in rows.items():
            event = firm.drop("local", MONDAY, f"{name}.csv", table_bytes(table))
            assert firm.start("capture_file", event).status == "SUCCEEDED"
        for machine in ("cut_off", "close_business_day"):
            assert firm.start(machine, {"day": str(MONDAY)}).status == "SUCCEEDED"
        for _ in range(2):
            made = firm.start("make_reports", {"day": f"{MONDAY}T23:55:00Z"})
            assert made.status == "SUCCEEDED"
        assert made.output == {"outcome": "DONE", "made": [], "causes": []}
        keys = [key for key in firm.cloud.buckets[OUTBOX] if key.startswith("outbox/regulator/")]
        assert keys == [f"outbox/regulator/{MONDAY}/RTS22-{MONDAY}-001.xml"]
        house = opened(*trades)
        report(house)
        assert [export(firm.records, Asked(what=what)) for what in _VIEWS] == [
            house.export(what) for what in _VIEWS
        ]
        for machine in ("cut_off", "close_business_day"):
            assert firm.start(machine, {"day": str(TUESDAY)}).status == "SUCCEEDED"
        assert verify_store(firm.records)[1] == []
    assert firm.surprises == []
