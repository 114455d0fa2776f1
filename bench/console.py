"""Pages of the console over two days of many trades, as a browser waits for their first byte.

`python bench/console.py --trades 500000` brings up an embedded AWS of its own, closes two days of
the standard population, signs somebody in at the pool's own page, and opens every page by the
gateway: a first time, as no one has asked for that page yet, and then some times more.
"""

import argparse
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from bench.measuring.report import Report, Table, Target, short
from bench.population import DAYS, Population, write_days
from cli.business_day import DayRequest, run_day
from cli.commands.console import enrol_once
from cli.platform import Platform
from infra.local.bring_up import take_down
from infra.local.home import Home

_WHO: Final = "looker"
_MOST_MS: Final = 300.0
_MENU: Final = (
    *("today", "cases", "cases/closed", "overview", "obligations", "obligations?status=OPEN"),
    *("fails", "breaks", "cash-ladder", "positions", "positions?start=1000", "ledger", "trades"),
    *("trades?start=100000", "reports", "records", "stock-record"),
)
_BELOW: Final = {
    "an account": ("positions", r"accounts/[^/?<>]+"),
    "its positions": ("accounts/*", r"positions\?account_id=[^&<>]+"),
    "its trades": ("accounts/*", r"trades\?account_id=[^&<>]+"),
    "its records": ("accounts/*", r"records\?account=[^&<>]+"),
    "its journal of money": ("accounts/*", r"ledger/accounts/Liabilities%3AClientCash[^/<>]+"),
    "one of its entries": ("accounts/*", r"ledger/entries/[^?<>]+%3AT%3A[^?<>]+\?[^<>]+"),
    "the entry's trade": ("ledger/entries/*", r"trades/[^/<>]+/[^/<>]+/[^/<>]+"),
    "who holds an instrument": ("trades/*", r"stock-record\?isin=[^&<>]+"),
    "a client book's accounts": ("ledger", r"ledger/books/Liabilities%3AClientCash\?[^<>]+"),
    "the bank account's journal": ("ledger/books/Assets", r"ledger/accounts/Assets%3ACash[^<>]+"),
}
"""Pages below: on which page they are found, and how their address reads."""


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trades", type=int, default=500_000, help="trades a day")
    parser.add_argument("--runs", type=int, default=5, help="times a page is opened again")
    parser.add_argument("--json", type=Path, help="where the results go, for the page")
    asked = parser.parse_args()
    report = Report("console")
    with TemporaryDirectory(prefix="bench-console-") as name:
        folder = Path(name)
        days = write_days(folder, Population.standard(asked.trades))
        with _platform(folder / "home") as platform:
            journal = [_close(platform, day)["journal"] for day in days]
            took = dict(_opened(Visitor(platform), asked.runs))
    entries = sum(one["entries"] for one in journal)
    postings = sum(one["postings"] for one in journal)
    report.said.append(
        f"Books of {entries:,} entries with {postings:,} postings; by the gateway of the embedded"
        f" AWS; first byte in ms, when first asked for, and the median of {asked.runs} more."
    )
    rows = [(what, short(first), short(again)) for what, (first, again) in took.items()]
    report.tables.append(Table([("page", "first ms", "again ms"), *rows]))
    slowest = max(took, key=lambda what: took[what][1])
    report.targets.append(
        Target(f"the slowest page again ({slowest})", took[slowest][1], most=_MOST_MS, unit="ms")
    )
    report.finish(asked.json)


@contextmanager
def _platform(folder: Path) -> Iterator[Platform]:
    """Bring a platform up in a home of its own, and end it whatever happens."""
    try:
        yield Platform.ensure_up(folder, lambda _: None)
    finally:
        take_down(Home.find(folder), wipe=True, tell=lambda _: None)


def _close(platform: Platform, folder: Path) -> dict[str, Any]:
    day = date.fromisoformat(folder.name)
    assert day in DAYS
    request = DayRequest(folder=folder, day=day, partner="local", market="settle-all")
    return run_day(platform, request, lambda _: None)


class Visitor:
    """Somebody signed in, with the cookies that a browser would keep."""

    def __init__(self, platform: Platform) -> None:
        self._console = platform.console_url
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        password = enrol_once(platform, _WHO, ("case-makers", "case-checkers"))
        pool: Any = platform.client("cognito-idp")
        place = {"UserPoolId": platform.outputs["UserPoolId"], "Username": _WHO}
        pool.admin_set_user_password(**place, Password=password, Permanent=True)
        with self._opener.open(f"{self._console}/sign-in") as page:
            asked = urlsplit(page.url)
        form = {**dict(parse_qsl(asked.query)), "username": _WHO, "password": password}
        address = f"{asked.scheme}://{asked.netloc}/login"
        with self._opener.open(address, urlencode(form).encode()) as page:
            assert page.url.endswith("/today"), page.url

    def open(self, place: str) -> tuple[float, str]:
        """Return after how many ms a page's first byte came, and the page."""
        began = time.perf_counter()
        with self._opener.open(f"{self._console}/{place}") as page:
            took = time.perf_counter() - began
            return took * 1000, page.read().decode()


def _opened(visitor: Visitor, runs: int) -> Iterator[tuple[str, tuple[float, float]]]:
    visitor.open("today")
    seen: dict[str, str] = {}
    for place in _MENU:
        yield place, _timed(visitor, place, runs, seen)
    seen["ledger/books/Assets"] = visitor.open("ledger/books/Assets%3ACash")[1]
    for what, (where, reads) in _BELOW.items():
        page = next(text for place, text in seen.items() if _is_at(place, where))
        found = re.search(rf'href="[^"]*/console/({reads})">', page)
        assert found, (what, where)
        yield what, _timed(visitor, found[1].replace("&amp;", "&"), runs, seen)


def _is_at(place: str, where: str) -> bool:
    return place.startswith(where[:-1]) if where.endswith("*") else place == where


def _timed(visitor: Visitor, place: str, runs: int, seen: dict[str, str]) -> tuple[float, float]:
    first, seen[place] = visitor.open(place)
    return first, statistics.median(visitor.open(place)[0] for _ in range(runs))


if __name__ == "__main__":
    main()
