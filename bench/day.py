"""Two days of the standard population, from the drop to the sealed books, beside bare polars.

`python bench/day.py --trades 100000` brings up an embedded AWS of its own in a temporary folder,
warms it with a tiny day, runs two days through the command line's own functions, runs
`baseline_day.py` on the same files and fails unless both come to the same.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.day_outcome import assert_same
from bench.day_report import Measured, comparison, day_table, day_targets
from bench.measuring.report import Report
from bench.population import DAYS, FIRST_DAY, Population, write_day, write_days
from bench.processes import Watch
from cli.business_day import DayRequest, run_day
from cli.platform import Platform
from infra.local import emulator
from infra.local.bring_up import take_down
from infra.local.home import Home

_BASELINE = Path(__file__).with_name("baseline_day.py")
_WARM_TRADES = 500
_MOST_COMPARED = 2_000_000
"""The baseline holds a day in memory: 4.7 GB of a million trades."""


@dataclass
class Stages:
    """When each stage of a day was told of."""

    told: list[tuple[str, float]] = field(default_factory=list)

    def tell(self, stage: str) -> None:
        """Take the time a stage began; counts of files captured are one stage."""
        name = stage.split(":", maxsplit=1)[0]
        if name.startswith("capturing"):
            after = "capture answers" if self._has("market") else "capture"
            name = after
        if not self._has(name):
            self.told.append((name, time.perf_counter()))

    def _has(self, name: str) -> bool:
        return any(told == name for told, _ in self.told)

    def seconds(self) -> dict[str, float]:
        """Return how long each stage took, up to now."""
        ends = [began for _, began in self.told[1:]] + [time.perf_counter()]
        return {
            name: round(end - began, 2) for (name, began), end in zip(self.told, ends, strict=True)
        }


def main() -> None:
    """Measure, compare, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trades", type=int, default=100_000, help="trades a day")
    parser.add_argument("--json", type=Path, help="where the results go, for the page")
    asked = parser.parse_args()
    report = Report(f"day-{asked.trades}")
    with TemporaryDirectory(prefix="bench-day-") as name:
        folder = Path(name)
        warm = write_day(folder / str(FIRST_DAY), Population.standard(_WARM_TRADES), FIRST_DAY, 0)
        days = [warm, *write_days(folder, Population.standard(asked.trades))]
        with _platform(folder / "home") as (platform, pid):
            measured = [_measure(platform, pid, day) for day in days][1:]
            compared = asked.trades <= _MOST_COMPARED
            outs = _run_baseline(folder / "baseline", days) if compared else []
            same = [assert_same(platform, out) for out in outs]
        bare = [json.loads((out / "result.json").read_text()) for out in outs]
    report.said.append(f"{asked.trades:,} trades a day. {comparison(same)}")
    report.tables.append(day_table(measured, bare))
    report.targets.extend(day_targets(asked.trades, measured, bare))
    report.figures["seconds of day two"] = measured[-1].seconds
    report.finish(asked.json)


@contextmanager
def _platform(folder: Path) -> Iterator[tuple[Platform, int]]:
    """Bring a platform up in a home of its own, and end it whatever happens."""
    home = Home.find(folder)
    try:
        platform = Platform.ensure_up(folder, lambda _: None)
        running = emulator.find(home)
        assert running is not None
        yield platform, running.pid
    finally:
        take_down(home, wipe=True, tell=lambda _: None)


def _measure(platform: Platform, pid: int, folder: Path) -> Measured:
    """Run a day and return what it took from the drop to the sealed books."""
    day = date.fromisoformat(folder.name)
    stages = Stages()
    request = DayRequest(folder=folder, day=day, partner="local", market="settle-all")
    since = platform.now()
    with Watch(pid) as watch:
        before = watch.cpu_s()
        began, own = time.perf_counter(), time.process_time()
        report = run_day(platform, request, stages.tell)
        seconds = time.perf_counter() - began
        cpu_s, own_cpu_s = watch.cpu_s() - before, time.process_time() - own
        took = stages.seconds()
    assert report["journal"]["balanced"]
    print(f"{day}: {seconds:.2f} s, {report['trades']} {report['obligations']} {report['journal']}")
    steps: dict[str, float] = {}
    for machine in ("cut_off", "close_business_day"):
        steps |= _states(platform, machine, since)
    usage = sorted(watch.usage.values(), key=lambda found: -found.peak_mb)
    return Measured(seconds, took, steps, cpu_s, own_cpu_s, usage)


def _states(platform: Platform, machine: str, since: Any) -> dict[str, float]:  # noqa: ANN401
    """Read how long each state of the machine's latest execution took, from its history."""
    client = platform.client("stepfunctions")
    runs = client.list_executions(stateMachineArn=platform.machine_arn(machine))["executions"]
    latest = max(runs, key=lambda run: run["startDate"])
    assert latest["startDate"] >= since
    pages = client.get_paginator("get_execution_history")
    entered: dict[str, Any] = {}
    took: dict[str, float] = {}
    for page in pages.paginate(executionArn=latest["executionArn"]):
        for event in page["events"]:
            if "stateEnteredEventDetails" in event:
                entered[event["stateEnteredEventDetails"]["name"]] = event["timestamp"]
            if "stateExitedEventDetails" in event:
                name = event["stateExitedEventDetails"]["name"]
                seconds = (event["timestamp"] - entered[name]).total_seconds()
                took[f"{machine}: {name}"] = took.get(f"{machine}: {name}", 0.0) + seconds
    return took


def _run_baseline(out: Path, days: list[Path]) -> list[Path]:
    """Run the yardstick in a process of its own; return the folder of each day's results."""
    command = [sys.executable, str(_BASELINE), str(out), *map(str, days)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own script
    return [out / str(day) for day in DAYS]


if __name__ == "__main__":
    main()
