"""`POST /trades` and `/checks` one by one and sixteen at once: inside the function, end to end.

`python bench/api.py --trades 400` brings up an embedded AWS of its own, runs a sample day on it (so
that every answer holds a preview of clearing) and sends new trades over kept connections, then
orders to be checked, of cash accounts and of margin accounts in turns. Time
inside is what the worker that serves the API measures around the function's own handler: a module
beside it in this bench's deployment puts it into a header. Write units are those the embedded AWS
counted, as for `backoffice cost`.
"""

import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measuring.report import Report, Table, Target, arguments
from cli.business_day import DayRequest, run_day
from cli.platform import Platform
from infra.local.bring_up import take_down
from infra.local.home import PROJECT, Home
from infra.local.metering.meters import ACCEPTED, WRITE_UNITS
from infra.local.packing import packed
from infra.local.usage import since_the_last_close
from samples.app import TRADES_WRITE, App, Credentials, Reply
from samples.make_days import DAYS, write_day

_HANDLER = PROJECT / "functions" / "front_office" / "accept_trade"
_CLOCKED = Path(__file__).parent / "sides" / "clocked" / "clocked.py"
_AT_ONCE = 16
_WARM = 40
_CREATED, _ANSWERED = 201, 200
_WORK = "POST /trades"
_P99 = 0.99
_INSIDE_MOST_MS, _UNITS_MOST = 50.0, 3
_TRADE = {
    "account_id": "IS-002",
    "side": "BUY",
    "isin": "US0378331005",
    "quantity": "10",
    "price": "254.25",
    "currency": "USD",
    "trade_time": "2026-10-09T15:00:00Z",
    "venue": "XNAS",
    "counterparty": "8I5DZWZKVSZI1NUHU748",
    "capacity": "AGENCY",
    "commission": "1.95",
    "order_id": "ORDER-0000001",
}
_ORDER = {
    name: _TRADE[name]
    for name in ("side", "isin", "quantity", "price", "currency", "trade_time", "venue")
}
_ACCOUNTS = ("IS-002", "IS-005")
"""One that pays in cash, one on margin."""


@dataclass(frozen=True, slots=True)
class Call:
    """One trade or order sent: milliseconds inside the function and end to end."""

    inside_ms: float
    whole_ms: float


class Apps:
    """An app with as many connections as it wants, all with its one token.

    Parameters
    ----------
    platform
        Where the API is.
    send
        Sends one trade or order by its name over one connection.
    """

    def __init__(self, platform: Platform, send: Callable[[App, str], Call]) -> None:
        self._send = send
        self._url = platform.api_url
        credentials = Credentials.of_app(platform.client("cognito-idp"), platform.outputs)
        self._token = credentials.token(platform.endpoint, TRADES_WRITE)

    def send(self, names: Sequence[str]) -> list[Call]:
        """Send trades over one connection, each as the answer to the one before is there."""
        with closing(App(self._url, self._token)) as app:
            return [self._send(app, name) for name in names]

    def send_at_once(self, names: Sequence[str], connections: int) -> list[Call]:
        """Send trades over several connections at once."""
        shares = [names[share::connections] for share in range(connections)]
        with ThreadPoolExecutor(connections) as pool:
            return [call for calls in pool.map(self.send, shares) for call in calls]


def _trade(app: App, name: str) -> Call:
    call, reply = _exchange(app, "/trades", {**_TRADE, "trade_id": name})
    assert reply.status == _CREATED, reply.document
    assert reply.document["preview"] is not None
    return call


def _check(app: App, name: str) -> Call:
    account = _ACCOUNTS[int(name.rpartition("-")[2]) % len(_ACCOUNTS)]
    call, reply = _exchange(app, "/checks", {**_ORDER, "account_id": account})
    assert reply.status == _ANSWERED, reply.document
    assert reply.document["net"] is not None
    return call


def _exchange(app: App, path: str, document: Mapping[str, str]) -> tuple[Call, Reply]:
    began = time.perf_counter()
    reply = app.exchange(path, document)
    whole_ms = (time.perf_counter() - began) * 1000
    return Call(float(reply.headers["x-inside-ms"]), whole_ms), reply


def main() -> None:
    """Measure, report."""
    parser = arguments(__doc__)
    parser.set_defaults(runs=1)
    parser.add_argument("--trades", type=int, default=400, help="trades each way and run")
    asked = parser.parse_args()
    report = Report("api")
    with TemporaryDirectory(prefix="bench-api-") as name, _platform(Path(name)) as platform:
        rows, inside = _measured(platform, asked.trades * asked.runs)
        units = _units(Path(name))
    report.said.append(
        f"{asked.trades * asked.runs:,} new trades each way, each answered with its preview, and as"
        f" many orders checked, after {_WARM} of each that warmed the function's two workers."
    )
    head = ("", "inside p50, ms", "inside p99", "end to end p50", "end to end p99", "a second")
    report.tables.append(Table([head, *rows]))
    report.targets = [*_targets(inside), Target("write units a trade", units, most=_UNITS_MOST)]
    report.finish(asked.json)


def _measured(platform: Platform, count: int) -> tuple[list[tuple[str, ...]], dict[str, float]]:
    """Send trades, then orders, in both ways; return their rows, and the inside p99 of each."""
    rows, inside = [], {}
    for path, send in (("trades", _trade), ("checks", _check)):
        apps = Apps(platform, send)
        apps.send_at_once([f"WARM-{n}" for n in range(_WARM)], _AT_ONCE)
        for way, connections in (("one by one", 1), (f"{_AT_ONCE} at once", _AT_ONCE)):
            began = time.perf_counter()
            calls = apps.send_at_once([f"{connections}-{n}" for n in range(count)], connections)
            what = f"{path}, {way}"
            rows.append(_row(what, calls, time.perf_counter() - began))
            inside[what] = _at(_P99, [call.inside_ms for call in calls])
    return rows, inside


def _targets(inside: Mapping[str, float]) -> Iterator[Target]:
    for what, p99 in inside.items():
        yield Target(f"inside p99, {what}", p99, most=_INSIDE_MOST_MS, unit="ms")


def _row(what: str, calls: Sequence[Call], seconds: float) -> tuple[str, ...]:
    figures = []
    for taken in ([call.inside_ms for call in calls], [call.whole_ms for call in calls]):
        figures += [f"{statistics.median(taken):.1f}", f"{_at(_P99, taken):.1f}"]
    return (what, *figures, f"{len(calls) / seconds:.0f}")


def _at(part: float, values: Sequence[float]) -> float:
    """Return the value that `part` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def _units(folder: Path) -> float:
    """Return the write units a trade took, once all that was counted is written."""
    home = Home(folder / "home")
    take_down(home, wipe=False, tell=_ignore)
    counts = since_the_last_close(home)
    accepted, written = (
        sum(count for (_, work, _, meter), count in counts.items() if (work, meter) == (_WORK, of))
        for of in (ACCEPTED, WRITE_UNITS)
    )
    return written / accepted


@contextmanager
def _platform(folder: Path) -> Iterator[Platform]:
    """Bring a platform up, run a day on it, and have the function tell its time."""
    home = Home(folder / "home")
    try:
        platform = Platform.ensure_up(home.folder, _ignore)
        write_day(folder / "day", DAYS[0], 0)
        run_day(platform, DayRequest(folder / "day", DAYS[0], "local", "settle-all"), _ignore)
        _clock(platform, folder / "code")
        yield platform
    finally:
        take_down(home, wipe=True, tell=_ignore)


def _clock(platform: Platform, code: Path) -> None:
    """Deploy the function's code once more, with the clock beside its handler."""
    shutil.copytree(_HANDLER, code, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(_CLOCKED, code)
    functions = platform.client("lambda")
    listed = functions.get_paginator("list_functions").paginate()
    names = [each["FunctionName"] for page in listed for each in page["Functions"]]
    (name,) = (each for each in names if each.endswith("accept-trade"))
    functions.update_function_code(FunctionName=name, ZipFile=packed(code))
    functions.update_function_configuration(FunctionName=name, Handler="clocked.main")


def _ignore(_: str) -> None:
    """Take progress and say nothing."""


if __name__ == "__main__":
    main()
