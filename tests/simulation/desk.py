"""The exceptions desk of a house as people reach it, its open cases served from the books."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from backoffice.clearance.act_rules import Person
from backoffice.clearance.trails import CHECKERS, MAKERS
from backoffice.front_office import case_desk
from backoffice.front_office.case_models import ActRequest, ActTaken, CaseDetail
from backoffice.kernel.books import latest
from backoffice.records.serving import served_items
from backoffice.stores.parquet import to_parquet
from tests.simulation.house import House

MAKER: Final = Person(name="maker", groups=(MAKERS, CHECKERS))
CHECKER: Final = Person(name="checker", groups=(MAKERS, CHECKERS))
NOW: Final = datetime(2026, 10, 5, 22, 30, tzinfo=UTC)


class CasesMemory:
    """The table of open cases, in memory."""

    def __init__(self) -> None:
        self.items: dict[str, Mapping[str, Any]] = {}

    def get(self, pk: str, sk: str) -> Mapping[str, Any] | None:
        """Read one item."""
        del pk
        return self.items.get(sk)

    def query(self, pk: str) -> list[Mapping[str, Any]]:
        """Read all items."""
        del pk
        return [self.items[sk] for sk in sorted(self.items)]

    def put_newer(self, item: Mapping[str, Any], counter: str) -> bool:
        """Write unless what stands counts as much."""
        before = self.items.get(item["sk"])
        newer = before is not None and before[counter] < item[counter]
        if newer:
            self.items[item["sk"]] = item
        return newer


class Desk:
    """The desk of a house; `publish` serves its latest books."""

    def __init__(self, house: House) -> None:
        self.house, self.cases = house, CasesMemory()
        self.started: list[tuple[str, int]] = []
        self.publish()

    @property
    def desk(self) -> case_desk.CaseDesk:
        """The desk as the function has it."""
        told = self.started
        return case_desk.CaseDesk(
            self.cases,
            self.house.records,
            lambda case_id, number: told.append((case_id, number)),
            self.house.seals,
        )

    def publish(self) -> None:
        """Serve the latest books."""
        books = latest(self.house.records)
        assert books is not None
        items = served_items(self.house.records, books, to_parquet)["cases"]
        self.cases.items = {item["sk"]: item for item in items}

    def case_id(self, code: str) -> str:
        """Find the open case of a code."""
        (found,) = [sk for sk, item in self.cases.items.items() if item["code"] == code]
        return found

    def show(self, code: str, person: Person = CHECKER, start: int = 0) -> CaseDetail:
        """Show a case."""
        return case_desk.show_case(self.desk, self.case_id(code), person, NOW, start)

    def act(self, code: str, person: Person, verb: str, **said: Any) -> ActTaken:  # noqa: ANN401
        """Act on a case."""
        request = ActRequest.model_validate({"verb": verb, **said})
        return case_desk.act(self.desk, self.case_id(code), person, request, NOW)
