"""A house after ten days with fails and breaks, and three with every kind of exception."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from backoffice.clearance.act_rules import Person
from backoffice.clearance.case_outcomes import outcomes_of
from backoffice.clearance.trails import CHECKERS, MAKERS
from backoffice.front_office import case_desk
from backoffice.front_office.case_models import ActRequest
from backoffice.records.client_documents.editions import AskedDocuments
from backoffice.records.search.runs import index_records
from cli.market.simulator import run_market
from samples.make_days import DAYS
from samples.make_days import main as make_days
from samples.make_ten_days import DAYS as TEN_DAYS
from samples.make_ten_days import SCRIPT
from samples.make_ten_days import main as make_ten_days
from samples.ten_days_desk import write_desk_files
from tests.simulation.busy_service import fill_costs, fill_registers
from tests.simulation.desk import Desk
from tests.simulation.house import House
from tests.simulation.market import MemoryS3
from tests.simulation.printed import make

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NOW: Final = datetime(2026, 10, 13, 22, 30, tzinfo=UTC)
ANNA: Final = Person(
    name="anna", groups=(MAKERS, CHECKERS, "access-makers", "supervisors", "service-desk")
)
BJORN: Final = Person(name="bjorn", groups=(MAKERS, CHECKERS))


def busy_house(folder: Path) -> House:
    """Run the days that the samples write below a folder, and index what is sealed."""
    house = House()
    make_ten_days(folder / "ten")
    for day in TEN_DAYS:
        place = folder / "ten" / day.isoformat()
        write_desk_files(place, day, lambda on: house.table("fails", on))
        house.day(place, day, _scripted(folder / "ten" / SCRIPT))
    make(house, AskedDocuments(month=f"{TEN_DAYS[0]:%Y-%m}"))
    make(house, AskedDocuments(date=TEN_DAYS[0]))
    make_days(folder / "three")
    for day in DAYS:
        house.day(folder / "three" / day.isoformat(), day)
    index_records(house.records, house.work)
    fill_registers(house)
    fill_costs(house)
    return house


def _scripted(script: Path) -> Callable[[House, date], Mapping[str, bytes]]:
    def answers(house: House, day: date) -> Mapping[str, bytes]:
        s3 = cast("S3Client", MemoryS3(house.outbox, house.drops))
        keys = run_market(s3, house.outbox.name, house.drops.name, day, str(script))
        return {key.rpartition("/")[2]: house.drops.read_bytes(key) for key in keys}

    return answers


def busy_desk(house: House) -> Desk:
    """Serve its cases: of three that can be refused one is commented, two proposed, one decided."""
    desk = Desk(house)
    refusable = [
        case_id
        for case_id, item in sorted(desk.cases.items.items())
        if "REFUSE" in outcomes_of(item["code"])
    ]
    remark = ActRequest(verb="COMMENT", text="Hringt í miðlarann; svars er að vænta fyrir lokun.")
    refuse = ActRequest(verb="PROPOSE", outcome="REFUSE", text="Never confirmed by the desk.")
    for case_id, request in zip(refusable, (remark, refuse, refuse), strict=False):
        case_desk.act(desk.desk, case_id, ANNA, request, NOW)
    approve = ActRequest(verb="APPROVE", proposal="1")
    case_desk.act(desk.desk, refusable[2], BJORN, approve, NOW)
    return desk
