"""Plant a bug in a copy of the project, and see which test of the copy fails of it."""

import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from tests.planted.witness import FILE_VARIABLE

PROJECT: Final = Path(__file__).parents[2]
BUGS: Final = Path(__file__).with_name("bugs")
COPIED: Final = (
    "cli", "functions", "infra", "layers", "rulebook", "samples", "statemachines", "tests",
    "cdk.json", "pyproject.toml", "uv.lock",
)  # fmt: skip
_BUILT: Final = (".build/layers", ".build/uv")
_LEFT: Final = shutil.ignore_patterns("__pycache__")
_KEPT_VARIABLES: Final = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")
_PATIENCE_S: Final = 600
_NO_CATCH: Final = ("ImportError", "ModuleNotFoundError", "NameError", "SyntaxError")
"""What any typing error raises: a bug that is seen by it alone proves nothing of the tests."""


class StaleBugError(Exception):
    """A bug's text does not stand in its file exactly once: the code went on without it."""


class NotCaughtError(AssertionError):
    """No test failed of a bug as a test should."""


@dataclass(frozen=True)
class Bug:
    """One change that makes the product wrong, and the tests that should say so.

    Attributes
    ----------
    old, new
        What stands in the file exactly once, and what takes its place.
    sample
        Whether `make test` plants it too, not only `make soak`.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    sample: bool = False


@dataclass(frozen=True)
class Failure:
    """A test that failed: in which phase, and why."""

    test: str
    when: str
    why: str


@dataclass(frozen=True)
class Run:
    """How a run of tests ended."""

    code: int
    failures: tuple[Failure, ...]
    said: str


def read_bugs(folder: Path = BUGS) -> list[Bug]:
    """Read every bug of a folder's lists, by file, in their order."""
    listed = [
        bug
        for path in sorted(folder.glob("*.toml"))
        for bug in tomllib.loads(path.read_text())["bug"]
    ]
    return [Bug(**{**bug, "tests": tuple(bug["tests"])}) for bug in listed]


class Copy:
    """A copy of the project, for bugs; the project itself is never touched."""

    def __init__(
        self, folder: Path, project: Path = PROJECT, names: Sequence[str] = COPIED
    ) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self._seconds = count(int(time.time()) + 1)
        for name in names:
            source = project / name
            if source.is_dir():
                shutil.copytree(source, folder / name, symlinks=True, ignore=_LEFT)
            else:
                shutil.copy2(source, folder / name)
        # what was built from the lock is taken as it stands, and made by whoever needs it
        for name in _BUILT:
            (project / name).mkdir(parents=True, exist_ok=True)
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).symlink_to(project / name)

    def catch(self, bug: Bug) -> Failure:
        """Plant a bug and return the test that failed of it, which passes without it.

        Raises
        ------
        StaleBugError
            The bug cannot be planted any more.
        NotCaughtError
            No test failed, or not as tests do, or it fails without the bug too.
        """
        with self.planted(bug):
            failure = _caught(bug, self.run(bug.tests))
        sound = self.run([failure.test])
        if sound.code:
            raise NotCaughtError(f"{bug.name}: {failure.test} fails without it too\n{sound.said}")
        return failure

    @contextmanager
    def planted(self, bug: Bug) -> Iterator[None]:
        """Let the bug stand in the copy meanwhile."""
        path = self.folder / bug.file
        text = path.read_text()
        if (found := text.count(bug.old)) != 1 or bug.new == bug.old:
            raise StaleBugError(f"{bug.name}: what it changes stands {found} times in {bug.file}")
        self._write(path, text.replace(bug.old, bug.new))
        try:
            yield
        finally:
            self._write(path, text)

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        # compiled code is known by its source's size and second: no two texts may share both
        second = next(self._seconds)
        os.utime(path, (second, second))

    def run(self, tests: Sequence[str]) -> Run:
        """Run tests of the copy until the first fails."""
        seen = self.folder / "failed.jsonl"
        seen.unlink(missing_ok=True)
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        done = subprocess.run(  # noqa: S603 - this interpreter
            [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", "-p", "no:xdist",
             "-p", "tests.planted.witness", "--hypothesis-profile", "planted", *tests],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            timeout=_PATIENCE_S,
            env={**kept, FILE_VARIABLE: str(seen)},
        )  # fmt: skip
        lines = seen.read_text().splitlines() if seen.exists() else []
        failures = tuple(Failure(**json.loads(line)) for line in lines)
        return Run(done.returncode, failures, done.stdout + done.stderr)


def _caught(bug: Bug, run: Run) -> Failure:
    if not run.code:
        raise NotCaughtError(f"{bug.name}: every test of {', '.join(bug.tests)} passes with it")
    if run.code != 1 or not run.failures:
        raise NotCaughtError(f"{bug.name}: the tests did not run\n{run.said}")
    failure = run.failures[0]
    if failure.why.startswith(_NO_CATCH):
        raise NotCaughtError(f"{bug.name}: {failure.test} broke: {failure.why}")
    return failure
