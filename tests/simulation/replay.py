"""Replay a run of the simulator: ``python -m tests.simulation.replay SEED``.

With ``--faults 5000`` it goes on with the seeds that follow until there were as many, and prints
what it counted and how fast.
"""

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.cloud.chaos import Fault
from tests.simulation.kinds import KINDS
from tests.simulation.runs import Run


class SeedError(AssertionError):
    """A run went wrong: the message names its seed."""


@dataclass(frozen=True)
class Ran:
    """What a run was about, the faults there were, and a sum over its store calls."""

    kind: str
    faults: "Counter[Fault]"
    trace: int


def replay(seed: int, kind: str | None = None) -> Ran:
    """Run one seed.

    Parameters
    ----------
    seed
        Says everything.
    kind
        What to be about, of `KINDS`; without it the seed chooses.

    Raises
    ------
    SeedError
        When an invariant did not hold.
    """
    run = Run(seed)
    [chosen] = run.rng.choices(list(KINDS), [weight for _, weight in KINDS.values()])
    name = kind or chosen
    try:
        KINDS[name][0](run)
        run.assert_no_surprise()
    except Exception as error:
        only = f" --kind {kind!r}" if kind else ""
        again = f"python -m tests.simulation.replay {seed}{only}"
        raise SeedError(f"{error}\n{name} of {run.day.day}, seed {seed}: {again}") from error
    return Ran(name, run.firm.chaos.found, run.firm.chaos.trace)


@dataclass
class Tally:
    """What many runs came to."""

    runs: "Counter[str]" = field(default_factory=Counter)
    faults: "Counter[Fault]" = field(default_factory=Counter)
    seconds: float = 0.0

    def __str__(self) -> str:
        """Say it in a few lines."""
        total, rate = self.faults.total(), self.faults.total() / max(self.seconds, 0.001)
        lines = [f"{total} faults in {self.runs.total()} runs, {rate:.0f} a second"]
        lines += [f"{times:9} {fault}" for fault, times in self.faults.most_common()]
        lines += [f"{times:9} runs: {name}" for name, times in self.runs.most_common()]
        return "\n".join(lines)


def replay_many(first: int, faults: int, kind: str | None = None) -> Tally:
    """Run seeds from `first` on until there were as many faults."""
    tally, began = Tally(), time.perf_counter()
    seed = first
    while tally.faults.total() < faults:
        ran = replay(seed, kind)
        tally.runs[ran.kind] += 1
        tally.faults.update(ran.faults)
        seed += 1
    tally.seconds = time.perf_counter() - began
    return tally


def main() -> int:
    """Replay what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("--faults", type=int, default=1)
    parser.add_argument("--kind", choices=list(KINDS))
    asked = parser.parse_args()
    sys.stdout.write(f"{replay_many(asked.seed, asked.faults, asked.kind)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
