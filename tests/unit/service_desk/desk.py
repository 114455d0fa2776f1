"""A service desk in memory: people, a pool that counts what it is asked for, and the time."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from backoffice.clearance.act_rules import Person
from backoffice.kernel.rulebook import default_rulebook
from backoffice.service_desk.access_requests import ask, decide, read_request
from backoffice.service_desk.acts import DeskAct
from backoffice.service_desk.entitlements import Held
from backoffice.service_desk.registers import Registers
from tests.simulation.memory import RecordMemory

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
RULEBOOK = default_rulebook()
ASKER = Person(name="anna", groups=("access-makers",))
GIVER = Person(name="bjorn", groups=("access-checkers",))
OTHER = Person(name="dora", groups=("access-checkers",))
DESK = Person(name="einar", groups=("case-makers", "case-checkers", "compliance"))


@dataclass
class MemoryPool:
    """A user pool that keeps what it was asked for, in order; `dies_at` is the call it dies in."""

    people: dict[str, Held] = field(default_factory=dict)
    calls: list[tuple[str, ...]] = field(default_factory=list)
    dies_at: int = -1

    def held(self, groups: tuple[str, ...]) -> dict[str, Held]:
        """Return everybody."""
        return {
            name: Held(one.groups & set(groups), enabled=one.enabled)
            for name, one in self.people.items()
        }

    def let_in(self, person: str) -> None:
        """Make a person, or let one in again."""
        self._call("let_in", person)
        self.people[person] = Held(self._groups(person), enabled=True)

    def shut_out(self, person: str) -> None:
        """Let a person in no more."""
        self._call("shut_out", person)
        self.people[person] = Held(self._groups(person), enabled=False)

    def sign_out(self, person: str) -> None:
        """End what a person began."""
        self._call("sign_out", person)

    def put_in(self, person: str, group: str) -> None:
        """Put a person into a group."""
        self._call("put_in", person, group)
        self.people[person] = Held(
            self._groups(person) | {group}, enabled=self.people[person].enabled
        )

    def take_from(self, person: str, group: str) -> None:
        """Take a person out of a group."""
        self._call("take_from", person, group)
        self.people[person] = Held(
            self._groups(person) - {group}, enabled=self.people[person].enabled
        )

    def _groups(self, person: str) -> frozenset[str]:
        return self.people[person].groups if person in self.people else frozenset()

    def _call(self, *call: str) -> None:
        if len(self.calls) == self.dies_at:
            self.dies_at = -1
            raise ConnectionError(call)
        self.calls.append(call)


def registers() -> Registers:
    """Return registers over an empty store."""
    return Registers(RecordMemory("records"))


def asked(
    book: Registers,
    person: str,
    kind: str,
    groups: tuple[str, ...] = (),
    on: str = "2026-11-27",
    *,
    by: Person = ASKER,
    now: datetime = NOW,
) -> DeskAct:
    """Ask for something."""
    said = {"person": person, "kind": kind, "groups": groups, "effective_on": on, "reason": "work"}
    return ask(book, by, read_request(said), RULEBOOK, now)


def granted(
    book: Registers,
    person: str,
    kind: str,
    groups: tuple[str, ...] = (),
    on: str = "2026-11-27",
    now: datetime = NOW,
) -> str:
    """Ask and approve; return the request's id."""
    about = asked(book, person, kind, groups, on, now=now).about
    decide(book, about, GIVER, "APPROVE", RULEBOOK, now)
    return about
