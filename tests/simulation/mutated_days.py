"""Days on which every other input is spoilt: ``python -m tests.simulation.mutated_days SEED``.

A seed makes one day of a hundred mutated files and requests over the real handlers, runs it, and
checks what became of each of them.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.simulation.firm import Firm, functions
from tests.simulation.history import evening
from tests.simulation.invariants import BrokenError
from tests.simulation.mutations import documents, messages, reports, tables
from tests.simulation.mutations.mutant import Mutant
from tests.simulation.mutations.verdicts import CODES, Verdicts
from tests.simulation.prepared import prepared
from tests.unit.front_office.api_events import Context

INPUTS_A_DAY: Final = 100
_KINDS: Final = {
    "restrictions": 3,
    "trades": 16, "reports": 7, "accounts": 5, "instruments": 5, "counterparties": 3, "prices": 5,
    "fx": 4, "fees": 4, "movements": 5, "holdings": 3, "cash": 3, "status": 12, "control": 12,
    "request": 13, "transactions": 3, "statement": 9,
}  # fmt: skip
"""How often each kind of input comes, of a hundred."""


class MutantError(AssertionError):
    """A mutated input did what none may do: the message names it and its seed."""


@dataclass
class MutatedDay:
    """One day."""

    seed: int
    files: dict[str, Mutant] = field(default_factory=dict)
    accepted: list[str] = field(default_factory=list)
    fates: "Counter[str]" = field(default_factory=Counter)

    def run(self) -> "Counter[str]":
        """Run the day; return how many inputs there were, by what became of them.

        Raises
        ------
        MutantError
            When an input crashed a step, was rejected without a reason, or took others with it.
        """
        rng = random.Random(self.seed)  # noqa: S311 - bad input, no secret
        day = prepared().days[0]
        self.firm = Firm(day.arrived.copy())
        with TemporaryDirectory() as folder, self.firm.at_work(evening(day.day)):
            canary = Path(folder) / "canary.txt"
            canary.write_text(messages.CANARY)
            with functions().cut(rng.choice((200, 10_000)), 1_000):
                for number in range(INPUTS_A_DAY):
                    self._send(rng, number, str(canary))
                self._succeed("cut_off", {"day": str(day.day)})
                for event in self.firm.market(day.day):
                    self._succeed("capture_file", event)
                self._succeed("close_business_day", {"day": str(day.day)})
            self._judge()
        return self.fates

    def _send(self, rng: random.Random, number: int, canary: str) -> None:
        [kind] = rng.choices(list(_KINDS), list(_KINDS.values()))
        if kind == "request":
            self._request(*documents.request(rng, number))
        elif kind == "control":
            self._drop(number, *documents.control(rng, number))
        elif kind == "status":
            self._drop(number, messages.mutate(rng, number, canary))
        elif kind == "statement":
            self._drop(number, messages.mutate_statement(rng, number, canary))
        elif kind == "reports":
            self._drop(number, reports.mutate(rng, number))
        else:
            self._drop(number, tables.mutate(rng, number, kind))

    def _drop(self, number: int, *mutants: Mutant) -> None:
        """Drop files of a partner of its own."""
        partner, day = f"partner-{number}", prepared().days[0].day
        for mutant in mutants:
            self.files[f"{partner}/{mutant.name}"] = mutant
            event = self.firm.drop(partner, day, mutant.name, mutant.body)
            self._succeed("capture_file", event, mutant)

    def _succeed(self, machine: str, payload: object, mutant: Mutant | None = None) -> None:
        ended = self.firm.start(machine, payload)
        if ended.status != "SUCCEEDED":
            raise self._failed(f"{machine} ends as {ended}", mutant)

    def _request(self, asked: Mapping[str, Any], trade_id: str, how: str) -> None:
        answer = functions().invoke("accept_trade", asked, Context())
        status, said = answer["statusCode"], json.loads(answer["body"])
        if status in (200, 201):
            self.accepted.append(said["trade_id"])
        elif status not in (409, 415, 422) or not (said.get("detail") and said["status"] == status):
            raise self._failed(f"the API answers {status}: {said} to {trade_id}: {how}")
        elif status != 415 and not (said["field"] and said["code"] in CODES and said["message"]):
            raise self._failed(f"the API refuses without a reason: {said} to {trade_id}: {how}")
        self.fates[f"request answered {status}"] += 1

    def _judge(self) -> None:
        """Check what became of every input, and of the books."""
        try:
            verdicts = Verdicts(self.firm, prepared().days[0].day)
            verdicts.check_books(self.accepted)
            for place, mutant in self.files.items():
                self.fates[f"{mutant.kind} {verdicts.check_file(place, mutant)}"] += 1
        except BrokenError as broken:
            raise self._failed(str(broken)) from broken

    def _failed(self, why: str, mutant: Mutant | None = None) -> MutantError:
        what = f" ({mutant.name}, {mutant.how})" if mutant else ""
        again = f"python -m tests.simulation.mutated_days {self.seed}"
        return MutantError(f"{why}{what}; seed {self.seed}: {again}")


def run_days(seeds: Sequence[int]) -> "Counter[str]":
    """Run mutated days; return how many inputs there were, by what became of them."""
    fates: Counter[str] = Counter()
    for seed in seeds:
        fates.update(MutatedDay(seed).run())
    return fates


def told(fates: Mapping[str, int]) -> str:
    """Say in lines what became of the inputs."""
    lines = [f"{sum(fates.values())} files and requests"]
    return "\n".join([*lines, *(f"{times:9} {fate}" for fate, times in sorted(fates.items()))])


def main() -> int:
    """Run the day of the seed the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("--days", type=int, default=1)
    asked = parser.parse_args()
    sys.stdout.write(f"{told(run_days(range(asked.seed, asked.seed + asked.days)))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
