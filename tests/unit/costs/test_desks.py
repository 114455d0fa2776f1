"""Every function has its capability's desk."""

from backoffice.console.wording import wording
from backoffice.costs.desks import DESK_OF_FUNCTION, OTHER, desk_of
from infra.local.home import PROJECT
from tests.unit.costs.days import use

FUNCTIONS = PROJECT / "functions"


def test_a_function_s_folder_is_its_desk() -> None:
    there = {path.parent.name: path.parent.parent.name for path in FUNCTIONS.glob("*/*/handler.py")}
    assert there.items() <= DESK_OF_FUNCTION.items()


def test_every_machine_has_a_desk() -> None:
    names = [path.name.partition(".")[0] for path in (PROJECT / "statemachines").glob("*.json")]
    assert names
    assert [name for name in names if desk_of(use("events", 1, work=name)) == OTHER] == []


def test_every_desk_has_words() -> None:
    texts = wording("IS").texts
    assert [desk for desk in DESK_OF_FUNCTION.values() if f"desk.{desk}" not in texts] == []
