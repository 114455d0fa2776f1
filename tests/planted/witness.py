"""A pytest plugin for a run that is watched: notes every failed test in the file it is told."""

import json
import os
from pathlib import Path

import pytest

FILE_VARIABLE = "WITNESS_FILE"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note a failed test, when it failed, and the last line of why."""
    if not report.failed:
        return
    crash = getattr(report.longrepr, "reprcrash", None)
    why = str(crash.message if crash else report.longrepr)
    seen = {"test": report.nodeid, "when": report.when, "why": why}
    with Path(os.environ[FILE_VARIABLE]).open("a") as file:
        file.write(json.dumps(seen) + "\n")
