"""What importing each handler costs beside importing its libraries alone, and what it unpacks to.

`python bench/cold.py --runs 5` copies the domain and every function into a temporary folder,
compiles them and the layers to bytecode, and imports each handler in an isolated interpreter that
finds nothing but its own code, its layers and what Lambda's runtime brings. The yardstick is the
same interpreter running the import statements for libraries that the handler and the domain have,
then importing what those libraries loaded later on for us. Sizes are those of the packages for
Lambda's platform.
"""

import compileall
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.inputs.library_imports import library_imports
from bench.measuring.report import Report, Table, Target, arguments, short
from bench.measuring.runs import module, run_well
from infra.layer_folders import PROJECT, layer_folders, layers_alone, runtime_alone, size_mb
from infra.stages import PROD

_TIMES_THE_LIBRARIES = 1.15
_UNZIPPED_MOST_MB = 235
_LAST_WORDS = 1_000
_OURS = ("handler", "backoffice")
_ENVIRONMENT = {"AWS_DEFAULT_REGION": "us-east-1", "POWERTOOLS_SERVICE_NAME": "bench"}
_LOADED = """
import json
files = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
print(json.dumps({name: file for name, file in files.items() if file and name != "__main__"}))
"""


@dataclass(frozen=True, slots=True)
class Cold:
    """A function: where its code stands, what it may import from, and what it unpacks to."""

    name: str
    places: Sequence[str]
    unzipped_mb: float


def main() -> None:
    """Measure, report."""
    parser = arguments(__doc__)
    parser.set_defaults(runs=5)
    asked = parser.parse_args()
    report = Report("cold")
    with TemporaryDirectory(prefix="bench-cold-") as name:
        functions = _functions(Path(name))
        rows = [(each, *_medians(each, asked.runs)) for each in functions]
    report.said.append(
        f"{len(functions)} handlers, each imported {asked.runs} times in turns with its libraries"
        " alone, from bytecode, in an isolated interpreter; medians."
    )
    head = ("", "handler, ms", "libraries, ms", "times", "unzipped MB")
    cells = [
        (each.name, f"{ours:.0f}", f"{bare:.0f}", f"{ours / bare:.2f}", short(each.unzipped_mb))
        for each, ours, bare in rows
    ]
    report.tables.append(Table([head, *cells]))
    slowest = max(ours / bare for _, ours, bare in rows)
    largest = max(each.unzipped_mb for each, _, _ in rows)
    report.targets = [
        Target("slowest import, its libraries'", slowest, most=_TIMES_THE_LIBRARIES),
        Target("largest function with its layers", largest, most=_UNZIPPED_MOST_MB, unit="MB"),
    ]
    report.finish(asked.json)


def _functions(folder: Path) -> list[Cold]:
    """Lay out every function as Lambda unpacks it, compiled."""
    domain = folder / "domain"
    shutil.copytree(PROJECT / "layers" / "backoffice" / "python", domain, ignore=_unwanted)
    alone, runtime = layers_alone(), runtime_alone(folder / "runtime")
    for place in (domain, runtime, *alone.values()):
        compileall.compile_dir(place, quiet=2, workers=0)
    sizes = {name: size_mb(place) for name, place in layer_folders(PROD).items()}
    listed = run_well(module("inputs.function_folders")).figures()["functions"]
    return [_laid_out(folder, each, domain, runtime, alone, sizes) for each in listed]


_unwanted = shutil.ignore_patterns("__pycache__")


def _laid_out(
    folder: Path,
    listed: Mapping[str, str],
    domain: Path,
    runtime: Path,
    alone: Mapping[str, Path],
    sizes: Mapping[str, float],
) -> Cold:
    code = folder / "functions" / listed["name"]
    shutil.copytree(listed["folder"], code, ignore=_unwanted)
    unzipped = size_mb(code) + sum(sizes[layer] for layer in ("backoffice", *listed["layers"]))
    compileall.compile_dir(code, quiet=2)
    places = [code, domain, *(alone[layer] for layer in listed["layers"]), runtime]
    return Cold(listed["name"], [str(place) for place in places], unzipped)


def _medians(function: Cold, times: int) -> tuple[float, float]:
    """Return the milliseconds of the handler's import and of its libraries' alone."""
    libraries = _libraries(function)
    took = [
        (_milliseconds(function, "import handler"), _milliseconds(function, libraries))
        for _ in range(times)
    ]
    return median(ours for ours, _ in took), median(bare for _, bare in took)


def _libraries(function: Cold) -> str:
    """Return the code that loads the libraries a handler loads, and nothing of ours."""
    loaded = json.loads(_isolated(function, f"import handler\n{_LOADED}"))
    ours = {name: file for name, file in loaded.items() if name.partition(".")[0] in _OURS}
    statements = "\n".join(library_imports(Path(file) for file in ours.values()))
    alone = json.loads(_isolated(function, f"{statements}\n{_LOADED}"))
    later = "\n".join(f"import {name}" for name in loaded if name not in {**alone, **ours})
    bare = json.loads(_isolated(function, f"{statements}\n{later}\n{_LOADED}"))
    assert set(bare) >= set(loaded) - set(ours)
    return f"{statements}\n{later}"


def _milliseconds(function: Cold, statements: str) -> float:
    timed = f"import time\nbegan = time.perf_counter()\n{statements}\n"
    return float(_isolated(function, f"{timed}print((time.perf_counter() - began) * 1000)"))


def _isolated(function: Cold, code: str) -> str:
    """Run code in an interpreter that finds a function's code, layers and runtime alone."""
    done = subprocess.run(  # noqa: S603 - this interpreter
        [
            *(sys.executable, "-I", "-S", "-B", "-c"),
            # `os`: what starts a handler has loaded it, and some of its parts cannot come before it
            f"import os\nimport sys\nsys.path[:0] = {list(function.places)!r}\n{code}",
        ],
        capture_output=True,
        text=True,
        check=False,
        env=_ENVIRONMENT,
    )
    if done.returncode:
        raise ImportError(f"{function.name}: {done.stderr[-_LAST_WORDS:]}")
    return done.stdout


if __name__ == "__main__":
    main()
