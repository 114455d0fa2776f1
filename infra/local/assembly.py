"""The synthesized stacks, kept under a hash of what decides how they look."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from infra.local.errors import AssemblyError
from infra.local.home import PROJECT, Tell
from infra.local.packing import travelling_files

ASSEMBLIES = PROJECT / ".build" / "assemblies"
# What the stacks look like; of the functions only which there are.
_SHAPE = ("infra", "statemachines", "uv.lock", "cdk.json")
# What travels inside layers and functions, packed anew at every deployment.
_CONTENT = ("functions", "layers", "rulebook")
_KEPT = 6
_HASH = "[0-9a-f]" * 16
# These deploy and lint an assembly; no stack is made from them.
_NOT_SOURCES = tuple(PROJECT / "infra" / name for name in ("local", "lint", "setup.sh"))


def digest(stage: str) -> str:
    """Return the hash of every source of `stage`: when it is equal, nothing is to be deployed."""
    return _hashed(f"{stage}\n{sys.prefix}\n{sys.version}", (*_SHAPE, *_CONTENT))


def shape(stage: str) -> str:
    """Return the hash of what decides how the stacks look, whatever code they carry."""
    folders = sorted(str(path) for path in (PROJECT / "functions").glob("*/*") if path.is_dir())
    return _hashed("\n".join((stage, sys.prefix, sys.version, *folders)), _SHAPE)


def assembly(stage: str, tell: Tell, *, checked: bool = False) -> Path:
    """Return the folder of the assembly of `stage`, synthesized if none of its shape is kept.

    Parameters
    ----------
    checked
        Whether what cdk-nag finds is an error.

    Raises
    ------
    AssemblyError
        Node is missing, or the stacks cannot be synthesized; the sentence says why.
    """
    kind = f"{stage}-checked" if checked else stage
    folder = ASSEMBLIES / f"{kind}-{shape(stage)}"
    if not folder.exists():
        tell("synthesizing the stacks")
        _synthesize(folder, "--stage", stage, *(["--check"] if checked else []))
        _prune(kind)
    folder.touch()
    return folder


def _hashed(seed: str, names: Iterable[str]) -> str:
    hashed = hashlib.sha256(seed.encode())
    for top in (PROJECT / name for name in names):
        for path in [top] if top.is_file() else travelling_files(top):
            if not any(path.is_relative_to(each) for each in _NOT_SOURCES):
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                hashed.update(f"{path.relative_to(PROJECT)} {content}\n".encode())
    return hashed.hexdigest()[:16]


def _synthesize(folder: Path, *options: str) -> None:
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    if not shutil.which("node", path=search):
        raise AssemblyError(
            "Node is needed to synthesize the stacks and is not there: run make setup"
        )
    unfinished = folder.with_name(f".{folder.name}-{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(  # noqa: S603 - this project's own app
        [sys.executable, "-m", "infra.app", *options, "--out", str(unfinished)],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
        env={
            **os.environ,
            "PATH": search,
            # The machine's own Node does, however old it says it is.
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
            "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        },
    )
    if done.returncode:
        shutil.rmtree(unfinished, ignore_errors=True)
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        error = AssemblyError(f"the stacks could not be synthesized: {last}")
        error.add_note(done.stderr)
        raise error
    try:
        unfinished.rename(folder)
    except OSError:
        # Another command was faster; what it made is the same.
        shutil.rmtree(unfinished, ignore_errors=True)


def _prune(kind: str) -> None:
    kept = sorted(ASSEMBLIES.glob(f"{kind}-{_HASH}"), key=lambda path: path.stat().st_mtime)
    for folder in kept[:-_KEPT]:
        shutil.rmtree(folder, ignore_errors=True)
