"""The synthesized stacks, kept under a hash of everything they are made from."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.local.errors import AssemblyError
from infra.local.home import PROJECT, Tell

ASSEMBLIES = PROJECT / ".build" / "assemblies"
_SOURCES = ("infra", "functions", "layers", "statemachines", "rulebook", "uv.lock", "cdk.json")
_KEPT = 6
# This package deploys an assembly; no stack is made from it.
_NOT_SOURCES = PROJECT / "infra" / "local"


def digest(stage: str) -> str:
    """Return the hash of every source the assembly of `stage` is made from."""
    hashed = hashlib.sha256(f"{stage}\n{sys.prefix}\n{sys.version}\n".encode())
    for path in _files():
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        hashed.update(f"{path.relative_to(PROJECT)} {content}\n".encode())
    return hashed.hexdigest()[:16]


def assembly(stage: str, wanted: str, tell: Tell) -> Path:
    """Return the folder of the assembly with the digest `wanted`, synthesized if it is not kept.

    Raises
    ------
    AssemblyError
        Node is missing, or the stacks cannot be synthesized; the sentence says why.
    """
    folder = ASSEMBLIES / f"{stage}-{wanted}"
    if not folder.exists():
        tell("synthesizing the stacks")
        _synthesize(stage, folder)
        _prune(stage)
    folder.touch()
    return folder


def _files() -> Iterator[Path]:
    for name in _SOURCES:
        top = PROJECT / name
        # Links are followed: the rulebook is one inside the layer.
        found = [top] if top.is_file() else sorted(top.rglob("*")) if top.is_dir() else []
        for path in found:
            if path.is_file() and "__pycache__" not in path.parts and path.name[0] != ".":
                if not path.is_relative_to(_NOT_SOURCES):
                    yield path


def _synthesize(stage: str, folder: Path) -> None:
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    if not shutil.which("node", path=search):
        raise AssemblyError(
            "Node is needed to synthesize the stacks and is not there: run make setup"
        )
    unfinished = folder.with_name(f".{folder.name}-{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(  # noqa: S603 - this project's own app
        [sys.executable, "-m", "infra.app", "--stage", stage, "--out", str(unfinished)],
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
        raise AssemblyError(f"the stacks could not be synthesized: {last}")
    try:
        unfinished.rename(folder)
    except OSError:
        # Another command was faster; what it made is the same.
        shutil.rmtree(unfinished, ignore_errors=True)


def _prune(stage: str) -> None:
    kept = sorted(ASSEMBLIES.glob(f"{stage}-*"), key=lambda path: path.stat().st_mtime)
    for folder in kept[:-_KEPT]:
        shutil.rmtree(folder, ignore_errors=True)
