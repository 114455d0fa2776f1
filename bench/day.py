"""A day of the standard population, from the drop to the sealed books, beside bare polars.

`python bench/day.py --trades 100000` brings up an embedded AWS of its own in a temporary folder,
warms it with a tiny day, runs two days through the command line's own functions, runs
`baseline_day.py` on the same files, compares what both came to and prints the ratio.
"""

import argparse
import json
import os
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

import polars as pl

from backoffice.kernel.books import Books, load, state_key
from backoffice.stores.objects import RecordBucket
from bench.population import FIRST_DAY, Population, write_day, write_days
from bench.processes import Watch
from cli.business_day import DayRequest, run_day
from cli.platform import Platform
from infra.local import emulator
from infra.local.bring_up import take_down
from infra.local.home import Home

_BASELINE = Path(__file__).with_name("baseline_day.py")
_WARM_TRADES = 500


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
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trades", type=int, default=100_000, help="trades a day")
    trades: int = parser.parse_args().trades
    with TemporaryDirectory(prefix="bench-day-") as name:
        folder = Path(name)
        warm = write_day(folder / str(FIRST_DAY), Population.standard(_WARM_TRADES), FIRST_DAY, 0)
        days = [warm, *write_days(folder, Population.standard(trades))]
        print(f"{trades:,} trades a day, {os.cpu_count()} cores, load {_load()}")
        with _platform(folder / "home") as (platform, pid):
            measured = [_measure(platform, pid, day) for day in days]
            _run_baseline(folder / "baseline", days)
            for day, seconds in zip(days[1:], measured[1:], strict=True):
                _compare(platform, folder / "baseline" / day.name, seconds)


@contextmanager
def _platform(folder: Path) -> Iterator[tuple[Platform, int]]:
    """Bring a platform up in a home of its own, and end it whatever happens."""
    home = Home.find(folder)
    began = time.perf_counter()
    try:
        platform = Platform.ensure_up(folder, lambda _: None)
        running = emulator.find(home)
        assert running is not None
        print(f"up after {time.perf_counter() - began:.1f} s")
        yield platform, running.pid
    finally:
        take_down(home, wipe=True, tell=lambda _: None)


def _measure(platform: Platform, pid: int, folder: Path) -> float:
    """Run a day, print what it took and return its seconds from the drop to the sealed books."""
    day = date.fromisoformat(folder.name)
    stages = Stages()
    request = DayRequest(folder=folder, day=day, partner="local", market="settle-all")
    since = platform.now()
    with Watch(pid) as watch:
        before = watch.cpu_s()
        began, own = time.perf_counter(), time.process_time()
        report = run_day(platform, request, stages.tell)
        total = time.perf_counter() - began
        cpu, own = watch.cpu_s() - before, time.process_time() - own
    print(f"\n{day}: {report['trades']} {report['obligations']} {report['journal']}")
    print(
        f"  {total:.2f} s drop to sealed books, {cpu:.1f} CPU s ({own:.1f} more in "
        f"the command line and its market), load {_load()}"
    )
    print(f"  stages {stages.seconds()}")
    for machine in ("cut_off", "close_business_day"):
        print(f"  {machine} {_states(platform, machine, since)}")
    for usage in sorted(watch.usage.values(), key=lambda found: -found.peak_mb)[:8]:
        print(f"  {usage.peak_mb:5d} MB  {usage.name}")
    return total


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
                took[name] = round(took.get(name, 0) + seconds, 2)
    return took


def _run_baseline(out: Path, days: list[Path]) -> None:
    """Run the yardstick in a process of its own."""
    command = [sys.executable, str(_BASELINE), str(out), *map(str, days)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own script


def _compare(platform: Platform, out: Path, seconds: float) -> None:
    """Hold a day's outcome against the baseline's, and print the ratio."""
    day = date.fromisoformat(out.name)
    theirs = json.loads((out / "result.json").read_text())
    records = RecordBucket(platform.client("s3"), platform.records_bucket)
    books = load(records, state_key(day, "closed"))
    ours = _outcome(records, books)
    assert ours == {name: theirs[name] for name in ours}, (ours, theirs)
    for name, frame in (("balances", _balances), ("obligations", _obligations)):
        expected = pl.read_parquet(out / f"{name}.parquet")
        found = frame(records, books)
        wanted = expected.select(found.columns).sort(pl.all())
        assert found.sort(pl.all()).cast(dict(wanted.schema)).equals(wanted), name  # type: ignore[arg-type]
    print(
        f"{day}: equal (cleared, net per currency, lots, {books.tables['obligations'].rows:,} "
        f"obligations, {books.tables['balances'].rows:,} balances); baseline "
        f"{theirs['seconds']:.2f} s, {theirs['cpu_s']:.1f} CPU s, {theirs['peak_mb']} MB; "
        f"ratio {seconds / theirs['seconds']:.2f}"
    )


def _outcome(records: RecordBucket, books: Books) -> dict[str, Any]:
    """Return what the day cleared and what all lots cost, named as the baseline names it."""
    parts = [part for part in books.trades if part.day == books.day]
    columns = ("status", "currency", "net_minor")
    rows = pl.concat([records.read(part, columns) for part in parts])
    cleared = rows.filter(pl.col("status") == "CLEARED")
    net = cleared.group_by("currency").agg(pl.col("net_minor").sum()).sort("currency")
    lots = pl.concat([records.read(part) for part in books.bucketed["lots"]])
    realised = pl.concat([records.read(part) for part in books.bucketed["realised"]])
    return {
        "cleared": cleared.height,
        "net": dict(net.rows()),
        "lots": lots.height,
        "lot_cost": lots["cost_minor"].sum(),
        "realised": realised["realised_pnl_minor"].sum(),
    }


def _balances(records: RecordBucket, books: Books) -> pl.DataFrame:
    return records.read(books.tables["balances"]).select("book", "ref", "unit", "amount")


def _obligations(records: RecordBucket, books: Books) -> pl.DataFrame:
    rows = records.read(books.tables["obligations"])
    return rows.select(
        "counterparty",
        "isin",
        "currency",
        "settlement_date",
        quantity="quantity_e8",
        buys="buy_gross_minor",
        sales="sell_gross_minor",
        trades="trades",
        settled=pl.col("status") == "SETTLED",
    )


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
