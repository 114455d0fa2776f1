"""What a day of the standard population costs, and what a trade adds to it.

`python bench/cost.py --trades 20000 200000` brings up an embedded AWS of its own, warms it with 500
trades, runs a day of each size, prints what each used and what a million trades come to, and how
far the projection from the smaller day is from what the larger one used. `--keep` writes what a
trade adds to the file that `backoffice cost` projects by where only one size was measured.
"""

import argparse
import os
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from backoffice.costs.bill import bill, shown, sum_of
from backoffice.costs.growth import growth_between
from backoffice.costs.prices import PriceList
from backoffice.costs.projection import project
from backoffice.costs.report import million
from backoffice.costs.usage import Side, Usage, total
from backoffice.kernel.rulebook import default_rulebook
from bench.population import DAYS, FIRST_DAY, Population, write_day
from cli.business_day import DayRequest, run_day
from cli.measured import closed_days
from cli.platform import Platform
from infra.local.bring_up import take_down
from infra.local.home import Home

_KEPT = Path(__file__).parents[1] / "layers/backoffice/python/backoffice/costs/standard_growth.json"
_WARM_TRADES = 500
_BOOKED_WITHIN_S = 5.0


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trades", type=int, nargs=2, default=(20_000, 200_000))
    parser.add_argument("--keep", action="store_true", help="keep what a trade adds")
    options = parser.parse_args()
    sizes: list[int] = sorted(options.trades)
    with TemporaryDirectory(prefix="bench-cost-") as name:
        days = _measure(Path(name), sizes)
    growth = growth_between(days, "the standard population")
    assert growth is not None, "the sizes are too much alike"
    prices = PriceList(default_rulebook(), days[-1].business_date)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for day in days:
        _show(day, prices)
    small, large = days
    told = project(small, large.trades, growth)
    for meter in sorted({use.meter for use in large.of(Side.FILES)}):
        used = total(large.of(Side.FILES), meter)
        print(f"  {meter:26s} used {used:16,d}  projected {total(told, meter):16,d}")
    answer = million(large, growth, prices)
    files = answer["files"]
    print(f"a million trades by file, from {large.trades:,}: {files['usd']} USD,")
    print(f"and {files['kept_usd_a_month']} a month for keeping what they leave")
    for line in [*files["lines"], *files["kept_lines"]]:
        print(f"  {line['service']:15s} {line['item']:22s} {line['quantity']:>16s} {line['usd']}")
    if options.keep:
        _KEPT.write_text(growth.model_dump_json(indent=1) + "\n")


def _measure(folder: Path, sizes: list[int]) -> list[Usage]:
    """Run the days and return what those of the two sizes used."""
    home = Home(folder / "home")
    try:
        platform = Platform.ensure_up(home.folder, _ignore)
        dated = [(FIRST_DAY, _WARM_TRADES), *zip(DAYS, sizes, strict=True)]
        accounts = Population.standard(max(sizes)).accounts
        for number, (day, trades) in enumerate(dated):
            population = Population(trades=trades, accounts=accounts)
            files = write_day(folder / str(day), population, day, number)
            run_day(platform, DayRequest(files, day, "local", "settle-all"), _ignore)
        return _counted(platform, home, DAYS)
    finally:
        take_down(home, wipe=True, tell=_ignore)


def _counted(platform: Platform, home: Home, days: tuple[date, ...]) -> list[Usage]:
    """Return the days' usage; the last line is written just after its execution is seen to end."""
    give_up_at = time.monotonic() + _BOOKED_WITHIN_S
    while time.monotonic() < give_up_at:
        found = [day for day in closed_days(platform, home) if day.business_date in days]
        if len(found) == len(days):
            return found
        time.sleep(0.1)
    raise AssertionError("the days' usage was not written")


def _show(day: Usage, prices: PriceList) -> None:
    lines = bill(day.of(Side.FILES), prices)
    print(f"{day.business_date}: {day.trades:,} trades, {shown(sum_of(lines))} USD")


def _ignore(_: str) -> None:
    """Take progress and say nothing."""


if __name__ == "__main__":
    main()
