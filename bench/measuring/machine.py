"""What was measured on: the machine, and the versions of what ran."""

import os
import platform
import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_CPU = Path("/proc/cpuinfo")
_MEMORY = Path("/proc/meminfo")
_NUMBER = re.compile(r"\d+(?:\.\d+)+")
_PACKAGES = (
    "polars",
    "pydantic",
    "beancount",
    "ministack",
    "boto3",
    "simplefix",
    "aws-lambda-powertools",
    "rapidfuzz",
    "nomenklatura",
)
_PROGRAMS = ("ledger", "hledger")


def machine() -> str:
    """Name the processors, the memory and the kernel."""
    model = re.search(r"^model name\s*:\s*(.+)$", _CPU.read_text(), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+) kB", _MEMORY.read_text(), re.MULTILINE)
    gb = round(int(memory[1]) / 2**20) if memory else 0
    name = model[1] if model else platform.machine()
    return f"{os.cpu_count()} cores ({name}), {gb} GB, Linux {platform.release()}"


def load() -> float:
    """Return how many processes wanted a processor, on the average of the last minute."""
    return round(os.getloadavg()[0], 1)


def versions() -> str:
    """List the versions of Python, of the packages and of the programs that are there."""
    found = {"Python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    for name in _PROGRAMS:
        if shutil.which(name):
            found[name] = _version_of(name)
    return ", ".join(f"{name} {number}" for name, number in found.items())


def _version_of(program: str) -> str:
    said = subprocess.run(  # noqa: S603 - one of `_PROGRAMS`
        [program, "--version"], capture_output=True, text=True, check=False
    ).stdout
    number = _NUMBER.search(said)
    return number[0] if number else "?"
