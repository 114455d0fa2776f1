"""Ten thousand monthly statements, from the sealed books to archives of PDFs and HTML pages.

`python bench/statements.py --statements 10000` closes days on which so many clients trade, then
makes their statements in two processes, as the deployed steps do: plan, gather and print slice by
slice, register. All of it counts, from reading the books to the archives being written.
"""

import json
import multiprocessing
import pickle
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from backoffice.formats.printing.print_documents import print_documents
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.client_documents.editions import AskedDocuments
from backoffice.records.client_documents.gather import Slice, contents_of_slice, plan_documents
from backoffice.records.client_documents.register import PrintedSlice, register_editions
from bench.inputs.statement_days import DAYS, close_days
from bench.measuring.report import Report, Target, arguments
from tests.simulation.house import House

_PROCESSES: Final = 2
_MOST_SECONDS_A_10_000: Final = 300.0
_MOST_PROCESSOR_MS: Final = 60.0


def main() -> None:
    """Measure and report."""
    parser = arguments(__doc__)
    parser.add_argument("--statements", type=int, default=10_000)
    asked = parser.parse_args()
    report = Report("statements")
    house = close_days(asked.statements)
    with TemporaryDirectory(prefix="bench-statements-") as name:
        seconds, processor, sizes = _make(house, Path(name))
    count, pdf_bytes = sizes
    assert count == asked.statements, count
    report.said.append(
        f"{count:,} statements of {len(DAYS)} days, each as PDF and HTML, made by {_PROCESSES}"
        f" processes from the sealed books: {seconds:,.1f} s in all, each"
        f" {processor / count * 1000:,.1f} ms of processor and"
        f" {pdf_bytes / count / 1000:,.0f} KB of archive."
    )
    report.figures["statements"] = float(count)
    report.figures["seconds"] = seconds
    report.targets.append(
        Target(
            "10,000 statements on two cores",
            seconds / count * 10_000,
            most=_MOST_SECONDS_A_10_000,
            unit="s",
        )
    )
    report.targets.append(
        Target(
            "processor a statement", processor / count * 1000, most=_MOST_PROCESSOR_MS, unit="ms"
        )
    )
    report.finish(asked.json)


def _make(house: House, folder: Path) -> tuple[float, float, tuple[int, int]]:
    """Make the statements; return seconds, seconds of processor, their number and bytes."""
    before, began = _processor(), time.perf_counter()
    planned = plan_documents(house.records, house.work, AskedDocuments(month=f"{DAYS[0]:%Y-%m}"))
    stores = folder / "stores.pickle"
    stores.write_bytes(pickle.dumps((house.records.objects, house.work.objects, house.keys)))
    # not by fork: the threads that read columns do not live on in a child
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(_PROCESSES, _open, (stores,)) as pool:
        told = pool.map(_slice, planned.slices, chunksize=1)
        pool.close()
        pool.join()
    stores.unlink()
    slices = [PrintedSlice.model_validate_json(text) for text in told]
    register_editions(house.records, planned.editions, slices)
    size = sum(path.stat().st_size for path in folder.iterdir())
    took = time.perf_counter() - began
    return took, _processor() - before, (sum(len(one.printed) for one in slices), size)


_OPENED: dict[str, Any] = {}


def _open(stores: Path) -> None:
    """Give a process the records and what is staged, as S3 would."""
    house = House()
    kept = pickle.loads(stores.read_bytes())  # noqa: S301 - ours
    house.records.objects, house.work.objects, house.keys = kept
    _OPENED.update(house=house, folder=stores.parent)


def _slice(key: str) -> str:
    house: House = _OPENED["house"]
    one = Slice.model_validate_json(house.work.read_bytes(key))
    gathered = list(contents_of_slice(house.records, one, default_rulebook()))
    archive, printed, failed = print_documents(json.loads(json.dumps(gathered)), house.keys)
    name = f"{one.number}.zip"
    (_OPENED["folder"] / name).write_bytes(archive)
    said = {"edition": one.edition.model_dump(mode="json"), "archive": name}
    return json.dumps({**said, "printed": printed, "failed": failed})


def _processor() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
